// SPDX-License-Identifier: Apache-2.0
//
// Objects that are contexts: the realm of each, and how one is made.
'use strict';

const {
  validateBoolean,
  validateObject,
  validateOneOf,
  validateString,
  kValidateObjectAllowArray,
} = require('internal/validators');
const { isProxy } = require('internal/util/types');
const { furnishContext } = require('internal/engine_flags');
const { hostFor } = require('internal/vm/hosts');

const realms = internalBinding('realms');

const DONT_CONTEXTIFY = Symbol('vm_context_no_contextify');

const realmOf = new WeakMap(); // a contextified object, or the global of a context without one
let lastContext = 0;

function isContext(object) {
  validateObject(object, 'object', kValidateObjectAllowArray);
  return realmOf.has(object);
}

const realmFor = (context) => realmOf.get(context);

// What the engine has on every global object and V8 has not.
const NOT_OF_V8 = ['atob', 'btoa', 'performance', 'DOMException', 'queueMicrotask', 'navigator', 'InternalError'];
// V8's console speaks to a debugger; without one it is silent.
const CONSOLE = ['debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table', 'trace', 'group', 'groupCollapsed',
  'groupEnd', 'clear', 'count', 'countReset', 'assert', 'profile', 'profileEnd', 'time', 'timeLog', 'timeEnd',
  'timeStamp', 'context'];

function hidden(value) {
  return { __proto__: null, configurable: true, enumerable: false, value, writable: true };
}

// A property whose value is made when somebody looks.
function furnishLazily(own, name, make) {
  Object.defineProperty(own, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      const value = make();
      Object.defineProperty(own, name, hidden(value));
      return value;
    },
    set: (value) => Object.defineProperty(own, name, hidden(value)),
  });
}

function furnish(own, sandbox) {
  for (const name of [...NOT_OF_V8, Symbol.toStringTag]) delete own[name];
  const names = CONSOLE.map((name) => `${name}() {}`);
  furnishLazily(own, 'console', () => own.eval(`({ ${names} })`));
  furnishLazily(own, 'WebAssembly', () => require('internal/webassembly/namespace').WebAssembly); // the same in every context
  if (sandbox === undefined || isProxy(sandbox)) return;
  const name = internalBinding('util').getConstructorName(sandbox);
  if (name !== 'Object') Object.defineProperty(own, Symbol.toStringTag, hidden(name));
}

// eval and the constructors of functions throw the realm's EvalError.
function forbidStrings(own) {
  const { EvalError } = own;
  const refuse = () => {
    throw new EvalError('Code generation from strings disallowed for this context');
  };
  own.eval = own.Function(
    'refuse',
    `return [
      (0, function eval(x) { return typeof x === 'string' ? refuse() : x; }),
      ...[function(){}, function*(){}, async function(){}, async function*(){}].map(({ constructor: C }) => {
        const F = { [C.name]: function () { refuse(); } }[C.name];
        F.prototype = C.prototype;
        Object.defineProperty(C.prototype, 'constructor', { value: F });
        return F;
      }),
    ]`
  )(refuse);
  const [evaluate, Function] = own.eval;
  Object.defineProperty(own, 'eval', hidden(evaluate));
  Object.defineProperty(own, 'Function', hidden(Function));
}

function makeContext(object, options) {
  const sandbox = object === DONT_CONTEXTIFY ? undefined : object;
  const { host } = options;
  const [realm, own] = realms.makeRealm(sandbox, options.microtaskMode === 'afterEvaluate', host);
  furnish(own, sandbox);
  furnishContext(own);
  require('internal/intl/install').install(own);
  require.defineLazyValue(own, 'internal/intl/intl', 'Intl');
  if (options.strings === false) forbidStrings(own);
  const context = sandbox ?? realms.globalOf(realm);
  realmOf.set(context, realm);
  if ('referrer' in host) host.referrer = context;
  return context;
}

function codeGeneration(value, name) {
  if (value === undefined) return {};
  validateObject(value, name);
  const { strings, wasm } = value;
  if (strings !== undefined) validateBoolean(strings, `${name}.strings`);
  if (wasm !== undefined) validateBoolean(wasm, `${name}.wasm`);
  return { strings };
}

function createContext(contextObject = {}, options = {}) {
  if (contextObject !== DONT_CONTEXTIFY && isContext(contextObject)) return contextObject;
  validateObject(options, 'options');
  const { name = `VM Context ${++lastContext}`, origin, microtaskMode, importModuleDynamically } = options;
  const host = hostFor(importModuleDynamically, '');
  validateString(name, 'options.name');
  if (origin !== undefined) validateString(origin, 'options.origin');
  const { strings } = codeGeneration(options.codeGeneration, 'options.codeGeneration');
  if (microtaskMode !== undefined) validateOneOf(microtaskMode, 'options.microtaskMode', ['afterEvaluate', undefined]);
  return makeContext(contextObject, { microtaskMode, strings, host });
}

// The options of runInNewContext are named as parts of others' options.
function contextOptions(options) {
  if (!options) return {};
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode, importModuleDynamically } = options;
  if (contextName !== undefined) validateString(contextName, 'options.contextName');
  if (contextOrigin !== undefined) validateString(contextOrigin, 'options.contextOrigin');
  codeGeneration(contextCodeGeneration, 'options.contextCodeGeneration');
  if (microtaskMode !== undefined) validateString(microtaskMode, 'options.microtaskMode');
  const chosen = { name: contextName, origin: contextOrigin, codeGeneration: contextCodeGeneration, microtaskMode };
  return importModuleDynamically === undefined ? chosen : { ...chosen, importModuleDynamically };
}

module.exports = { contextOptions, createContext, DONT_CONTEXTIFY, isContext, realmFor };
