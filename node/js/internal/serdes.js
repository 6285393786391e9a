// SPDX-License-Identifier: Apache-2.0
//
// The serializers of `v8`. The engine writes and reads the values; what is bytes is written here, so that it can be read
// without a copy.
'use strict';

const binding = internalBinding('serdes');
const {
  codes: { ERR_CONSTRUCT_CALL_REQUIRED },
} = require('internal/errors');

const kNative = Symbol('kNative');

function checkNew(newTarget, name) {
  if (newTarget !== undefined) return;
  const error = new ERR_CONSTRUCT_CALL_REQUIRED(name);
  error.message = `Class constructor ${name} cannot be invoked without 'new'`;
  throw error;
}

function hide(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

function defineMethods(Class, methods) {
  for (const name of Object.keys(methods)) hide(Class.prototype, name, methods[name]);
}

function Serializer() {
  checkNew(new.target, 'Serializer');
  hide(this, kNative, binding.createSerializer());
}

defineMethods(Serializer, {
  writeHeader() {
    binding.writeHeader(this[kNative]);
  },
  writeValue(value) {
    return binding.writeValue(this[kNative], this, value);
  },
  releaseBuffer() {
    const { buffer, byteLength } = binding.release(this[kNative]);
    return require('buffer').Buffer.from(buffer, 0, byteLength);
  },
  transferArrayBuffer(id, buffer) {
    binding.writeTransfer(this[kNative], id, buffer);
  },
  writeUint32(value) {
    binding.writeUint32(this[kNative], value);
  },
  writeUint64(high, low) {
    binding.writeUint64(this[kNative], high, low);
  },
  writeDouble(value) {
    binding.writeDouble(this[kNative], value);
  },
  writeRawBytes(source) {
    checkView(source, 'source must be a TypedArray or a DataView');
    binding.writeRawBytes(this[kNative], source);
  },
  _setTreatArrayBufferViewsAsHostObjects(flag) {
    binding.setViewsAsHosts(this[kNative], flag);
  },
  _getDataCloneError: Error,
});

function checkView(value, message) {
  if (ArrayBuffer.isView(value)) return;
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

function Deserializer(buffer) {
  checkNew(new.target, 'Deserializer');
  checkView(buffer, 'buffer must be a TypedArray or a DataView');
  hide(this, kNative, binding.createDeserializer(buffer));
  this.buffer = buffer;
}

defineMethods(Deserializer, {
  readHeader() {
    return binding.readHeader(this[kNative]);
  },
  readValue() {
    return binding.readValue(this[kNative], this);
  },
  getWireFormatVersion() {
    return binding.wireVersion(this[kNative]);
  },
  transferArrayBuffer(id, buffer) {
    binding.readTransfer(this[kNative], id, buffer);
  },
  readUint32() {
    return binding.readUint32(this[kNative]);
  },
  readUint64() {
    return binding.readUint64(this[kNative]);
  },
  readDouble() {
    return binding.readDouble(this[kNative]);
  },
  _readRawBytes(length) {
    return binding.readRawBytes(this[kNative], length);
  },
  readRawBytes(length) {
    const { buffer, byteOffset } = this.buffer;
    const offset = byteOffset + this._readRawBytes(length);
    return require('buffer').Buffer.from(buffer, offset, length);
  },
});

// --- Views of bytes, by number in Node's order ----------------------------------------------------

const VIEWS = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
  Float64Array, DataView, 'Buffer', BigInt64Array, BigUint64Array, globalThis.Float16Array,
];
const BUFFER = 10;

function viewNumber(view) {
  if (Buffer.isBuffer(view)) return BUFFER;
  const name = Object.prototype.toString.call(view).slice(8, -1);
  return VIEWS.findIndex((View) => View.name === name);
}

class DefaultSerializer extends Serializer {
  constructor() {
    super();
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(object) {
    const number = ArrayBuffer.isView(object) ? viewNumber(object) : -1;
    if (number === -1) {
      throw new this._getDataCloneError(`Unserializable host object: ${require('internal/util/inspect').inspect(object)}`);
    }
    this.writeUint32(number);
    this.writeUint32(object.byteLength);
    this.writeRawBytes(new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
  }
}

class DefaultDeserializer extends Deserializer {
  _readHostObject() {
    const View = VIEWS[this.readUint32()];
    const byteLength = this.readUint32();
    const offset = this.buffer.byteOffset + this._readRawBytes(byteLength);
    const { buffer } = this.buffer;
    if (View === 'Buffer') return Buffer.from(buffer, offset, byteLength);
    const size = View.BYTES_PER_ELEMENT ?? 1;
    if (offset % size === 0) return new View(buffer, offset, byteLength / size);
    const copy = buffer.slice(offset, offset + byteLength); // a view has to be aligned
    return new View(copy, 0, byteLength / size);
  }
}

function serialize(value) {
  const serializer = new DefaultSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

function deserialize(buffer) {
  const deserializer = new DefaultDeserializer(buffer);
  deserializer.readHeader();
  return deserializer.readValue();
}

module.exports = { DefaultDeserializer, DefaultSerializer, deserialize, Deserializer, serialize, Serializer };
