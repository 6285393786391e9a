// SPDX-License-Identifier: Apache-2.0
//
// http.Server and ServerResponse.
'use strict';

const EventEmitter = require('events');
const net = require('net');
const { kIncomingMessage } = require('_http_common');
const { IncomingMessage } = require('_http_incoming');
const { OutgoingMessage, parseUniqueHeadersOption } = require('_http_outgoing');
const { kUniqueHeaders, validateLeniency } = require('internal/http');
const { ConnectionsList } = require('internal/http/connections_list');
const { connectionListener, onRequestTimeout } = require('internal/http/server_connection');
const { kOptimizeEmptyRequests, kServerResponse } = require('internal/http/server_symbols');
const { ServerResponse } = require('internal/http/server_response');
const STATUS_CODES = require('internal/http/status_codes');
const {
  codes: { ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { kEmptyObject, promisify } = require('internal/util');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');

const kConnections = Symbol('http.server.connections');
const kConnectionsCheckingInterval = Symbol('http.server.connectionsCheckingInterval');

function integerOption(options, name, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  validateInteger(value, name, 0);
  return value;
}

function booleanOption(options, name, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  validateBoolean(value, `options.${name}`);
  return value;
}

function defaultShouldUpgrade() {
  return this.listenerCount('upgrade') > 0;
}

// Keeps what a server of HTTP is told, on `this`; https does the same.
function storeHTTPOptions(options) {
  this[kIncomingMessage] = options.IncomingMessage || IncomingMessage;
  this[kServerResponse] = options.ServerResponse || ServerResponse;
  this.maxHeaderSize = integerOption(options, 'maxHeaderSize', undefined);
  this[kOptimizeEmptyRequests] = booleanOption(options, 'optimizeEmptyRequests', false);
  validateLeniency(options);
  this.insecureHTTPParser = options.insecureHTTPParser;
  this.httpValidation = options.httpValidation;
  this.requestTimeout = integerOption(options, 'requestTimeout', 300_000);
  this.headersTimeout = integerOption(options, 'headersTimeout', Math.min(60_000, this.requestTimeout));
  if (this.requestTimeout > 0 && this.headersTimeout > this.requestTimeout) {
    throw new ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', this.headersTimeout);
  }
  this.keepAliveTimeout = integerOption(options, 'keepAliveTimeout', 5_000);
  this.keepAliveTimeoutBuffer = integerOption(options, 'keepAliveTimeoutBuffer', 1_000);
  this.connectionsCheckingInterval = integerOption(options, 'connectionsCheckingInterval', 30_000);
  this.requireHostHeader = booleanOption(options, 'requireHostHeader', true);
  this.joinDuplicateHeaders = booleanOption(options, 'joinDuplicateHeaders', undefined);
  this.rejectNonStandardBodyWrites = booleanOption(options, 'rejectNonStandardBodyWrites', false);
  const { shouldUpgradeCallback } = options;
  if (shouldUpgradeCallback !== undefined) {
    validateFunction(shouldUpgradeCallback, 'options.shouldUpgradeCallback');
  }
  this.shouldUpgradeCallback = shouldUpgradeCallback ?? defaultShouldUpgrade;
}

// Looks now and then for connections that take too long. It does so whatever the timeouts are: they can be changed.
function setupConnectionsTracking() {
  this[kConnections] ||= new ConnectionsList();
  if (this[kConnectionsCheckingInterval]) clearInterval(this[kConnectionsCheckingInterval]);
  const interval = setInterval(checkConnections.bind(this), this.connectionsCheckingInterval);
  this[kConnectionsCheckingInterval] = interval.unref();
}

function checkConnections() {
  if (this.headersTimeout === 0 && this.requestTimeout === 0) return;
  for (const { socket } of this[kConnections].expired(this.headersTimeout, this.requestTimeout)) {
    if (socket) onRequestTimeout(socket);
  }
}

function httpServerPreClose(server) {
  server.closeIdleConnections();
  clearInterval(server[kConnectionsCheckingInterval]);
}

function onConnection(socket) {
  connectionListener(this, socket, this[kConnections]);
}

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  if (typeof options === 'function') {
    requestListener = options;
    options = kEmptyObject;
  } else if (options === undefined || options === null) options = kEmptyObject;
  else validateObject(options, 'options');

  storeHTTPOptions.call(this, options);
  net.Server.call(this, {
    allowHalfOpen: true,
    noDelay: options.noDelay ?? true,
    keepAlive: options.keepAlive,
    keepAliveInitialDelay: options.keepAliveInitialDelay,
    highWaterMark: options.highWaterMark,
  });
  if (requestListener) this.on('request', requestListener);
  this.httpAllowHalfOpen = false;
  this.on('connection', onConnection);
  this.on('listening', setupConnectionsTracking);
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.maxRequestsPerSocket = 0;
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype);
Object.setPrototypeOf(Server, net.Server);

Server.prototype.close = function close(...args) {
  httpServerPreClose(this);
  Reflect.apply(net.Server.prototype.close, this, args);
  return this;
};

Server.prototype[Symbol.asyncDispose] = {
  async [Symbol.asyncDispose]() {
    await promisify(this.close).call(this);
  },
}[Symbol.asyncDispose];

Server.prototype.closeAllConnections = function closeAllConnections() {
  if (!this[kConnections]) return;
  for (const { socket } of this[kConnections].all()) socket.destroy();
};

Server.prototype.closeIdleConnections = function closeIdleConnections() {
  if (!this[kConnections]) return;
  for (const { socket } of this[kConnections].idle()) {
    if (!socket._httpMessage || socket._httpMessage.finished) socket.destroy();
  }
};

Server.prototype.setTimeout = function setTimeout(msecs, callback) {
  this.timeout = msecs;
  if (callback) this.on('timeout', callback);
  return this;
};

// An async listener of 'request' rejected.
Server.prototype[EventEmitter.captureRejectionSymbol] = {
  [EventEmitter.captureRejectionSymbol](error, event, ...args) {
    if (event !== 'request') {
      Reflect.apply(net.Server.prototype[EventEmitter.captureRejectionSymbol], this, [error, event, ...args]);
      return;
    }
    const response = args[1];
    if (response.headersSent || response.writableEnded) {
      response.destroy();
      return;
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.statusCode = 500;
    response.end(STATUS_CODES[500]);
  },
}[EventEmitter.captureRejectionSymbol];

module.exports = {
  _connectionListener: onConnection,
  httpServerPreClose,
  kConnectionsCheckingInterval,
  kServerResponse,
  OutgoingMessage,
  Server,
  ServerResponse,
  setupConnectionsTracking,
  STATUS_CODES,
  storeHTTPOptions,
};
