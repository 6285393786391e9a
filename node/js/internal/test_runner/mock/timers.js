// SPDX-License-Identifier: Apache-2.0
//
// mock.timers: timers and dates whose time passes when the test says so.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { makeDate } = require('internal/test_runner/mock/date');
const { makePromised } = require('internal/test_runner/mock/promised_timers');
const { validateNumber, validateObject, validateStringArray } = require('internal/validators');

const TIMEOUT_MAX = 2 ** 31 - 1;
const SUPPORTED = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'scheduler.wait', 'AbortSignal.timeout'];

let isDateMocked = false; // by whichever test

class MockTimer {
  #mocked;

  constructor(mocked, fields) {
    this.#mocked = mocked;
    Object.assign(this, fields);
  }

  hasRef() {
    return true;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  refresh() {
    this.#mocked.refresh(this);
    return this;
  }

  close() {
    this.#mocked.clear(this);
    return this;
  }

  [Symbol.dispose]() {
    this.#mocked.clear(this);
  }
}

class MockTimers {
  #isEnabled = false;
  #lastId = 1;
  #now = 0;
  #restore = []; // what puts each name back
  #waiting = new Set();

  get now() {
    return this.#now;
  }

  // What the mocked functions do.

  schedule(callback, delay, args, isInterval) {
    if (delay > TIMEOUT_MAX || !(delay >= 1)) delay = 1;
    return this.#insert({ callback, args, runAt: this.#now + delay, interval: isInterval ? delay : undefined, delay });
  }

  // Runs before every timer, in the order of the calls.
  scheduleImmediate(callback, args) {
    return this.#insert({ callback, args, runAt: -1, interval: undefined, delay: -1 });
  }

  #insert(fields) {
    const timer = new MockTimer(this, { id: this.#lastId++, ...fields });
    this.#waiting.add(timer);
    return timer;
  }

  clear(timer) {
    if (!(timer instanceof MockTimer)) return;
    this.#waiting.delete(timer);
    timer.interval = undefined; // a running one is not to come again
  }

  refresh(timer) {
    timer.runAt = this.#now + timer.delay;
    this.#waiting.add(timer);
  }

  // The timer that is to run next.
  #first() {
    let first;
    for (const timer of this.#waiting) {
      if (first === undefined || timer.runAt < first.runAt || (timer.runAt === first.runAt && timer.id < first.id)) {
        first = timer;
      }
    }
    return first;
  }

  #replace(owner, name, value) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, {
      __proto__: null,
      configurable: true,
      enumerable: descriptor?.enumerable ?? true,
      value,
      writable: true,
    });
    this.#restore.push(() => Object.defineProperty(owner, name, { __proto__: null, ...descriptor }));
  }

  #replaceEverywhere(name, mocked) {
    this.#replace(globalThis, name, mocked);
    this.#replace(require('timers'), name, mocked);
  }

  #mockTimer(name) {
    const promises = require('timers/promises');
    const promised = makePromised(this);
    const clear = (timer) => this.clear(timer);
    const mocks = {
      __proto__: null,
      setTimeout: (callback, delay, ...args) => this.schedule(callback, delay, args, false),
      setInterval: (callback, delay, ...args) => this.schedule(callback, delay, args, true),
      setImmediate: (callback, ...args) => this.scheduleImmediate(callback, args),
    };
    const mocked = mocks[name];
    Object.defineProperty(mocked, 'name', { __proto__: null, configurable: true, value: name });
    if (name !== 'setInterval') {
      Object.defineProperty(mocked, require('internal/util').promisify.custom, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get: () => promised[name],
      });
    }
    this.#replaceEverywhere(name, mocked);
    this.#replaceEverywhere(`clear${name.slice(3)}`, clear);
    this.#replace(promises, name, promised[name]);
  }

  #mockApi(api) {
    switch (api) {
      case 'Date':
        if (isDateMocked) throw new ERR_INVALID_STATE('Date is already being mocked!');
        isDateMocked = true;
        this.#replace(globalThis, 'Date', makeDate(globalThis.Date, this));
        this.#restore.push(() => {
          isDateMocked = false;
        });
        break;
      case 'scheduler.wait':
        this.#replace(require('timers/promises').scheduler, 'wait', makePromised(this).wait);
        break;
      case 'AbortSignal.timeout':
        this.#replace(AbortSignal, 'timeout', (delay) => {
          validateNumber(delay, 'delay', 0);
          const controller = new AbortController();
          const expire = () =>
            controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
          this.schedule(expire, delay, [], false);
          return controller.signal;
        });
        break;
      default:
        this.#mockTimer(api);
    }
  }

  #assertEnabled() {
    if (!this.#isEnabled) throw new ERR_INVALID_STATE('You should enable MockTimers first by calling the .enable function');
  }

  #setNow(now) {
    const time = now instanceof Date ? now.getTime() : now;
    validateNumber(time, 'initialTime');
    if (!(time >= 0)) throw new ERR_INVALID_ARG_VALUE('now', now, `epoch must be a positive integer received ${now}`);
    this.#now = time;
  }

  // What tests call.

  enable(options = { __proto__: null, apis: SUPPORTED, now: 0 }) {
    validateObject(options, 'options');
    if (this.#isEnabled) throw new ERR_INVALID_STATE('MockTimers is already enabled!');
    const { apis = SUPPORTED, now = 0 } = options;
    validateStringArray(apis, 'options.apis');
    for (const api of apis) {
      if (!SUPPORTED.includes(api)) {
        throw new ERR_INVALID_ARG_VALUE('options.apis', api, `option ${api} is not supported`);
      }
    }
    this.#setNow(now);
    this.#isEnabled = true;
    try {
      for (const api of apis) this.#mockApi(api);
    } catch (error) {
      this.reset();
      throw error;
    }
  }

  setTime(time = 0) {
    validateNumber(time, 'time');
    this.#assertEnabled();
    this.#now = time;
  }

  tick(time = 1) {
    this.#assertEnabled();
    if (time < 0) throw new ERR_INVALID_ARG_VALUE('time', 'positive integer', time);
    this.#now += time;
    let timer;
    while ((timer = this.#first()) !== undefined && timer.runAt <= this.#now) {
      this.#waiting.delete(timer);
      Reflect.apply(timer.callback, undefined, timer.args);
      if (timer.interval === undefined) continue;
      timer.runAt += timer.interval;
      this.#waiting.add(timer);
    }
  }

  runAll() {
    this.#assertEnabled();
    const last = Math.max(this.#now, ...[...this.#waiting].map(({ runAt }) => runAt));
    this.tick(last - this.#now);
  }

  reset() {
    if (!this.#isEnabled) return;
    while (this.#restore.length > 0) this.#restore.pop()();
    this.#isEnabled = false;
    this.#now = 0;
    this.#waiting.clear();
  }

  [Symbol.dispose]() {
    this.reset();
  }
}

module.exports = { MockTimers };
