// SPDX-License-Identifier: Apache-2.0
//
// v8.promiseHooks, and the place where async_hooks adds its own: the engine calls at most one function for each event.
'use strict';

const { setPromiseHooks } = internalBinding('async_wrap');
const { triggerUncaughtException } = internalBinding('errors');
const { validatePlainFunction } = require('internal/validators');

const hooks = { __proto__: null, init: [], before: [], after: [], settled: [] }; // in the engine's order

// One function that calls all of `list`; what one of them throws is uncaught and does not stop the others.
function calling(list) {
  if (list.length === 0) return undefined;
  return (promise, parent) => {
    for (const hook of list) {
      try {
        hook(promise, parent);
      } catch (error) {
        if (error?.message === 'Maximum call stack size exceeded') throw error; // the engine drops it
        triggerUncaughtException(error, false);
      }
    }
  };
}

function update(event, list) {
  hooks[event] = list;
  setPromiseHooks(...Object.values(hooks).map(calling));
}

// Adds a hook; the function that is returned removes it.
function add(event, hook) {
  validatePlainFunction(hook, `${event}Hook`);
  update(event, [...hooks[event], hook]);
  return () => {
    const index = hooks[event].indexOf(hook);
    if (index !== -1) update(event, hooks[event].toSpliced(index, 1));
  };
}

module.exports = {
  createHook({ init, before, after, settled } = {}) {
    const stops = Object.entries({ init, before, after, settled })
      .filter(([, hook]) => hook)
      .map(([event, hook]) => add(event, hook));
    return () => {
      for (const stop of stops) stop();
    };
  },
  onInit: (hook) => add('init', hook),
  onBefore: (hook) => add('before', hook),
  onAfter: (hook) => add('after', hook),
  onSettled: (hook) => add('settled', hook),
};
