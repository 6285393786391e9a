// SPDX-License-Identifier: Apache-2.0
// fs.ReadStream and fs.WriteStream.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE, ERR_STREAM_DESTROYED },
} = require('internal/errors');
const { deprecate } = require('internal/util');
const { validateAbortSignal, validateBoolean, validateFunction, validateInteger } = require('internal/validators');
const { getOptions, getValidatedFd, getValidatedPath, toBuffer } = require('internal/fs/utils');
const { Readable, Writable, finished } = require('stream');
const { errorOrDestroy } = require('internal/deps/readable-stream/lib/internal/streams/destroy');
const fs = require('fs');

const kFs = Symbol('kFs');
const kHandle = Symbol('kHandle');
const kIsPerformingIO = Symbol('kIsPerformingIO');
const kIoDone = Symbol('kIoDone');
const kMaxRetries = 5; // of writes that write nothing

// -- options

// What options have, inherited properties included.
function copyOptions(options) {
  if (options === null || typeof options !== 'object') return { ...getOptions(options) };
  getOptions(options);
  const copy = {};
  for (const key in options) copy[key] = options[key];
  return copy;
}

// A FileHandle does its own reads, writes and closing; this gives it the callback functions of `fs`.
function handleOperations(handle) {
  const callAfter = (promise, values, callback) =>
    promise.then(
      (result) => process.nextTick(callback, null, result?.bytesRead ?? result?.bytesWritten, result?.[values]),
      (error) => process.nextTick(callback, error),
    );
  return {
    open: (path, flags, mode, callback) => callback(new ERR_METHOD_NOT_IMPLEMENTED('open()')),
    read: (fd, buffer, offset, length, position, callback) =>
      callAfter(handle.read(buffer, offset, length, position), 'buffer', callback),
    write: (fd, buffer, offset, length, position, callback) =>
      callAfter(handle.write(buffer, offset, length, position), 'buffer', callback),
    writev: (fd, buffers, position, callback) => callAfter(handle.writev(buffers, position), 'buffers', callback),
    close: (fd, callback) => callAfter(handle.close(), 'buffer', callback),
  };
}

function takeDescriptor(stream, path, options, flags) {
  const { fd } = options;
  stream[kFs] = options.fs ?? fs;
  if (fd === undefined || fd === null) {
    stream.fd = null;
    stream.path = getValidatedPath(path);
    stream.flags = options.flags ?? flags;
    stream.mode = options.mode ?? 0o666;
    return;
  }
  if (typeof fd === 'number') {
    stream.fd = getValidatedFd(fd);
    return;
  }
  const { FileHandle, kUsers } = require('internal/fs/promises');
  if (!(fd instanceof FileHandle)) throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
  if (options.fs) throw new ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
  stream[kHandle] = fd;
  stream[kFs] = handleOperations(fd);
  stream.fd = fd.fd;
  fd[kUsers]++;
  fd.on('close', () => stream.close());
}

function validateOverrides(given, names) {
  if (given === undefined || given === null) return;
  for (const name of names) validateFunction(given[name], `options.fs.${name}`);
}

function validateWriteOverrides(given) {
  if (given === undefined || given === null) return;
  validateFunction(given.open, 'options.fs.open');
  if (!given.write && !given.writev) throw new ERR_INVALID_ARG_TYPE('options.fs.write', 'function', given.write);
  if (given.write) validateFunction(given.write, 'options.fs.write');
  if (given.writev) validateFunction(given.writev, 'options.fs.writev');
  validateFunction(given.close, 'options.fs.close');
}

// -- opening and closing

const noOpen = deprecate(
  function open() {},
  'ReadStream.prototype.open() is deprecated',
  'DEP0135',
);
const noWriteOpen = deprecate(
  function open() {},
  'WriteStream.prototype.open() is deprecated',
  'DEP0135',
);

// A subclass from before _construct() was has an open() that emits 'open' or 'error'.
function openAsOverridden(stream, callback) {
  const { emit } = stream;
  stream.emit = function (event, ...values) {
    if (event === 'open' || event === 'error') {
      stream.emit = emit;
      if (event === 'error') {
        callback(values[0]);
        return true;
      }
      callback();
    }
    return Reflect.apply(emit, this, [event, ...values]);
  };
  stream.open();
}

function construct(callback) {
  if (typeof this.fd === 'number') {
    callback();
    return;
  }
  if (this.open !== noOpen && this.open !== noWriteOpen) {
    openAsOverridden(this, callback);
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
    const first = error ?? ioError ?? null;
    if (this.fd === null) callback(first);
    else closeDescriptor(this, first, callback);
  };
  if (this[kIsPerformingIO]) this.once(kIoDone, finish);
  else finish();
}

// True when the stream was destroyed meanwhile.
function endIO(stream, error) {
  stream[kIsPerformingIO] = false;
  if (!stream.destroyed) return false;
  stream.emit(kIoDone, error);
  return true;
}

// -- reading

function validateRange(stream, options) {
  stream.start = options.start;
  stream.end = options.end ?? Infinity;
  stream.pos = undefined;
  if (stream.start !== undefined) {
    validateInteger(stream.start, 'start', 0);
    stream.pos = stream.start;
  }
  if (stream.end === Infinity) return;
  validateInteger(stream.end, 'end', 0);
  if (stream.start !== undefined && stream.start > stream.end) {
    throw new ERR_OUT_OF_RANGE('start', `<= "end" (here: ${stream.end})`, stream.start);
  }
}

