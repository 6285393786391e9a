// SPDX-License-Identifier: Apache-2.0
//
// ServerHttp2Session, and the servers: over TCP, and over TLS with ALPN.
'use strict';

const EventEmitter = require('events');
const net = require('net');
const constants = require('internal/http2/constants');
const { objectOf } = require('internal/http2/headers');
const { ServerHttp2Stream } = require('internal/http2/server_stream');
const { Http2Session } = require('internal/http2/session');
const { validateSettings } = require('internal/http2/settings');
const { kHost, kOnHeaders, kPublish, kState, kStreams } = require('internal/http2/symbols');
const { schedule } = require('internal/http2/wire');
const {
  codes: {
    ERR_HTTP2_ALTSVC_INVALID_ORIGIN,
    ERR_HTTP2_ALTSVC_LENGTH,
    ERR_HTTP2_INVALID_ORIGIN,
    ERR_HTTP2_INVALID_SESSION,
    ERR_HTTP2_ORIGIN_LENGTH,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_CHAR,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateInteger, validateObject, validateString } = require('internal/validators');

const kMaxAltsvc = 16382;
const kOptions = Symbol('options');
const kServer = Symbol('server');
const kServes = Symbol('serves');
const kSessions = Symbol('sessions');

class ServerHttp2Session extends Http2Session {
  constructor(options, socket, server) {
    super(constants.NGHTTP2_SESSION_SERVER, options, socket);
    this[kServer] = server;
    if (server !== undefined) {
      server[kSessions].add(this);
      this.once('close', () => server[kSessions].delete(this));
    }
  }

  get server() {
    return this[kServer];
  }

  altsvc(alt, originOrStream) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    let stream = 0;
    let origin = '';
    if (typeof originOrStream === 'string') origin = new URL(originOrStream).origin;
    else if (typeof originOrStream === 'number') {
      if (originOrStream >>> 0 !== originOrStream || originOrStream === 0) throw new ERR_OUT_OF_RANGE('originOrStream', `> 0 && < ${2 ** 32}`, originOrStream);
      stream = originOrStream;
    } else if (originOrStream instanceof URL || typeof originOrStream?.origin === 'string') origin = originOrStream.origin;
    else if (originOrStream !== undefined) throw new ERR_INVALID_ARG_TYPE('originOrStream', ['string', 'number', 'URL', 'object'], originOrStream);
    validateString(alt, 'alt');
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(alt)) throw new ERR_INVALID_CHAR('alt');
    if (origin === 'null' || (origin === '' && typeof originOrStream === 'object')) throw new ERR_HTTP2_ALTSVC_INVALID_ORIGIN();
    if (Buffer.byteLength(origin) + Buffer.byteLength(alt) > kMaxAltsvc) throw new ERR_HTTP2_ALTSVC_LENGTH();
    this[kHost].altsvc(stream, Buffer.from(origin), Buffer.from(alt, 'latin1'));
    schedule(this);
  }

  origin(...origins) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (origins.length === 0) return;
    const shown = origins.map((given) => {
      if (typeof given === 'string') return new URL(given).origin;
      if (typeof given !== 'object' || given === null) throw new ERR_INVALID_ARG_TYPE('origin', ['string', 'URL'], given);
      if (typeof given.origin !== 'string') throw new ERR_INVALID_ARG_TYPE('origin', ['string', 'URL'], given);
      return given.origin;
    });
    if (shown.includes('null')) throw new ERR_HTTP2_INVALID_ORIGIN();
    const size = shown.reduce((sum, origin) => sum + origin.length, 0);
    if (size > kMaxAltsvc) throw new ERR_HTTP2_ORIGIN_LENGTH();
    this[kHost].origin(shown.map((origin) => Buffer.from(origin, 'latin1')));
    schedule(this);
  }

  [kOnHeaders](id, category, flags, list, sensitive) {
    const headers = objectOf(list, sensitive);
    const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const known = this[kStreams].get(id);
    if (known !== undefined) {
      process.nextTick(emitHeaders, known, ends ? 'trailers' : 'headers', headers, flags, list);
      if (ends) known.push(null);
      return;
    }
    const stream = new ServerHttp2Stream(this, id, headers);
    stream[kPublish]('created', { headers });
    stream[kPublish]('start', { headers });
    if (ends) {
      stream.push(null);
      stream[kState].endAfterHeaders = true;
    }
    if (headers[':method'] === 'HEAD') {
      stream.end();
      stream[kState].isHead = true;
    }
    process.nextTick(emitStream, this, stream, headers, flags, list);
  }
}

function emitHeaders(stream, event, headers, flags, list) {
  stream.emit(event, headers, flags, list);
}

function emitStream(session, stream, headers, flags, list) {
  session.emit('stream', stream, headers, flags, list);
}

// --- servers ---

function initializeOptions(options) {
  if (options !== undefined) validateObject(options, 'options');
  options = { ...options };
  if (options.settings !== undefined) validateObject(options.settings, 'options.settings');
  options.settings = { ...options.settings };
  validateSettings(options.settings);
  for (const name of ['maxSessionInvalidFrames', 'maxSessionRejectedStreams', 'unknownProtocolTimeout']) {
    if (options[name] !== undefined) validateInteger(options[name], name, 0, 2 ** 32 - 1);
  }
  options.unknownProtocolTimeout ??= 10_000;
  const http = require('http');
  options.Http1IncomingMessage ||= options.http1Options?.IncomingMessage || http.IncomingMessage;
  options.Http1ServerResponse ||= options.http1Options?.ServerResponse || http.ServerResponse;
  options.Http2ServerRequest ||= require('internal/http2/compat_request').Http2ServerRequest;
  options.Http2ServerResponse ||= require('internal/http2/compat_response').Http2ServerResponse;
  return options;
}

