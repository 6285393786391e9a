// SPDX-License-Identifier: Apache-2.0
'use strict';

const { current, kReporter } = require('internal/test_runner/current');
const { rootOfProgram, startWhenReady } = require('internal/test_runner/harness');
const { KINDS } = require('internal/test_runner/hook');
const { callerLocation } = require('internal/test_runner/location');
const { Suite } = require('internal/test_runner/suite');
const { Test } = require('internal/test_runner/test');

// What a new test or hook belongs to: the test or suite whose function runs, else the whole program.
function owner() {
  const running = current();
  if (running === undefined || running === kReporter) return rootOfProgram();
  return running instanceof Test ? running : running.owner;
}

function run(Factory, name, options, fn, overrides) {
  const parent = owner();
  const test = parent.createSubtest(Factory, name, options, fn, overrides);
  if (parent instanceof Suite) return Promise.resolve(); // which starts it
  return startWhenReady(test);
}

// test, suite and what hangs on them: test.skip(...) is test(..., { skip: true }, ...).
function define(Factory) {
  const test = (name, options, fn) =>
    run(Factory, name, options, fn, { __proto__: null, loc: callerLocation(test) });
  for (const keyword of ['expectFailure', 'skip', 'todo', 'only']) {
    const variant = (name, options, fn) =>
      run(Factory, name, options, fn, { __proto__: null, [keyword]: true, loc: callerLocation(variant) });
    test[keyword] = variant;
  }
  return test;
}

const test = define(Test);
const suite = define(Suite);

function defineHook(kind) {
  const hook = (fn, options) => {
    owner().createHook(kind, fn, { __proto__: null, ...options, loc: callerLocation(hook) });
  };
  return hook;
}

function defineLazy(name, get) {
  let value;
  Object.defineProperty(test, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => (value ??= get()),
  });
}

module.exports = test;
for (const kind of KINDS.toSorted()) test[kind] = defineHook(kind);
Object.assign(test, {
  describe: suite,
  getTestContext() {
    const running = current();
    return running instanceof Test && running.parent !== null ? running.context : undefined;
  },
  it: test,
  run(options) {
    return require('internal/test_runner/runner').run(options);
  },
  suite,
  test,
});
defineLazy('mock', () => new (require('internal/test_runner/mock/mock').MockTracker)());
defineLazy('snapshot', () => {
  const { setDefaultSnapshotSerializers, setResolveSnapshotPath } = require('internal/test_runner/snapshot');
  return { __proto__: null, setDefaultSnapshotSerializers, setResolveSnapshotPath };
});
defineLazy('assert', () => ({ __proto__: null, register: require('internal/test_runner/assert').register }));
