// SPDX-License-Identifier: Apache-2.0
//
// The test, suite, hook or reporter that the running code belongs to, wherever it was called from.
'use strict';

const { AsyncLocalStorage } = require('async_hooks');

const storage = new AsyncLocalStorage({ name: 'test' });

// Stands for code of reporters, whose errors are nobody's test.
const kReporter = Symbol('reporter');

module.exports = {
  current: () => storage.getStore(),
  kReporter,
  runIn: (owner, fn) => storage.run(owner, fn),
};
