// SPDX-License-Identifier: Apache-2.0
//
// Http2ServerRequest: a request in the shape that `http` gives it, over a stream of HTTP/2.
'use strict';

const { Readable } = require('stream');
const { kProxy, socketOf } = require('internal/http2/compat_socket');
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateString } = require('internal/validators');

const kRequest = Symbol('request'); // of a stream
const kState = Symbol('state');

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

module.exports = { Http2ServerRequest, kRequest };
