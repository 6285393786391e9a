// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  active,
  clearImmediate,
  clearTimeout,
  Immediate,
  insert,
  Timeout,
  unenroll,
  unrefActive,
} = require('internal/timers');
const customPromisify = Symbol.for('nodejs.util.promisify.custom');
const { getLibuvNow } = internalBinding('timers');

function checkCallback(callback) {
  if (typeof callback !== 'function') require('internal/validators').validateFunction(callback, 'callback');
}

function start(callback, after, args, isRepeat) {
  checkCallback(callback);
  const timeout = new Timeout(callback, after, args.length === 0 ? undefined : args, isRepeat, true);
  insert(timeout, getLibuvNow());
  return timeout;
}

function setTimeout(callback, after, ...args) {
  return start(callback, after, args, false);
}

function setInterval(callback, repeat, ...args) {
  return start(callback, repeat, args, true);
}

function clearInterval(timer) {
  clearTimeout(timer);
}

function setImmediate(callback, ...args) {
  checkCallback(callback);
  return new Immediate(callback, args.length === 0 ? undefined : args);
}

for (const fn of [setTimeout, setImmediate]) {
  Object.defineProperty(fn, customPromisify, {
    __proto__: null,
    enumerable: true,
    get: () => require('timers/promises')[fn.name],
  });
}

// The interface from before setTimeout returned objects: any object can be a timer.
function enroll(item, msecs) {
  const { validateNumber } = require('internal/validators');
  validateNumber(msecs, 'msecs', 0);
  if (item._idleNext) unenroll(item);
  item._idleTimeout = Math.min(msecs, 2 ** 31 - 1);
}

module.exports = {
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
  setInterval,
  clearInterval,
  _unrefActive: unrefActive,
  active,
  unenroll,
  enroll,
};
Object.defineProperty(module.exports, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('timers/promises'),
});
