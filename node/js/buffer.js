// SPDX-License-Identifier: Apache-2.0
//
// Buffer: a Uint8Array with text (https://nodejs.org/api/buffer.html). Bytes are moved and text is converted by the
// binding `bytes`.
'use strict';

const bytes = internalBinding('bytes');
const {
  codes: {
    ERR_BUFFER_OUT_OF_BOUNDS,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_BUFFER_SIZE,
    ERR_OUT_OF_RANGE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { encodingOps, getEncodingOps } = require('internal/buffer/encodings');
const { addNumberMethods } = require('internal/buffer/numbers');
const { customInspectSymbol, deprecate, normalizeEncoding } = require('internal/util');
const { isAnyArrayBuffer, isUint8Array } = require('internal/util/types');
const {
  validateArray,
  validateBuffer,
  validateInteger,
  validateNumber,
  validateString,
} = require('internal/validators');
const { defineLazy } = require;

const kMaxLength = 2 ** 31 - 1; // the engine's limit for one array buffer
const kStringMaxLength = 2 ** 30 - 1; // and for one string

class FastBuffer extends Uint8Array {
  // Without a constructor of its own the class would pass its arguments on through an array.
  constructor(bufferOrLength, byteOffset, length) {
    super(bufferOrLength, byteOffset, length);
  }
}

let poolSize = 64 * 1024;
let pool; // an ArrayBuffer that small buffers are cut from
let poolOffset = 0;

// Memory that holds what was there before, unless --zero-fill-buffers asks for zeros.
let zeroFill;
function unsafeMemory(size, mayMove) {
  zeroFill ??= Boolean(require('internal/options').getOptionValue('--zero-fill-buffers'));
  return zeroFill ? new ArrayBuffer(size) : bytes.createUnsafeBuffer(size, mayMove);
}

function createPool() {
  pool = unsafeMemory(poolSize, false); // others have buffers in it
  poolOffset = 0;
}

// Buffers start at multiples of 8.
function takeFromPool(length) {
  if (pool === undefined || length > poolSize - poolOffset || pool.byteLength !== poolSize) createPool();
  const buffer = new FastBuffer(pool, poolOffset, length);
  poolOffset = (poolOffset + length + 7) & ~7;
  return buffer;
}

function createUnsafeBuffer(size) {
  return size === 0 ? new FastBuffer() : new FastBuffer(unsafeMemory(size, true), 0, size);
}

function allocate(size) {
  if (size <= 0) return new FastBuffer();
  return size < poolSize >>> 1 ? takeFromPool(size) : createUnsafeBuffer(size);
}

function Buffer(arg, encodingOrOffset, length) {
  warnConstructor();
  if (typeof arg === 'number') {
    if (typeof encodingOrOffset === 'string') throw new ERR_INVALID_ARG_TYPE('string', 'string', arg);
    return Buffer.alloc(arg);
  }
  return Buffer.from(arg, encodingOrOffset, length);
}

let constructorWarned = false;
function warnConstructor() {
  if (constructorWarned) return;
  const { getOptionValue } = require('internal/options');
  if (!getOptionValue('--pending-deprecation') && isInsideNodeModules()) return;
  constructorWarned = true;
  process.emitWarning(
    'Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
      'Buffer.allocUnsafe(), or Buffer.from() methods instead.',
    'DeprecationWarning',
    'DEP0005'
  );
}

function isInsideNodeModules() {
  const caller = internalBinding('errors')
    .captureSites(10)
    .find(({ scriptName }) => scriptName && !scriptName.startsWith('node:'));
  return caller !== undefined && /[/\\]node_modules[/\\]/.test(caller.scriptName);
}

Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(FastBuffer.prototype, 'constructor', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  value: Buffer,
  writable: true,
});
Object.defineProperty(Buffer, Symbol.species, { __proto__: null, configurable: true, get: () => FastBuffer });
Object.defineProperty(Buffer, 'poolSize', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => poolSize,
  set(value) {
    poolSize = value;
  },
});

