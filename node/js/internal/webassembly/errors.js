// SPDX-License-Identifier: Apache-2.0
//
// The error classes of WebAssembly, and the host's errors as these.
'use strict';

function makeClass(name) {
  const made = {
    [name]: function (message) { // with or without `new`
      return Reflect.construct(Error, message === undefined ? [] : arguments, new.target ?? made);
    },
  }[name];
  Object.setPrototypeOf(made, Error);
  const prototype = Object.create(Error.prototype, {
    constructor: { __proto__: null, configurable: true, value: made, writable: true },
  });
  Object.defineProperty(made, 'prototype', { __proto__: null, value: prototype, writable: false });
  for (const [key, value] of [['name', name], ['message', '']]) {
    Object.defineProperty(made.prototype, key, { __proto__: null, configurable: true, value, writable: true });
  }
  return made;
}

const CompileError = makeClass('CompileError');
const LinkError = makeClass('LinkError');
const RuntimeError = makeClass('RuntimeError');

// V8's words, by wasmtime's number of the trap.
const DIVISION_OVERFLOW = 6;
const DIVISION_BY_ZERO = 7;
const STACK_OVERFLOW = 0;
const TRAPS = {
  '__proto__': null,
  '1': 'memory access out of bounds',
  '2': 'operation does not support unaligned accesses',
  '3': 'table index is out of bounds',
  '4': 'null function or function signature mismatch',
  '5': 'null function or function signature mismatch',
  [DIVISION_OVERFLOW]: 'divide result unrepresentable',
  [DIVISION_BY_ZERO]: 'divide by zero',
  '8': 'float unrepresentable in integer range',
  '9': 'unreachable',
  '12': 'Atomics.wait cannot be called in this context',
  '13': 'dereferencing a null pointer',
  '14': 'array element access out of bounds',
  '15': 'requested new array is too large',
  '16': 'illegal cast',
};

// Opcodes: the traps of these have words of their own.
const REMAINDERS = new Set([0x6f, 0x70, 0x81, 0x82]);
const CONVERSIONS = new Set([0xa8, 0xa9, 0xaa, 0xab, 0xae, 0xaf, 0xb0, 0xb1]);

function trapMessage(code, message, instruction) {
  if (code === DIVISION_BY_ZERO && REMAINDERS.has(instruction)) return 'remainder by zero';
  if (code === DIVISION_OVERFLOW && CONVERSIONS.has(instruction)) return TRAPS[8];
  return TRAPS[code] ?? message;
}

// What to throw for a failure of C's; `source` is the module that a trap at `offset` was in.
function callFailure(kind, message, code, offset, source) {
  if (kind === 'trap') {
    if (code === STACK_OVERFLOW) return new RangeError('Maximum call stack size exceeded');
    return new RuntimeError(trapMessage(code, message, source?.[offset]));
  }
  if (kind === 'link') return new LinkError(message.split('\n', 1)[0]);
  if (kind === 'range') return new RangeError(message);
  if (kind === 'exception') return new RuntimeError(message);
  return new TypeError('type incompatibility when transforming from/to JS');
}

// What is wrong with a module, with V8's form of the place.
function compileFailure(error, where) {
  if (error.code !== 'compile') return error;
  const { message } = error;
  const cause = message.includes('Caused by:') ? message.slice(message.lastIndexOf('Caused by:') + 10) : message;
  const placed = cause.trim().replace(/\(at offset 0x([0-9a-f]+)\)/, (_, hex) => `@+${Number.parseInt(hex, 16)}`);
  return new CompileError(`${where}: ${placed}`);
}

module.exports = { callFailure, compileFailure, CompileError, LinkError, RuntimeError };
