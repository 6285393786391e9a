// SPDX-License-Identifier: Apache-2.0
//
// Http2ServerResponse: a response in the shape that `http` gives it, over a stream of HTTP/2.
'use strict';

const { Stream } = require('stream');
const { kRequest } = require('internal/http2/compat_request');
const { kProxy, socketOf } = require('internal/http2/compat_socket');
const constants = require('internal/http2/constants');
const { assertValidHeader } = require('internal/http2/headers');
const {
  codes: {
    ERR_HTTP2_HEADERS_SENT,
    ERR_HTTP2_INFO_STATUS_NOT_ALLOWED,
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_STATUS_INVALID,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_HTTP_TOKEN,
    ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const { validateFunction, validateLinkHeaderValue, validateObject, validateString } = require('internal/validators');

const kAssertOpen = Symbol('assertOpen');
const kBegin = Symbol('begin');
const kState = Symbol('state');

function nameOf(name) {
  validateString(name, 'name');
  return name.trim().toLowerCase();
}

class Http2ServerResponse extends Stream {
  constructor(stream, options) {
    super(options);
    this[kState] = { closed: false, ending: false, destroyed: false, headRequest: false, sendDate: true, statusCode: 200 };
    this._headers = { __proto__: null };
    this._trailers = { __proto__: null };
    this._stream = stream;
    for (const name of ['_headers', '_trailers', '_stream']) Object.defineProperty(this, name, { __proto__: null, enumerable: false, writable: true });
    this.writable = true;
    this.req = stream[kRequest];
    stream.on('drain', () => this.emit('drain'));
    stream.on('aborted', () => {});
    stream.on('close', () => {
      const state = this[kState];
      if (state.closed) return;
      state.closed = true;
      this.emit('finish');
      this.emit('close');
    });
    stream.on('wantTrailers', () => stream.sendTrailers(this._trailers));
    stream.on('timeout', () => this.emit('timeout'));
  }

  get writableEnded() {
    return this[kState].ending;
  }

  get finished() {
    return this[kState].ending;
  }

  get socket() {
    if (this[kState].closed) return undefined;
    return (this._stream[kProxy] ??= socketOf(this._stream));
  }

  get connection() {
    return this.socket;
  }

  get stream() {
    return this._stream;
  }

  get headersSent() {
    return this._stream.headersSent;
  }

  get sendDate() {
    return this[kState].sendDate;
  }

  set sendDate(value) {
    this[kState].sendDate = Boolean(value);
  }

  get statusCode() {
    return this[kState].statusCode;
  }

  set statusCode(code) {
    code |= 0;
    if (code >= 100 && code < 200) throw new ERR_HTTP2_INFO_STATUS_NOT_ALLOWED();
    if (code < 100 || code > 599) throw new ERR_HTTP2_STATUS_INVALID(code);
    this[kState].statusCode = code;
  }

  get statusMessage() {
    warnOfStatusMessage();
    return '';
  }

  set statusMessage(_message) {
    warnOfStatusMessage();
  }

  get writableCorked() {
    return this._stream.writableCorked;
  }

  get writableHighWaterMark() {
    return this._stream.writableHighWaterMark;
  }

  get writableFinished() {
    return this._stream.writableFinished;
  }

  get writableLength() {
    return this._stream.writableLength;
  }

  get _header() {
    return this.headersSent;
  }

  cork() {
    this._stream.cork();
  }

  uncork() {
    this._stream.uncork();
  }

  setTrailer(name, value) {
    name = nameOf(name);
    if (isDropped(name, value)) return;
    assertValidHeader(name, value);
    this._trailers[name] = value;
  }

  addTrailers(headers) {
    for (const key of Object.keys(headers)) this.setTrailer(key, headers[key]);
  }

  getHeader(name) {
    return this._headers[nameOf(name)];
  }

  getHeaderNames() {
    return Object.keys(this._headers);
  }

  getHeaders() {
    return { __proto__: null, ...this._headers };
  }

  hasHeader(name) {
    return Object.hasOwn(this._headers, nameOf(name));
  }

  removeHeader(name) {
    name = nameOf(name);
    if (this._stream.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (name === 'date') this[kState].sendDate = false;
    delete this._headers[name];
  }

  setHeader(name, value) {
    name = nameOf(name);
    if (isDropped(name, value)) return;
    this[kAssertOpen](name, value);
    if (name[0] === ':') {
      assertValidHeader(name, value);
      return;
    }
    this._headers[name] = value;
  }

  appendHeader(name, value) {
    name = nameOf(name);
    if (isDropped(name, value)) return;
    this[kAssertOpen](name, value);
    const existing = this._headers[name];
    if (existing === undefined || existing === null) this._headers[name] = value;
    else this._headers[name] = [existing, value].flat();
  }

  [kAssertOpen](name, value) {
    assertValidHeader(name, value);
    if (!/^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/.test(name) && name[0] !== ':') throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
    if (this._stream.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
  }

  flushHeaders() {
    if (!this[kState].closed && !this._stream.headersSent) this.writeHead(this[kState].statusCode);
  }

  writeHead(statusCode, statusMessage, headers) {
    const state = this[kState];
    if (state.closed || this._stream.destroyed || this._stream.closed) return this;
    if (this._stream.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (typeof statusMessage === 'string') warnOfStatusMessage();
    if (headers === undefined && typeof statusMessage === 'object') headers = statusMessage;
    if (Array.isArray(headers)) {
      if (Array.isArray(headers[0])) headers = headers.flat();
      if (headers.length % 2 === 1) throw new ERR_INVALID_ARG_VALUE('headers', headers);
      const given = new Set();
      for (let i = 0; i < headers.length; i += 2) {
        if (given.has(headers[i])) this.appendHeader(headers[i], headers[i + 1]);
        else this.setHeader(headers[i], headers[i + 1]);
        given.add(headers[i]);
      }
    } else if (typeof headers === 'object' && headers !== null) {
      for (const key of Object.keys(headers)) this.setHeader(key, headers[key]);
    }
    state.statusCode = statusCode;
    this[kBegin](false);
    return this;
  }

  [kBegin](endStream) {
    const state = this[kState];
    this._headers[':status'] = state.statusCode;
    const headers = this._headers;
    this._headers = { __proto__: null, ...headers };
    delete this._headers[':status'];
    this._stream.respond(headers, { endStream, waitForTrailers: true, sendDate: state.sendDate });
  }

  assignSocket(socket) {
    if (socket._httpMessage) {
      const { ERR_HTTP_SOCKET_ASSIGNED } = require('internal/errors').codes;
      throw new ERR_HTTP_SOCKET_ASSIGNED();
    }
    socket._httpMessage = this;
    this._stream[kProxy] = socket;
  }

  detachSocket(socket) {
    socket._httpMessage = null;
  }

  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') [encoding, callback] = ['utf8', encoding];
    const state = this[kState];
    let error;
    if (state.ending) error = new ERR_STREAM_WRITE_AFTER_END();
    else if (state.closed) error = new ERR_HTTP2_INVALID_STREAM();
    else if (this._stream.destroyed) return false;
    if (error !== undefined) {
      if (typeof callback === 'function') process.nextTick(callback, error);
      this.destroy(error);
      return false;
    }
    if (!this._stream.headersSent) this.writeHead(state.statusCode);
    return this._stream.write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, encoding, callback] = [undefined, undefined, chunk];
    else if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    const state = this[kState];
    const stream = this._stream;
    if (state.closed || state.ending || stream.destroyed) {
      if (typeof callback === 'function') {
        if (state.ending && !state.closed) this.once('finish', callback);
        else process.nextTick(callback);
      }
      return this;
    }
    if (chunk !== null && chunk !== undefined) this.write(chunk, encoding);
    state.headRequest = stream.headRequest;
    state.ending = true;
    if (typeof callback === 'function') {
      if (stream.writableEnded) this.once('finish', callback);
      else stream.once('finish', callback);
    }
    if (!stream.headersSent) {
      const isEmpty = Object.keys(this._trailers).length === 0;
      this[kBegin](isEmpty);
      if (!isEmpty) stream.end();
    } else stream.end();
    return this;
  }

  destroy(error) {
    if (this[kState].destroyed) return;
    this[kState].destroyed = true;
    this._stream.destroy(error);
  }

  createPushResponse(headers, callback) {
    validateFunction(callback, 'callback');
    if (this[kState].closed) {
      process.nextTick(callback, new ERR_HTTP2_INVALID_STREAM());
      return;
    }
    this._stream.pushStream(headers, {}, (error, stream) => {
      if (error) callback(error);
      else callback(null, new Http2ServerResponse(stream));
    });
  }

  writeContinue() {
    const stream = this._stream;
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ':status': constants.HTTP_STATUS_CONTINUE });
    return true;
  }

  writeInformation(statusCode, headers) {
    if (this._stream.headersSent || this[kState].closed) return false;
    this._stream.additionalHeaders({ ...headers, ':status': statusCode });
    return true;
  }

  writeEarlyHints(hints) {
    validateObject(hints, 'hints');
    const headers = { __proto__: null };
    const link = validateLinkHeaderValue(hints.link);
    for (const key of Object.keys(hints)) if (key !== 'link') headers[key] = hints[key];
    if (link.length === 0) return false;
    if (this._stream.headersSent || this[kState].closed) return false;
    this._stream.additionalHeaders({ ...headers, ':status': constants.HTTP_STATUS_EARLY_HINTS, Link: link });
    return true;
  }

  setTimeout(msecs, callback) {
    if (!this[kState].closed) this._stream.setTimeout(msecs, callback);
  }
}

// Said once: HTTP/2 has no such field.
function isDropped(name, value) {
  if (name !== 'connection' || String(value).trim().toLowerCase() === 'trailers') return false;
  if (!hasWarnedOfConnection) {
    hasWarnedOfConnection = true;
    process.emitWarning(
      'The provided connection header is not valid, the value will be dropped from the header and will never be in use.',
      'UnsupportedWarning'
    );
  }
  return true;
}
let hasWarnedOfConnection = false;

let hasWarned = false;
function warnOfStatusMessage() {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning('Status message is not supported by HTTP/2 (RFC7540 8.1.2.4)', 'UnsupportedWarning');
}

module.exports = { Http2ServerResponse };