// --- Making -------------------------------------------------------------------------------------------------

function validateSize(size) {
  validateNumber(size, 'size');
  if (!(size >= 0 && size <= kMaxLength))
    throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${kMaxLength}`, size);
}

function fromString(string, encoding) {
  const ops = typeof encoding === 'string' && encoding !== '' ? getEncodingOps(encoding) : encodingOps.utf8;
  if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  const most = ops.maxLength(string.length);
  if (most === 0) return new FastBuffer();
  if (most >= poolSize >>> 1) {
    if (ops === encodingOps.utf8) return new FastBuffer(bytes.encodeUtf8(string).buffer);
    const buffer = createUnsafeBuffer(ops.byteLength(string));
    const written = ops.write(buffer, string, 0, buffer.length);
    return written === buffer.length ? buffer : buffer.subarray(0, written);
  }
  // Room for the longest text there can be; what is not needed goes back to the pool.
  const buffer = takeFromPool(most);
  const start = buffer.byteOffset;
  const written = ops.write(buffer, string, 0, most);
  poolOffset = (start + written + 7) & ~7;
  return new FastBuffer(pool, start, written);
}

function fromArrayBuffer(buffer, byteOffset, length) {
  if (byteOffset === undefined) byteOffset = 0;
  else {
    byteOffset = +byteOffset;
    if (Number.isNaN(byteOffset)) byteOffset = 0;
  }
  const maxLength = buffer.byteLength - byteOffset;
  if (maxLength < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length !== undefined) {
    length = +length;
    if (length > 0) {
      if (length > maxLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    } else length = 0;
  } else if (!buffer.resizable) length = maxLength; // without a length it follows the memory
  return new FastBuffer(buffer, byteOffset, length);
}

// Copies an array, a typed array or an object with a length.
function fromArrayLike(list) {
  if (!(list.length > 0)) return new FastBuffer();
  const buffer = allocate(list.length);
  if (isUint8Array(list)) bytes.copy(list, buffer, 0, 0, list.length);
  else Uint8Array.prototype.set.call(buffer, list);
  return buffer;
}

function fromObject(object) {
  if (object.length !== undefined || isAnyArrayBuffer(object.buffer)) {
    if (typeof object.length !== 'number') return new FastBuffer();
    return fromArrayLike(object);
  }
  if (object.type === 'Buffer' && Array.isArray(object.data)) return fromArrayLike(object.data);
  return undefined;
}

Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return fromString(value, encodingOrOffset);
  if (typeof value === 'object' && value !== null) {
    if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const inner = value.valueOf?.();
    if (inner != null && inner !== value && (typeof inner === 'string' || typeof inner === 'object')) {
      return from(inner, encodingOrOffset, length);
    }
    const buffer = fromObject(value);
    if (buffer !== undefined) return buffer;
    if (typeof value[Symbol.toPrimitive] === 'function') {
      const primitive = value[Symbol.toPrimitive]('string');
      if (typeof primitive === 'string') return fromString(primitive, encodingOrOffset);
    }
  }
  throw new ERR_INVALID_ARG_TYPE(
    'first argument',
    ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'],
    value
  );
};

Buffer.copyBytesFrom = function copyBytesFrom(view, offset, length) {
  if (!ArrayBuffer.isView(view) || view instanceof DataView) {
    throw new ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
  }
  if (view.length === 0) return new FastBuffer();
  let start = 0;
  if (offset !== undefined) {
    validateInteger(offset, 'offset', 0);
    if (offset >= view.length) return new FastBuffer();
    start = offset;
  }
  let end = view.length;
  if (length !== undefined) {
    validateInteger(length, 'length', 0);
    end = Math.min(start + length, end);
  }
  const part = view.slice(start, end);
  return fromArrayLike(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
};

Buffer.of = function of(...items) {
  const buffer = allocate(items.length);
  for (let i = 0; i < items.length; i++) buffer[i] = items[i];
  return buffer;
};

Buffer.alloc = function alloc(size, fill, encoding) {
  validateSize(size);
  if (fill !== undefined && fill !== 0 && size > 0)
    return fillBuffer(createUnsafeBuffer(size), fill, 0, size, encoding);
  return new FastBuffer(size);
};
Buffer.allocUnsafe = function allocUnsafe(size) {
  validateSize(size);
  return allocate(size);
};
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size) {
  validateSize(size);
  return createUnsafeBuffer(size);
};

Buffer.isBuffer = function isBuffer(value) {
  return value instanceof Buffer;
};
Buffer.isEncoding = function isEncoding(encoding) {
  return typeof encoding === 'string' && encoding.length !== 0 && normalizeEncoding(encoding) !== undefined;
};

Buffer.byteLength = function byteLength(value, encoding) {
  if (typeof value !== 'string') {
    if (ArrayBuffer.isView(value) || isAnyArrayBuffer(value)) return value.byteLength;
    throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], value);
  }
  if (value.length === 0) return 0;
  return (getEncodingOps(encoding || 'utf8') ?? encodingOps.utf8).byteLength(value);
};

Buffer.concat = function concat(list, length) {
  validateArray(list, 'list');
  if (list.length === 0) return new FastBuffer();
  const total = bytes.totalLength(list);
  if (total < 0) {
    const wrong = -1 - total;
    throw new ERR_INVALID_ARG_TYPE(`list[${wrong}]`, ['Buffer', 'Uint8Array'], list[wrong]);
  }
  if (length === undefined) length = total;
  else validateInteger(length, 'length', 0, kMaxLength);
  const buffer = allocate(length);
  const position = bytes.concat(list, buffer);
  // Memory that was not written must not show what it held before.
  if (position < length) Uint8Array.prototype.fill.call(buffer, 0, position, length);
  return buffer;
};

function checkUint8Array(value, name) {
  if (!isUint8Array(value)) throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'Uint8Array'], value);
}

Buffer.compare = function compare(a, b) {
  checkUint8Array(a, 'buf1');
  checkUint8Array(b, 'buf2');
  return a === b ? 0 : bytes.compare(a, b);
};

// --- Text -------------------------------------------------------------------------------------------------------

// Cuts to [0, length], without complaint.
function clamp(value, length, fallback) {
  if (value === undefined) return fallback;
  value = Math.trunc(value) || 0;
  return value < 0 ? 0 : value > length ? length : value;
}

Buffer.prototype.toString = function toString(encoding, start, end) {
  const { length } = this;
  if (arguments.length === 0) return bytes.utf8Slice(this, 0, length);
  start = clamp(start, length, 0);
  end = clamp(end, length, length);
  if (end <= start) return '';
  if (encoding === undefined) return bytes.utf8Slice(this, start, end);
  const ops = getEncodingOps(encoding);
  if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return ops.slice(this, start, end);
};
Buffer.prototype.toLocaleString = Buffer.prototype.toString;

Buffer.prototype.write = function write(string, offset, length, encoding) {
  // write(string), write(string, encoding), write(string, offset[, length][, encoding])
  if (offset === undefined) return bytes.utf8Write(this, string, 0, this.length);
  if (length === undefined && typeof offset === 'string') {
    encoding = offset;
    length = this.length;
    offset = 0;
  } else {
    validateInteger(offset, 'offset', 0, this.length);
    const remaining = this.length - offset;
    if (length === undefined) length = remaining;
    else if (typeof length === 'string') {
      encoding = length;
      length = remaining;
    } else {
      validateInteger(length, 'length', 0, this.length);
      if (length > remaining) length = remaining;
    }
  }
  if (!encoding || encoding === 'utf8') return bytes.utf8Write(this, string, offset, length);
  const ops = getEncodingOps(encoding);
  if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return ops.write(this, string, offset, length);
};

// buf.hexSlice(start, end), buf.hexWrite(string, offset, length), …: used by packages that know Node's insides.
for (const [name, ops] of Object.entries({
  ascii: encodingOps.ascii,
  base64: encodingOps.base64,
  base64url: encodingOps.base64url,
  hex: encodingOps.hex,
  latin1: encodingOps.latin1,
  ucs2: encodingOps.utf16le,
  utf8: encodingOps.utf8,
})) {
  Buffer.prototype[`${name}Slice`] = function (start = 0, end = this.length) {
    return ops.slice(this, start, end);
  };
  Buffer.prototype[`${name}Write`] = function (string, offset = 0, length = this.length - offset) {
    if (offset < 0 || offset > this.length) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
    if (length < 0 || length > this.length - offset) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    return ops.write(this, string, offset, length);
  };
}

Buffer.prototype.toJSON = function toJSON() {
  return { type: 'Buffer', data: Array.from(this) };
};

// --- Comparing and searching --------------------------------------------------------------------------------------

Buffer.prototype.equals = function equals(other) {
  checkUint8Array(other, 'otherBuffer');
  if (this === other) return true;
  return this.byteLength === other.byteLength && bytes.compare(this, other) === 0;
};

Buffer.prototype.compare = function compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
  checkUint8Array(target, 'target');
  if (arguments.length === 1) return bytes.compare(this, target);
  const position = (value, name, max, fallback) => {
    if (value === undefined) return fallback;
    validateInteger(value, name, 0, max);
    return value;
  };
  targetStart = position(targetStart, 'targetStart', undefined, 0);
  targetEnd = position(targetEnd, 'targetEnd', target.length, target.length);
  sourceStart = position(sourceStart, 'sourceStart', undefined, 0);
  sourceEnd = position(sourceEnd, 'sourceEnd', this.length, this.length);
  if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return bytes.compareRanges(this, target, sourceStart, sourceEnd, targetStart, targetEnd);
};

function search(buffer, value, byteOffset, encoding, forward) {
  validateBuffer(buffer);
  if (typeof byteOffset === 'string') {
    encoding = byteOffset;
    byteOffset = undefined;
  } else if (byteOffset > 0x7fffffff) byteOffset = 0x7fffffff;
  else if (byteOffset < -0x80000000) byteOffset = -0x80000000;
  byteOffset = +byteOffset;
  if (Number.isNaN(byteOffset)) byteOffset = forward ? 0 : buffer.length || buffer.byteLength;
  byteOffset = Math.trunc(byteOffset);
  if (typeof value === 'number') return bytes.indexOfNumber(buffer, value >>> 0, byteOffset, forward);
  let step = 1;
  if (typeof value === 'string' || isUint8Array(value)) {
    const ops = getEncodingOps(encoding ?? 'utf8');
    if (ops === undefined && typeof value === 'string') throw new ERR_UNKNOWN_ENCODING(encoding);
    if (ops === encodingOps.utf16le) step = 2;
    if (typeof value === 'string') value = fromString(value, encoding);
    return bytes.indexOf(buffer, value, byteOffset, step, forward);
  }
  throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
}

Buffer.prototype.indexOf = function indexOf(value, byteOffset, encoding) {
  return search(this, value, byteOffset, encoding, true);
};
Buffer.prototype.lastIndexOf = function lastIndexOf(value, byteOffset, encoding) {
  return search(this, value, byteOffset, encoding, false);
};
Buffer.prototype.includes = function includes(value, byteOffset, encoding) {
  return search(this, value, byteOffset, encoding, true) !== -1;
};

// The usual cases of these never reach JavaScript.
for (const name of ['compare', 'equals', 'includes', 'indexOf']) {
  const slow = Buffer.prototype[name];
  const method = bytes.method(name, slow);
  Object.defineProperty(method, 'length', { __proto__: null, configurable: true, value: slow.length });
  Buffer.prototype[name] = method;
}

// --- Changing -----------------------------------------------------------------------------------------------------

function fillBuffer(buffer, value, offset, end, encoding) {
  if (typeof value === 'string') {
    if (offset === undefined || typeof offset === 'string') {
      encoding = offset;
      offset = 0;
      end = buffer.length;
    } else if (typeof end === 'string') {
      encoding = end;
      end = buffer.length;
    }
    if (encoding !== undefined) validateString(encoding, 'encoding');
    if (encoding !== undefined && normalizeEncoding(encoding) === undefined)
      throw new ERR_UNKNOWN_ENCODING(encoding);
    if (value.length === 0) value = 0;
  } else if (typeof value === 'boolean') value = +value;
  if (offset === undefined) {
    offset = 0;
    end = buffer.length;
  } else {
    validateNumber(offset, 'offset', 0, kMaxLength);
    if (end === undefined) end = buffer.length;
    else validateNumber(end, 'end', 0, buffer.length);
    if (offset >= end) return buffer;
  }
  const pattern = typeof value === 'string' ? fromString(value, encoding) : value;
  if (typeof pattern !== 'object' || pattern === null) {
    // What converts to no number fills with 0.
    Uint8Array.prototype.fill.call(buffer, Number(pattern) || 0, offset, end);
    return buffer;
  }
  if (!ArrayBuffer.isView(pattern)) {
    Uint8Array.prototype.fill.call(buffer, 0, offset, end);
    return buffer;
  }
  if (pattern.byteLength === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
  bytes.fill(buffer, pattern, offset, end);
  return buffer;
}

Buffer.prototype.fill = function fill(value, offset, end, encoding) {
  return fillBuffer(this, value, offset, end, encoding);
};

function toInteger(value, fallback) {
  value = +value;
  return Number.isNaN(value) ? fallback : Math.trunc(value);
}

Buffer.prototype.copy = function copy(target, targetStart, sourceStart, sourceEnd) {
  checkUint8Array(this, 'source');
  if (!ArrayBuffer.isView(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  targetStart = targetStart === undefined ? 0 : toInteger(targetStart, 0);
  if (targetStart < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
  sourceStart = sourceStart === undefined ? 0 : toInteger(sourceStart, 0);
  if (sourceStart < 0 || sourceStart > this.length) {
    throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${this.length}`, sourceStart);
  }
  sourceEnd = sourceEnd === undefined ? this.length : toInteger(sourceEnd, 0);
  if (sourceEnd < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
  if (targetStart >= target.byteLength || sourceStart >= sourceEnd) return 0;
  return bytes.copy(this, target, targetStart, sourceStart, sourceEnd - sourceStart);
};

