// SPDX-License-Identifier: Apache-2.0
//
// Blob and File (https://w3c.github.io/FileAPI/).
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, enumerable, kEmptyObject, setToStringTag } = require('internal/util');
const { isAnyArrayBuffer } = require('internal/util/types');
const { kValidateObjectAllowObjectsAndNull, validateObject } = require('internal/validators');
const bytes = internalBinding('bytes');

const TYPE_PATTERN = /[^\u0020-\u007E]/;

function partBytes(part, endings) {
  if (isBlob(part)) return part[kBytes];
  if (isAnyArrayBuffer(part)) return new Uint8Array(part).slice();
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
  let text = `${part}`.toWellFormed();
  if (endings === 'native') text = text.replace(/\r\n|\r/g, '\n');
  return bytes.encodeUtf8(text);
}

function join(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

const kBytes = Symbol('kBytes'); // never changed: slices share it
const kType = Symbol('kType');

function isBlob(value) {
  return value?.[kBytes] !== undefined;
}

function hide(blob, data, type) {
  const hidden = { __proto__: null, configurable: true, enumerable: false };
  Object.defineProperties(blob, {
    [kBytes]: { ...hidden, value: data },
    [kType]: { ...hidden, value: type },
  });
}

const normalizeType = (type) => (TYPE_PATTERN.test(type) ? '' : type.toLowerCase());

class Blob {
  constructor(sources = [], options = kEmptyObject) {
    if (sources === null || typeof sources !== 'object' || typeof sources[Symbol.iterator] !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('sources', 'a sequence', sources);
    }
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    const endings = `${options?.endings ?? 'transparent'}`;
    if (endings !== 'transparent' && endings !== 'native') {
      const {
        codes: { ERR_INVALID_ARG_VALUE },
      } = require('internal/errors');
      throw new ERR_INVALID_ARG_VALUE('options.endings', endings, "must be one of: 'transparent', 'native'");
    }
    const parts = Array.from(sources, (part) => partBytes(part, endings));
    hide(this, join(parts), normalizeType(`${options?.type ?? ''}`));
  }

  get type() {
    check(this);
    return this[kType];
  }

  get size() {
    check(this);
    return this[kBytes].length;
  }

  slice(start = 0, end = this.size, type = '') {
    check(this);
    const position = (value) => (value < 0 ? Math.max(this.size + value, 0) : Math.min(value, this.size));
    const from = position(Math.trunc(start) || 0);
    const to = position(Math.trunc(end) || 0);
    const blob = new Blob();
    hide(blob, this[kBytes].subarray(from, Math.max(from, to)), normalizeType(`${type}`));
    return blob;
  }

  async arrayBuffer() {
    check(this);
    return this[kBytes].slice().buffer;
  }

  async bytes() {
    check(this);
    return this[kBytes].slice();
  }

  async text() {
    check(this);
    return bytes.decodeUtf8(this[kBytes], false, false);
  }

  stream() {
    check(this);
    const data = this[kBytes].slice();
    const { ReadableStream } = require('stream/web');
    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (data.length > 0) controller.enqueue(data);
        controller.close();
        controller.byobRequest?.respond(0);
      },
    });
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    return `${this.constructor.name} ${inspect(
      { size: this.size, type: this.type },
      { ...options, depth: options.depth == null ? null : options.depth - 1 }
    )}`;
  }
}
setToStringTag(Blob, 'Blob');
enumerable(Blob, 'size', 'type', 'slice', 'stream', 'text', 'arrayBuffer', 'bytes');

function check(value) {
  if (!isBlob(value)) throw new ERR_INVALID_THIS('Blob');
}

class File extends Blob {
  #name;
  #lastModified;

  constructor(fileBits, fileName, options = kEmptyObject) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('fileBits', 'fileName');
    super(fileBits, options);
    const { lastModified } = options ?? kEmptyObject;
    this.#lastModified = lastModified === undefined ? Date.now() : Number(lastModified) || 0;
    this.#name = `${fileName}`.toWellFormed();
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    return `File ${inspect(
      { size: this.size, type: this.type, name: this.#name, lastModified: this.#lastModified },
      { ...options, depth: options.depth == null ? null : options.depth - 1 }
    )}`;
  }
}
setToStringTag(File, 'File');
enumerable(File, 'name', 'lastModified');

module.exports = {
  Blob,
  File,
  isBlob,
  resolveObjectURL: require('internal/refuse').refuse('buffer.resolveObjectURL'),
};
