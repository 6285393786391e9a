// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  Performance,
  performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
} = require('internal/performance');
const { refuseAll } = require('internal/refuse');

module.exports = {
  Performance,
  performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  ...refuseAll('perf_hooks', ['createHistogram', 'monitorEventLoopDelay', 'PerformanceResourceTiming']),
  constants: Object.freeze({ __proto__: null }),
};
