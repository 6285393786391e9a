// SPDX-License-Identifier: Apache-2.0
// net.Socket: a stream over a handle. How it gets connected is in connect.js.
'use strict';

const { Duplex } = require('stream');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_HANDLE_TYPE,
    ERR_SOCKET_CLOSED,
    ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
  },
  ErrnoException,
} = require('internal/errors');
const { causedBy, kAsyncId, request, requestIfPending } = require('internal/async_resource_calls');
const { handleOf, kOwner, SOCKET, TCP, UV_ENOTCONN, UV_EOF } = require('internal/net/handles');
const { clearTimeout } = require('internal/timers');
const { validateInt32, validateNumber } = require('internal/validators');
const { Buffer } = require('buffer');

const kBuffer = Symbol('kBuffer'); // of the option onread: where bytes go,
const kBufferCb = Symbol('kBufferCb'); // who is told,
const kBufferGen = Symbol('kBufferGen'); // and what makes the next
const kBytesRead = Symbol('kBytesRead'); // of a handle that is gone
const kBytesWritten = Symbol('kBytesWritten');
const kLastWriteQueueSize = Symbol('lastWriteQueueSize');
const kReset = Symbol('kReset');
const kSetKeepAlive = Symbol('kSetKeepAlive');
const kSetKeepAliveInitialDelay = Symbol('kSetKeepAliveInitialDelay');
const kSetNoDelay = Symbol('kSetNoDelay');
const kSetTOS = Symbol('kSetTOS');
const kTimeout = Symbol('timeout');

// --- Making one -------------------------------------------------------------------------------------------------------

function checkOptions(options) {
  if (options.objectMode) throw new ERR_INVALID_ARG_VALUE('options.objectMode', options.objectMode, 'is not supported');
  for (const name of ['readableObjectMode', 'writableObjectMode']) {
    if (options[name]) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name], 'is not supported');
  }
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }
}

// The socket reads and writes through `socket._handle` from now on.
function initSocketHandle(socket) {
  socket._undestroy();
  socket._sockname = undefined;
  const handle = socket._handle;
  if (handle === null || handle === undefined) return;
  handle[kOwner] = socket;
  handle.onarrival = onArrival;
  socket[kAsyncId] = handle[kAsyncId];
  if (!socket[kBuffer]) return;
  if (socket[kBufferGen]) {
    const buffer = socket[kBufferGen]();
    if (!ArrayBuffer.isView(buffer)) return;
    socket[kBuffer] = buffer;
  }
  handle.limitReads(socket[kBuffer].byteLength);
}

function openDescriptor(socket, fd) {
  socket._handle = handleOf(fd, SOCKET);
  const status = socket._handle.open(fd);
  if (status !== 0) throw new ErrnoException(status, 'open');
  socket[kAsyncId] = socket._handle[kAsyncId];
}

function useOnRead(socket, onread) {
  if (onread === null || typeof onread !== 'object') return;
  const { buffer, callback } = onread;
  if (!(ArrayBuffer.isView(buffer) || typeof buffer === 'function') || typeof callback !== 'function') return;
  if (typeof buffer === 'function') {
    socket[kBuffer] = true; // asked for when there is a handle
    socket[kBufferGen] = buffer;
  } else socket[kBuffer] = buffer;
  socket[kBufferCb] = callback;
}

function useSignal(socket, signal) {
  const { validateAbortSignal } = require('internal/validators');
  validateAbortSignal(signal, 'options.signal');
  const { aborted } = signal;
  const onAbort = () => {
    const { AbortError } = require('internal/errors');
    socket.destroy(new AbortError(undefined, { cause: signal.reason }));
  };
  if (aborted) {
    process.nextTick(onAbort);
    return;
  }
  const disposable = require('events').addAbortListener(signal, onAbort);
  socket.once('close', () => disposable[Symbol.dispose]());
}

