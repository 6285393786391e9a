// SPDX-License-Identifier: Apache-2.0
// Runs test `number` of a file that is written for mocha's `tdd` interface, with `lexer`. The result is
// an object whose `failure` is set when the test failed.
'use strict';

const Module = require('module');
const path = require('path');

module.exports = (file, number, { parse }) => {
  const done = { failure: undefined };
  const fail = (error) => {
    done.failure = `${error?.stack ?? error}`;
  };
  const setups = [];
  const tests = [];
  Object.assign(globalThis, {
    suite: (name, define) => define(),
    suiteSetup: (run) => setups.push(run),
    test: (name, run) => tests.push(run),
  });
  const load = Module._load;
  Module._load = function (request, ...rest) {
    return request === '../lexer.js' ? { parse } : load.call(this, request, ...rest);
  };
  process.chdir(path.resolve(path.dirname(file), '..'));
  require(file);
  (async () => {
    for (const setup of setups) await setup();
    await tests[number]();
  })().catch(fail);
  return done;
};
