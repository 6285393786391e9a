// SPDX-License-Identifier: Apache-2.0
//
// ClientHttp2Session, and http2.connect().
'use strict';

const { addAbortListener } = require('events');
const net = require('net');
const constants = require('internal/http2/constants');
const { ClientHttp2Stream } = require('internal/http2/client_stream');
const { completeRequest, fieldsOf, kRequest, objectOf, objectOfRaw } = require('internal/http2/headers');
const { emitOn, Http2Session, kSocket } = require('internal/http2/session');
const { endLocally } = require('internal/http2/stream');
const { kFlush, kHost, kInit, kState, kStreams, kUpdateTimer } = require('internal/http2/symbols');
const { kEmptyObject } = require('internal/util');
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

  // The origins that the server answers for, as far as its certificate has been looked at.
  get originSet() {
    const socket = this[kSocket];
    if (socket === undefined || !socket.encrypted) return undefined;
    const host = socket.servername || socket.remoteAddress;
    const shown = net.isIPv6(host) ? `[${host}]` : host;
    return [new URL(`https://${shown}${socket.remotePort == null ? '' : `:${socket.remotePort}`}`).origin];
  }

  request(headersParam, options) {
    const error = this.destroyed ? new ERR_HTTP2_INVALID_SESSION() : this.closed ? new ERR_HTTP2_GOAWAY_SESSION() : undefined;
    this[kUpdateTimer]();
    if (options !== undefined) {
      validateObject(options, 'options');
      for (const name of ['endStream', 'exclusive', 'silent']) if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
      if (options.parent !== undefined) validateNumber(options.parent, 'options.parent');
    }
    if (headersParam !== undefined && headersParam !== null && typeof headersParam !== 'object') throw new ERR_INVALID_ARG_TYPE('headers', 'Object', headersParam);
    const { headers, method } = completeRequest(this, headersParam ?? {});
    const fields = fieldsOf(headers, kRequest, this[kState].strictSingle);
    const shown = objectOfRaw(headers);
    const end = options?.endStream ?? kWithoutPayload.has(method);
    const stream = new ClientHttp2Stream(this, undefined, {});
    stream.sentHeaders = shown;
    stream[kState].waitForTrailers = Boolean(options?.waitForTrailers);
    if (end) stream.end();
    if (options?.signal) abortBy(stream, options.signal);
    stream.publish('created', { headers: shown });
    if (error !== undefined) {
      stream.destroy(error);
      return stream;
    }
    this[kState].pending.add(stream);
    const onConnect = () => startRequest(this, stream, fields, end && !stream[kState].waitForTrailers, shown);
    if (this.connecting) this[kState].onStart.push(onConnect);
    else onConnect();
    return stream;
  }

  onHeaders_(id, kind, list, sensitive, end) {
    const stream = this[kStreams].get(id);
    if (stream === undefined || stream.destroyed) return;
    stream[kUpdateTimer]();
    const headers = objectOf(list, sensitive);
    const flags = end ? 5 : 4;
    if (end && kind !== 'trailers') stream[kState].endAfterHeaders = true;
    if (kind === 'response') {
      process.nextTick(emitOn, stream, stream.isPushed ? 'push' : 'response', headers, flags, list);
      process.nextTick(() => stream.publish('finish', { headers, flags }));
    } else process.nextTick(emitOn, stream, kind === 'information' ? 'headers' : 'trailers', headers, flags, list);
  }

  onPush_(parent, id, list, sensitive) {
    const headers = objectOf(list, sensitive);
    const stream = new ClientHttp2Stream(this, id, {});
    stream.isPushed = true;
    stream[kState].localEnded = true;
    stream[kInit](id);
    stream.end();
    if (this.listenerCount('stream') === 0) {
      stream.on('error', () => {}); // nobody knows of it
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    process.nextTick(() => {
      stream.publish('created', { headers });
      emitOn(this, 'stream', stream, headers, 0, list);
      stream.publish('start', { headers });
    });
  }
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

function startRequest(session, stream, { list, sensitive }, end, shown) {
  session[kState].pending.delete(stream);
  if (stream.destroyed || session.destroyed) return;
  if (session.closed) {
    stream.destroy(new ERR_HTTP2_GOAWAY_SESSION());
    return;
  }
  const id = session[kHost].request(list, sensitive, end);
  session[kFlush]();
  if (id < 0) {
    stream.destroy(new ERR_HTTP2_OUT_OF_STREAMS());
    return;
  }
  if (end) stream[kState].localEnded = true;
  stream[kInit](id);
  if (end) endLocally(stream);
  stream.publish('start', { headers: shown });
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
  internalBinding('http2_host'); // says what is missing before there is a socket
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