// A view of the same memory, not a copy as a typed array's slice is.
Buffer.prototype.subarray = function subarray(start, end) {
  const { length } = this;
  const position = (value, fallback) => {
    value = value === undefined ? fallback : Math.trunc(value) || 0;
    if (value < 0) value += length;
    return value < 0 ? 0 : value > length ? length : value;
  };
  start = position(start, 0);
  end = position(end, length);
  return new FastBuffer(this.buffer, this.byteOffset + start, end > start ? end - start : 0);
};
Buffer.prototype.slice = function slice(start, end) {
  return this.subarray(start, end);
};

for (const [name, bits] of [
  ['swap16', 16],
  ['swap32', 32],
  ['swap64', 64],
]) {
  Buffer.prototype[name] = {
    [name]() {
      if (this.length % (bits / 8) !== 0) throw new ERR_INVALID_BUFFER_SIZE(`${bits}-bits`);
      return bytes[name](this);
    },
  }[name];
}

addNumberMethods(Buffer.prototype);

Object.defineProperties(Buffer.prototype, {
  parent: {
    __proto__: null,
    enumerable: true,
    get() {
      return this instanceof Buffer ? this.buffer : undefined;
    },
  },
  offset: {
    __proto__: null,
    enumerable: true,
    get() {
      return this instanceof Buffer ? this.byteOffset : undefined;
    },
  },
});

