// SPDX-License-Identifier: Apache-2.0
//
// Timers as Node runs them: one list per duration, oldest first, and a heap of the lists by the time
// when their oldest timer expires. The core knows one native timer: the earliest list's.
'use strict';

const binding = internalBinding('timers');
const frames = require('internal/async_context_frame');
const ids = require('internal/async_ids');
const list = require('internal/linkedlist');
const PriorityQueue = require('internal/priority_queue');
const { runNextTicks } = require('internal/process/task_queues');
const { immediateInfo, toggleImmediateRef } = binding;
const { kAsyncId, kTriggerId } = ids;

const COUNT = 0;
const REF_COUNT = 1;
const HAS_OUTSTANDING = 2;

const TIMEOUT_MAX = 2 ** 31 - 1;

const kRefed = Symbol('refed');
const kHasPrimitive = Symbol('kHasPrimitive');
const kFrame = Symbol('frame');

let nextExpiry = Infinity;
let refCount = 0; // of timers that keep the loop alive
let lastListId = Number.MIN_SAFE_INTEGER;

const knownById = { __proto__: null }; // Timeout by its number, once somebody asked for it
const lists = { __proto__: null }; // duration -> TimersList
const queue = new PriorityQueue(
  (a, b) => a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id),
  (timers, index) => {
    timers.priorityQueuePosition = index;
  }
);

class TimersList {
  constructor(expiry, msecs) {
    list.init(this);
    this.expiry = expiry;
    this.id = lastListId++;
    this.msecs = msecs;
    this.priorityQueuePosition = null;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    return require('internal/util/inspect').inspect(this, { ...options, depth: 0, customInspect: false });
  }
}

// The frame of whoever started the timer, hidden from inspection; none is kept when no storage was entered.
function keepFrame(object) {
  const value = frames.current();
  if (value === undefined) return;
  Object.defineProperty(object, kFrame, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value,
    writable: true,
  });
}

function number(object, type) {
  if (ids.track !== undefined) {
    ids.track.init(object, type);
    return;
  }
  object[kAsyncId] = ids.newAsyncId();
  object[kTriggerId] = 1;
}

