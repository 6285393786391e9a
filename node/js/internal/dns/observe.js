// SPDX-License-Identifier: Apache-2.0
// Entries of type 'dns' for PerformanceObserver.
'use strict';

const observed = require('internal/perf/observed');

// `end` that notes how long it took, when somebody wants to know. `results(result)` is what the entry says of it.
function observe(name, detail, end, results = (result) => ({ result })) {
  if (!observed.dns) return end;
  const { deliverNodeEntry, now } = require('internal/performance');
  const start = now();
  return (error, ...rest) => {
    if (!error) deliverNodeEntry(name, 'dns', start, now() - start, { ...detail, ...results(...rest) });
    end(error, ...rest);
  };
}

module.exports = { observe };