// --- Showing --------------------------------------------------------------------------------------------------------

let INSPECT_MAX_BYTES = 50;

Buffer.prototype[customInspectSymbol] = function inspect(recurseTimes, ctx) {
  const shown = Math.min(INSPECT_MAX_BYTES, this.length);
  let text = bytes
    .hexSlice(this, 0, shown)
    .replace(/(.{2})/g, '$1 ')
    .trim();
  const remaining = this.length - shown;
  if (remaining > 0) text += ` ... ${remaining} more byte${remaining > 1 ? 's' : ''}`;
  if (ctx) {
    const { inspect: inspectValue, getKeys } = require('internal/util/inspect');
    const extra = getKeys(this, ctx.showHidden).filter(
      (key) => typeof key === 'symbol' || !/^(0|[1-9]\d*)$/.test(key)
    );
    if (extra.length > 0) {
      const object = Object.fromEntries(extra.map((key) => [key, this[key]]));
      Object.setPrototypeOf(object, null);
      const inner = inspectValue(object, { ...ctx, breakLength: Infinity, compact: true });
      text += `${this.length === 0 ? '' : ', '}${inner.slice(27, -2)}`;
    }
  }
  return `<${this.constructor.name} ${text}>`;
};
Buffer.prototype.inspect = Buffer.prototype[customInspectSymbol];

