// SPDX-License-Identifier: Apache-2.0
// fs.ReadStream and fs.WriteStream.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger } = require('internal/validators');
const { getOptions, getValidatedFd, getValidatedPath, toBuffer } = require('internal/fs/utils');
const { Readable, Writable, finished } = require('stream');
const fs = require('fs');

const kFs = Symbol('kFs');
const kHandle = Symbol('kHandle');
const kIsPerformingIO = Symbol('kIsPerformingIO');
const kIoDone = Symbol('kIoDone');

// A FileHandle does its own reads, writes and closing; this gives it the callback functions of `fs`.
function handleOperations(handle) {
  const callAfter = (promise, callback) =>
    promise.then(
      (result) => process.nextTick(callback, null, result?.bytesRead ?? result?.bytesWritten, result?.buffer),
      (error) => process.nextTick(callback, error),
    );
  return {
    open: (path, flags, mode, callback) => callback(new ERR_INVALID_ARG_TYPE('path', 'string', path)),
    read: (fd, buffer, offset, length, position, callback) =>
      callAfter(handle.read(buffer, offset, length, position), callback),
    write: (fd, buffer, offset, length, position, callback) =>
      callAfter(handle.write(buffer, offset, length, position), callback),
    close: (fd, callback) => callAfter(handle.close(), callback),
  };
}

function takeDescriptor(stream, options) {
  const { fd } = options;
  if (fd === undefined || fd === null) {
    stream[kFs] = options.fs ?? fs;
    stream.fd = null;
    return;
  }
  if (typeof fd === 'number') {
    stream[kFs] = options.fs ?? fs;
    stream.fd = getValidatedFd(fd);
    return;
  }
  const { FileHandle } = require('internal/fs/promises');
  if (!(fd instanceof FileHandle)) throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
  stream[kHandle] = fd;
  stream[kFs] = handleOperations(fd);
  stream.fd = fd.fd;
  fd.on('close', () => stream.destroy());
}

function validateFsOption(given, names) {
  if (given === undefined || given === null) return;
  for (const name of names) {
    if (given[name] !== undefined || name === 'open' || name === 'close')
      validateFunction(given[name], `options.fs.${name}`);
  }
}

function openDescriptor(callback) {
  if (this.fd !== null) {
    callback();
    return;
  }
  this[kFs].open(this.path, this.flags, this.mode, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    this.fd = fd;
    callback();
    this.emit('open', fd);
    this.emit('ready');
  });
}

function closeDescriptor(stream, error, callback) {
  stream[kFs].close(stream.fd, (closeError) => callback(error ?? closeError));
  stream.fd = null;
}

// A descriptor that is being read or written must not be closed under the operation.
function destroyWhenIdle(error, callback) {
  const finish = (ioError) => {
    if (this.fd === null) callback(error ?? ioError ?? null);
    else closeDescriptor(this, error ?? ioError ?? null, callback);
  };
  if (this[kIsPerformingIO]) this.once(kIoDone, finish);
  else finish();
}

function endIO(stream, error) {
  stream[kIsPerformingIO] = false;
  if (!stream.destroyed) return false;
  stream.emit(kIoDone, error);
  return true;
}

function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  options = { ...getOptions(options) };
  options.highWaterMark ??= 64 * 1024;
  options.autoDestroy = options.autoClose ?? true;
  validateFsOption(options.fs, ['open', 'read', 'close']);
  takeDescriptor(this, options);
  this.path = path === undefined || this.fd !== null ? path : getValidatedPath(path);
  this.flags = options.flags ?? 'r';
  this.mode = options.mode ?? 0o666;
  this.start = options.start;
  this.end = options.end ?? Infinity;
  this.pos = undefined;
  this.bytesRead = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  if (this.end !== Infinity) {
    validateInteger(this.end, 'end', 0);
    if (this.start !== undefined && this.start > this.end) {
      throw new ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
    }
  }
  Readable.call(this, options);
  if (options.encoding) this.setEncoding(options.encoding);
  return this;
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