function durationOf(after) {
  if (after === undefined) return 1;
  after *= 1; // strings of digits count
  if (after >= 1 && after <= TIMEOUT_MAX) return after;
  if (after > TIMEOUT_MAX) {
    process.emitWarning(
      `${after} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      'TimeoutOverflowWarning'
    );
  } else if (after < 0 && !warnedNegative) {
    warnedNegative = true;
    process.emitWarning(
      `${after} is a negative number.\nTimeout duration was set to 1.`,
      'TimeoutNegativeWarning'
    );
  } else if (Number.isNaN(after) && !warnedNaN) {
    warnedNaN = true;
    process.emitWarning(`${after} is not a number.\nTimeout duration was set to 1.`, 'TimeoutNaNWarning');
  }
  return 1;
}
let warnedNegative = false;
let warnedNaN = false;

function incRefCount() {
  if (refCount++ === 0) binding.toggleTimerRef(true);
}

function decRefCount() {
  if (--refCount === 0) binding.toggleTimerRef(false);
}

function insert(timer, start) {
  const msecs = Math.trunc(timer._idleTimeout);
  timer._idleStart = start;
  let timers = lists[msecs];
  if (timers === undefined) {
    const expiry = start + msecs;
    lists[msecs] = timers = new TimersList(expiry, msecs);
    queue.insert(timers);
    if (nextExpiry > expiry) {
      binding.scheduleTimer(msecs);
      nextExpiry = expiry;
    }
  }
  list.append(timers, timer);
}

class Timeout {
  constructor(callback, after, args, isRepeat, isRefed) {
    const duration = durationOf(after);
    this._idleTimeout = duration;
    this._idlePrev = this;
    this._idleNext = this;
    this._idleStart = null;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = isRepeat ? duration : null;
    this._destroyed = false;
    this[kRefed] = null;
    this[kHasPrimitive] = false;
    number(this, 'Timeout');
    keepFrame(this);
    if (isRefed !== undefined) {
      if (isRefed) incRefCount();
      this[kRefed] = isRefed;
    }
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    return require('internal/util/inspect').inspect(this, { ...options, depth: 0, customInspect: false });
  }

  refresh() {
    if (this[kRefed]) active(this);
    else unrefActive(this);
    return this;
  }

  unref() {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (!this._destroyed) decRefCount();
    }
    return this;
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      if (!this._destroyed) incRefCount();
    }
    return this;
  }

  hasRef() {
    return this[kRefed];
  }

  close() {
    clearTimeout(this);
    return this;
  }

  [Symbol.dispose]() {
    clearTimeout(this);
  }

  [Symbol.toPrimitive]() {
    const id = this[kAsyncId];
    if (!this[kHasPrimitive]) {
      this[kHasPrimitive] = true;
      knownById[id] = this;
    }
    return id;
  }
}

// Starts (or restarts) a timer that keeps the loop alive.
function active(timer) {
  insertGuarded(timer, true);
}

function unrefActive(timer) {
  insertGuarded(timer, false);
}

function insertGuarded(timer, isRefed, start) {
  if (timer._idleTimeout < 0 || timer._idleTimeout === undefined) return;
  insert(timer, start ?? binding.getLibuvNow());
  if (timer[kAsyncId] === undefined || timer._destroyed) number(timer, 'Timeout');
  if (timer._destroyed) {
    timer._destroyed = false;
    if (isRefed) incRefCount();
  } else if (isRefed === !timer[kRefed]) {
    if (isRefed) incRefCount();
    else decRefCount();
  }
  timer[kRefed] = isRefed;
}

function forgetTimer(timer) {
  timer._destroyed = true;
  ids.track?.emitDestroy(timer[kAsyncId]);
  if (timer[kHasPrimitive]) delete knownById[timer[kAsyncId]];
  if (timer[kRefed]) decRefCount(); // kRefed stays: refresh() starts the timer again as it was
}

// Takes a timer out of its list for good.
function unenroll(timer) {
  if (timer._destroyed) return;
  timer._destroyed = true;
  ids.track?.emitDestroy(timer[kAsyncId]);
  if (timer[kHasPrimitive]) delete knownById[timer[kAsyncId]];
  list.remove(timer);
  if (timer[kRefed]) decRefCount();
  timer[kRefed] = null;
  const timers = lists[Math.trunc(timer._idleTimeout)];
  if (timers !== undefined && list.isEmpty(timers)) {
    queue.removeAt(timers.priorityQueuePosition);
    delete lists[timers.msecs];
  }
  timer._idleTimeout = -1;
}

function clearTimeout(timer) {
  if (timer?._onTimeout) {
    timer._onTimeout = null;
    unenroll(timer);
  } else if (typeof timer === 'number' || typeof timer === 'string') {
    const known = knownById[timer];
    if (known !== undefined) {
      known._onTimeout = null;
      unenroll(known);
    }
  }
}

// What throws stays in its frame until the error is dealt with.
function fire(timer) {
  const { track } = ids;
  const asyncId = timer[kAsyncId];
  const previous = frames.exchange(timer[kFrame]);
  track?.enter(asyncId, timer[kTriggerId], timer);
  try {
    const args = timer._timerArgs;
    if (args === undefined) timer._onTimeout();
    else Reflect.apply(timer._onTimeout, timer, args);
    frames.exchange(previous); // after an exception fatalException does it
  } finally {
    if (timer._repeat && timer._idleTimeout !== -1) {
      timer._idleTimeout = timer._repeat;
      insert(timer, binding.getLibuvNow());
    } else if (!timer._idleNext && !timer._idlePrev && !timer._destroyed) forgetTimer(timer);
  }
  track?.leave(asyncId);
}

function runList(timers, now) {
  const { msecs } = timers;
  let ranOne = false;
  let timer;
  while ((timer = list.peek(timers)) !== null) {
    const elapsed = now - timer._idleStart;
    if (elapsed < msecs) {
      // The oldest is not due yet (it was refreshed): the list waits for it.
      timers.expiry = Math.max(timer._idleStart + msecs, now + 1);
      timers.id = lastListId++;
      queue.moved(timers.priorityQueuePosition);
      return;
    }
    if (ranOne) runNextTicks();
    else ranOne = true;
    // The ticks may have cleared the timer that was peeked at.
    if (timer !== list.peek(timers)) continue;
    list.remove(timer);
    if (!timer._onTimeout) {
      if (!timer._destroyed) forgetTimer(timer);
      continue;
    }
    fire(timer);
  }
  if (timers === lists[msecs]) {
    delete lists[msecs];
    queue.removeAt(timers.priorityQueuePosition);
  }
}

// Called by the core when the native timer expires, again if a callback threw. Returns when it must expire
// next: negative when nothing that is left keeps the loop alive, 0 when nothing is left.
function processTimers(now) {
  nextExpiry = Infinity;
  let ranOne = false;
  let timers;
  while ((timers = queue.peek()) !== undefined) {
    if (timers.expiry > now) {
      nextExpiry = timers.expiry;
      return refCount > 0 ? nextExpiry : -nextExpiry;
    }
    if (ranOne) {
      runNextTicks();
      now = binding.getLibuvNow();
    } else ranOne = true;
    if (timers === queue.peek()) runList(timers, now);
  }
  return 0;
}

// --- Immediates ---

const immediates = { head: null, tail: null };
const outstanding = { head: null, tail: null }; // left over when a callback threw

function appendImmediate(target, item) {
  if (target.tail !== null) {
    item._idlePrev = target.tail;
    target.tail._idleNext = item;
  } else target.head = item;
  target.tail = item;
}

function removeImmediate(target, item) {
  if (item._idleNext) item._idleNext._idlePrev = item._idlePrev;
  if (item._idlePrev) item._idlePrev._idleNext = item._idleNext;
  if (item === target.head) target.head = item._idleNext;
  if (item === target.tail) target.tail = item._idlePrev;
  item._idleNext = null;
  item._idlePrev = null;
}

class Immediate {
  constructor(callback, args) {
    this._idleNext = null;
    this._idlePrev = null;
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[kRefed] = false;
    number(this, 'Immediate');
    keepFrame(this);
    this.ref();
    immediateInfo[COUNT]++;
    appendImmediate(immediates, this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    return require('internal/util/inspect').inspect(this, { ...options, depth: 0, customInspect: false });
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      if (immediateInfo[REF_COUNT]++ === 0) toggleImmediateRef(true);
    }
    return this;
  }

  unref() {
    if (this[kRefed] === true) {
      this[kRefed] = false;
      if (--immediateInfo[REF_COUNT] === 0) toggleImmediateRef(false);
    }
    return this;
  }

  hasRef() {
    return Boolean(this[kRefed]);
  }

  [Symbol.dispose]() {
    clearImmediate(this);
  }
}

let beforeImmediates;

// Calls back before the next immediates. Keeps no loop alive.
// How many of each keep the loop alive.
function activeCounts() {
  return { timeouts: refCount, immediates: binding.immediateInfo[1] };
}

function setBeforeImmediates(callback) {
  beforeImmediates = callback;
  immediateInfo[COUNT]++;
}

function clearImmediate(immediate) {
  if (!immediate?._onImmediate || immediate._destroyed) return;
  immediateInfo[COUNT]--;
  immediate._destroyed = true;
  ids.track?.emitDestroy(immediate[kAsyncId]);
  if (immediate[kRefed] && --immediateInfo[REF_COUNT] === 0) toggleImmediateRef(false);
  immediate[kRefed] = null;
  immediate._onImmediate = null;
  removeImmediate(immediates, immediate);
}

function runImmediate(immediate) {
  immediate._destroyed = true;
  immediateInfo[COUNT]--;
  if (immediate[kRefed] && --immediateInfo[REF_COUNT] === 0) toggleImmediateRef(false);
  immediate[kRefed] = null;
  const { track } = ids;
  const asyncId = immediate[kAsyncId];
  const previous = frames.exchange(immediate[kFrame]);
  track?.enter(asyncId, immediate[kTriggerId], immediate);
  try {
    const argv = immediate._argv;
    if (!argv) immediate._onImmediate();
    else immediate._onImmediate(...argv);
    frames.exchange(previous); // after an exception fatalException does it
  } finally {
    immediate._onImmediate = null;
    track?.emitDestroy(asyncId);
    // Where to go on after an exception.
    outstanding.head = immediate._idleNext;
  }
  track?.leave(asyncId);
}

// Called by the core once per turn of the loop, again (with HAS_OUTSTANDING) when a callback threw.
function processImmediate() {
  if (beforeImmediates !== undefined) {
    const run = beforeImmediates;
    beforeImmediates = undefined;
    immediateInfo[COUNT]--;
    run();
  }
  const work = outstanding.head !== null ? outstanding : immediates;
  let immediate = work.head;
  // Immediates that are set from here on belong to the next turn.
  if (work !== outstanding) immediates.head = immediates.tail = null;
  let previous = null;
  let ranOne = false;
  immediateInfo[HAS_OUTSTANDING] = 1;
  while (immediate !== null) {
    if (ranOne) runNextTicks();
    else ranOne = true;
    // The ticks may have cleared it.
    if (immediate._destroyed) {
      outstanding.head = immediate = previous._idleNext ?? null;
      continue;
    }
    previous = immediate;
    runImmediate(immediate);
    immediate = immediate._idleNext;
  }
  outstanding.head = null;
  immediateInfo[HAS_OUTSTANDING] = 0;
}

binding.setupTimers(processImmediate, processTimers);

module.exports = {
  activeCounts,
  active,
  clearImmediate,
  clearTimeout,
  Immediate,
  insert,
  setBeforeImmediates,
  Timeout,
  unenroll,
  unrefActive,
};
