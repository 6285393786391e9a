// SPDX-License-Identifier: Apache-2.0
//
// before, after, beforeEach and afterEach.
'use strict';

const { asTestFailure, kHookFailure, kTestAborted, testFailure } = require('internal/test_runner/failures');
const { callFunction, kNoTimeout, Stop } = require('internal/test_runner/execution');
const { runIn } = require('internal/test_runner/current');
const { validateAbortSignal, validateNumber } = require('internal/validators');

const KINDS = ['before', 'after', 'beforeEach', 'afterEach'];
const RUN_ONCE = new Set(['before', 'after']);

class TestHook {
  #abort;
  #once;
  #outerSignal;

  // `owner` is the test or suite that the hook was written in.
  constructor(fn, { kind, loc, owner, signal, timeout = kNoTimeout }) {
    if (timeout !== kNoTimeout && timeout !== null) validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    validateAbortSignal(signal, 'options.signal');
    this.fn = fn;
    this.kind = kind;
    this.loc = loc;
    this.owner = owner;
    this.timeout = timeout ?? kNoTimeout;
    this.error = null;
    this.finished = false;
    this.#outerSignal = signal;
  }

  get name() {
    return this.owner.name;
  }

  get root() {
    return this.owner.root;
  }

  fail(error) {
    this.error ??= error;
  }

  // Gives up on the hook: what it has not done by now it need not do.
  abort() {
    this.#abort?.abort();
  }

  // Runs the hook with the context that it is for. Afterwards `error` tells how it went.
  run(context) {
    if (!RUN_ONCE.has(this.kind)) return this.#run(context);
    this.#once ??= this.#run(context);
    return this.#once;
  }

  async #run(context) {
    this.error = null;
    this.finished = false;
    this.#abort = new AbortController();
    const onAbort = () => {
      this.fail(testFailure(this.#outerSignal.reason, kTestAborted));
      this.abort();
    };
    this.#outerSignal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
    const stop = new Stop(this.timeout, this.#abort.signal);
    try {
      if (this.#outerSignal?.aborted) onAbort();
      else await Promise.race([runIn(this, () => callFunction(this.fn, context, [context])), stop.promise]);
    } catch (error) {
      this.fail(asTestFailure(error));
    } finally {
      stop.dispose();
      this.#outerSignal?.removeEventListener('abort', onAbort);
      this.finished = true;
    }
  }
}

// The hooks of one test or suite, by kind.
class Hooks {
  before = [];
  after = [];
  beforeEach = [];
  afterEach = [];
  #ownAfterEach = 0;

  // What a subtest takes over from its parent: outer beforeEach hooks run first, outer afterEach hooks last.
  inherit(parent) {
    this.beforeEach.unshift(...parent.beforeEach);
    this.afterEach.push(...parent.afterEach);
  }

  add(hook) {
    if (hook.kind === 'afterEach') this.afterEach.splice(this.#ownAfterEach++, 0, hook);
    else this[hook.kind].push(hook);
  }

  async run(kind, context) {
    for (const hook of this[kind]) {
      await hook.run(context);
      if (hook.error !== null) {
        const { error } = hook;
        const failure = testFailure(`failed running ${kind} hook`, kHookFailure);
        failure.cause = error.code === 'ERR_TEST_FAILURE' ? error.cause : error;
        throw failure;
      }
    }
  }
}

module.exports = { Hooks, KINDS, TestHook };
