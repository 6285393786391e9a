// SPDX-License-Identifier: Apache-2.0
//
// What code at the prompt finds: Node's globals, the builtin modules by name, `_` and `_error`.
'use strict';

const { publicIds, loadPublic } = require('internal/builtins');

// Names that the realm of a context has of itself.
function namesOfLanguage() {
  return new Set(require('vm').runInNewContext('Object.getOwnPropertyNames(globalThis)'));
}

const builtinNames = () => publicIds().filter((id) => !id.startsWith('_') && !id.startsWith('node:') && !id.includes('/'));

function hidden(value) {
  return { __proto__: null, configurable: true, enumerable: false, value, writable: true };
}

// `fs` and the like, loaded when they are first looked at.
function addBuiltins(context) {
  for (const name of builtinNames()) {
    if (Object.hasOwn(context, name)) continue;
    const set = (value) => Object.defineProperty(context, name, hidden(value));
    Object.defineProperty(context, name, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get() {
        const value = loadPublic(name);
        delete context[name];
        set(value);
        return value;
      },
      set,
    });
  }
}

function ownContext(repl) {
  const context = require('vm').createContext();
  const language = namesOfLanguage();
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (language.has(name) && name !== 'globalThis') continue;
    if (name === 'globalThis') continue;
    Object.defineProperty(context, name, Object.getOwnPropertyDescriptor(globalThis, name));
  }
  context.global = context;
  const { Console } = require('console');
  Object.defineProperty(context, 'console', hidden(new Console(repl.output)));
  return context;
}

function createContext(repl) {
  const context = repl.useGlobal ? globalThis : ownContext(repl);
  const { Module } = require('internal/modules/cjs/loader');
  const { makeRequireFunction } = require('internal/modules/cjs/require');
  const module = new Module('<repl>');
  module.paths = [...Module._nodeModulePaths(process.cwd()), ...Module.globalPaths];
  Object.defineProperty(context, 'module', hidden(module));
  Object.defineProperty(context, 'require', hidden(makeRequireFunction(Module, module)));
  addBuiltins(context);
  return context;
}

// `_` is the last result until somebody assigns it; the same for `_error`.
function addLast(repl, name, key, flag) {
  Object.defineProperty(repl.context, name, {
    __proto__: null,
    configurable: true,
    get: () => repl[key],
    set(value) {
      repl[key] = value;
      if (repl[flag]) return;
      repl[flag] = true;
      repl.output.write(`Expression assignment to ${name} now disabled.\n`);
    },
  });
}

module.exports = { addLast, createContext };
