// SPDX-License-Identifier: Apache-2.0
//
// process.on('SIGINT', …): a signal is watched as long as it has a listener.
'use strict';

const watched = new Map(); // name -> what the binding calls it

let numbers;
// The number of a signal, undefined for other events.
function numberOf(type) {
  if (typeof type !== 'string' || !type.startsWith('SIG')) return undefined;
  numbers ??= internalBinding('process_host').signalNumbers();
  return numbers[type];
}

function startListeningIfSignal(type) {
  const number = numberOf(type);
  if (number === undefined || watched.has(type)) return;
  const handle = internalBinding('signals').start(number, (signal) => process.emit(type, type, signal));
  if (typeof handle === 'number') {
    const { ErrnoException } = require('internal/errors');
    throw new ErrnoException(handle, 'uv_signal_start');
  }
  watched.set(type, handle);
}

function stopListeningIfSignal(type) {
  if (!watched.has(type) || process.listenerCount(type) > 0) return;
  internalBinding('signals').stop(watched.get(type));
  watched.delete(type);
}

module.exports = { startListeningIfSignal, stopListeningIfSignal };
