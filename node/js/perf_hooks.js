// SPDX-License-Identifier: Apache-2.0
'use strict';

const performance = require('internal/performance');

const GC = { GC_MAJOR: 4, GC_MINOR: 1, GC_MINOR_MARK_SWEEP: 2, GC_INCREMENTAL: 8, GC_WEAKCB: 16, GC_FLAGS_NO: 0,
  GC_FLAGS_CONSTRUCT_RETAINED: 2, GC_FLAGS_FORCED: 4, GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING: 8,
  GC_FLAGS_ALL_AVAILABLE_GARBAGE: 16, GC_FLAGS_ALL_EXTERNAL_MEMORY: 32, GC_FLAGS_SCHEDULE_IDLE: 64 };

const constants = {};
for (const name of Object.keys(GC)) {
  Object.defineProperty(constants, `NODE_PERFORMANCE_${name}`, {
    __proto__: null, configurable: false, enumerable: true, value: GC[name], writable: false,
  });
}

module.exports = {
  Performance: performance.Performance,
  PerformanceEntry: performance.PerformanceEntry,
  PerformanceMark: performance.PerformanceMark,
  PerformanceMeasure: performance.PerformanceMeasure,
  PerformanceObserver: performance.PerformanceObserver,
  PerformanceObserverEntryList: performance.PerformanceObserverEntryList,
  PerformanceResourceTiming: performance.PerformanceResourceTiming,
  monitorEventLoopDelay: require('internal/perf/histogram').monitorEventLoopDelay,
  eventLoopUtilization: performance.performance.eventLoopUtilization,
  timerify: performance.performance.timerify,
  createHistogram: require('internal/perf/histogram').createHistogram,
  performance: performance.performance,
};
Object.defineProperty(module.exports, 'constants', { __proto__: null, configurable: false, enumerable: true, value: constants });
