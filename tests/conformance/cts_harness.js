// SPDX-License-Identifier: Apache-2.0
// Runs a test of the CTS with the globals that it asks of an implementor: `assert(value, message)` and
// `loadAddon(name)`. The tests are scripts without imports.
'use strict';

const { AssertionError } = require('assert');
const fs = require('fs');
const path = require('path');
const vm = require('vm');

globalThis.assert = (value, message) => {
  if (!value) throw message instanceof Error ? message : new AssertionError({ actual: value, expected: true, message });
};

globalThis.loadAddon = (name) => {
  const module = { exports: {} };
  process.dlopen(module, path.resolve(`${name}.node`));
  return module.exports;
};

const file = process.argv[2];
vm.runInThisContext(fs.readFileSync(file, 'utf8'), { filename: file });