ReadStream.prototype._construct = openDescriptor;
ReadStream.prototype._destroy = destroyWhenIdle;

ReadStream.prototype._read = function (size) {
  const left = this.pos === undefined ? this.end - this.bytesRead + 1 : this.end - this.pos + 1;
  const wanted = Math.min(left, size);
  if (wanted <= 0) {
    this.push(null);
    return;
  }
  const buffer = toBuffer(new Uint8Array(wanted));
  this[kIsPerformingIO] = true;
  this[kFs].read(this.fd, buffer, 0, wanted, this.pos, (error, bytesRead) => {
    if (endIO(this, error)) return;
    if (error) {
      this.destroy(error);
      return;
    }
    this.bytesRead += bytesRead;
    if (this.pos !== undefined) this.pos += bytesRead;
    this.push(bytesRead > 0 ? buffer.subarray(0, bytesRead) : null);
  });
};

function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  options = { ...getOptions(options), decodeStrings: true };
  options.autoDestroy = options.autoClose ?? true;
  if (options.flush !== undefined && options.flush !== null) validateBoolean(options.flush, 'options.flush');
  validateFsOption(options.fs, ['open', 'write', 'close']);
  takeDescriptor(this, options);
  this.path = path === undefined || this.fd !== null ? path : getValidatedPath(path);
  this.flags = options.flags ?? 'w';
  this.mode = options.mode ?? 0o666;
  this.flush = Boolean(options.flush);
  this.start = options.start;
  this.pos = undefined;
  this.bytesWritten = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  Writable.call(this, options);
  if (options.encoding) this.setDefaultEncoding(options.encoding);
  return this;
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);

WriteStream.prototype._construct = openDescriptor;

WriteStream.prototype._write = function (data, encoding, callback) {
  this[kIsPerformingIO] = true;
  const advance = (error, bytesWritten) => {
    if (endIO(this, error)) {
      callback(error);
      return;
    }
    if (error) {
      callback(error);
      return;
    }
    this.bytesWritten += bytesWritten;
    if (this.pos !== undefined) this.pos += bytesWritten;
    if (bytesWritten < data.length) {
      data = data.subarray(bytesWritten);
      this[kIsPerformingIO] = true;
      this[kFs].write(this.fd, data, 0, data.length, this.pos, advance);
      return;
    }
    callback();
  };
  this[kFs].write(this.fd, data, 0, data.length, this.pos, advance);
};

WriteStream.prototype._writev = function (chunks, callback) {
  const { Buffer } = require('buffer');
  this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', callback);
};

WriteStream.prototype._destroy = function (error, callback) {
  if (!this.flush || this.fd === null || error) {
    Reflect.apply(destroyWhenIdle, this, [error, callback]);
    return;
  }
  fs.fsync(this.fd, (syncError) => Reflect.apply(destroyWhenIdle, this, [syncError, callback]));
};

WriteStream.prototype.destroySoon = Writable.prototype.end;

ReadStream.prototype.close = function (callback) {
  if (callback) finished(this, callback);
  this.destroy();
};

WriteStream.prototype.close = function (callback) {
  if (callback) {
    if (this.closed) {
      process.nextTick(callback);
      return;
    }
    this.on('close', callback);
  }
  if (this.autoClose === false) this.on('finish', this.destroy);
  this.end();
};

for (const constructor of [ReadStream, WriteStream]) {
  Object.defineProperty(constructor.prototype, 'autoClose', {
    __proto__: null,
    configurable: true,
    get() {
      return (this._readableState ?? this._writableState).autoDestroy;
    },
    set(value) {
      (this._readableState ?? this._writableState).autoDestroy = value;
    },
  });
  Object.defineProperty(constructor.prototype, 'pending', {
    __proto__: null,
    configurable: true,
    get() {
      return this.fd === null;
    },
  });
}

module.exports = { ReadStream, WriteStream };
