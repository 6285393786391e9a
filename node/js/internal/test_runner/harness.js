// SPDX-License-Identifier: Apache-2.0
//
// The root of all tests of a process: it counts, catches errors that no test caught, and ends when the program has
// nothing else to do.
'use strict';

const { current, kReporter } = require('internal/test_runner/current');
const { kCancelledByParent, testFailure } = require('internal/test_runner/failures');
const { Test } = require('internal/test_runner/test');

// Tests may mock the globals.
const { clearInterval, setInterval } = require('timers');

const kGenericUserError = 1;

class Harness {
  #alive;
  #preparing;

  constructor(config) {
    this.config = config;
    this.isFilteringByName = config.testNamePatterns !== null || config.testSkipPatterns !== null;
    this.isFilteringByOnly = config.only || config.filtersByOnly === true;
    this.buildSuites = []; // promises of suites that are being built
    this.bootstrap = null; // promise of what has to happen before the first test
    this.snapshotManager = null;
    this.success = true;
    this.watching = false;
    this.teardown = null;
    this.resetCounters();
  }

  // The program waits for its tests, even those that nothing keeps alive.
  keepAlive() {
    this.#alive ??= setInterval(() => {}, 2 ** 31 - 1);
  }

  // Every test that there is has run; the program may still have something to do.
  async allRan() {
    this.letGo();
    if (this.config.forceExit && !this.config.isTestRunner) await this.exit();
  }

  // Ends the program once the reporters have written everything.
  async exit() {
    await this.end();
    await this.reported();
    process.exit();
  }

  letGo() {
    clearInterval(this.#alive);
    this.#alive = undefined;
  }

  resetCounters() {
    this.counters = { tests: 0, failed: 0, passed: 0, cancelled: 0, skipped: 0, todo: 0, topLevel: 0, suites: 0 };
  }

  count(test) {
    const { counters } = this;
    if (test.nesting === 0) counters.topLevel++;
    if (test.reportedType === 'suite') {
      counters.suites++;
      return;
    }
    counters.tests++;
    if (test.skipped) counters.skipped++;
    else if (test.isTodo) counters.todo++;
    else if (test.cancelled) counters.cancelled++;
    else if (!test.passed) counters.failed++;
    else counters.passed++;
    if (!test.passed && !test.skipped && !test.isTodo) this.success = false;
  }

  // Undefined when tests may run, else a promise of it: reporters are there and suites are built, also those inside
  // of suites. All wait for the same, so that they start in the order in which they were written.
  whenReady() {
    if (this.#preparing === undefined && (this.bootstrap !== null || this.buildSuites.length > 0)) {
      this.#preparing = this.#prepare().finally(() => {
        this.#preparing = undefined;
      });
    }
    return this.#preparing;
  }

  async #prepare() {
    if (this.bootstrap !== null) await this.bootstrap;
    this.bootstrap = null;
    while (this.buildSuites.length > 0) {
      const building = this.buildSuites;
      this.buildSuites = [];
      await Promise.all(building);
    }
  }
}

function describePlace({ loc, root }) {
  if (loc === undefined) return '';
  const { relative } = require('path');
  const { file, line, column } = loc;
  return ` at ${relative(root.config.cwd, file)}:${line}:${column}`;
}

// What the harness says of an error that comes when its test has ended, or from no test.
function describeLateError(test, error, event) {
  if (test === undefined) {
    return (
      'Error: A resource generated asynchronous activity after the test ended. ' +
      `This activity created the error "${error}" which triggered an ${event} event, caught by the test runner.`
    );
  }
  return (
    `Error: Test ${test.kind === undefined ? '' : 'hook '}"${test.kind ?? test.name}"${describePlace(test)} generated asynchronous activity after the test ended. ` +
    `This activity created the error "${error}" and would have caused the test to fail, ` +
    `but instead triggered an ${event} event.`
  );
}

function errorHandler(root, event) {
  return (error) => {
    const owner = current();
    if (root.harness.bootstrap !== null || owner === kReporter) throw error;
    if (owner === undefined || owner === root || owner.finished) {
      root.diagnostic(describeLateError(owner === root ? undefined : owner, error, event));
      process.exitCode = kGenericUserError;
      return;
    }
    owner.fail(testFailure(error, event));
    owner.abort();
  };
}

// From the first test to the end of the program.
function watchProcess(root) {
  const { harness } = root;
  const listeners = {
    __proto__: null,
    uncaughtException: errorHandler(root, 'uncaughtException'),
    unhandledRejection: errorHandler(root, 'unhandledRejection'),
    beforeExit: () => harness.end(),
  };
  async function end() {
    if (root.subtests.length === 0 && (root.hooks.before.length > 0 || root.hooks.after.length > 0)) {
      await root.run();
    }
    root.postRun(
      testFailure(
        'Promise resolution is still pending but the event loop has already resolved',
        kCancelledByParent
      )
    );
    if (harness.teardown !== null) await harness.teardown();
    for (const event of Object.keys(listeners)) process.removeListener(event, listeners[event]);
  }
  if (harness.config.isTestRunner) {
    const interrupt = async () => {
      require('internal/test_runner/interruption').reportInterrupted(root);
      root.reporter.end();
      for (const subtest of root.subtests) if (!subtest.finished) subtest.abort(); // ends its process
      if (harness.teardown !== null) await harness.teardown();
      await harness.reported();
      process.exit(kGenericUserError);
    };
    listeners.SIGINT = interrupt;
    listeners.SIGTERM = interrupt;
  }
  for (const event of Object.keys(listeners)) process.on(event, listeners[event]);
  let ended;
  harness.end = () => (ended ??= end());
  harness.reported = () => Promise.all(root.reporter.readers);
}

function createRoot(config, options) {
  const harness = new Harness(config);
  const root = new Test({ __proto__: null, ...options, harness, name: '<root>', parent: null });
  root.startTime = process.hrtime.bigint();
  watchProcess(root);
  return root;
}

let globalRoot;

// The root for tests of the running file, made by the first of them.
function rootOfProgram() {
  if (globalRoot !== undefined) return globalRoot;
  const { readOptions } = require('internal/test_runner/options');
  const config = readOptions();
  const entryFile = process.argv[1];
  const loc = entryFile === undefined ? undefined : { __proto__: null, line: 1, column: 1, file: entryFile };
  globalRoot = createRoot(config, { entryFile, loc });
  globalRoot.reporter.on('test:summary', (data) => {
    if (!data.success) process.exitCode = kGenericUserError;
  });
  globalRoot.harness.bootstrap = prepareProgram(globalRoot, config);
  return globalRoot;
}

async function prepareProgram({ harness, reporter }, { cwd, globalSetupPath, setup }) {
  await setup(reporter);
  if (globalSetupPath === undefined || process.env.NODE_TEST_CONTEXT !== undefined) return; // the runner did it
  await require('internal/test_runner/global_setup').runGlobalSetup(globalSetupPath, cwd, harness);
}

async function startWhenReady(test) {
  const { harness } = test.root;
  harness.keepAlive();
  const ready = harness.whenReady();
  if (ready !== undefined) await ready;
  await test.start();
}

// Makes `root` the one that tests without a parent belong to.
function useRoot(root) {
  globalRoot = root;
}

module.exports = { createRoot, rootOfProgram, startWhenReady, useRoot };
