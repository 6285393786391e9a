// SPDX-License-Identifier: Apache-2.0
//
// describe(): its function is called at once and says which tests there are; they run when it is the suite's turn.
'use strict';

const { runIn } = require('internal/test_runner/current');
const { Stop } = require('internal/test_runner/execution');
const { asTestFailure } = require('internal/test_runner/failures');
const { Test } = require('internal/test_runner/test');

const { bigint: hrtime } = process.hrtime;

class Suite extends Test {
  reportedType = 'suite';

  constructor(options) {
    super(options);
    this.built = this.#build();
    this.root.harness.buildSuites.push(this.built);
  }

  async #build() {
    const context = this.createContext();
    try {
      await runIn(this, () => Reflect.apply(this.fn, context, [context]));
    } catch (error) {
      this.fail(asTestFailure(error));
    }
    this.buildPhaseFinished = true;
  }

  createContext() {
    const { SuiteContext } = require('internal/test_runner/context');
    return new SuiteContext(this);
  }

  pass() {
    if (this.error === null) this.passed = true;
  }

  async #runSubtests(context) {
    if (this.parent.hooks.before.length > 0) {
      await this.parent.hooks.run('before', this.parent.createContext());
    }
    await this.hooks.run('before', context);
    const stop = new Stop(this.timeout, this.signal);
    try {
      const subtests = this.skipped || this.error !== null ? [] : this.subtests;
      await Promise.race([Promise.all(subtests.map((subtest) => subtest.start())), stop.promise]);
    } finally {
      stop.dispose();
    }
  }

  async run() {
    this.hooks.inherit(this.parent.hooks);
    this.parent.activeSubtests++;
    await this.built;
    this.startTime = hrtime();
    if (this.isAborted()) {
      this.subtests = [];
      this.postRun();
      return;
    }
    const context = this.createContext();
    let ended = false;
    try {
      await this.#runSubtests(context);
      ended = true;
      await this.hooks.run('after', context);
      this.pass();
    } catch (error) {
      this.fail(asTestFailure(error));
      try {
        if (!ended) await this.hooks.run('after', context);
      } catch {
        // The suite fails already, for a reason that came first.
      }
    }
    this.postRun();
  }
}

module.exports = { Suite };
