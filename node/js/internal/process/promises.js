// SPDX-License-Identifier: Apache-2.0
//
// Promises that are rejected and stay unhandled: --unhandled-rejections in all of its modes.
'use strict';

const { triggerUncaughtException } = internalBinding('errors');
const frames = require('internal/async_context_frame');
const ids = require('internal/async_ids');

const REJECTED = 0; // with no handler
const HANDLED = 1; // a handler was added afterwards

const pending = []; // rejected since the last drain: { promise, reason, warned, uid, frame, domain }
const known = new WeakMap(); // promise -> its entry
const asyncHandled = []; // entries whose warning must be followed by 'rejectionHandled'
let lastUid = 0;

// Returns true when there is something to report after the promise jobs.
function promiseRejected(type, promise, reason) {
  if (type === REJECTED) {
    const entry = { promise, reason, warned: false, uid: ++lastUid, frame: frames.current(), domain: process.domain };
    known.set(promise, entry);
    pending.push(entry);
    return true;
  }
  if (type === HANDLED) {
    const entry = known.get(promise);
    if (entry === undefined) return false;
    known.delete(promise);
    if (entry.warned) {
      asyncHandled.push(entry);
      return true;
    }
    const index = pending.indexOf(entry);
    if (index !== -1) pending.splice(index, 1);
  }
  return false;
}

function describe(reason) {
  if (typeof reason === 'symbol') return reason.toString();
  if (typeof reason === 'object' && reason !== null) {
    const name = internalBinding('util').getConstructorName(reason);
    return `#<${name === '' ? 'Object' : name}>`;
  }
  return String(reason);
}

function warnUnhandled(entry) {
  const text =
    'Unhandled promise rejection. This error originated either by throwing inside of an ' +
    'async function without a catch block, or by rejecting a promise which was not handled with ' +
    '.catch(). To terminate the node process on unhandled promise rejection, use the CLI flag ' +
    '`--unhandled-rejections=strict` (see https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). ' +
    `(rejection id: ${entry.uid})`;
  const { reason } = entry;
  const isError = typeof reason === 'object' && reason !== null && Object.hasOwn(reason, 'stack');
  process.emitWarning(isError ? reason.stack : describe(reason), 'UnhandledPromiseRejectionWarning');
  const warning = new Error(text);
  warning.name = 'UnhandledPromiseRejectionWarning';
  if (isError) warning.stack = reason.stack;
  process.emitWarning(warning);
}

function handledLate(uid) {
  const warning = new Error(`Promise rejection was handled asynchronously (rejection id: ${uid})`);
  warning.name = 'PromiseRejectionHandledWarning';
  warning.id = uid;
  return warning;
}

// Stands for a reason that is no error.
class UnhandledPromiseRejection extends Error {
  code = 'ERR_UNHANDLED_REJECTION';

  constructor(reason) {
    super(
      'This error originated either by throwing inside of an async function without a catch block, or by ' +
        `rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${describe(reason)}".`
    );
    Error.captureStackTrace(this, errorFor);
  }
}
Object.defineProperty(UnhandledPromiseRejection.prototype, 'name', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  value: 'UnhandledPromiseRejection',
  writable: true,
});

// What reaches 'uncaughtException': the reason when it is an error, else an error that names it.
function errorFor(reason) {
  return reason instanceof Error || require('internal/util/types').isNativeError(reason)
    ? reason
    : new UnhandledPromiseRejection(reason);
}

function emitUnhandled({ domain, promise, reason }) {
  return domain ? domain.emit('error', reason) : process.emit('unhandledRejection', reason, promise);
}

const MODES = {
  'none'(entry) {
    emitUnhandled(entry);
  },
  'warn'(entry) {
    emitUnhandled(entry);
    warnUnhandled(entry);
  },
  'throw'(entry) {
    if (emitUnhandled(entry)) return;
    triggerUncaughtException(errorFor(entry.reason), true);
  },
  'strict'(entry) {
    triggerUncaughtException(errorFor(entry.reason), true);
    if (!emitUnhandled(entry)) warnUnhandled(entry);
  },
  'warn-with-error-code'(entry) {
    if (emitUnhandled(entry)) return;
    warnUnhandled(entry);
    process.exitCode = 1;
  },
};

let report;
function reportMode() {
  if (report === undefined) {
    const mode = require('internal/options').getOptionValue('--unhandled-rejections') ?? 'throw';
    report = MODES[mode];
  }
  return report;
}

// As the promise itself, if a hook has seen it.
function runInName(promise, run) {
  const asyncId = promise[ids.kAsyncId];
  if (ids.track === undefined || !(asyncId > 0)) {
    run();
    return;
  }
  ids.track.push(asyncId, promise[ids.kTriggerId], promise);
  try {
    run();
  } finally {
    ids.track.pop(asyncId);
  }
}

// Returns true when listeners ran, so that ticks must be looked at again.
function processPromiseRejections() {
  let ran = false;
  while (asyncHandled.length > 0) {
    const { promise, uid } = asyncHandled.shift();
    if (!process.emit('rejectionHandled', promise)) process.emitWarning(handledLate(uid));
    ran = true;
  }
  let left = pending.length;
  while (left-- > 0 && pending.length > 0) {
    const entry = pending.shift();
    entry.warned = true;
    const previous = frames.exchange(entry.frame);
    try {
      runInName(entry.promise, () => reportMode()(entry));
    } finally {
      frames.exchange(previous);
    }
    ran = true;
  }
  return ran || pending.length > 0;
}

module.exports = { processPromiseRejections, promiseRejected };
