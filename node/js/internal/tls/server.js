// SPDX-License-Identifier: Apache-2.0
// tls.Server.
'use strict';

const net = require('net');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS, ERR_TLS_REQUIRED_SERVER_NAME },
} = require('internal/errors');
const { refusal } = require('internal/refuse');
const { validateBuffer, validateFunction, validateNumber, validateObject, validateString } = require('internal/validators');
const { createSecureContext } = require('internal/tls/secure_context');
const { logKeys, TLSSocket } = require('internal/tls/socket');

const kHandshakeTimeout = 120_000;
const kErrorEmitted = Symbol('error-emitted');
const kPsk = Symbol('pre-shared keys');
const kSNI = Symbol('server names');

// Sessions are of the program that made them.
function programName() {
  const { createHash } = require('crypto');
  return createHash('sha1').update(process.argv.join(' ')).digest('hex').slice(0, 32);
}

function connectionReset() {
  const error = new Error('socket hang up');
  error.code = 'ECONNRESET';
  return error;
}

// The end of a handshake that did not succeed, told once.
function onSocketTLSError(error) {
  if (this._controlReleased || this[kErrorEmitted]) return;
  this[kErrorEmitted] = true;
  this._tlsOptions.server.emit('tlsClientError', error, this);
}

function onServerSocketSecure() {
  const { rejectUnauthorized, requestCert, server } = this._tlsOptions;
  if (requestCert) {
    const error = this._verifyError();
    if (error) {
      this.authorizationError = error.code;
      if (rejectUnauthorized) this.destroy();
    } else {
      this.authorized = true;
    }
  }
  if (this.destroyed || !this._releaseControl()) return;
  this.secureConnecting = false;
  server.emit('secureConnection', this);
}

function onSocketClose(hadError) {
  if (!hadError) onSocketTLSError.call(this, connectionReset());
}

function onConnection(rawSocket) {
  const server = this;
  const [pskCallback, pskIdentityHint] = this[kPsk];
  const socket = new TLSSocket(rawSocket, {
    secureContext: this._sharedCreds,
    isServer: true,
    server,
    requestCert: this.requestCert,
    rejectUnauthorized: this.rejectUnauthorized,
    handshakeTimeout: this._handshakeTimeout,
    ALPNProtocols: this.ALPNProtocols,
    ALPNCallback: this.ALPNCallback,
    SNICallback: this._SNICallback,
    pskCallback,
    pskIdentityHint,
    pauseOnConnect: this.pauseOnConnect,
    highWaterMark: this.highWaterMark,
  });
  logKeys(socket);
  socket[kErrorEmitted] = false;
  socket.on('secure', onServerSocketSecure);
  socket.on('close', onSocketClose);
  socket.on('_tlsError', onSocketTLSError);
  socket.on('error', onSocketTLSError);
}

function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener);
  if (typeof options === 'function') [options, listener] = [{}, options];
  else if (options === undefined || options === null || typeof options === 'object') options ??= {};
  else throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  this._contexts = [];
  this.requestCert = options.requestCert === true;
  this.rejectUnauthorized = options.rejectUnauthorized !== false;
  this.ALPNCallback = options.ALPNCallback;
  if (this.ALPNCallback) {
    validateFunction(this.ALPNCallback, 'options.ALPNCallback');
    if (options.ALPNProtocols) throw new ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS();
  }
  if (options.sessionTimeout) this.sessionTimeout = options.sessionTimeout;
  this[kPsk] = [options.pskCallback, options.pskIdentityHint];
  if (options.pskCallback) validateFunction(options.pskCallback, 'options.pskCallback');
  if (options.pskIdentityHint) validateString(options.pskIdentityHint, 'options.pskIdentityHint');
  if (options.ALPNProtocols) require('tls').convertALPNProtocols(options.ALPNProtocols, this);
  this.setSecureContext(options);
  this._handshakeTimeout = options.handshakeTimeout || kHandshakeTimeout;
  this._SNICallback = options.SNICallback === undefined ? this[kSNI] : options.SNICallback;
  validateNumber(this._handshakeTimeout, 'options.handshakeTimeout');
  validateFunction(this._SNICallback, 'options.SNICallback');
  if (options.enableTrace) throw refusal('tls.createServer.enableTrace');
  Reflect.apply(net.Server, this, [options, onConnection]);
  this._SNICallback = this._SNICallback.bind(this);
  if (listener) this.on('secureConnection', listener);
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype);
Object.setPrototypeOf(Server, net.Server);

Server.prototype.setSecureContext = function (options) {
  validateObject(options, 'options');
  this.key = options.key;
  this.cert = options.cert;
  const { honorCipherOrder = true } = options;
  const { sessionIdContext = programName() } = options;
  this._sharedCreds = createSecureContext({ ...options, honorCipherOrder, sessionIdContext });
};

// The contexts of addContext(): the last one whose pattern fits.
Server.prototype[kSNI] = function (servername, callback) {
  for (let i = this._contexts.length - 1; i >= 0; i--) {
    const [pattern, context] = this._contexts[i];
    if (pattern.test(servername)) {
      callback(null, context);
      return;
    }
  }
  callback(null, undefined);
};

Server.prototype.addContext = function (servername, context) {
  if (!servername) throw new ERR_TLS_REQUIRED_SERVER_NAME();
  const pattern = servername.replace(/([.^$+?\-\\[\]{}])/g, '\\$1').replaceAll('*', '[^.]*');
  const made = context.context === undefined ? createSecureContext(context) : context;
  this._contexts.push([new RegExp(`^${pattern}$`, 'i'), made]);
};

Server.prototype.getTicketKeys = function () {
  throw refusal('tls.Server.getTicketKeys');
};

Server.prototype.setTicketKeys = function (keys) {
  validateBuffer(keys);
  require('assert')(keys.byteLength === 48, 'Session ticket keys must be a 48-byte buffer');
  throw refusal('tls.Server.setTicketKeys');
};

// An error in a listener is the connection's.
Server.prototype[require('events').captureRejectionSymbol] = function (error, event, socket) {
  if (event === 'secureConnection') socket.destroy(error);
  else net.Server.prototype[require('events').captureRejectionSymbol].call(this, error, event, socket);
};

const createServer = (options, listener) => new Server(options, listener);

module.exports = { Server, createServer };
