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

// V8's words for wasmtime's codes.
const TRAPS = {
  __proto__: null,
  UNREACHABLE: 'unreachable',
  MEMORY_OUT_OF_BOUNDS: 'memory access out of bounds',
  TABLE_OUT_OF_BOUNDS: 'table index is out of bounds',
  INDIRECT_CALL_TO_NULL: 'null function or function signature mismatch',
  BAD_SIGNATURE: 'null function or function signature mismatch',
  INTEGER_OVERFLOW: 'divide result unrepresentable',
  INTEGER_DIVISION_BY_ZERO: 'divide by zero',
  BAD_CONVERSION_TO_INTEGER: 'float unrepresentable in integer range',
  NULL_REFERENCE: 'dereferencing a null pointer',
};

// Opcodes: the traps of these have words of their own.
const REMAINDERS = new Set([0x6f, 0x70, 0x81, 0x82]);
const CONVERSIONS = new Set([0xa8, 0xa9, 0xaa, 0xab, 0xae, 0xaf, 0xb0, 0xb1]);

function trapMessage({ trap, instruction, message }) {
  if (trap === 'INTEGER_DIVISION_BY_ZERO' && REMAINDERS.has(instruction)) return 'remainder by zero';
  if (trap === 'INTEGER_OVERFLOW' && CONVERSIONS.has(instruction)) return TRAPS.BAD_CONVERSION_TO_INTEGER;
  return TRAPS[trap] ?? message;
}

// What JavaScript threw in an import, while Wasm unwinds: it goes on as the same value.
let thrown;

function noteThrown(value) {
  thrown = { value };
}

// What to throw for `error`, which the host threw.
function failure(error, where) {
  if (thrown !== undefined) {
    const { value } = thrown;
    thrown = undefined;
    return value;
  }
  if (error.trap === 'STACK_OVERFLOW') return new RangeError('Maximum call stack size exceeded');
  if (error.trap !== undefined) return new RuntimeError(trapMessage(error));
  if (error.unlinked) return new LinkError(`${where}: ${error.message}`);
  if (error.invalid) return new CompileError(`${where}: ${error.message}`);
  return error;
}

module.exports = { CompileError, LinkError, RuntimeError, failure, noteThrown };
