// SPDX-License-Identifier: Apache-2.0
//
// OutgoingMessage: a response as a server makes it, or a request as a client does. Its head is text that waits in
// `_header` for the first piece of the body, so that both go out together.
'use strict';

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const Stream = require('stream');
const {
  encodingOps: {
    utf8: { byteLength: utf8ByteLength },
  },
} = require('internal/buffer/encodings');
const { _checkInvalidHeaderChar: checkInvalidHeaderChar, isLenient } = require('_http_common');
const { kCorked, kHold, kNeedDrain, kOnFinish, kOutHeaders, kSocket, kUniqueHeaders } = require('internal/http');
const { canWriteAtOnce, writeAtOnce } = require('internal/http/write_at_once');
const {
  addTrailers,
  headerMethods,
  parseUniqueHeadersOption,
  storeHeader,
  validateHeaderName,
  validateHeaderValue,
} = require('internal/http/headers');
const {
  codes: {
    ERR_HTTP_BODY_NOT_ALLOWED,
    ERR_HTTP_CONTENT_LENGTH_MISMATCH,
    ERR_HTTP_HEADERS_SENT,
    ERR_INVALID_ARG_TYPE,
    ERR_METHOD_NOT_IMPLEMENTED,
    ERR_STREAM_ALREADY_FINISHED,
    ERR_STREAM_CANNOT_PIPE,
    ERR_STREAM_DESTROYED,
    ERR_STREAM_NULL_VALUES,
    ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const { isUint8Array } = require('internal/util/types');

const kBytesWritten = Symbol('kBytesWritten');
const kChunkedBuffer = Symbol('kChunkedBuffer');
const kChunkedLength = Symbol('kChunkedLength');
const kErrored = Symbol('errored');
const kHighWaterMark = Symbol('kHighWaterMark');
const kRejectNonStandardBodyWrites = Symbol('kRejectNonStandardBodyWrites');

const CRLF = '\r\n';
const nop = () => {};

const plainInit = EventEmitter.init;

function OutgoingMessage(options) {
  if (EventEmitter.init !== plainInit) EventEmitter.init.call(this); // domains have one of their own
  this.outputData = []; // what waits for the socket
  if (!options) return;
  this[kHighWaterMark] = options.highWaterMark ?? Stream.getDefaultHighWaterMark(false);
  if (options.rejectNonStandardBodyWrites) this[kRejectNonStandardBodyWrites] = true;
}
Object.setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
Object.setPrototypeOf(OutgoingMessage, Stream);

// What most messages leave as it is.
Object.assign(OutgoingMessage.prototype, headerMethods, {
  outputSize: 0, // of outputData, about
  _onPendingData: nop, // hears when that changes: a server stops reading when too much waits
  writable: true,
  destroyed: false,
  _last: false,
  chunkedEncoding: false,
  shouldKeepAlive: true,
  maxRequestsOnConnectionReached: false,
  _defaultKeepAlive: true,
  useChunkedEncodingByDefault: true,
  sendDate: false,
  _removedConnection: false,
  _removedContLen: false,
  _removedTE: false,
  strictContentLength: false,
  [kBytesWritten]: 0,
  _contentLength: null,
  _hasBody: true,
  _trailer: '',
  [kNeedDrain]: false,
  finished: false,
  _headerSent: false,
  [kCorked]: 0,
  [kChunkedBuffer]: null, // pieces that become one chunk at uncork()
  [kChunkedLength]: 0,
  _closed: false,
  [kSocket]: null,
  _header: null,
  [kOutHeaders]: null,
  [kUniqueHeaders]: null,
  _keepAliveTimeout: 0,
  [kErrored]: null,
  [kHighWaterMark]: Stream.getDefaultHighWaterMark(false),
  [kRejectNonStandardBodyWrites]: false,
  [kOnFinish]: nop, // before the listeners of 'finish'
  [kHold]: () => false, // whether somebody else will call onFinish
});

const getter = (get) => ({ __proto__: null, get });

Object.defineProperties(OutgoingMessage.prototype, {
  errored: getter(function () {
    return this[kErrored];
  }),
  closed: getter(function () {
    return this._closed;
  }),
  writableFinished: getter(function () {
    const socket = this[kSocket];
    return this.finished && this.outputSize === 0 && (!socket || socket.writableLength === 0);
  }),
  writableObjectMode: getter(() => false),
  writableLength: getter(function () {
    const socket = this[kSocket];
    return this.outputSize + this[kChunkedLength] + (socket ? socket.writableLength : 0);
  }),
  writableHighWaterMark: getter(function () {
    const socket = this[kSocket];
    return socket ? socket.writableHighWaterMark : this[kHighWaterMark];
  }),
  writableCorked: getter(function () {
    return this[kCorked];
  }),
  writableEnded: getter(function () {
    return this.finished;
  }),
  writableNeedDrain: getter(function () {
    return !this.destroyed && !this.finished && this[kNeedDrain];
  }),
  headersSent: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return Boolean(this._header);
    },
  },
  connection: {
    __proto__: null,
    get() {
      return this[kSocket];
    },
    set(value) {
      this.socket = value;
    },
  },
  socket: {
    __proto__: null,
    get() {
      return this[kSocket];
    },
    set(value) {
      for (let i = 0; i < this[kCorked]; i++) {
        value?.cork();
        this[kSocket]?.uncork();
      }
      this[kSocket] = value;
    },
  },
});

