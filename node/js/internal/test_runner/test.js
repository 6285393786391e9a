// SPDX-License-Identifier: Apache-2.0
//
// A test: when it runs, what it waits for, what becomes of its subtests, and in which order results are reported.
// A suite is a test whose function only says what is in it.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
  AbortError,
} = require('internal/errors');
const { runIn } = require('internal/test_runner/current');
const { callFunction, kNoTimeout, Stop } = require('internal/test_runner/execution');
const { isExpected, parseExpectFailure } = require('internal/test_runner/expectation');
const {
  asTestFailure,
  isTestFailure,
  kCancelledByParent,
  kExpectedFailure,
  kParentAlreadyFinished,
  kSubtestsFailed,
  kTestTimeout,
  testFailure,
} = require('internal/test_runner/failures');
const { fullNameOf, isExcludedByName, isFiltered, markName, markOnly } = require('internal/test_runner/filters');
const { Hooks, TestHook } = require('internal/test_runner/hook');
const { TestsStream } = require('internal/test_runner/tests_stream');
const { kEmptyObject } = require('internal/util');
const { validateAbortSignal, validateNumber, validateStringArray, validateUint32 } = require('internal/validators');

const { bigint: hrtime } = process.hrtime;
const TIMEOUT_MAX = 2 ** 31 - 1;
const noop = () => {};

let nowhere;
// Where the events of tests that are left out go.
function noStream() {
  nowhere ??= new TestsStream();
  return nowhere;
}

// How many subtests may run at once.
function parseConcurrency(option, parent) {
  if (option === undefined || option === null) return parent === null ? 1 : parent.concurrency;
  if (typeof option === 'number') {
    validateUint32(option, 'options.concurrency', true);
    return option;
  }
  if (typeof option !== 'boolean') {
    throw new ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], option);
  }
  if (!option) return 1;
  return parent === null ? Math.max(require('os').availableParallelism() - 1, 1) : Infinity;
}

function parseTimeout(option, parent) {
  if (option === undefined || option === null) return parent === null ? kNoTimeout : parent.timeout;
  if (option !== Infinity) validateNumber(option, 'options.timeout', 0, TIMEOUT_MAX);
  return option;
}

// test(name, options, fn), each of them optional.
function readArguments(name, options, fn) {
  if (typeof name === 'function') fn = name;
  else if (name !== null && typeof name === 'object') {
    fn = options;
    options = name;
  } else if (typeof options === 'function') fn = options;
  if (options === null || typeof options !== 'object') options = kEmptyObject;
  return { fn, name, options };
}

class Test {
  reportedType = 'test';
  #reportedStart = false;
  #onOuterAbort = () => this.cancel(this.outerSignal.reason ?? new AbortError('The test was aborted'));

  constructor(options) {
    const { parent, signal, skip, todo } = options;
    const isRoot = parent === null;
    this.parent = parent;
    this.root = isRoot ? this : parent.root;
    this.name = typeof options.name === 'string' && options.name !== '' ? options.name : options.fn?.name || '<anonymous>';
    this.fn = typeof options.fn === 'function' && !skip ? options.fn : noop;
    this.loc = options.loc;
    this.entryFile = isRoot ? options.entryFile : parent.entryFile;
    this.harness = isRoot ? options.harness : null;
    this.config = isRoot ? this.harness.config : parent.config;
    this.reporter = isRoot ? new TestsStream() : parent.reporter;
    this.nesting = isRoot || parent.parent === null ? 0 : parent.nesting + 1;
    this.testId = isRoot ? 0 : ++this.root.lastTestId;
    this.lastTestId = 0; // of the root: the newest number that was given away
    this.testNumber = 0; // among the reported subtests of the parent
    this.childNumber = isRoot ? 0 : parent.subtests.length + 1;
    this.concurrency = parseConcurrency(options.concurrency, parent);
    this.timeout = parseTimeout(options.timeout, parent);
    this.#readTags(options.tags);
    this.diagnostics = [];
    this.#initFilters(options.only);

    validateAbortSignal(signal, 'options.signal');
    this.abortController = new AbortController();
    this.outerSignal = signal;
    signal?.addEventListener('abort', this.#onOuterAbort, { __proto__: null });

    this.expectFailure = parseExpectFailure(options.expectFailure) || (isRoot ? false : parent.expectFailure);
    this.skipped = skip !== undefined && skip !== false;
    this.isTodo = (todo !== undefined && todo !== false) || (!isRoot && parent.isTodo);
    this.message = typeof skip === 'string' ? skip : typeof todo === 'string' ? todo : null;
    this.isStaticallySkipped = this.skipped;
    this.mock = null;
    this.plan = null;
    this.plannedAssertions = options.plan;

    this.startTime = null;
    this.endTime = null;
    this.passed = false;
    this.error = null;
    this.cancelled = false;
    this.finished = false;
    this.buildPhaseFinished = false;

    this.hooks = new Hooks();
    this.subtests = [];
    this.activeSubtests = 0;
    this.outputSubtestCount = 0;
    this.pendingSubtests = []; // could not start yet: { test, resolve }
    this.readySubtests = new Map(); // ended and not reported yet, by childNumber
    this.unfinishedSubtests = new Set();
    this.subtestsPromise = null; // settled when none is unfinished
    this.waitingOn = 0; // childNumber of the subtest whose turn it is to be reported
  }

  #readTags(tags) {
    this.tags = this.parent === null ? [] : this.parent.tags;
    if (tags === undefined) return;
    validateStringArray(tags, 'options.tags');
    this.tags = [...new Set([...this.tags, ...tags.map((tag) => tag.toLowerCase())])];
  }