function onUnknownProtocol(server, socket) {
  const timer = setTimeout(() => socket.destroy(), server[kOptions].unknownProtocolTimeout);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  if (server.emit('unknownProtocol', socket)) return;
  const text = `${socket.alpnProtocol ? 'Unknown' : 'Missing'} ALPN Protocol, expected \`h2\` to be available.\nIf this is a HTTP request: The server was not configured with the \`allowHTTP1\` option or a listener for the \`unknownProtocol\` event.\n`;
  socket.end(`HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function onConnection(socket) {
  const options = this[kOptions];
  socket.on('error', () => {}); // a session tells of it; without one nobody cares
  if (socket.alpnProtocol === false || socket.alpnProtocol === 'http/1.1') {
    if (options.allowHTTP1 === true) {
      socket.server = this;
      require('_http_server')._connectionListener.call(this, socket);
      return;
    }
    onUnknownProtocol(this, socket);
    return;
  }
  const session = new ServerHttp2Session(options, socket, this);
  session.on('stream', (stream, headers, flags, list) => {
    this.emit('stream', stream, headers, flags, list);
  });
  session.on('error', (error) => this.emit('sessionError', error, session));
  if (this.timeout) session.setTimeout(this.timeout);
  session.on('timeout', () => {
    if (session.destroyed) return;
    if (!this.emit('timeout', session)) session.destroy();
  });
  this.emit('session', session);
}

function setServerTimeout(msecs, callback) {
  this.timeout = msecs;
  if (callback !== undefined) {
    if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
    this.on('timeout', callback);
  }
  return this;
}

function updateSettings(settings) {
  validateObject(settings, 'settings');
  validateSettings(settings);
  this[kOptions].settings = { ...this[kOptions].settings, ...settings };
}

function prepare(server, options, listener) {
  server[kOptions] = options;
  server[kSessions] = new Set();
  server.timeout = 0;
  server.on('newListener', (name) => {
    if (name === 'request' && !server[kServes]) serveRequests(server);
  });
  server[kServes] = false;
  if (typeof listener === 'function') server.on('request', listener);
}

function serveRequests(server) {
  server[kServes] = true;
  const { onServerStream } = require('internal/http2/compat');
  const { Http2ServerRequest, Http2ServerResponse } = server[kOptions];
  server.on('stream', (...rest) => onServerStream(server, Http2ServerRequest, Http2ServerResponse, ...rest));
}

function closeSessions(server) {
  for (const session of server[kSessions]) session.close();
}

function captured(error, event, ...args) {
  switch (event) {
    case 'stream': {
      const [stream] = args;
      stream.sentHeaders ? stream.destroy(error) : (stream.respond({ ':status': 500 }), stream.end());
      break;
    }
    case 'request': {
      const [, response] = args;
      if (response.headersSent || response.stream === undefined) response.stream?.destroy(error);
      else {
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        response.statusCode = 500;
        response.end('Internal Server Error');
      }
      break;
    }
    default:
      this.emit('error', error);
  }
}

class Http2Server extends net.Server {
  constructor(options, listener) {
    options = initializeOptions(options);
    super(options);
    prepare(this, options, listener);
    this.on('connection', onConnection);
  }

  close(...rest) {
    Reflect.apply(net.Server.prototype.close, this, rest);
    closeSessions(this);
    return this;
  }

  async [Symbol.asyncDispose]() {
    return require('util').promisify(super.close).call(this);
  }
}

function makeSecureServer() {
  const tls = require('tls');
  const { Server: HttpsServer } = require('https');

  class Http2SecureServer extends tls.Server {
    constructor(options, listener) {
      options = initializeOptions(options);
      options.ALPNProtocols ??= options.ALPNCallback ? undefined : ['h2', ...(options.allowHTTP1 === true ? ['http/1.1'] : [])];
      super(options);
      prepare(this, options, listener);
      if (options.allowHTTP1 === true) {
        const http = require('_http_server');
        http.storeHTTPOptions.call(this, { ...options, ...options.http1Options });
        this.headersTimeout = 60_000;
        this.requestTimeout = 300_000;
        this.on('listening', http.setupConnectionsTracking);
      }
      this.on('secureConnection', onConnection);
      this.on('tlsClientError', (error, socket) => {
        if (!this.emit('clientError', error, socket)) socket.destroy(error);
      });
    }

    close(...rest) {
      if (this[kOptions].allowHTTP1 === true) require('_http_server').httpServerPreClose(this);
      Reflect.apply(tls.Server.prototype.close, this, rest);
      closeSessions(this);
      return this;
    }

    closeIdleConnections() {
      if (this[kOptions].allowHTTP1 === true) HttpsServer.prototype.closeIdleConnections.call(this);
    }
  }
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(Http2SecureServer.prototype, name, { __proto__: null, configurable: true, value, writable: true });
  return Http2SecureServer;
}

const methods = { setTimeout: setServerTimeout, updateSettings, [EventEmitter.captureRejectionSymbol]: captured };
for (const name of Reflect.ownKeys(methods)) {
  Object.defineProperty(Http2Server.prototype, name, { __proto__: null, configurable: true, value: methods[name], writable: true });
}

function createServer(options, listener) {
  if (typeof options === 'function') [options, listener] = [{}, options];
  return new Http2Server(options, listener);
}

let Http2SecureServer;
function createSecureServer(options, listener) {
  Http2SecureServer ??= makeSecureServer();
  return new Http2SecureServer(options, listener);
}

// A session on a socket that is no server's.
function performServerHandshake(socket, options = {}) {
  return new ServerHttp2Session(initializeOptions(options), socket, undefined);
}

module.exports = { createSecureServer, createServer, performServerHandshake, ServerHttp2Session };