// Whether values of headers may have what the Fetch standard allows.
OutgoingMessage.prototype._isLenientHeaderValidation = function () {
  if (this.httpValidation !== undefined) return this.httpValidation !== 'strict'; // a request
  const server = this.req?.socket?.server;
  if (server?.httpValidation !== undefined) return server.httpValidation !== 'strict';
  if (typeof this.insecureHTTPParser === 'boolean') return this.insecureHTTPParser;
  if (typeof server?.insecureHTTPParser === 'boolean') return server.insecureHTTPParser;
  return isLenient();
};

OutgoingMessage.prototype._storeHeader = storeHeader;

OutgoingMessage.prototype.addTrailers = function (headers) {
  addTrailers(this, headers);
};

OutgoingMessage.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  if (this[kSocket]) this[kSocket].setTimeout(msecs);
  else this.once('socket', (socket) => socket.setTimeout(msecs));
  return this;
};

// --- Corks ----------------------------------------------------------------------------------------------------------

OutgoingMessage.prototype.cork = function cork() {
  this[kCorked]++;
  this[kSocket]?.cork();
};

function joinedCallbacks(callbacks) {
  if (callbacks.length === 0) return null;
  return (error) => {
    for (const callback of callbacks) callback(error);
  };
}

OutgoingMessage.prototype.uncork = function uncork() {
  this[kCorked]--;
  this[kSocket]?.uncork();
  const pieces = this[kChunkedBuffer];
  if (this[kCorked] || pieces === null) return;
  this[kChunkedBuffer] = null;
  const length = this[kChunkedLength];
  this[kChunkedLength] = 0;
  this._send(`${length.toString(16)}\r\n`, 'latin1', null);
  for (const { chunk, encoding } of pieces) this._send(chunk, encoding, null);
  const callbacks = pieces.map(({ callback }) => callback).filter((callback) => callback);
  this._send(CRLF, 'latin1', joinedCallbacks(callbacks));
  if (this[kNeedDrain] && this.writableLength === 0) {
    this[kNeedDrain] = false;
    this.emit('drain');
  }
};

// --- Bytes ----------------------------------------------------------------------------------------------------------

// Sends the head too, if it is not sent yet.
OutgoingMessage.prototype._send = function _send(data, encoding, callback, byteLength) {
  if (!this._headerSent && this._header !== null) {
    const header = this._header;
    if (typeof data === 'string' && (encoding === 'utf8' || encoding === 'latin1' || !encoding)) {
      data = header + data;
    } else {
      this.outputData.unshift({ data: header, encoding: 'latin1', callback: null });
      this.outputSize += header.length;
      this._onPendingData(header.length);
    }
    this._headerSent = true;
  }
  return this._writeRaw(data, encoding, callback, byteLength);
};

// Writes to the socket when it is this message's turn, else keeps what is written.
OutgoingMessage.prototype._writeRaw = function _writeRaw(data, encoding, callback, size) {
  const socket = this[kSocket];
  if (socket?.destroyed) return false; // 'close' has not come yet
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (socket && socket._httpMessage === this && socket.writable) {
    if (this.outputData.length > 0) this._flushOutput(socket);
    return socket.write(data, encoding, callback);
  }
  this.outputData.push({ data, encoding, callback });
  this.outputSize += data.length;
  this._onPendingData(data.length);
  return this.outputSize < this[kHighWaterMark];
};

function byteLengthOf(chunk, encoding) {
  if (typeof chunk !== 'string') return chunk.byteLength;
  return encoding ? Buffer.byteLength(chunk, encoding) : utf8ByteLength(chunk);
}

function isLengthStrict(message) {
  return (
    message.strictContentLength &&
    typeof message._contentLength === 'number' &&
    message._hasBody &&
    !message._removedContLen &&
    !message.chunkedEncoding &&
    !message.hasHeader('transfer-encoding')
  );
}

// Counts what is written; throws when it is not what Content-Length says.
function countBytes(message, length, isLast) {
  if (isLengthStrict(message)) {
    const total = message[kBytesWritten] + length;
    const fits = isLast ? total === message._contentLength : total <= message._contentLength;
    if (!fits) throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(total, message._contentLength);
  }
  message[kBytesWritten] += length;
}