function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  options = typeof options === 'number' ? { fd: options } : { ...options };
  checkOptions(options);
  const { allowHalfOpen } = options;
  this.connecting = false;
  this._hadError = false; // of _handle, which might be gone when 'close' asks
  this[kAsyncId] = undefined;
  this._handle = null;
  this._parent = null;
  this._host = null;
  this[kLastWriteQueueSize] = 0;
  this[kTimeout] = null;
  this[kBuffer] = this[kBufferCb] = this[kBufferGen] = null;
  Reflect.apply(Duplex, this, [{
    ...options,
    allowHalfOpen: true, // ours ends its writable side itself
    autoDestroy: true,
    decodeStrings: false, // the handle writes text
    emitClose: false, // when the handle is gone
    signal: undefined, // ours, below
  }]);
  if (options.handle) {
    this._handle = options.handle;
    this[kAsyncId] = this._handle[kAsyncId];
  } else if (options.fd !== undefined) openDescriptor(this, options.fd);
  useOnRead(this, options.onread);
  this.on('end', onReadableStreamEnd);
  initSocketHandle(this);
  this._pendingData = null;
  this._pendingEncoding = '';
  this.allowHalfOpen = Boolean(allowHalfOpen);
  this[kSetNoDelay] = Boolean(options.noDelay);
  this[kSetKeepAlive] = Boolean(options.keepAlive);
  this[kSetKeepAliveInitialDelay] = ~~(options.keepAliveInitialDelay / 1000);
  if (options.blockList) {
    if (!require('internal/blocklist').BlockList.isBlockList(options.blockList)) {
      throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', options.blockList);
    }
    this.blockList = options.blockList;
  }
  this._server = null;
  this[kBytesRead] = 0;
  this[kBytesWritten] = 0;
  startReading(this, options);
  if (options.signal) useSignal(this, options.signal);
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype);
Object.setPrototypeOf(Socket, Duplex);

// With a handle bytes flow into the buffer at once.
function startReading(socket, { manualStart, pauseOnCreate, readable }) {
  const handle = socket._handle;
  if (!handle || readable === false || manualStart) return;
  if (pauseOnCreate) {
    handle.reading = false;
    handle.readStop();
    socket.readableFlowing = false;
  } else socket.read(0);
}

// --- Reading ------------------------------------------------------------------------------------------------------------

// The other side has ended; so do we, unless half of a connection is wanted.
function onReadableStreamEnd() {
  if (!this.allowHalfOpen) this.write = writeAfterFIN;
}

// Not an error of the program: the other side went first.
function writeAfterFIN(chunk, encoding, callback) {
  if (!this.writableEnded) return Reflect.apply(Duplex.prototype.write, this, [chunk, encoding, callback]);
  if (typeof encoding === 'function') callback = encoding;
  const error = new Error('This socket has been ended by the other party');
  error.code = 'EPIPE';
  if (typeof callback === 'function') causedBy(this, process.nextTick, callback, error);
  this.destroy(error);
  return false;
}

function stopReading(socket) {
  const handle = socket._handle;
  if (!handle) return;
  handle.reading = false;
  if (socket.destroyed) return;
  const status = handle.readStop();
  if (status) socket.destroy(new ErrnoException(status, 'read'));
}

function tryReadStart(socket) {
  socket._handle.reading = true;
  const status = socket._handle.readStart();
  if (status) socket.destroy(new ErrnoException(status, 'read'));
}

// Into the user's buffer, which reads are limited to.
function fillBuffer(socket, bytes) {
  let wantsMore = true;
  for (let at = 0; at < bytes.length && socket[kBuffer]; ) {
    const target = socket[kBuffer];
    const view = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    const part = bytes.subarray(at, at + view.length);
    view.set(part);
    at += part.length;
    if (socket[kBufferCb](part.length, target) === false) wantsMore = false;
    if (socket[kBufferGen]) socket[kBuffer] = socket[kBufferGen]();
  }
  socket._handle?.limitReads(socket[kBuffer].byteLength);
  return wantsMore;
}

