// SPDX-License-Identifier: Apache-2.0
//
// ServerHttp2Stream: a request that came, and what is answered.
'use strict';

const { utcDate } = require('internal/http');
const { fieldsOf, kPush, kResponse, objectOf, objectOfRaw, sensitiveHeaders } = require('internal/http2/headers');
const { NghttpError } = require('internal/http2/nghttp2_error');
const { Http2Stream } = require('internal/http2/stream');
const { kHost, kInit, kProceed, kPublish, kSession, kState, kUpdateTimer } = require('internal/http2/symbols');
const { schedule } = require('internal/http2/wire');
const {
  codes: {
    ERR_HTTP2_HEADERS_AFTER_RESPOND,
    ERR_HTTP2_HEADERS_SENT,
    ERR_HTTP2_INVALID_INFO_STATUS,
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_NESTED_PUSH,
    ERR_HTTP2_OUT_OF_STREAMS,
    ERR_HTTP2_PUSH_DISABLED,
    ERR_HTTP2_STATUS_101,
    ERR_HTTP2_STATUS_INVALID,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');

const kIdNotAvailable = -509; // nghttp2's

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
  else if (seen[':status'] === undefined) headers.unshift(':status', status);
  if (sendDate && (seen.date === undefined || seen.date === null)) {
    if (isRaw) headers.push('date', utcDate());
    else headers.date = utcDate();
  }
  return { headers, status };
}

class ServerHttp2Stream extends Http2Stream {
  constructor(session, id, headers) {
    super(session);
    this[kInit](id);
    this.protocol = headers[':scheme'];
    this.authority = headers[':authority'];
  }

  get pushAllowed() {
    const session = this[kSession];
    return !this.destroyed && !this.closed && session !== undefined && !session.closed && !session.destroyed && session.remoteSettings.enablePush;
  }

  // Data before headers: they are the default ones.
  [kProceed]() {
    this.respond();
  }

  respond(headersParam, options) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (options !== undefined) validateObject(options, 'options');
    this[kUpdateTimer]();
    const { headers, status } = completeResponse(headersParam, options?.sendDate ?? true);
    const end = Boolean(options?.endStream) || withoutPayload(status) || this.headRequest === true;
    const fields = fieldsOf(headers, kResponse, this[kSession][kState].strictSingle);
    const state = this[kState];
    state.headersSent = true;
    state.sentHeaders = objectOfRaw(headers);
    if (end) this.end();
    else state.hasTrailers = Boolean(options?.waitForTrailers);
    const session = this[kSession];
    const result = session[kHost].respond(this.id, fields.text, fields.count, end || state.isShutDown, state.hasTrailers);
    schedule(session);
    if (result < 0) {
      this.destroy(new NghttpError(result));
      return;
    }
    this[kPublish]('finish', { headers: state.sentHeaders, flags: end ? 5 : 4 });
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
    const { text, count } = fieldsOf(headers, kResponse, this[kSession][kState].strictSingle);
    (this[kState].sentInfoHeaders ??= []).push(headers);
    const result = this[kSession][kHost].inform(this.id, text, count);
    schedule(this[kSession]);
    if (result < 0) this.destroy(new NghttpError(result));
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
    const { text, count, list, sensitive } = fieldsOf(headers, kPush, this[kSession][kState].strictSingle);
    const session = this[kSession];
    const id = session[kHost].push(this.id, text, count);
    schedule(session);
    if (id <= 0) {
      const error = id === kIdNotAvailable ? new ERR_HTTP2_OUT_OF_STREAMS() : new NghttpError(id);
      process.nextTick(callback, error);
      return;
    }
    const shown = objectOf(list, sensitive);
    const stream = new ServerHttp2Stream(session, id, shown);
    stream[kState].sentHeaders = undefined;
    stream.push(null);
    if (isHead) {
      stream[kState].isHead = true;
      stream.end();
    }
    stream[kPublish]('created', { headers: shown });
    process.nextTick(() => {
      stream[kPublish]('start', { headers: shown });
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