// Whether `chunk` may be written at all; an error is told when not.
function mayWrite(message, chunk, callback) {
  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if (typeof chunk !== 'string' && !isUint8Array(chunk)) {
    throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
  }
  if (message.destroyed) {
    process.nextTick(callback, message.finished ? new ERR_STREAM_WRITE_AFTER_END() : new ERR_STREAM_DESTROYED('write'));
    return false;
  }
  if (!message.finished) return true;
  tellError(message, new ERR_STREAM_WRITE_AFTER_END(), callback);
  return false;
}

function tellError(message, error, callback) {
  if (!message.destroyed) process.nextTick(emitError, message, error, callback);
}

function emitError(message, error, callback) {
  callback(error);
  if (typeof message.emit === 'function' && !message.destroyed) message.emit('error', error);
}

function uncorkSocket(socket) {
  socket.uncork();
}

function writeChunk(message, chunk, encoding, callback, length) {
  if (message[kCorked] && message._headerSent) {
    message[kChunkedBuffer] ??= [];
    message[kChunkedBuffer].push({ chunk, encoding, callback });
    message[kChunkedLength] += length;
    return message[kChunkedLength] < message[kHighWaterMark];
  }
  message._send(`${length.toString(16)}\r\n`, 'latin1', null);
  message._send(chunk, encoding, null, length);
  return message._send(CRLF, 'latin1', callback);
}

function writeBody(message, chunk, encoding, callback, isLast) {
  if (typeof callback !== 'function') callback = nop;
  if (!mayWrite(message, chunk, callback)) return false;
  let length;
  if (message.strictContentLength) {
    length = byteLengthOf(chunk, encoding);
    countBytes(message, length, isLast);
  }
  if (!message._header) {
    if (isLast) message._contentLength = length ??= byteLengthOf(chunk, encoding);
    message._implicitHeader();
  }
  if (!message._hasBody) {
    if (message[kRejectNonStandardBodyWrites]) throw new ERR_HTTP_BODY_NOT_ALLOWED();
    process.nextTick(callback);
    return true;
  }
  const socket = message[kSocket];
  if (!isLast && socket && !socket.writableCorked) {
    socket.cork();
    process.nextTick(uncorkSocket, socket);
  }
  if (message.chunkedEncoding && chunk.length !== 0) {
    return writeChunk(message, chunk, encoding, callback, length ?? byteLengthOf(chunk, encoding));
  }
  return message._send(chunk, encoding, callback, length);
}

OutgoingMessage.prototype.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  const hasRoom = writeBody(this, chunk, encoding, callback, false);
  if (!hasRoom) this[kNeedDrain] = true;
  return hasRoom;
};

// --- The end --------------------------------------------------------------------------------------------------------

function onFinish(message) {
  if (message[kSocket]?._hadError) return;
  message[kOnFinish]();
  if (message._events !== undefined) message.emit('finish');
}

function endAgain(message, chunk, callback) {
  const hasCallback = typeof callback === 'function';
  if (chunk) tellError(message, new ERR_STREAM_WRITE_AFTER_END(), hasCallback ? callback : nop);
  else if (hasCallback && message.writableFinished) callback(new ERR_STREAM_ALREADY_FINISHED('end'));
  else if (hasCallback) message.on('finish', callback);
  return message;
}

// The whole message, when all of it is there and the socket has nothing else to do: one write, around the stream.
// False when that cannot be.
function endAtOnce(message, socket, chunk, encoding) {
  if (message.strictContentLength || message[kCorked] || !canWriteAtOnce(socket)) return false;
  const length = chunk ? byteLengthOf(chunk, encoding) : 0;
  if (!message._header) {
    message._contentLength = length;
    message._implicitHeader();
  }
  // An 'Expect' sends the head alone; users may have an _implicitHeader of their own.
  if (message._headerSent || !message._header || (length > 0 && !message._hasBody)) return false;
  let before = message._header;
  let after = '';
  if (message.chunkedEncoding && message._hasBody) {
    if (length > 0) before += `${length.toString(16)}\r\n`;
    after = `${length > 0 ? CRLF : ''}0\r\n${message._trailer}\r\n`;
  }
  message._headerSent = true;
  message.finished = true;
  const pieces = piecesOf(before, length > 0 ? chunk : '', encoding, after);
  const size = before.length + length + after.length;
  const isWritten = writeAtOnce(socket, pieces, size, () => onFinish(message));
  message._finish();
  if (isWritten && !message[kHold]()) process.nextTick(onFinish, message);
  return true;
}

const UTF8 = 0; // encodings of the handle
const LATIN1 = 1;

