// SPDX-License-Identifier: Apache-2.0
//
// ClientRequest: what http.request() makes. What happens on its socket is in internal/http/client_connection.
'use strict';

const { Buffer } = require('buffer');
const net = require('net');
const { addAbortSignal, finished } = require('stream');
const Agent = require('_http_agent');
const { _checkIsHttpToken: checkIsHttpToken } = require('_http_common');
const { OutgoingMessage, parseUniqueHeadersOption } = require('_http_outgoing');
const { channel } = require('diagnostics_channel');
const { kOutHeaders, kUniqueHeaders, validateLeniency } = require('internal/http');
const { attach, emitErrorEvent, listenForTimeout, onSocketError } = require('internal/http/client_connection');
const observed = require('internal/perf/observed');
const { startTiming } = require('internal/http/timing');
const {
  ConnResetException,
  codes: {
    ERR_HTTP_HEADERS_SENT,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_HTTP_TOKEN,
    ERR_INVALID_PROTOCOL,
    ERR_UNESCAPED_CHARACTERS,
  },
} = require('internal/errors');
const { URL, isURL, urlToHttpOptions } = require('internal/url');
const { validateBoolean, validateInteger, validateString } = require('internal/validators');
const { getTimerDuration } = require('internal/net/timeout');

const requestCreated = channel('http.client.request.created');
const requestStart = channel('http.client.request.start');

const illegalInPath = /[^\u0021-\u00ff]/;
const kError = Symbol('kError');
const kPath = Symbol('kPath');
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

// --- Arguments ------------------------------------------------------------------------------------------------------

// [options, callback]
function readArguments(input, options, callback) {
  if (typeof input === 'string') input = urlToHttpOptions(new URL(input));
  else if (isURL(input)) input = urlToHttpOptions(input);
  else {
    callback = options;
    options = input;
    input = null;
  }
  if (typeof options === 'function') return [input || {}, options];
  return [{ __proto__: null, ...input, ...options }, callback];
}

function chooseAgent(options, defaultAgent) {
  const { agent } = options;
  if (agent === false) return new defaultAgent.constructor();
  if (agent === null || agent === undefined) {
    return typeof options.createConnection === 'function' ? agent : defaultAgent;
  }
  if (typeof agent.addRequest !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options.agent', ['Agent-like Object', 'undefined', 'false'], agent);
  }
  return agent;
}

function validateHost(host, name) {
  if (host !== null && host !== undefined && typeof host !== 'string') {
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
  }
  return host;
}

function checkPath(path) {
  if (illegalInPath.test(path)) throw new ERR_UNESCAPED_CHARACTERS('Request path');
  return path;
}

function readMethod(method) {
  if (method !== undefined && method !== null) validateString(method, 'options.method');
  if (!method) return 'GET';
  if (!checkIsHttpToken(method)) throw new ERR_INVALID_HTTP_TOKEN('Method', method);
  return method.toUpperCase();
}

// What Host says: IPv6 in brackets, the port unless it is the default.
function hostHeader(host, port, defaultPort) {
  const first = host.indexOf(':');
  const isIPv6 = first !== -1 && host.includes(':', first + 1) && host[0] !== '[';
  const name = isIPv6 ? `[${host}]` : host;
  return port && Number(port) !== defaultPort ? `${name}:${port}` : name;
}

// --- The request ----------------------------------------------------------------------------------------------------

