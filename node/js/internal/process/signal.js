// SPDX-License-Identifier: Apache-2.0
//
// process.on('SIGINT', …): a signal is watched as long as it has a listener.
'use strict';

const ids = require('internal/async_ids');

const watched = new Map(); // name -> what the binding calls it, and the resource

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
  const resource = ids.track?.open('SIGNALWRAP');
  const emit = (signal) => process.emit(type, type, signal);
  const handle = internalBinding('signals').start(number, resource === undefined ? emit : (signal) => resource.run(emit, signal));
  if (typeof handle === 'number') {
    const { ErrnoException } = require('internal/errors');
    throw new ErrnoException(handle, 'uv_signal_start');
  }
  watched.set(type, { handle, resource });
}

function stopListeningIfSignal(type) {
  if (!watched.has(type) || process.listenerCount(type) > 0) return;
  const { handle, resource } = watched.get(type);
  internalBinding('signals').stop(handle);
  resource?.close();
  watched.delete(type);
}

module.exports = { startListeningIfSignal, stopListeningIfSignal };
