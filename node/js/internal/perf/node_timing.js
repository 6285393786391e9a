// SPDX-License-Identifier: Apache-2.0
//
// performance.nodeTiming: when the parts of the runtime were there.
'use strict';

const { customInspectSymbol, setToStringTag } = require('internal/util');
const { loopMetrics, loopTimes, milestones } = internalBinding('process_methods');

const LAST = ['nodeStart', 'v8Start', 'environment', 'loopStart', 'loopExit', 'bootstrapComplete', 'idleTime'];

// `bootstrapComplete`: when JavaScript was ready, ms.
function makeNodeTiming({ PerformanceEntry, createEntry, now, bootstrapComplete }) {
  class PerformanceNodeTiming extends PerformanceEntry {
    get duration() {
      return now();
    }

    get nodeStart() {
      return 0;
    }

    get v8Start() {
      return milestones()[0];
    }

    get environment() {
      return milestones()[1];
    }

    get loopStart() {
      return milestones()[2];
    }

    get loopExit() {
      return milestones()[3];
    }

    get bootstrapComplete() {
      return bootstrapComplete;
    }

    get idleTime() {
      return loopTimes()[1];
    }

    get uvMetricsInfo() {
      const [loopCount, events, eventsWaiting] = loopMetrics();
      return { loopCount, events, eventsWaiting };
    }

    toJSON() {
      const { name, entryType, startTime, duration } = this;
      return { name, entryType, startTime, duration, ...Object.fromEntries(LAST.map((key) => [key, this[key]])) };
    }

    [customInspectSymbol](depth, options, inspect) {
      if (depth < 0) return this;
      const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
      return `PerformanceNodeTiming ${inspect({ ...this.toJSON(), uvMetricsInfo: this.uvMetricsInfo }, inner)}`;
    }
  }
  setToStringTag(PerformanceNodeTiming, 'PerformanceNodeTiming');
  return createEntry(PerformanceNodeTiming, 'node', 'node', 0, 0);
}

module.exports = { makeNodeTiming };
