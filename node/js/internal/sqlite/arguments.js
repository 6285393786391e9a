// SPDX-License-Identifier: Apache-2.0
//
// Arguments of node:sqlite, checked in the words that Node has for them there.
'use strict';

function fault(Class, code, message) {
  const error = new Class(message);
  error.code = code; // the stack does not say it, as of all errors from Node's C++
  return error;
}

const invalidType = (message) => fault(TypeError, 'ERR_INVALID_ARG_TYPE', message);
const invalidState = (message) => fault(Error, 'ERR_INVALID_STATE', message);

const KINDS = {
  '__proto__': null,
  'boolean': ['a boolean', (value) => typeof value === 'boolean'],
  'function': ['a function', (value) => typeof value === 'function'],
  'integer': ['an integer', (value) => Number.isInteger(value)],
  'object': ['an object', (value) => typeof value === 'object' && value !== null],
  'string': ['a string', (value) => typeof value === 'string'],
};

function check(value, name, kind) {
  const [text, holds] = KINDS[kind];
  if (!holds(value)) throw invalidType(`The "${name}" argument must be ${text}.`);
  return value;
}

// options[name], which may be left out.
function option(options, name, kind, fallback) {
  const value = options?.[name];
  return value === undefined ? fallback : check(value, `options.${name}`, kind);
}

// A path, file: URL or bytes of a path.
function pathOf(path) {
  const wrong = () => invalidType('The "path" argument must be a string, Uint8Array, or URL without null bytes.');
  if (typeof path === 'string') {
    if (path.includes('\0')) throw wrong();
    return path;
  }
  if (path instanceof Uint8Array) {
    if (path.includes(0)) throw wrong();
    return Buffer.from(path).toString();
  }
  if (typeof path?.href === 'string' && typeof path.protocol === 'string') {
    if (path.protocol !== 'file:') throw fault(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file:');
    if (path.href.includes('%00')) throw wrong();
    return path.href;
  }
  throw wrong();
}

const INT64_MAX = 2n ** 63n;

// What SQLite can hold, for parameter `number`.
function sqlValue(value, number) {
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'bigint':
      if (value >= INT64_MAX || value < -INT64_MAX) {
        throw fault(TypeError, 'ERR_INVALID_ARG_VALUE', 'BigInt value is too large to bind.');
      }
      return value;
    default:
      if (value === null) return null;
      if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      throw invalidType(`Provided value cannot be bound to SQLite parameter ${number}.`);
  }
}

// What a function that SQLite called gives back.
function resultValue(value) {
  if (value === undefined || value === null) return null;
  if (typeof value?.then === 'function') {
    throw fault(Error, 'ERR_SQLITE_ERROR', 'Asynchronous user-defined functions are not supported');
  }
  try {
    return sqlValue(value, 0);
  } catch {
    throw fault(Error, 'ERR_SQLITE_ERROR', 'Returned JavaScript value cannot be converted to a SQLite value');
  }
}

module.exports = { check, fault, invalidState, invalidType, option, pathOf, resultValue, sqlValue };
