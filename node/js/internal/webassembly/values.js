// SPDX-License-Identifier: Apache-2.0
//
// Values on their way between JavaScript and Wasm, and Exported Functions, by the standard's ToWebAssemblyValue
// and ToJSValue. The host makes plain numbers and BigInts of what comes from here; an externref travels as the
// number under which `held` keeps the value.
'use strict';

const { failure, noteThrown } = require('internal/webassembly/errors');

let host;
const memories = new Map(); // by identity: the host says which has grown

function getHost() {
  if (host === undefined) {
    const binding = internalBinding('wasm_host');
    binding.setUp((key) => memories.get(key).detach());
    host = binding;
  }
  return host;
}

const held = new Map();
let lastHeld = 0;
let limit = 1000; // of held values, after which the host is asked which ones Wasm has dropped

function hold(value) {
  if (held.size >= limit) {
    for (const number of getHost().collect()) held.delete(number);
    limit = Math.max(1000, 2 * held.size);
  }
  held.set(++lastHeld, value);
  return lastHeld;
}

const NOT_A_FUNCTION = 'function-typed object must be null (if nullable) or a Wasm function object';
const handles = new WeakMap(); // Exported Functions

function toWasm(kind, value) {
  switch (kind) {
    case 'i32': return value | 0;
    case 'i64': return BigInt.asIntN(64, value);
    case 'f32': return Math.fround(value);
    case 'f64': return +value;
    case 'externref': return value === null ? null : hold(value);
    case 'funcref': {
      if (value === null) return null;
      const handle = handles.get(value);
      if (handle === undefined) throw new TypeError(NOT_A_FUNCTION);
      return handle;
    }
    default: throw new TypeError('type incompatibility when transforming from/to JS');
  }
}

function fromWasm(kind, raw) {
  if (kind === 'externref') return raw === null ? null : held.get(raw);
  if (kind === 'funcref') return raw === null ? null : exportedFunction(raw);
  if (kind === 'v128') throw new TypeError('type incompatibility when transforming from/to JS');
  return raw;
}

const functions = new Map(); // by identity

// The Exported Function for what the host describes; `name` is its index in its module.
function exportedFunction({ key, handle, params, results, call }, name = '') {
  const known = functions.get(key);
  if (known !== undefined) return known;
  const count = params.length;
  const exported = {
    [name](...args) {
      args.length = count;
      for (let i = 0; i < count; i++) args[i] = toWasm(params[i], args[i]);
      let raw;
      try {
        raw = Reflect.apply(call, undefined, args);
      } catch (error) {
        throw failure(error);
      }
      if (results.length === 1) return fromWasm(results[0], raw);
      return results.length === 0 ? undefined : raw.map((each, i) => fromWasm(results[i], each));
    },
  }[name];
  Object.defineProperty(exported, 'length', { __proto__: null, configurable: true, value: count });
  handles.set(exported, handle);
  functions.set(key, exported);
  return exported;
}

function resultsToWasm(results, value) {
  if (results.length === 0) return undefined;
  if (results.length === 1) return toWasm(results[0], value);
  const iterator = value === null || typeof value !== 'object' ? undefined : value[Symbol.iterator];
  if (iterator === undefined) throw new TypeError('multi-return value must be iterable');
  const values = [...{ [Symbol.iterator]: () => Reflect.apply(iterator, value, []) }];
  if (values.length !== results.length) throw new TypeError('multi-return length mismatch');
  return values.map((each, i) => toWasm(results[i], each));
}

// `callee` as an import: what it throws is noted, for it has to pass through Wasm.
function importedFunction(callee, { params, results }) {
  return (...raw) => {
    try {
      const args = raw.map((each, i) => fromWasm(params[i], each));
      return resultsToWasm(results, Reflect.apply(callee, undefined, args));
    } catch (error) {
      noteThrown(error);
      throw error;
    }
  };
}

module.exports = { exportedFunction, fromWasm, getHost, handles, importedFunction, memories, NOT_A_FUNCTION, toWasm };
