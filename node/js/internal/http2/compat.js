// SPDX-License-Identifier: Apache-2.0
//
// Requests and responses in the shape that `http` gives them, over streams of HTTP/2.
'use strict';

const { Readable, Stream } = require('stream');
const constants = require('internal/http2/constants');
const { assertValidHeader } = require('internal/http2/headers');
const {
  codes: {
    ERR_HTTP2_HEADERS_SENT,
    ERR_HTTP2_INFO_STATUS_NOT_ALLOWED,
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_NO_SOCKET_MANIPULATION,
    ERR_HTTP2_STATUS_INVALID,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_HTTP_TOKEN,
    ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const { validateFunction, validateLinkHeaderValue, validateObject, validateString } = require('internal/validators');

const kAssertOpen = Symbol('assertOpen');
const kBegin = Symbol('begin');
const kRequest = Symbol('request');
const kResponse = Symbol('response');
const kState = Symbol('state');
const kProxy = Symbol('proxy');

const kForbidden = new Set(['pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);
const kOfStream = new Set(['on', 'once', 'end', 'emit', 'destroy', 'ref', 'unref', 'setTimeout']);

// The socket of a request: the stream where that can, else the session's.
function socketOf(stream) {
  const from = (name) => (kOfStream.has(name) || name === 'writable' || name === 'readable' || name === 'destroyed' ? stream : (stream.session?.socket ?? stream));
  return new Proxy(stream, {
    __proto__: null,
    has: (_, name) => name in stream || (stream.session !== undefined && name in stream.session.socket),
    get(_, name) {
      if (kForbidden.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      const target = name === 'setTimeout' ? (stream.session ?? stream) : from(name);
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(stream.session?.socket ?? stream),
    set(_, name, value) {
      if (kForbidden.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      (name === 'setTimeout' ? (stream.session ?? stream) : from(name))[name] = value;
      return true;
    },
  });
}

class Http2ServerRequest extends Readable {
  constructor(stream, headers, options, rawHeaders) {
    super({ autoDestroy: false, ...options });
    this[kState] = { closed: false, didRead: false };
    this._headers = headers;
    this._rawHeaders = rawHeaders;
    this._trailers = {};
    this._rawTrailers = [];
    this._stream = stream;
    for (const name of ['_headers', '_rawHeaders', '_trailers', '_rawTrailers', '_stream']) {
      Object.defineProperty(this, name, { __proto__: null, enumerable: false, writable: true });
    }
    stream[kRequest] = this;
    stream.on('trailers', (trailers, flags, raw) => {
      Object.assign(this._trailers, trailers);
      this._rawTrailers.push(...raw);
    });
    stream.on('end', () => this.push(null));
    stream.on('aborted', () => {
      if (!this[kState].closed) this.emit('aborted');
    });
    stream.on('close', () => {
      this[kState].closed = true;
      this.push(null);
      if (!this[kState].didRead && this.readableFlowing === null) this.resume(); // for its 'end'
      this.emit('close');
    });
    stream.on('error', () => {}); // the response tells, and 'aborted'
    stream.on('timeout', () => this.emit('timeout'));
    this.on('pause', () => stream.pause());
    this.on('resume', () => {
      if (this[kState].didRead) stream.resume();
    });
  }

  get aborted() {
    return this._stream.aborted;
  }

  get complete() {
    return this.aborted || this.readableEnded || this[kState].closed || this._stream.destroyed;
  }

  get stream() {
    return this._stream;
  }

  get headers() {
    return this._headers;
  }

  get rawHeaders() {
    return this._rawHeaders;
  }

  get trailers() {
    return this._trailers;
  }

  get rawTrailers() {
    return this._rawTrailers;
  }

  get httpVersionMajor() {
    return 2;
  }

  get httpVersionMinor() {
    return 0;
  }

  get httpVersion() {
    return '2.0';
  }

  get socket() {
    return (this._stream[kProxy] ??= socketOf(this._stream));
  }

  get connection() {
    return this.socket;
  }

  get method() {
    return this._headers[':method'];
  }

  set method(method) {
    validateString(method, 'method');
    if (method.trim() === '') throw new ERR_INVALID_ARG_VALUE('method', method);
    this._headers[':method'] = method;
  }

  get authority() {
    return this._headers[':authority'] ?? this._headers.host ?? '';
  }

  get scheme() {
    return this._headers[':scheme'];
  }

  get url() {
    return this._headers[':path'];
  }

  set url(url) {
    this._headers[':path'] = url;
  }

  _read() {
    const stream = this._stream;
    if (!this[kState].didRead) {
      this[kState].didRead = true;
      stream.on('data', (chunk) => {
        if (!this.push(chunk)) stream.pause();
      });
    } else process.nextTick(() => stream.resume());
  }

  setTimeout(msecs, callback) {
    if (!this[kState].closed) this._stream.setTimeout(msecs, callback);
    return this;
  }
}

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
    stream[kResponse] = this;
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

function onServerStream(server, ServerRequest, ServerResponse, stream, headers, flags, rawHeaders) {
  const request = new ServerRequest(stream, headers, undefined, rawHeaders);
  const response = new ServerResponse(stream);
  if (headers[':method'] === 'CONNECT' && headers[':protocol'] === undefined) {
    if (server.emit('connect', request, response)) return;
    response.statusCode = constants.HTTP_STATUS_METHOD_NOT_ALLOWED;
    response.end();
    return;
  }
  if (headers.expect !== undefined) {
    if (headers.expect === '100-continue') {
      if (server.listenerCount('checkContinue') > 0) {
        server.emit('checkContinue', request, response);
        return;
      }
      response.writeContinue();
    } else if (server.listenerCount('checkExpectation') > 0) {
      server.emit('checkExpectation', request, response);
      return;
    } else {
      response.statusCode = constants.HTTP_STATUS_EXPECTATION_FAILED;
      response.end();
      return;
    }
  }
  server.emit('request', request, response);
}

module.exports = { Http2ServerRequest, Http2ServerResponse, onServerStream };