function ClientRequest(input, givenOptions, givenCallback) {
  OutgoingMessage.call(this);
  const [options, callback] = readArguments(input, givenOptions, givenCallback);
  const defaultAgent = options._defaultAgent || Agent.globalAgent;
  this.agent = chooseAgent(options, defaultAgent);
  const protocol = options.protocol || defaultAgent.protocol;
  const expected = this.agent?.protocol || defaultAgent.protocol;
  if (options.path) checkPath(String(options.path));
  if (protocol !== expected) throw new ERR_INVALID_PROTOCOL(protocol, expected);

  const defaultPort = options.defaultPort || this.agent?.defaultPort;
  const connectOptions = { __proto__: null, ...options };
  const port = (connectOptions.port = options.port || defaultPort || 80);
  const host = (connectOptions.host =
    validateHost(options.hostname, 'hostname') || validateHost(options.host, 'host') || 'localhost');
  const isBare = options.setDefaultHeaders === false;
  this._removedConnection = this._removedContLen = this._removedTE = isBare;
  this.socketPath = options.socketPath;
  if (options.timeout !== undefined) this.timeout = getTimerDuration(options.timeout, 'timeout');
  if (options.signal) {
    addAbortSignal(options.signal, this);
    delete connectOptions.signal;
  }
  readParserOptions(this, options);
  this[kPath] = options.path || '/';
  if (callback) this.once('response', callback);
  this.useChunkedEncodingByDefault = !WITHOUT_BODY.has(this.method);
  this._ended = false;
  this.res = null;
  this.aborted = false;
  this.timeoutCb = null;
  this.upgradeOrConnect = false;
  this.parser = null;
  this.maxHeadersCount = null;
  this.reusedSocket = false;
  this.host = host;
  this.protocol = protocol;
  if (this.agent) {
    // An agent that will not use the socket again need not keep it.
    this.shouldKeepAlive = Boolean(this.agent.keepAlive) || Number.isFinite(this.agent.maxSockets);
    this._last = !this.shouldKeepAlive;
  }
  const setHost = options.setHost !== undefined ? Boolean(options.setHost) : !isBare;
  setHeaders(this, options, setHost ? hostHeader(host, port, defaultPort) : undefined);
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
  if (this.agent) this.agent.addRequest(this, connectOptions);
  else connect(this, connectOptions);
  if (requestCreated.hasSubscribers) requestCreated.publish({ request: this });
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

function readParserOptions(req, options) {
  req.method = readMethod(options.method);
  if (options.maxHeaderSize !== undefined) validateInteger(options.maxHeaderSize, 'maxHeaderSize', 0);
  req.maxHeaderSize = options.maxHeaderSize;
  validateLeniency(options);
  req.insecureHTTPParser = options.insecureHTTPParser;
  req.httpValidation = options.httpValidation;
  if (options.joinDuplicateHeaders !== undefined) {
    validateBoolean(options.joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  }
  req.joinDuplicateHeaders = options.joinDuplicateHeaders;
}

function setHeaders(req, options, defaultHost) {
  const { headers } = options;
  if (Array.isArray(headers)) {
    req._storeHeader(`${req.method} ${req.path} HTTP/1.1\r\n`, headers);
    return;
  }
  if (headers) for (const name of Object.keys(headers)) req.setHeader(name, headers[name]);
  if (defaultHost !== undefined && !req.getHeader('host')) req.setHeader('Host', defaultHost);
  if (options.auth && !req.getHeader('Authorization')) {
    req.setHeader('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
  }
  if (req.getHeader('expect')) req._implicitHeader();
}

// A connection of its own.
function connect(req, options) {
  req._last = true;
  req.shouldKeepAlive = false;
  if (options.path || options.socketPath) options = { ...options, path: options.socketPath || undefined };
  if (typeof options.createConnection !== 'function') {
    req.onSocket(net.createConnection(options));
    return;
  }
  let isCreated = false;
  const onCreated = (error, socket) => {
    if (isCreated) return;
    isCreated = true;
    if (error) process.nextTick(() => emitErrorEvent(req, error));
    else req.onSocket(socket);
  };
  try {
    const socket = options.createConnection(options, onCreated);
    if (socket) onCreated(null, socket);
  } catch (error) {
    onCreated(error);
  }
}

Object.defineProperty(ClientRequest.prototype, 'path', {
  __proto__: null,
  get() {
    return this[kPath];
  },
  set(value) {
    this[kPath] = checkPath(String(value));
  },
  configurable: true,
  enumerable: true,
});

ClientRequest.prototype._implicitHeader = function _implicitHeader() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  this._storeHeader(`${this.method} ${this.path} HTTP/1.1\r\n`, this[kOutHeaders]);
};

ClientRequest.prototype._finish = function _finish() {
  OutgoingMessage.prototype._finish.call(this);
  if (observed.http) {
    const { method, protocol, host, path } = this;
    const headers = typeof this.getHeaders === 'function' ? this.getHeaders() : {};
    startTiming(this, 'HttpClient', { method, url: `${protocol}//${host}${path}`, headers });
  }
  if (requestStart.hasSubscribers) requestStart.publish({ request: this });
};

// --- The end --------------------------------------------------------------------------------------------------------

ClientRequest.prototype.abort = function abort() {
  if (this.aborted) return;
  this.aborted = true;
  process.nextTick(() => this.emit('abort'));
  this.destroy();
};

ClientRequest.prototype.destroy = function destroy(error) {
  if (this.destroyed) return this;
  this.destroyed = true;
  this.res?._dump(); // nobody wants the rest
  this[kError] = error;
  this.socket?.destroy(error);
  return this;
};

// --- The socket -----------------------------------------------------------------------------------------------------

ClientRequest.prototype.onSocket = function onSocket(socket, error) {
  // Errors of the next tick are the request's already.
  if (socket && !error) {
    socket._httpMessage = this;
    socket.on('error', onSocketError);
  }
  process.nextTick(takeSocket, this, socket, error);
};

function takeSocket(req, socket, error) {
  if (!req.destroyed && !error) {
    attach(req, socket);
    req._flush();
    return;
  }
  req.destroyed = true;
  if (!socket) endWithoutSocket(req, null, error || req[kError]);
  else if (!error && req.agent && !socket.destroyed) {
    socket.emit('free');
    socket.removeListener('error', onSocketError);
    endWithoutSocket(req, socket, req[kError]);
  } else {
    finished(socket.destroy(error || req[kError]), (failure) => {
      if (failure?.code === 'ERR_STREAM_PREMATURE_CLOSE') failure = null;
      endWithoutSocket(req, socket, failure || error);
    });
  }
}

function endWithoutSocket(req, socket, error) {
  if (!req.aborted && !error) error = new ConnResetException('socket hang up');
  if (error && !socket?._hadError) emitErrorEvent(req, error);
  req._closed = true;
  req.emit('close');
}

// Does something to the socket once it is there and connected.
ClientRequest.prototype._deferToConnect = function _deferToConnect(method, args) {
  const act = () => {
    if (method) Reflect.apply(this.socket[method], this.socket, args);
  };
  const onSocket = () => {
    if (this.socket.writable) act();
    else this.socket.once('connect', act);
  };
  if (this.socket) onSocket();
  else this.once('socket', onSocket);
};

function setSocketTimeout(socket, msecs) {
  if (socket.connecting) socket.once('connect', () => socket.setTimeout(msecs));
  else socket.setTimeout(msecs);
}

ClientRequest.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (this._ended) return this;
  listenForTimeout(this);
  msecs = getTimerDuration(msecs, 'msecs');
  if (callback) this.once('timeout', callback);
  if (this.socket) setSocketTimeout(this.socket, msecs);
  else this.once('socket', (socket) => setSocketTimeout(socket, msecs));
  return this;
};

ClientRequest.prototype.clearTimeout = function clearTimeout(callback) {
  this.setTimeout(0, callback);
};

ClientRequest.prototype.setNoDelay = function setNoDelay(noDelay) {
  this._deferToConnect('setNoDelay', [noDelay]);
};

ClientRequest.prototype.setSocketKeepAlive = function setSocketKeepAlive(enable, initialDelay) {
  this._deferToConnect('setKeepAlive', [enable, initialDelay]);
};

module.exports = { ClientRequest };
