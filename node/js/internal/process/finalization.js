// SPDX-License-Identifier: Apache-2.0
//
// process.finalization: callbacks for objects that are still there when the process ends.
'use strict';

const { validateFunction, validateObject } = require('internal/validators');

let registry; // tells of objects that were collected before
const entries = { exit: new Set(), beforeExit: new Set() }; // of { ref: WeakRef, callback }

function run(event) {
  for (const entry of [...entries[event]]) {
    const object = entry.ref.deref();
    forget(event, entry);
    if (object !== undefined) entry.callback(object, event);
  }
}

const listeners = { exit: () => run('exit'), beforeExit: () => run('beforeExit') };

function forget(event, entry) {
  if (entries[event].delete(entry) && entries[event].size === 0) process.removeListener(event, listeners[event]);
}

function add(event, object, callback) {
  validateObject(object, 'ref');
  validateFunction(callback, 'fn');
  require('internal/process/warning').emitExperimentalWarning('process.finalization');
  registry ??= new FinalizationRegistry(({ name, entry }) => forget(name, entry));
  if (entries[event].size === 0) process.on(event, listeners[event]);
  const entry = { ref: new WeakRef(object), callback };
  entries[event].add(entry);
  registry.register(object, { name: event, entry }); // the engine would keep a token alive
}

const finalization = {
  // Calls `fn(ref, 'exit')` when the process exits, unless `ref` has gone before.
  register(ref, fn) {
    add('exit', ref, fn);
  },
  // The same at 'beforeExit', when the event loop is empty.
  registerBeforeExit(ref, fn) {
    add('beforeExit', ref, fn);
  },
  unregister(ref) {
    for (const event of ['exit', 'beforeExit']) {
      for (const entry of entries[event]) if (entry.ref.deref() === ref) forget(event, entry);
    }
  },
};

module.exports = { finalization };
