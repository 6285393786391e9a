// SPDX-License-Identifier: Apache-2.0
//
// ClientHttp2Session, and http2.connect().
'use strict';

const { AsyncResource } = require('async_hooks');
const { addAbortListener } = require('events');
const net = require('net');
const constants = require('internal/http2/constants');
const { ClientHttp2Stream } = require('internal/http2/client_stream');
const { completeRequest, fieldsOf, kRequest, objectOf, objectOfRaw } = require('internal/http2/headers');
const { NghttpError } = require('internal/http2/nghttp2_error');
const { Http2Session, whenConnected } = require('internal/http2/session');
const { kHost, kInit, kOnHeaders, kPublish, kRequestResource, kState, kStreams, kUpdateTimer } = require('internal/http2/symbols');
const { schedule } = require('internal/http2/wire');
const { deprecate, kEmptyObject } = require('internal/util');
const {
  AbortError,
  codes: {
    ERR_HTTP2_GOAWAY_SESSION,
    ERR_HTTP2_INVALID_SESSION,
    ERR_HTTP2_OUT_OF_STREAMS,
    ERR_HTTP2_UNSUPPORTED_PROTOCOL,
    ERR_INVALID_ARG_TYPE,
  },
} = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');

const kAuthority = Symbol('authority');
const kScheme = Symbol('scheme');
const kIdNotAvailable = -509; // nghttp2's
const kOnPush = Symbol('onPush');
const kWithoutPayload = new Set(['DELETE', 'GET', 'HEAD']);

class ClientHttp2Session extends Http2Session {
  constructor(options, socket, authority, scheme) {
    super(constants.NGHTTP2_SESSION_CLIENT, options, socket);
    this[kAuthority] = authority;
    this[kScheme] = scheme;
  }

  get authority() {
    return this[kAuthority];
  }

  get scheme() {
    return this[kScheme];
  }

  request(headersParam, options) {
    const error = this.destroyed ? new ERR_HTTP2_INVALID_SESSION() : this.closed ? new ERR_HTTP2_GOAWAY_SESSION() : undefined;
    this[kUpdateTimer]();
    if (options !== undefined) {
      validateObject(options, 'options');
      for (const name of ['endStream', 'exclusive', 'silent']) if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
      warnOfWeight(options);
      if (options.parent !== undefined) validateNumber(options.parent, 'options.parent');
    }
    if (headersParam !== undefined && headersParam !== null && typeof headersParam !== 'object') throw new ERR_INVALID_ARG_TYPE('headers', 'Object', headersParam);
    const { headers, method } = completeRequest(this, headersParam ?? {});
    const fields = fieldsOf(headers, kRequest, this[kState].strictSingle);
    const end = options?.endStream ?? kWithoutPayload.has(method);
    const stream = new ClientHttp2Stream(this, undefined);
    const resource = new AsyncResource('PendingRequest');
    stream[kRequestResource] = resource;
    stream[kState].sentHeaders = objectOfRaw(headers);
    stream[kState].hasTrailers = Boolean(options?.waitForTrailers);
    if (end) stream.end();
    if (options?.signal) abortBy(stream, options.signal);
    if (error !== undefined) {
      process.nextTick(resource.bind(() => stream.destroy(error)));
      return stream;
    }
    if (this.connecting) whenConnected(this, resource.bind(() => startRequest(this, stream, fields, end)));
    else resource.runInAsyncScope(startRequest, undefined, this, stream, fields, end);
    stream[kPublish]('created', { headers: stream.sentHeaders });
    return stream;
  }

  [kOnHeaders](id, category, flags, list, sensitive) {
    const headers = objectOf(list, sensitive);
    const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const stream = this[kStreams].get(id);
    if (stream === undefined) {
      this[kOnPush](id, headers, flags, list, ends);
      return;
    }
    const event = eventOf(category, headers[':status'], ends);
    if (headers[':status'] === constants.HTTP_STATUS_MISDIRECTED_REQUEST && this.originSet !== undefined) {
      this[kState].originSet.delete(`${stream.sentHeaders[':scheme']}://${stream.sentHeaders[':authority']}`);
    }
    const resource = stream[kRequestResource];
    if (resource === undefined) process.nextTick(emitHeaders, stream, event, headers, flags, list);
    else resource.runInAsyncScope(process.nextTick, undefined, emitHeaders, stream, event, headers, flags, list);
    if (event === 'response' || event === 'push') stream[kPublish]('finish', { headers, flags });
    if (ends) stream.push(null);
  }

  [kOnPush](id, headers, flags, list, ends) {
    const stream = new ClientHttp2Stream(this, id);
    stream[kPublish]('created', { headers });
    stream[kPublish]('start', { headers });
    if (ends) stream.push(null);
    stream.end();
    if (ends) stream[kState].endAfterHeaders = true;
    process.nextTick(emitStream, this, stream, headers, flags, list);
  }
}

