// SPDX-License-Identifier: Apache-2.0
// setTimeout() of sockets: 'timeout' when nothing happened for a while. It keeps no program alive.
'use strict';

const {
  codes: { ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { clearTimeout, insert, Timeout } = require('internal/timers');
const { validateFunction, validateNumber } = require('internal/validators');

const { getLibuvNow } = internalBinding('timers');

const TIMEOUT_MAX = 2 ** 31 - 1;

function getTimerDuration(msecs, name) {
  validateNumber(msecs, name);
  if (msecs < 0 || !Number.isFinite(msecs)) throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  if (msecs <= TIMEOUT_MAX) return msecs;
  process.emitWarning(
    `${msecs} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${TIMEOUT_MAX}.`,
    'TimeoutOverflowWarning'
  );
  return TIMEOUT_MAX;
}

function setUnrefTimeout(callback, msecs) {
  const timer = new Timeout(callback, msecs, undefined, false, false);
  insert(timer, getLibuvNow());
  return timer;
}

// The timer of `stream` is its property `key`.
function setStreamTimeout(stream, key, msecs, callback) {
  if (stream.destroyed) return stream;
  stream.timeout = msecs;
  msecs = getTimerDuration(msecs, 'msecs');
  clearTimeout(stream[key]);
  if (msecs !== 0) stream[key] = setUnrefTimeout(() => stream._onTimeout(), msecs);
  if (callback === undefined) return stream;
  validateFunction(callback, 'callback');
  if (msecs === 0) stream.removeListener('timeout', callback);
  else stream.once('timeout', callback);
  return stream;
}

module.exports = { getTimerDuration, setStreamTimeout, setUnrefTimeout };