// --- The module ------------------------------------------------------------------------------------------------------

function SlowBuffer(length) {
  validateSize(length);
  return createUnsafeBuffer(length);
}
Object.setPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
Object.setPrototypeOf(SlowBuffer, Uint8Array);

function transcode(source, fromEncoding, toEncoding) {
  if (!isUint8Array(source)) throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  if (source.length === 0) return Buffer.alloc(0);
  const from = normalizeEncoding(fromEncoding);
  const to = normalizeEncoding(toEncoding);
  const known = ['utf8', 'utf16le', 'latin1', 'ascii'];
  if (!known.includes(from) || !known.includes(to)) {
    const error = new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]');
    error.code = 'U_ILLEGAL_ARGUMENT_ERROR';
    error.errno = 1;
    throw error;
  }
  const text = encodingOps[from].slice(source, 0, source.length);
  if (to === 'utf8' || to === 'utf16le') return fromString(text, to);
  // Characters that the target lacks become question marks.
  const limit = to === 'ascii' ? /[^\x00-\x7f]/gu : /[^\x00-\xff]/gu;
  return fromString(text.replace(limit, '?'), 'latin1');
}

function checkedView(input) {
  if (ArrayBuffer.isView(input) || isAnyArrayBuffer(input)) {
    if (input.detached || input.buffer?.detached) {
      const {
        codes: { ERR_INVALID_STATE },
      } = require('internal/errors');
      throw new ERR_INVALID_STATE('Cannot validate on a detached buffer');
    }
    return input;
  }
  throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
}

internalBinding('util').setBufferPrototype(Buffer.prototype);

const constants = Object.defineProperties(
  {},
  {
    MAX_LENGTH: { __proto__: null, enumerable: true, value: kMaxLength },
    MAX_STRING_LENGTH: { __proto__: null, enumerable: true, value: kStringMaxLength },
  }
);

module.exports = {
  Buffer,
  SlowBuffer: deprecate(
    SlowBuffer,
    'SlowBuffer() is deprecated. Please use Buffer.allocUnsafeSlow()',
    'DEP0030'
  ),
  transcode,
  isUtf8: (input) => bytes.isUtf8(checkedView(input)),
  isAscii: (input) => bytes.isAscii(checkedView(input)),
  kMaxLength,
  kStringMaxLength,
  constants,
};
Object.defineProperty(module.exports, 'INSPECT_MAX_BYTES', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => INSPECT_MAX_BYTES,
  set(value) {
    validateNumber(value, 'INSPECT_MAX_BYTES', 0);
    INSPECT_MAX_BYTES = value;
  },
});
defineLazy(module.exports, 'internal/base64', ['atob', 'btoa'], true);
defineLazy(module.exports, 'internal/blob', ['Blob', 'File', 'resolveObjectURL'], true);