function piecesOf(before, chunk, encoding, after) {
  if (chunk === '') return [before + after, LATIN1];
  const isUTF8 = typeof chunk === 'string' && (!encoding || encoding === 'utf8' || encoding === 'utf-8');
  if (isUTF8 && after === '') return [before + chunk, UTF8]; // the head too, as in Node
  if (isUTF8) return [before, LATIN1, chunk + after, UTF8];
  const bytes = typeof chunk === 'string' && !isUTF8 ? Buffer.from(chunk, encoding) : chunk;
  return [before, LATIN1, bytes, UTF8, after, LATIN1];
}

OutgoingMessage.prototype.end = function end(chunk, encoding, callback) {
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = encoding = null;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (this.finished) return endAgain(this, chunk, callback);
  const socket = this[kSocket];
  const isWhole = !this._headerSent && socket && socket._httpMessage === this && this.outputData.length === 0;
  if (isWhole && !this.destroyed && (!chunk || typeof chunk === 'string' || isUint8Array(chunk))) {
    if (typeof callback === 'function') this.once('finish', callback);
    if (endAtOnce(this, socket, chunk, encoding)) return this;
    callback = undefined;
  }
  endInPieces(this, chunk, encoding, callback);
  return this;
};

function endInPieces(message, chunk, encoding, callback) {
  if (chunk) {
    message[kSocket]?.cork();
    writeBody(message, chunk, encoding, null, true);
  } else if (!message._header) {
    message[kSocket]?.cork();
    message._contentLength = 0;
    message._implicitHeader();
  }
  if (typeof callback === 'function') message.once('finish', callback);
  if (isLengthStrict(message) && message[kBytesWritten] !== message._contentLength) {
    throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(message[kBytesWritten], message._contentLength);
  }
  const finish = () => onFinish(message);
  if (message._hasBody && message.chunkedEncoding) message._send(`0\r\n${message._trailer}\r\n`, 'latin1', finish);
  else if (!message._headerSent || message.writableLength || chunk) message._send('', 'latin1', finish);
  else process.nextTick(finish);

  const socket = message[kSocket];
  if (socket) {
    socket._writableState.corked = 1; // whoever corked it, it is flushed now
    socket.uncork();
  }
  message[kCorked] = 1;
  message.uncork();
  message.finished = true;
  if (message.outputData.length === 0 && socket && socket._httpMessage === message) message._finish();
}

// All is handed to the socket, which may not have sent it yet.
OutgoingMessage.prototype._finish = function _finish() {
  if (this._events !== undefined) this.emit('prefinish');
};

// The socket is this message's from now on, or has room again.
OutgoingMessage.prototype._flush = function _flush() {
  const socket = this[kSocket];
  if (!socket?.writable) return;
  this._flushOutput(socket);
  if (this.finished) {
    this._finish();
  } else if (this[kNeedDrain] && this.writableLength === 0) {
    this[kNeedDrain] = false;
    this.emit('drain');
  }
};

OutgoingMessage.prototype._flushOutput = function _flushOutput(socket) {
  const pieces = this.outputData;
  if (pieces.length === 0) return undefined;
  this.outputData = [];
  socket.cork();
  let hasRoom;
  for (const { data, encoding, callback } of pieces) hasRoom = socket.write(data, encoding, callback);
  socket.uncork();
  this._onPendingData(-this.outputSize);
  this.outputSize = 0;
  return hasRoom;
};

OutgoingMessage.prototype.flushHeaders = function flushHeaders() {
  if (!this._header) this._implicitHeader();
  this._send('');
};

OutgoingMessage.prototype._implicitHeader = function _implicitHeader() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()');
};

OutgoingMessage.prototype._renderHeaders = function _renderHeaders() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  return Object.fromEntries(Object.values(this[kOutHeaders] ?? {}));
};

function emitClose(message) {
  if (message._closed) return;
  message._closed = true;
  message.emit('close');
}

OutgoingMessage.prototype.destroy = function destroy(error) {
  if (this.destroyed) return this;
  this.destroyed = true;
  this[kErrored] = error;
  if (this[kSocket]) this[kSocket].destroy(error);
  else process.nextTick(emitClose, this);
  return this;
};

OutgoingMessage.prototype.pipe = function pipe() {
  this.emit('error', new ERR_STREAM_CANNOT_PIPE());
};

OutgoingMessage.prototype[EventEmitter.captureRejectionSymbol] = function (error, event) {
  this.destroy(error);
};

module.exports = {
  checkInvalidHeaderChar,
  kHighWaterMark,
  kUniqueHeaders,
  onFinish,
  OutgoingMessage,
  parseUniqueHeadersOption,
  validateHeaderName,
  validateHeaderValue,
};
