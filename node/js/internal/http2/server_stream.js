// SPDX-License-Identifier: Apache-2.0
//
// ServerHttp2Stream: a request that came, and what is answered.
'use strict';

const { utcDate } = require('internal/http');
const { fieldsOf, kPush, kResponse, objectOf, objectOfRaw, sensitiveHeaders } = require('internal/http2/headers');
const { endLocally, Http2Stream } = require('internal/http2/stream');
const { kFlush, kHost, kInit, kSession, kState, kUpdateTimer } = require('internal/http2/symbols');
const {
  codes: {
    ERR_HTTP2_HEADERS_AFTER_RESPOND,
    ERR_HTTP2_HEADERS_SENT,
    ERR_HTTP2_INVALID_INFO_STATUS,
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_NESTED_PUSH,
    ERR_HTTP2_PUSH_DISABLED,
    ERR_HTTP2_STATUS_101,
    ERR_HTTP2_STATUS_INVALID,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');

const withoutPayload = (status) => status === 204 || status === 205 || status === 304;

// The fields of a response with its status and date, as an object or an array like what was given.
function completeResponse(given, sendDate) {
  const isRaw = Array.isArray(given);
  if (isRaw && given.length % 2 === 1) throw new ERR_INVALID_ARG_VALUE('headers', given);
  const seen = objectOfRaw(isRaw ? given.map((item, i) => (i % 2 ? item : String(item).toLowerCase())) : (given ?? {}));
  const headers = isRaw ? [...given] : { __proto__: null, ...given };
  if (given?.[sensitiveHeaders] !== undefined) headers[sensitiveHeaders] = given[sensitiveHeaders];
  const status = seen[':status'] === undefined || seen[':status'] === null ? 200 : seen[':status'] | 0;
  if (status < 200 || status > 599) throw new ERR_HTTP2_STATUS_INVALID(seen[':status']);
  if (!isRaw) headers[':status'] = status;
  else if (seen[':status'] === undefined) headers.unshift(':status', '200');
  if (sendDate && (seen.date === undefined || seen.date === null)) {
    if (isRaw) headers.push('date', utcDate());
    else headers.date = utcDate();
  }
  return { headers, status };
}

class ServerHttp2Stream extends Http2Stream {
  isServer = true;

  constructor(session, options, headers) {
    super(session, options);
    this.protocol = headers[':scheme'];
    this.authority = headers[':authority'];
    this.headRequest = headers[':method'] === 'HEAD';
  }

  get pushAllowed() {
    const session = this[kSession];
    return !this.destroyed && !this.closed && !session.closed && !session.destroyed && session.remoteSettings.enablePush;
  }

  // Data before headers: they are the default ones.
  _proceed() {
    this.respond();
  }

  respond(headersParam, options) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (options !== undefined) validateObject(options, 'options');
    options = { ...options };
    this[kUpdateTimer]();
    const { headers, status } = completeResponse(headersParam, options.sendDate ?? true);
    const end = Boolean(options.endStream) || withoutPayload(status) || this.headRequest === true;
    const { list, sensitive } = fieldsOf(headers, kResponse, this[kSession][kState].strictSingle);
    this.sentHeaders = objectOfRaw(headers);
    const state = this[kState];
    if (end) this.end();
    else state.waitForTrailers = Boolean(options.waitForTrailers);
    this[kSession][kHost].headers(this.id, list, sensitive, end);
    this[kSession][kFlush]();
    this.publish('finish', { headers: this.sentHeaders, flags: end ? 5 : 4 });
    if (end) endLocally(this);
  }

  additionalHeaders(given) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_AFTER_RESPOND();
    validateObject(given, 'headers');
    const headers = { __proto__: null, ...given };
    if (headers[':status'] !== undefined && headers[':status'] !== null) {
      const status = (headers[':status'] |= 0);
      if (status === 101) throw new ERR_HTTP2_STATUS_101();
      if (status < 100 || status >= 200) throw new ERR_HTTP2_INVALID_INFO_STATUS(given[':status']);
    }
    this[kUpdateTimer]();
    const { list, sensitive } = fieldsOf(headers, kResponse);
    (this.sentInfoHeaders ??= []).push(headers);
    this[kSession][kHost].headers(this.id, list, sensitive, false);
    this[kSession][kFlush]();
  }

  pushStream(headersParam, options, callback) {
    if (!this.pushAllowed) throw new ERR_HTTP2_PUSH_DISABLED();
    if (this.id % 2 === 0) throw new ERR_HTTP2_NESTED_PUSH();
    if (typeof options === 'function') [options, callback] = [undefined, options];
    validateFunction(callback, 'callback');
    if (options !== undefined) validateObject(options, 'options');
    this[kUpdateTimer]();
    const headers = { __proto__: null, ...headersParam };
    headers[':method'] ??= 'GET';
    headers[':authority'] ??= this.authority;
    headers[':scheme'] ??= this.protocol;
    headers[':path'] ??= '/';
    const isHead = headers[':method'] === 'HEAD';
    const { list, sensitive } = fieldsOf(headers, kPush);
    const session = this[kSession];
    const id = session[kHost].push(this.id, list, sensitive);
    session[kFlush]();
    const shown = objectOf(list, sensitive);
    const stream = new ServerHttp2Stream(session, { readable: false }, shown);
    stream.push(null);
    stream[kState].remoteEnded = stream[kState].remoteEndShown = true;
    stream[kInit](id);
    stream.publish('created', { headers: shown });
    if (isHead) {
      stream.headRequest = stream[kState].endAfterHeaders = stream[kState].endsWithHeaders = true;
      stream.end();
    }
    process.nextTick(() => {
      stream.publish('start', { headers: shown });
      callback(null, stream, headers, 0);
    });
  }

  respondWithFile(path, headers, options) {
    require('internal/http2/respond_with_file').respondWithFile(this, path, headers, options);
  }

  respondWithFD(fd, headers, options) {
    require('internal/http2/respond_with_file').respondWithFD(this, fd, headers, options);
  }
}

module.exports = { completeResponse, ServerHttp2Stream, withoutPayload };
