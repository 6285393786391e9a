// SPDX-License-Identifier: Apache-2.0
// node run.js FILE...: what one call of each measure takes, in microseconds, a JSON line each. A file exports an object
// of measures: functions, which do something once and may return a promise.
'use strict';

const { resolve } = require('path');

const kLongEnough = 150; // milliseconds

async function repeat(measure, count) {
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const result = measure();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}

(async () => {
  for (const file of process.argv.slice(2)) {
    const measures = require(resolve(file));
    for (const [name, measure] of Object.entries(measures)) {
      let count = 1;
      let elapsed = await repeat(measure, count);
      while (elapsed < kLongEnough) {
        count = elapsed < 1 ? count * 10 : Math.ceil((count * kLongEnough * 1.2) / elapsed);
        elapsed = await repeat(measure, count);
      }
      console.log(JSON.stringify([name, (elapsed * 1000) / count]));
    }
  }
})();