function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  options = copyOptions(options);
  options.highWaterMark ??= 64 * 1024;
  options.autoDestroy = options.autoClose ?? true;
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  validateOverrides(options.fs, ['open', 'read', 'close']);
  takeDescriptor(this, path, options, 'r');
  this.bytesRead = 0;
  this[kIsPerformingIO] = false;
  validateRange(this, options);
  Readable.call(this, options);
  if (options.encoding) this.setEncoding(options.encoding);
  return this;
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

ReadStream.prototype.open = noOpen;
ReadStream.prototype._construct = construct;
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
  this[kFs].read(this.fd, buffer, 0, wanted, this.pos, (error, bytesRead, given) => {
    if (endIO(this, error)) return;
    if (error) {
      errorOrDestroy(this, error);
      return;
    }
    if (bytesRead === 0) {
      this.push(null);
      return;
    }
    this.bytesRead += bytesRead;
    if (this.pos !== undefined) this.pos += bytesRead;
    this.push(fitted(given ?? buffer, bytesRead));
  });
};

// A short read must not keep memory for a long one.
function fitted(buffer, bytesRead) {
  if (bytesRead === buffer.length) return buffer;
  const short = Buffer.allocUnsafeSlow(bytesRead);
  buffer.copy(short, 0, 0, bytesRead);
  return short;
}

ReadStream.prototype.close = function (callback) {
  if (callback) finished(this, callback);
  this.destroy();
};

// -- writing

function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  options = copyOptions(options);
  options.decodeStrings = true;
  options.autoDestroy = options.autoClose ?? true;
  if (options.flush !== undefined && options.flush !== null) validateBoolean(options.flush, 'options.flush');
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  validateWriteOverrides(options.fs);
  takeDescriptor(this, path, options, 'w');
  // One of the two is enough.
  if (!this[kFs].write) this._write = null;
  if (!this[kFs].writev) this._writev = null;
  this.flush = options.flush ?? false;
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

WriteStream.prototype.open = noWriteOpen;
WriteStream.prototype._construct = construct;

// Writes all of something: `attempt(left, written)` begins a write of what is left and calls `written`.
function writeWhole(stream, size, attempt, callback) {
  let retries = 0;
  let left = size;
  const next = () =>
    attempt((error, bytesWritten) => {
      if (error?.code === 'EAGAIN') [error, bytesWritten] = [null, 0];
      if (stream.destroyed || error) {
        callback(error ?? new ERR_STREAM_DESTROYED('write'));
        return;
      }
      stream.bytesWritten += bytesWritten;
      if (stream.pos !== undefined) stream.pos += bytesWritten;
      left -= bytesWritten;
      retries = bytesWritten > 0 ? 0 : retries + 1;
      if (left === 0) callback();
      else if (retries > kMaxRetries) callback(new Error('write failed'));
      else next();
    });
  next();
}

function endWrite(stream, callback) {
  return (error) => {
    endIO(stream, error);
    callback(error);
  };
}

WriteStream.prototype._write = function (data, encoding, callback) {
  this[kIsPerformingIO] = true;
  let left = data;
  const attempt = (written) =>
    this[kFs].write(this.fd, left, 0, left.length, this.pos, (error, bytesWritten) => {
      if (!error) left = left.subarray(bytesWritten);
      written(error, bytesWritten);
    });
  writeWhole(this, data.length, attempt, endWrite(this, callback));
};

WriteStream.prototype._writev = function (chunks, callback) {
  this[kIsPerformingIO] = true;
  let left = chunks.map(({ chunk }) => chunk);
  const size = left.reduce((sum, chunk) => sum + chunk.length, 0);
  const attempt = (written) =>
    this[kFs].writev(this.fd, left, this.pos, (error, bytesWritten) => {
      if (!error && bytesWritten > 0) left = [Buffer.concat(left).subarray(bytesWritten)];
      written(error, bytesWritten);
    });
  writeWhole(this, size, attempt, endWrite(this, callback));
};

WriteStream.prototype._destroy = function (error, callback) {
  if (!this.flush || this.fd === null || error) {
    Reflect.apply(destroyWhenIdle, this, [error, callback]);
    return;
  }
  const sync = this[kHandle] === undefined ? fs.fsync : (fd, done) => this[kHandle].sync().then(() => done(), done);
  sync(this.fd, (syncError) => Reflect.apply(destroyWhenIdle, this, [syncError, callback]));
};

WriteStream.prototype.close = function (callback) {
  if (callback) {
    if (this.closed) {
      process.nextTick(callback);
      return;
    }
    this.on('close', callback);
  }
  // Without autoDestroy nobody else would close it.
  if (!this.autoClose) this.on('finish', this.destroy);
  this.end();
};

WriteStream.prototype.destroySoon = WriteStream.prototype.end;

for (const [constructor, state, name] of [
  [ReadStream, '_readableState', 'ReadStream'],
  [WriteStream, '_writableState', 'WriteStream'],
]) {
  Object.defineProperties(constructor.prototype, {
    autoClose: {
      __proto__: null,
      configurable: true,
      get() {
        if (this[state] === undefined) throw new ERR_INVALID_THIS(name);
        return this[state].autoDestroy;
      },
      set(value) {
        if (this[state] === undefined) throw new ERR_INVALID_THIS(name);
        this[state].autoDestroy = value;
      },
    },
    pending: {
      __proto__: null,
      configurable: true,
      get() {
        return this.fd === null;
      },
    },
  });
}

module.exports = { ReadStream, WriteStream };