// The handle's `onarrival`.
function onArrival(bytes, status) {
  const socket = this[kOwner];
  socket._unrefTimer();
  if (bytes !== undefined) {
    if (socket.destroyed) return;
    if (!(socket[kBuffer] ? fillBuffer(socket, bytes) : socket.push(bytes))) stopReading(socket);
    return;
  }
  if (status !== UV_EOF) {
    socket.destroy(new ErrnoException(status, 'read'));
    return;
  }
  // 'end' comes without anybody reading, when what was read before is gone.
  if (socket._readableState.endEmitted) return;
  socket.push(null);
  socket.read(0);
}

Socket.prototype._read = function() {
  if (this.connecting || !this._handle) this.once('connect', () => this._read());
  else if (!this._handle.reading) tryReadStart(this);
};

// With a buffer of the user's there is no flow that the stream would know of.
function mayStart(socket) {
  return socket[kBuffer] && !socket.connecting && socket._handle && !socket._handle.reading;
}

Socket.prototype.pause = function() {
  if (this[kBuffer] && !this.connecting && this._handle?.reading) stopReading(this);
  return Reflect.apply(Duplex.prototype.pause, this, []);
};

Socket.prototype.resume = function() {
  if (mayStart(this)) tryReadStart(this);
  return Reflect.apply(Duplex.prototype.resume, this, []);
};

Socket.prototype.read = function(n) {
  if (mayStart(this)) tryReadStart(this);
  return Reflect.apply(Duplex.prototype.read, this, [n]);
};

// --- Writing ------------------------------------------------------------------------------------------------------------

const ENCODINGS = { __proto__: null, utf8: 0, 'utf-8': 0, latin1: 1, binary: 1, ascii: 1 };