  #initFilters(only) {
    const { parent } = this;
    this.filtered = false;
    this.filteredByName = false;
    this.hasOnlyTests = false; // somewhere below
    this.runOnlySubtests = parent === null ? this.config.only : false;
    this.only = undefined;
    if (parent === null) return;
    this.only = only ?? (parent.only && !parent.runOnlySubtests);
    const { isFilteringByName, isFilteringByOnly } = this.root.harness;
    if (isFilteringByName) {
      this.filteredByName = isExcludedByName(this, this.config);
      if (!this.filteredByName) markName(this);
    }
    if (isFilteringByOnly) {
      if (this.only) markOnly(this);
      else if (this.only === false) this.fn = noop;
    } else if (only || parent.runOnlySubtests) {
      this.diagnostic("'only' and 'runOnly' require the --test-only command-line option.");
    }
  }

  get signal() {
    return this.abortController.signal;
  }

  get fullName() {
    return this.parent === null ? this.name : fullNameOf(this, ' > ');
  }

  // --- what the context and the harness ask for ---

  fail(error) {
    if (this.error !== null) return;
    this.passed = false;
    this.error = error;
  }

  pass() {
    if (this.error === null && this.expectFailure && !this.skipped) {
      this.fail(testFailure('test was expected to fail but passed', kExpectedFailure));
    } else if (this.error === null) this.passed = true;
  }

  // Fails a test for what its code threw, which may be what was expected of it.
  failFor(thrown) {
    const { expectFailure } = this;
    if (!expectFailure || isTestFailure(thrown)) return this.fail(asTestFailure(thrown));
    if (isExpected(expectFailure, thrown)) this.passed = true;
    else {
      const failure = testFailure('The test failed, but the error did not match the expected validation', kExpectedFailure);
      failure.cause = thrown;
      this.fail(failure);
    }
    return undefined;
  }

  abort() {
    this.abortController.abort();
  }

  cancel(error) {
    if (this.endTime !== null || this.error !== null) return;
    this.fail(
      error ?? testFailure('test did not finish before its parent and was cancelled', kCancelledByParent)
    );
    this.cancelled = true;
    this.abort();
  }

  skip(message) {
    this.skipped = true;
    this.message = message ?? null;
  }

  todo(message) {
    this.isTodo = true;
    this.message = message ?? null;
  }

  diagnostic(message) {
    this.diagnostics.push(message);
  }

  createContext() {
    const { TestContext } = require('internal/test_runner/context');
    return new TestContext(this);
  }

  createHook(kind, fn, options) {
    const hook = new TestHook(typeof fn === 'function' ? fn : noop, { ...options, kind, owner: this });
    if (kind === 'before' && this.startTime !== null) {
      hook.run(this.createContext()).then(() => {
        if (hook.error !== null) this.fail(hook.error);
      });
    }
    this.hooks.add(hook);
    return hook;
  }

  createSubtest(Factory, name, options, fn, overrides) {
    const given = readArguments(name, options, fn);
    const isLate = this.finished || this.buildPhaseFinished;
    const parent = isLate ? this.root : this;
    const test = new Factory({ __proto__: null, ...given.options, fn: given.fn, name: given.name, parent, ...overrides });
    if (parent.waitingOn === 0) {
      parent.waitingOn = test.childNumber;
      parent.subtestsPromise = Promise.withResolvers();
    }
    if (isLate) {
      test.fail(testFailure('test could not be started because its parent finished', kParentAlreadyFinished));
    }
    parent.subtests.push(test);
    return test;
  }

  // --- running ---

  hasConcurrency() {
    return this.concurrency > this.activeSubtests;
  }

  // Runs the test now or, when too many run already, later.
  start() {
    this.filtered = isFiltered(this);
    if (this.filtered) this.reporter = noStream();
    else this.testNumber = ++this.parent.outputSubtestCount;
    this.parent.unfinishedSubtests.add(this);
    this.report('enqueue', this.reportedType);
    if (!this.parent.hasConcurrency()) {
      const { promise, resolve } = Promise.withResolvers();
      this.parent.pendingSubtests.push({ test: this, resolve });
      return promise;
    }
    return this.startNow();
  }

  startNow() {
    this.report('dequeue', this.reportedType);
    return this.filtered ? this.runFiltered() : this.run();
  }

  async runFiltered() {
    this.parent.activeSubtests++;
    this.passed = true;
    this.subtests = [];
    this.reportStart = noop;
    this.reportResult = noop;
    this.postRun();
  }

  async processPendingSubtests() {
    while (this.pendingSubtests.length > 0 && this.hasConcurrency()) {
      const { test, resolve } = this.pendingSubtests.shift();
      await test.startNow();
      resolve();
    }
  }

  // True when the test was aborted before it began, or while it ran.
  isAborted() {
    if (this.signal.aborted) return true;
    if (!this.outerSignal?.aborted) return false;
    this.#onOuterAbort();
    return true;
  }

  async #runFunction(context, stop) {
    if (this.plannedAssertions !== undefined) context.plan(this.plannedAssertions);
    const { TestContext } = require('internal/test_runner/context');
    const args = context instanceof TestContext ? [context] : [];
    await Promise.race([runIn(this, () => callFunction(this.fn, context, args)), stop.promise]);
    this.isAborted();
    if (this.subtestsPromise !== null) await Promise.race([this.subtestsPromise.promise, stop.promise]);
    const planned = this.plan?.check();
    if (planned !== undefined) await Promise.race([planned, stop.promise]);
  }

  // afterEach and after hooks, each once. What they throw is the test's failure unless it has one.
  async #runLastHooks(context, done) {
    if (!done.afterEach) {
      done.afterEach = true;
      if (this.parent !== null && !this.isStaticallySkipped) await this.parent.hooks.run('afterEach', context);
    }
    if (!done.after) {
      done.after = true;
      await this.hooks.run('after', context);
    }
  }

  async run() {
    const { parent } = this;
    if (parent !== null) parent.activeSubtests++;
    this.startTime ??= hrtime();
    if (parent !== null) this.hooks.inherit(parent.hooks);
    if (this.isAborted()) {
      this.postRun();
      return;
    }
    const context = this.createContext();
    const done = { afterEach: false, after: false };
    let stop;
    try {
      if (parent !== null) {
        if (parent.hooks.before.length > 0) await parent.hooks.run('before', parent.createContext());
        if (!this.skipped) await parent.hooks.run('beforeEach', context);
      }
      stop = new Stop(this.timeout, this.signal);
      await this.#runFunction(context, stop);
      this.pass();
      await this.#runLastHooks(context, done);
    } catch (error) {
      if (isTestFailure(error) && error.failureType === kTestTimeout) this.cancel(error);
      else this.failFor(error);
      try {
        await this.#runLastHooks(context, done);
      } catch {
        // The test fails already, for a reason that came first.
      }
    } finally {
      stop?.dispose();
      if (parent !== null) this.abort();
    }
    // The root ends when the program has nothing else to do: see harness.js.
    if (parent !== null) this.postRun();
  }

  // --- the end ---

  // Cancels subtests that are left, and tells the parent.
  postRun(reason) {
    this.startTime ??= hrtime();
    this.endTime ??= hrtime();
    this.pendingSubtests = [];
    let failed = 0;
    for (const subtest of this.subtests) {
      if (!subtest.finished) {
        subtest.cancel(reason);
        subtest.postRun(reason);
      }
      if (!subtest.passed && !subtest.isTodo) failed++;
    }
    if ((this.passed || this.parent === null) && failed > 0) {
      this.#failForSubtests(`${failed} subtest${failed > 1 ? 's' : ''} failed`);
    }
    this.outerSignal?.removeEventListener('abort', this.#onOuterAbort);
    this.mock?.reset();
    if (this.parent === null) require('internal/test_runner/summary').reportSummary(this);
    else this.#tellParent();
  }

  #failForSubtests(message) {
    this.passed = false;
    this.fail(testFailure(message, kSubtestsFailed));
  }

  #tellParent() {
    const { parent } = this;
    const { details, directive } = this.getReportDetails();
    details.passed = this.passed;
    this.reporter.complete(this.nesting, this.loc, this.testNumber, this.name, details, directive, this.identity());
    parent.activeSubtests--;
    parent.readySubtests.set(this.childNumber, this);
    if (parent.unfinishedSubtests.delete(this) && parent.unfinishedSubtests.size === 0) {
      parent.subtestsPromise.resolve();
    }
    parent.reportReadySubtests(false);
    parent.processPendingSubtests();
  }

  // --- reporting: in the order in which tests were written ---

  identity() {
    return { __proto__: null, testId: this.testId, parentId: this.parent.testId, tags: this.tags };
  }

  report(event, ...args) {
    this.reporter[event](this.nesting, { ...this.identity(), ...this.loc }, this.name, ...args);
  }

  reportReadySubtests(canReport) {
    const end = this.waitingOn + this.readySubtests.size;
    for (let number = this.waitingOn; number < end; number++) {
      const subtest = this.readySubtests.get(number);
      if (subtest === undefined) return; // an earlier one still runs
      canReport ||= this.isTurn();
      if (!canReport) return;
      if (number === 1) this.reportStart();
      subtest.finalize();
      this.readySubtests.delete(number);
    }
  }

  isTurn() {
    return this.parent === null || (this.parent.waitingOn === this.childNumber && this.parent.isTurn());
  }

  finalize() {
    this.reportReadySubtests(true);
    this.reportResult();
    this.parent.waitingOn++;
    this.finished = true;
    if (this.parent === this.root && this.root.waitingOn > this.root.subtests.length) {
      // Global after() hooks may close what keeps the program alive.
      this.root.run().finally(() => this.root.harness.allRan());
    }
  }

  duration() {
    return Number(this.endTime - this.startTime) / 1e6;
  }

  reportStart() {
    if (this.#reportedStart || this.parent === null) return;
    this.#reportedStart = true;
    this.parent.reportStart();
    this.report('start');
  }

  getReportDetails() {
    const details = { __proto__: null, duration_ms: this.duration(), type: this.reportedType };
    if (!this.passed) details.error = this.error;
    let directive;
    if (this.skipped) directive = { __proto__: null, skip: this.message ?? true };
    else if (this.isTodo) directive = { __proto__: null, todo: this.message ?? true };
    else if (this.expectFailure) directive = { __proto__: null, expectFailure: this.expectFailure.label ?? true };
    return { __proto__: null, details, directive };
  }

  reportResult() {
    this.root.harness.count(this);
    if (this.outputSubtestCount > 0) {
      this.reporter.plan(this.subtests[0].nesting, this.loc, this.outputSubtestCount);
    } else this.reportStart();
    const { details, directive } = this.getReportDetails();
    const event = this.passed ? 'ok' : 'fail';
    this.reporter[event](this.nesting, this.loc, this.testNumber, this.name, details, directive, this.identity());
    for (const message of this.diagnostics) this.reporter.diagnostic(this.nesting, this.loc, message);
  }
}

module.exports = { Test };
