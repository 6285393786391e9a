// SPDX-License-Identifier: Apache-2.0
// tls.connect().
'use strict';

const net = require('net');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS },
} = require('internal/errors');
const { validateFunction, validateNumber } = require('internal/validators');
const { serverIdentity, sessionFor } = require('internal/tls/session');
const { kConnectOptions, logKeys, TLSSocket } = require('internal/tls/socket');

let hasWarned = false;

// Certificates that are not verified by the environment's word are worth a warning, once.
function rejectsByDefault() {
  const isOff = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  if (isOff && !hasWarned) {
    hasWarned = true;
    process.emitWarning(
      "Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests " +
        'insecure by disabling certificate verification.',
    );
  }
  return !isOff;
}

// (options[, cb]), (path[, options][, cb]) or (port[, host][, options][, cb])
function connectArguments(args) {
  const [options, callback] = net._normalizeArgs(args);
  const [, second, third] = args;
  if (typeof second === 'object' && second !== null) return [{ ...options, ...second }, callback];
  if (typeof third === 'object' && third !== null) return [{ ...options, ...third }, callback];
  return [options, callback];
}

function disconnected(options) {
  const error = new Error('Client network socket disconnected before secure TLS connection was established');
  error.code = 'ECONNRESET';
  error.path = options.path;
  error.host = options.host;
  error.port = options.port;
  error.localAddress = options.localAddress;
  return error;
}

function onConnectEnd() {
  if (this._hadError) return;
  this._hadError = true;
  this.destroy(disconnected(this[kConnectOptions]));
}

// Hands are shaken: is it the one that we wanted to talk to?
function onConnectSecure() {
  const options = this[kConnectOptions];
  let error = this._verifyError();
  if (!error && !this.isSessionReused()) {
    const certificate = this.getPeerCertificate(true);
    error = options.checkServerIdentity(serverIdentity(options), certificate);
  }
  if (error) {
    this.authorized = false;
    this.authorizationError = error.code || error.message;
    if (options.rejectUnauthorized !== false) {
      this.destroy(error);
      return;
    }
  } else {
    this.authorized = true;
  }
  this.secureConnecting = false;
  this.emit('secureConnect');
  this.removeListener('end', onConnectEnd);
  if (options.requestOCSP && this._handle) {
    const response = this._handle.tls.stapled();
    this.emit('OCSPResponse', response === undefined || response.length === 0 ? null : require('buffer').Buffer.from(response));
  }
}

function connect(...args) {
  const [given, callback] = connectArguments(args);
  const allowsUnauthorized = !rejectsByDefault();
  const tls = require('tls');
  const options = {
    rejectUnauthorized: !allowsUnauthorized,
    ciphers: tls.DEFAULT_CIPHERS,
    checkServerIdentity: tls.checkServerIdentity,
    minDHSize: 1024,
    ...given,
  };
  if (!options.keepAlive) options.singleUse = true;
  validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
  validateNumber(options.minDHSize, 'options.minDHSize', 1);
  if (options.ALPNCallback && options.ALPNProtocols) throw new ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS();
  const context = options.secureContext || tls.createSecureContext(options);
  options.session = sessionFor(options.session, options);
  const socket = new TLSSocket(options.socket, {
    allowHalfOpen: options.socket ? options.socket.allowHalfOpen : Boolean(options.allowHalfOpen),
    pipe: Boolean(options.path),
    secureContext: context,
    isServer: false,
    requestCert: true,
    rejectUnauthorized: options.rejectUnauthorized !== false,
    session: options.session,
    ALPNProtocols: options.ALPNProtocols,
    requestOCSP: options.requestOCSP,
    enableTrace: options.enableTrace,
    pskCallback: options.pskCallback,
    highWaterMark: options.highWaterMark,
    onread: options.onread,
    signal: options.signal,
  });
  options.rejectUnauthorized = options.rejectUnauthorized !== false;
  socket[kConnectOptions] = options;
  if (callback) socket.once('secureConnect', callback);
  prepare(socket, options);
  if (options.socket) {
    socket._start();
  } else {
    if (options.timeout) socket.setTimeout(options.timeout);
    socket.connect(options, socket._start);
  }
  return socket;
}

function prepare(socket, options) {
  logKeys(socket);
  const { isIP } = net;
  socket._releaseControl();
  if (options.session) socket._session = options.session;
  let { servername } = options;
  if (servername === undefined && options.host && !isIP(options.host)) servername = options.host;
  if (servername) {
    if (typeof servername !== 'string') throw new ERR_INVALID_ARG_VALUE('options.servername', servername);
    if (isIP(servername)) {
      process.emitWarning(
        'Setting the TLS ServerName to an IP address is not permitted by RFC 6066. This will be ignored in a future version.',
        'DeprecationWarning',
        'DEP0123',
      );
    }
    socket.setServername(servername);
  }
  socket.on('secure', onConnectSecure);
  socket.prependListener('end', onConnectEnd);
}

module.exports = { connect };
