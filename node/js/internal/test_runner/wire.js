// SPDX-License-Identifier: Apache-2.0
//
// How a test file that runs in a process of its own tells its events: frames on standard output, between which its own
// text may be. A frame is a mark, a length, and an event as v8.serialize writes it.
'use strict';

const { deserialize, serialize } = require('v8');
const { inspect } = require('internal/util/inspect');
const { isNativeError } = require('internal/util/types');

const MARK = Buffer.from([0xff, 0x0f, 0x00, 0xee]);
const HEADER = MARK.length + 4;
const kError = '__edgejs_error__';

// --- Values: errors keep their class' name, text, stack and properties; what cannot be cloned is shown ---

function encode(value, depth = 0) {
  if (isNativeError(value) || value instanceof Error) return encodeError(value, depth);
  try {
    serialize(value);
    return value;
  } catch {
    return inspect(value); // a function, a symbol, or what holds one
  }
}

function encodeError(error, depth) {
  const fields = {};
  const own = new Set([...Object.keys(error), ...(Object.hasOwn(error, 'cause') ? ['cause'] : [])]);
  for (const key of own) fields[key] = depth > 8 ? inspect(error[key]) : encode(error[key], depth + 1);
  return {
    [kError]: true,
    className: error.constructor?.name ?? 'Error',
    fields,
    hidden: Object.keys(error).includes('cause') ? [] : ['cause'],
    message: error.message,
    name: error.name,
    stack: error.stack,
  };
}

const CLASSES = { '__proto__': null, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function decode(value) {
  if (value === null || typeof value !== 'object' || value[kError] !== true) return value;
  const { className, fields, hidden, message, name, stack } = value;
  const Class = CLASSES[className] ?? Error;
  const error = new Class(message);
  const define = (key, item, enumerable) =>
    Object.defineProperty(error, key, { __proto__: null, configurable: true, enumerable, value: item, writable: true });
  if (error.name !== name) define('name', name, false);
  define('stack', stack, false);
  for (const key of Object.keys(fields)) define(key, decode(fields[key]), !hidden.includes(key));
  return error;
}

function withError(data, convert) {
  return data.details?.error === undefined
    ? data
    : { ...data, details: { ...data.details, error: convert(data.details.error) } };
}

// --- Writing ---

function writeEvents(events, output) {
  events.on('data', ({ type, data }) => {
    const body = serialize({ type, data: withError(data, encode) });
    const head = Buffer.alloc(HEADER);
    MARK.copy(head);
    head.writeUInt32BE(body.length, MARK.length);
    output.write(Buffer.concat([head, body]));
  });
}

// --- Reading ---

class EventReader {
  #buffer = Buffer.alloc(0);
  #onEvent;
  #onText;

  constructor(onEvent, onText) {
    this.#onEvent = onEvent;
    this.#onText = onText;
  }

  push(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (this.#buffer.length > 0) {
      const at = this.#buffer.indexOf(MARK);
      if (at !== 0) {
        this.#takeText(at === -1 ? this.#plainLength() : at);
        if (at === -1) return;
        continue;
      }
      if (this.#buffer.length < HEADER) return;
      const end = HEADER + this.#buffer.readUInt32BE(MARK.length);
      if (this.#buffer.length < end) return;
      const { type, data } = deserialize(this.#buffer.subarray(HEADER, end));
      this.#buffer = this.#buffer.subarray(end);
      this.#onEvent({ __proto__: null, type, data: withError(data, decode) });
    }
  }

  // How much of the buffer cannot be the beginning of a mark.
  #plainLength() {
    for (let kept = Math.min(MARK.length - 1, this.#buffer.length); kept > 0; kept--) {
      const start = this.#buffer.length - kept;
      if (this.#buffer.subarray(start).equals(MARK.subarray(0, kept))) return start;
    }
    return this.#buffer.length;
  }

  #takeText(length) {
    if (length > 0) this.#onText(this.#buffer.subarray(0, length).toString());
    this.#buffer = this.#buffer.subarray(length);
  }

  end() {
    this.#takeText(this.#buffer.length);
  }
}

module.exports = { EventReader, writeEvents };