// The number of an encoding for the handle; undefined when it must have bytes instead of the text.
function numberOf(chunk, encoding) {
  if (encoding === 'buffer' && typeof chunk === 'string') {
    const error = new TypeError('Second argument must be a buffer');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  return typeof chunk === 'string' ? ENCODINGS[encoding] : 0;
}

Socket.prototype._writeGeneric = function(isMany, data, encoding, callback) {
  // What is written before there is a connection waits for it.
  if (this.connecting) {
    this._pendingData = data;
    this._pendingEncoding = encoding;
    const onClose = () => callback(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
    this.once('connect', () => {
      this.off('close', onClose);
      this._writeGeneric(isMany, data, encoding, callback);
    });
    this.once('close', onClose);
    return;
  }
  this._pendingData = null;
  this._pendingEncoding = '';
  const handle = this._handle;
  if (!handle) {
    callback(new ERR_SOCKET_CLOSED());
    return;
  }
  this._unrefTimer();
  const done = (status) => afterWrite(this, status, callback);
  const status = isMany ? writeMany(handle, data, done) : writeOne(handle, data, encoding, done);
  if (status === 1) this[kLastWriteQueueSize] = handle.writeQueueSize;
  else if (status === 0) callback();
  else callback(new ErrnoException(status, 'write'));
};

function writeOne(handle, data, encoding, done) {
  const number = numberOf(data, encoding);
  const chunk = number === undefined ? Buffer.from(data, encoding) : data;
  return requestIfPending('WRITEWRAP', handle, done, (callback) => handle.write(chunk, number ?? 0, callback));
}

function writeMany(handle, chunks, done) {
  const list = [];
  for (const { chunk, encoding } of chunks) {
    const number = numberOf(chunk, encoding);
    list.push(number === undefined ? Buffer.from(chunk, encoding) : chunk, number ?? 0);
  }
  return requestIfPending('WRITEWRAP', handle, done, (callback) => handle.writev(list, callback));
}

function afterWrite(socket, status, callback) {
  if (socket.destroyed) {
    callback(null); // whoever waits has heard of it already
    return;
  }
  if (status < 0) {
    socket.destroy(new ErrnoException(status, 'write'), callback);
    return;
  }
  socket._unrefTimer();
  if (socket._handle?.writeQueueSize === 0) socket[kLastWriteQueueSize] = 0;
  callback(null);
}

Socket.prototype._writev = function(chunks, callback) {
  this._writeGeneric(true, chunks, '', callback);
};

Socket.prototype._write = function(data, encoding, callback) {
  this._writeGeneric(false, data, encoding, callback);
};

Socket.prototype._final = function(callback) {
  if (this.connecting) {
    this.once('connect', () => this._final(callback));
    return;
  }
  if (!this._handle) {
    callback();
    return;
  }
  const status = this._handle.shutdown(request('SHUTDOWNWRAP', this._handle, () => callback()));
  if (status === UV_ENOTCONN) callback();
  else if (status < 0) callback(new ErrnoException(status, 'shutdown'));
};

Socket.prototype.end = function(data, encoding, callback) {
  Reflect.apply(Duplex.prototype.end, this, [data, encoding, callback]);
  return this;
};

// --- The end ------------------------------------------------------------------------------------------------------------

Socket.prototype.destroySoon = function() {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once('finish', this.destroy);
};

Socket.prototype.resetAndDestroy = function() {
  if (!this._handle) {
    this.destroy(new ERR_SOCKET_CLOSED());
    return this;
  }
  if (!(this._handle instanceof TCP)) throw new ERR_INVALID_HANDLE_TYPE();
  if (this.connecting) this.once('connect', () => reset(this));
  else reset(this);
  return this;
};

function reset(socket) {
  socket[kReset] = true;
  return socket.destroy();
}

function closeHandle(socket, handle, isException) {
  const onClosed = () => socket.emit('close', isException);
  if (!socket[kReset]) {
    handle.close(onClosed);
    return;
  }
  socket[kReset] = false;
  const status = handle.reset(onClosed);
  if (status !== 0) socket.emit('error', new ErrnoException(status, 'reset'));
}

Socket.prototype._destroy = function(exception, callback) {
  this.connecting = false;
  for (let each = this; each !== null; each = each._parent) clearTimeout(each[kTimeout]);
  const handle = this._handle;
  if (handle) {
    this[kBytesRead] = handle.bytesRead;
    this[kBytesWritten] = handle.bytesWritten;
    const close = () => {
      closeHandle(this, handle, Boolean(exception));
      this._handle = null;
      this._sockname = null;
    };
    handle.onarrival = () => {};
    // A socket of TLS is looked at by who hears of its error.
    if (this._closeAfterHandlingError) queueMicrotask(close);
    else close();
    callback(exception);
  } else {
    callback(exception);
    process.nextTick(() => this.emit('close', Boolean(exception)));
  }
  if (this._server) {
    this._server._connections--;
    this._server._emitCloseIfDrained?.();
  }
};

// --- Settings -----------------------------------------------------------------------------------------------------------

Socket.prototype._unrefTimer = function() {
  for (let each = this; each !== null; each = each._parent) each[kTimeout]?.refresh();
};

// Called when nothing has happened for the time; a write that makes progress is something.
Socket.prototype._onTimeout = function() {
  const last = this[kLastWriteQueueSize];
  if (last > 0 && this._handle) {
    const { writeQueueSize } = this._handle;
    if (last !== writeQueueSize) {
      this[kLastWriteQueueSize] = writeQueueSize;
      this._unrefTimer();
      return;
    }
  }
  this.emit('timeout');
};

Socket.prototype.setTimeout = function(msecs, callback) {
  return require('internal/net/timeout').setStreamTimeout(this, kTimeout, msecs, callback);
};

Socket.prototype.setNoDelay = function(enable) {
  const on = enable === undefined ? true : Boolean(enable);
  if (!this._handle) {
    this[kSetNoDelay] = on;
    return this;
  }
  if (this._handle.setNoDelay && on !== this[kSetNoDelay]) {
    this[kSetNoDelay] = on;
    this._handle.setNoDelay(on);
  }
  return this;
};

Socket.prototype.setKeepAlive = function(enable, initialDelayMsecs) {
  const on = Boolean(enable);
  const delay = ~~(initialDelayMsecs / 1000);
  if (!this._handle) {
    this[kSetKeepAlive] = on;
    this[kSetKeepAliveInitialDelay] = delay;
    return this;
  }
  if (!this._handle.setKeepAlive) return this;
  if (on !== this[kSetKeepAlive] || (on && this[kSetKeepAliveInitialDelay] !== delay)) {
    this[kSetKeepAlive] = on;
    this[kSetKeepAliveInitialDelay] = delay;
    this._handle.setKeepAlive(on, delay);
  }
  return this;
};

Socket.prototype.setTypeOfService = function(tos) {
  if (Number.isNaN(tos)) throw new ERR_INVALID_ARG_TYPE('tos', 'number', tos);
  validateInt32(tos, 'tos', 0, 255);
  this[kSetTOS] = tos;
  const status = this._handle?.setTypeOfService?.(tos) ?? 0;
  if (status !== 0) throw new ErrnoException(status, 'setTypeOfService');
  return this;
};

Socket.prototype.getTypeOfService = function() {
  if (!this._handle?.getTypeOfService) return this[kSetTOS] ?? 0;
  const tos = this._handle.getTypeOfService();
  if (tos < 0) throw new ErrnoException(tos, 'getTypeOfService');
  return tos;
};

// Before there is a handle, when there is one.
for (const name of ['ref', 'unref']) {
  Socket.prototype[name] = function() {
    if (!this._handle) {
      this.once('connect', this[name]);
      return this;
    }
    this._handle[name]?.();
    return this;
  };
}

// --- What there is to know ----------------------------------------------------------------------------------------------

// Kept: an address must be known after the end of the connection.
Socket.prototype._getpeername = function() {
  if (!this._handle?.getpeername || this.connecting) return this._peername || {};
  if (!this._peername) {
    const found = this._handle.getpeername();
    if (typeof found === 'number') return {};
    this._peername = found;
  }
  return this._peername;
};

Socket.prototype._getsockname = function() {
  if (!this._handle?.getsockname) return {};
  if (!this._sockname) {
    const found = this._handle.getsockname();
    this._sockname = typeof found === 'number' ? {} : found;
  }
  return this._sockname;
};

Socket.prototype.address = function() {
  return this._getsockname();
};

const sizeOf = (chunk, encoding) => (typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length);

// With what waits to be written.
function bytesWritten(socket) {
  const { _pendingData: pending, writableBuffer } = socket;
  if (!writableBuffer) return undefined;
  let bytes = socket._bytesDispatched;
  for (const { chunk, encoding } of writableBuffer) bytes += sizeOf(chunk, encoding);
  if (Array.isArray(pending)) for (const { chunk, encoding } of pending) bytes += sizeOf(chunk, encoding);
  else if (pending) bytes += sizeOf(pending, socket._pendingEncoding);
  return bytes;
}

function readyState(socket) {
  if (socket.connecting) return 'opening';
  if (socket.readable && socket.writable) return 'open';
  if (socket.readable) return 'readOnly';
  return socket.writable ? 'writeOnly' : 'closed';
}

const GETTERS = {
  __proto__: null,
  _connecting: (socket) => socket.connecting,
  _bytesDispatched: (socket) => (socket._handle ? socket._handle.bytesWritten : socket[kBytesWritten]),
  bufferSize: (socket) => (socket._handle ? socket.writableLength : undefined),
  bytesRead: (socket) => (socket._handle ? socket._handle.bytesRead : socket[kBytesRead]),
  bytesWritten,
  localAddress: (socket) => socket._getsockname().address,
  localFamily: (socket) => socket._getsockname().family,
  localPort: (socket) => socket._getsockname().port,
  pending: (socket) => !socket._handle || socket.connecting,
  readyState,
  remoteAddress: (socket) => socket._getpeername().address,
  remoteFamily: (socket) => socket._getpeername().family,
  remotePort: (socket) => socket._getpeername().port,
};
for (const [name, get] of Object.entries(GETTERS)) {
  Object.defineProperty(Socket.prototype, name, {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get() {
      return get(this);
    },
  });
}

module.exports = { afterWrite, initSocketHandle, kLastWriteQueueSize, kSetKeepAlive, kSetKeepAliveInitialDelay, kSetNoDelay, kSetTOS, kTimeout, Socket };
