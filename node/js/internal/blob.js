// SPDX-License-Identifier: Apache-2.0
//
// Blob and File (https://w3c.github.io/FileAPI/), and the URLs of blobs.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, enumerable, kEmptyObject, setToStringTag } = require('internal/util');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');
const { isAnyArrayBuffer } = require('internal/util/types');
const { kValidateObjectAllowObjectsAndNull, validateObject } = require('internal/validators');
const bytes = internalBinding('bytes');

const TYPE_PATTERN = /[^\u0020-\u007E]/;
const kChunk = 64 * 1024;

const kParts = Symbol('kParts');
const kSize = Symbol('kSize');
const kType = Symbol('kType');

// --- Parts ----------------------------------------------------------------------------------------------------------

// A blob is a list of parts, each a range of something that never changes: bytes in memory, or a file as it was when
// openAsBlob() looked at it. Slices, and blobs made of blobs, share them.
class MemoryPart {
  #bytes;

  constructor(data) {
    this.#bytes = data;
    this.size = data.length;
  }

  slice(start, end) {
    return new MemoryPart(this.#bytes.subarray(start, end));
  }

  // What the part is made of, for another isolate.
  describe() {
    return { bytes: this.#bytes };
  }

  // A copy: it becomes the reader's.
  async read(start, end) {
    return this.#bytes.slice(start, end);
  }
}

class FilePart {
  #path;
  #stats;
  #start;

  constructor(path, stats, start, size) {
    this.#path = path;
    this.#stats = stats;
    this.#start = start;
    this.size = size;
  }

  slice(start, end) {
    return new FilePart(this.#path, this.#stats, this.#start + start, end - start);
  }

  describe() {
    const {
      codes: { ERR_INVALID_STATE },
    } = require('internal/errors');
    throw new ERR_INVALID_STATE('File-backed Blobs are not cloneable');
  }

  async read(start, end) {
    const { open } = require('internal/fs/promises').promises;
    const handle = await open(this.#path);
    try {
      const { size, mtimeNs } = await handle.stat({ bigint: true });
      if (size !== this.#stats.size || mtimeNs !== this.#stats.mtimeNs) {
        throw new DOMException('The blob could not be read', 'NotReadableError');
      }
      const data = new Uint8Array(end - start);
      if (data.length > 0) await handle.read(data, 0, data.length, this.#start + start);
      return data;
    } finally {
      await handle.close();
    }
  }
}

function partFrom({ bytes: data }) {
  return new MemoryPart(data);
}

// Web IDL's `[Clamp] long long`: halves go to the even neighbour.
function clampInteger(value) {
  const number = +value;
  if (Number.isNaN(number)) return 0;
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

// Things that are text become text before anybody looks at the options.
function convertSource(source) {
  return isBlob(source) || isAnyArrayBuffer(source) || ArrayBuffer.isView(source) ? source : `${source}`;
}

function partsOf(source, endings) {
  if (isBlob(source)) return source[kParts];
  if (isAnyArrayBuffer(source)) return [new MemoryPart(new Uint8Array(source).slice())];
  if (ArrayBuffer.isView(source)) {
    return [new MemoryPart(new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice())];
  }
  let text = source.toWellFormed();
  if (endings === 'native') text = text.replace(/\r\n|\r/g, '\n');
  return [new MemoryPart(bytes.encodeUtf8(text))];
}

function sliceParts(parts, from, to) {
  const found = [];
  let position = 0;
  for (const part of parts) {
    const start = Math.max(from - position, 0);
    const end = Math.min(to - position, part.size);
    if (start < end) found.push(part.slice(start, end));
    position += part.size;
  }
  return found;
}

async function readAll(blob) {
  const whole = new Uint8Array(blob[kSize]);
  let position = 0;
  for (const part of blob[kParts]) {
    whole.set(await part.read(0, part.size), position);
    position += part.size;
  }
  return whole;
}

// An empty file is looked at too: it may not be empty any more.
async function* chunksOf(blob) {
  for (const part of blob[kParts]) {
    let at = 0;
    do {
      const end = Math.min(at + kChunk, part.size);
      const chunk = await part.read(at, end);
      if (chunk.length > 0) yield chunk;
      at = end;
    } while (at < part.size);
  }
}

// --- Blob -----------------------------------------------------------------------------------------------------------

function isBlob(value) {
  return value?.[kParts] !== undefined;
}

function check(value) {
  if (!isBlob(value)) throw new ERR_INVALID_THIS('Blob');
}

function hide(blob, parts, type) {
  const hidden = { __proto__: null, configurable: true, enumerable: false };
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  Object.defineProperties(blob, {
    [kParts]: { ...hidden, value: parts },
    [kSize]: { ...hidden, value: size },
    [kType]: { ...hidden, value: type },
  });
  markTransferMode(blob, true, false);
}

function blobOf(parts, type) {
  const blob = new Blob();
  hide(blob, parts, type);
  return blob;
}

const normalizeType = (type) => (TYPE_PATTERN.test(type) ? '' : type.toLowerCase());

class Blob {
  constructor(sources = [], options = kEmptyObject) {
    const iterate = sources === null || typeof sources !== 'object' ? undefined : sources[Symbol.iterator];
    if (typeof iterate !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('sources', 'a sequence', sources);
    }
    const iterator = Reflect.apply(iterate, sources, []);
    const converted = Array.from({ [Symbol.iterator]: () => iterator }, convertSource);
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    const endings = `${options?.endings ?? 'transparent'}`;
    if (endings !== 'transparent' && endings !== 'native') {
      throw new ERR_INVALID_ARG_VALUE('options.endings', endings, "must be one of: 'transparent', 'native'");
    }
    const parts = converted.flatMap((source) => partsOf(source, endings));
    hide(this, parts, normalizeType(`${options?.type ?? ''}`));
  }

  get type() {
    check(this);
    return this[kType];
  }

  get size() {
    check(this);
    return this[kSize];
  }

  slice(start = 0, end = this.size, type = '') {
    check(this);
    const position = (value) => (value < 0 ? Math.max(this.size + value, 0) : Math.min(value, this.size));
    const from = position(clampInteger(start));
    const to = position(clampInteger(end));
    return blobOf(sliceParts(this[kParts], from, to), normalizeType(`${type}`));
  }

  async arrayBuffer() {
    check(this);
    return (await readAll(this)).buffer;
  }

  async bytes() {
    check(this);
    return readAll(this);
  }

  async text() {
    check(this);
    return bytes.decodeUtf8(await readAll(this), false, false);
  }

  stream() {
    check(this);
    const { ReadableStream } = require('stream/web');
    const chunks = chunksOf(this);
    return new ReadableStream({
      type: 'bytes',
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        controller.close();
        controller.byobRequest?.respond(0);
      },
    });
  }

  [kClone]() {
    const data = { parts: this[kParts].map((part) => part.describe()), type: this[kType] };
    return { data, deserializeInfo: 'internal/blob:Blob' };
  }

  [kDeserialize]({ parts, type }) {
    hide(this, parts.map(partFrom), type);
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

// fs.openAsBlob(): `stats` are BigInts, of the file as it is now.
function createBlobFromFilePath(path, stats, type) {
  return blobOf([new FilePart(path, stats, 0, Number(stats.size))], normalizeType(type));
}

// --- File -----------------------------------------------------------------------------------------------------------

class File extends Blob {
  #name;
  #lastModified;

  constructor(fileBits, fileName, options = kEmptyObject) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('fileBits', 'fileName');
    super(fileBits, options);
    const { lastModified } = options ?? kEmptyObject;
    this.#lastModified = lastModified === undefined ? Date.now() : Math.trunc(+lastModified) || 0;
    this.#name = `${fileName}`.toWellFormed();
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  [kClone]() {
    const { data } = super[kClone]();
    return { data: { ...data, name: this.#name, lastModified: this.#lastModified }, deserializeInfo: 'internal/blob:ClonedFile' };
  }

  [kDeserialize](data) {
    super[kDeserialize](data);
    this.#name = data.name;
    this.#lastModified = data.lastModified;
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

function ClonedFile() {
  return new File([], '');
}
ClonedFile.prototype = File.prototype;
enumerable(File, 'name', 'lastModified');

// --- blob: URLs -----------------------------------------------------------------------------------------------------

const URL_PATTERN = /^blob:nodedata:([^#?]+)$/;
const stored = new Map();

function createObjectURL(object) {
  if (!isBlob(object)) throw new ERR_INVALID_ARG_TYPE('obj', 'Blob', object);
  const id = require('internal/crypto/random').randomUUID();
  stored.set(id, object);
  return `blob:nodedata:${id}`;
}

function revokeObjectURL(url) {
  const found = URL_PATTERN.exec(`${url}`);
  if (found !== null) stored.delete(found[1]);
}

function resolveObjectURL(url) {
  const found = URL_PATTERN.exec(`${url}`);
  if (found === null) return undefined;
  const blob = stored.get(found[1]);
  return blob?.slice(0, blob.size, blob.type);
}

module.exports = { Blob, ClonedFile, createBlobFromFilePath, createObjectURL, File, isBlob, resolveObjectURL, revokeObjectURL };