// nghttp2's categories of header blocks.
const kResponse = 1;
const kPushResponse = 2;

function eventOf(category, status, ends) {
  if (category === kResponse) return !ends && status >= 100 && status < 200 ? 'headers' : 'response';
  if (category === kPushResponse) return 'push';
  if (status !== undefined && status >= 200) return 'response';
  return ends ? 'trailers' : 'headers';
}

function emitHeaders(stream, event, headers, flags, list) {
  if (event === 'headers' && headers[':status'] === constants.HTTP_STATUS_CONTINUE) stream.emit('continue', headers, flags);
  stream.emit(event, headers, flags, list);
}

function emitStream(session, stream, headers, flags, list) {
  session.emit('stream', stream, headers, flags, list);
}

const warnOfPriority = deprecate(() => {}, 'Priority signaling has been deprecated as of RFC 9113.', 'DEP0194');

function warnOfWeight(options) {
  if (options.weight !== undefined) warnOfPriority();
}

function abortBy(stream, signal) {
  validateAbortSignal(signal, 'options.signal');
  const abort = () => stream.destroy(new AbortError(undefined, { cause: signal.reason }));
  if (signal.aborted) {
    abort();
    return;
  }
  const listener = addAbortListener(signal, abort);
  stream.once('close', () => listener[Symbol.dispose]());
}

function startRequest(session, stream, fields, end) {
  if (stream.session === undefined || session.destroyed) return;
  if (session.closed) {
    stream.destroy(new ERR_HTTP2_GOAWAY_SESSION());
    return;
  }
  const id = session[kHost].request(fields.text, fields.count, end, stream[kState].hasTrailers);
  schedule(session);
  if (id > 0) {
    stream[kInit](id);
    stream[kPublish]('start', { headers: stream.sentHeaders });
  } else if (id === kIdNotAvailable) stream.destroy(new ERR_HTTP2_OUT_OF_STREAMS());
  else session.destroy(new NghttpError(id));
}

// Where to connect to, from a string or an object like a URL.
function addressOf(authority, options) {
  if (typeof authority === 'string') authority = new URL(authority);
  if (typeof authority !== 'object' || authority === null) throw new ERR_INVALID_ARG_TYPE('authority', ['string', 'Object', 'URL'], authority);
  const protocol = authority.protocol || options.protocol || 'https:';
  const port = `${authority.port !== '' && authority.port !== undefined ? authority.port : protocol === 'http:' ? 80 : 443}`;
  let host = 'localhost';
  if (authority.hostname) {
    host = authority.hostname;
    if (host[0] === '[') host = host.slice(1, -1);
  } else if (authority.host) host = authority.host;
  return { host, port, protocol };
}

function socketFor({ host, port, protocol }, authority, options) {
  if (typeof options.createConnection === 'function') {
    return options.createConnection(typeof authority === 'string' ? new URL(authority) : authority, options);
  }
  if (protocol === 'http:') return net.connect({ port, host, ...options });
  if (protocol !== 'https:') throw new ERR_HTTP2_UNSUPPORTED_PROTOCOL(protocol);
  const servername = options.servername ?? (net.isIP(host) === 0 ? host : undefined);
  const { ALPNProtocols = ['h2'] } = options;
  return require('tls').connect(port, host, { ...options, ALPNProtocols, ...(servername === undefined ? null : { servername }) });
}

function connect(authority, options, listener) {
  if (typeof options === 'function') [options, listener] = [undefined, options];
  if (options !== undefined && (typeof options !== 'object' || options === null)) throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  options = { ...(options ?? kEmptyObject) };
  const address = addressOf(authority, options);
  if (typeof options.createConnection !== 'function' && address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new ERR_HTTP2_UNSUPPORTED_PROTOCOL(address.protocol);
  }
  const socket = socketFor(address, authority, options);
  const { host, port, protocol } = address;
  const shownHost = options.servername || (net.isIPv6(host) ? `[${host}]` : host);
  const session = new ClientHttp2Session(options, socket, `${shownHost}:${port}`, protocol.slice(0, -1));
  if (typeof listener === 'function') session.once('connect', listener);
  return session;
}

function connectLater(authority, options) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const session = connect(authority, options, () => {
    session.removeListener('error', reject);
    resolve(session);
  });
  session.once('error', reject);
  return promise;
}

Object.defineProperty(connectLater, 'name', { __proto__: null, configurable: true, value: 'connect' });
Object.defineProperty(connect, require('util').promisify.custom, {
  __proto__: null,
  value: connectLater,
});

module.exports = { ClientHttp2Session, connect };
