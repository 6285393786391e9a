// SPDX-License-Identifier: Apache-2.0
//
// t.assert: node:assert's functions, which count for t.plan(), snapshots, and what assert.register() added.
'use strict';

const { validateFunction, validateString } = require('internal/validators');

const LEFT_OUT = new Set(['AssertionError', 'CallTracker', 'Assert', 'strict', 'options']);

let registered; // name -> function, in the order of t.assert's keys

function assertions() {
  if (registered !== undefined) return registered;
  const assert = require('assert');
  registered = new Map();
  for (const name of Object.keys(assert)) {
    if (!LEFT_OUT.has(name) && name !== 'ok') registered.set(name, assert[name]);
  }
  return registered;
}

// Adds an assertion to t.assert, or replaces one.
function register(name, fn) {
  validateString(name, 'name');
  validateFunction(fn, 'fn');
  assertions().set(name, fn);
}

function assertionsFor(test, context) {
  const { fileSnapshot, snapshot } = require('internal/test_runner/snapshot');
  const found = { __proto__: null };
  const { innerOk } = require('internal/assert/falsy');
  const own = new Map([['snapshot', snapshot(test)], ['fileSnapshot', fileSnapshot(test)], ...assertions()]);
  for (const [name, fn] of own) {
    found[name] = (...args) => {
      test.plan?.count();
      return Reflect.apply(fn, context, args);
    };
  }
  found.ok ??= function ok(...args) {
    test.plan?.count();
    innerOk(ok, args);
  };
  return found;
}

module.exports = { assertionsFor, register };
