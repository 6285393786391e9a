// SPDX-License-Identifier: Apache-2.0
// TLSSocket: a net.Socket whose handle is a TLSWrap.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_TLS_HANDSHAKE_TIMEOUT,
    ERR_TLS_INVALID_STATE,
    ERR_TLS_RENEGOTIATION_DISABLED,
    ERR_TLS_SESSION_ATTACK,
    ERR_TLS_SNI_FROM_SERVER,
  },
} = require('internal/errors');
const { refusal } = require('internal/refuse');
const { validateBuffer, validateFunction, validateInt32, validateObject, validateString, validateUint32 } =
  require('internal/validators');
const { toBuffer } = require('internal/crypto/util');
const { Pipe, SOCKET, TCP } = require('internal/net/handles');
const net = require('net');
const { createSecureContext } = require('internal/tls/secure_context');
const { StreamHandle, TLSWrap } = require('internal/tls/wrap');
const { answerClient } = require('internal/tls/answer');
const { Buffer } = require('buffer');

const kConnectOptions = Symbol('connect-options');
const kDisableRenegotiation = Symbol('disable-renegotiation');
const kPendingSession = Symbol('pendingSession');

const facts = () => require('internal/tls/facts');

function TLSSocket(socket, opts) {
  if (!(this instanceof TLSSocket)) return new TLSSocket(socket, opts);
  const options = { ...opts };
  const { enableTrace, isServer } = options;
  if (enableTrace !== undefined && enableTrace !== null && typeof enableTrace !== 'boolean') {
    throw new ERR_INVALID_ARG_TYPE('options.enableTrace', 'boolean', enableTrace);
  }
  if (enableTrace) throw refusal('tls.TLSSocket with enableTrace');
  if (options.ALPNProtocols) require('tls').convertALPNProtocols(options.ALPNProtocols, options);
  this._tlsOptions = options;
  this._secureEstablished = false;
  this._securePending = false;
  this._newSessionPending = false;
  this._controlReleased = false;
  this.secureConnecting = true;
  this._SNICallback = null;
  this.servername = null;
  this.alpnProtocol = null;
  this.authorized = false;
  this.authorizationError = null;
  this.encrypted = true;
  const wrap = socket ?? undefined;
  if (wrap !== undefined && !(wrap instanceof net.Socket) && typeof wrap.on !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('socket', 'stream.Duplex', socket);
  }
  const handle = makeHandle(wrap, options);
  Reflect.apply(net.Socket, this, [{
    handle,
    allowHalfOpen: socket ? socket.allowHalfOpen : options.allowHalfOpen,
    pauseOnCreate: options.pauseOnConnect,
    manualStart: true,
    highWaterMark: options.highWaterMark,
    onread: socket ? null : options.onread,
    signal: options.signal,
  }]);
  this.ssl = handle;
  if (isServer && options.server) this.server ??= options.server;
  this.on('error', this._tlsError);
  this.on('end', onSocketEnd);
  this._init(wrap);
  if (wrap !== undefined) followWrapped(this, wrap);
  else this.connecting = false;
  if (options.pauseOnConnect) this.pause();
  if (wrap !== undefined && !this.connecting) process.nextTick(initRead, this, wrap);
}
Object.setPrototypeOf(TLSSocket.prototype, net.Socket.prototype);
Object.setPrototypeOf(TLSSocket, net.Socket);

function makeHandle(wrap, options) {
  if (wrap === undefined) {
    const isPipe = options.pipe || (options.path && !options.port);
    return new TLSWrap(isPipe ? new Pipe(SOCKET) : new TCP(SOCKET));
  }
  if (wrap instanceof net.Socket && wrap._handle && !(wrap._handle instanceof TLSWrap)) return new TLSWrap(wrap._handle, wrap);
  return new TLSWrap(new StreamHandle(wrap), wrap);
}

// The socket that lies under this one ends with it, and tells it of its errors.
function followWrapped(socket, wrap) {
  socket._parent = wrap instanceof net.Socket ? wrap : null;
  // A socket that has no connection yet will have one.
  socket.connecting = wrap instanceof net.Socket && (wrap.connecting || !wrap._handle);
  if (socket.connecting) {
    wrap.once('connect', () => {
      socket.connecting = false;
      socket.emit('connect');
      socket.read(0);
    });
  }
  const inner = socket._handle?._parent;
  if (inner instanceof StreamHandle) {
    inner.onfailure = (error) => socket.destroy(error);
    inner.onclose = () => setImmediate(() => socket.destroy()); // what was read last comes before
  } else {
    wrap.on('close', () => socket.destroy());
    wrap.on('error', (error) => socket._emitTLSError(error));
  }
}

// Listeners come first, the first read after them; what the wrapped socket has read already is decrypted too.
function initRead(socket, wrap) {
  if (!socket._handle) return;
  if (wrap?.readableLength > 0 && !(socket._handle._parent instanceof StreamHandle)) {
    for (let chunk; (chunk = wrap.read()) !== null; ) socket._handle?.receive(chunk);
  }
  socket.read(0);
}

function onSocketEnd() {
  if (this._tlsOptions.isServer && !this._secureEstablished) this.destroy();
}

// What the handle reports becomes events.
TLSSocket.prototype._connectHandlers = function (handle) {
  handle.onhandshakedone = () => this._finishInit();
  handle.onerror = (error) => onHandleError(this, error);
  handle.onclienthello = (hello) => answerClient(this, hello);
  if (this._tlsOptions.isServer) handle.onhandshakestart = () => onHandshakeStart(this);
  handle.onstart = () => this._start();
  handle.onnewsession = (session) => onNewSession(this, session);
};

TLSSocket.prototype._init = function () {
  const handle = this._handle;
  this._connectHandlers(handle);
  if (this._tlsOptions.wantsKeylog || this.listenerCount('keylog') > 0) listenToKeys(this);
  this.on('newListener', (name) => {
    if (name === 'keylog') listenToKeys(this);
  });
  const { handshakeTimeout, isServer, pskCallback, pskIdentityHint, server, SNICallback } = this._tlsOptions;
  if (pskCallback) validateFunction(pskCallback, 'pskCallback');
  if (pskCallback && pskIdentityHint) validateString(pskIdentityHint, 'options.pskIdentityHint');
  if (isServer && SNICallback) validateFunction(SNICallback, 'options.SNICallback');
  if (isServer) {
    if (server && server.listenerCount('keylog') > 0) {
      listenToKeys(this);
      this.on('keylog', (line) => server.emit('keylog', line, this));
    }
    if (handshakeTimeout > 0) this.setTimeout(handshakeTimeout, this._handleTimeout);
    handle.startServer();
  }
};

function listenToKeys(socket) {
  if (socket._handle) socket._handle.onkeylog = (line) => socket.emit('keylog', line);
}

// With the host that it is of, for nobody else to be taken for it.
function namedSession(socket, session) {
  return require('internal/tls/session').nameSession(session, socket[kConnectOptions] ?? socket._tlsOptions);
}

function onNewSession(socket, session) {
  session = namedSession(socket, session);
  if (socket._secureEstablished) socket.emit('session', session);
  else socket[kPendingSession] = session;
}

function onHandleError(socket, error) {
  if (socket._hadError) return;
  socket._hadError = true;
  if (!socket._secureEstablished) {
    // Who hears of it wants to know whose connection it was.
    socket._closeAfterHandlingError = true;
    socket.destroy(error);
  } else if (socket._tlsOptions.isServer && socket._tlsOptions.rejectUnauthorized && /peer did not return a certificate/.test(error.message)) {
    socket.destroy();
  } else {
    socket._emitTLSError(error);
  }
}

// A connection that is tried another way needs another handle (RFC 8305).
TLSSocket.prototype._replaceHandle = function (inner) {
  this.ssl = new TLSWrap(inner);
  this._connectHandlers(this.ssl);
  return this.ssl;
};

// Begins the handshake of a client.
TLSSocket.prototype._start = function () {
  if (this.connecting) {
    this.once('connect', this._start);
    return;
  }
  if (!this._handle) return;
  const options = this._tlsOptions;
  const protocols = options.ALPNProtocols ? namesIn(options.ALPNProtocols) : undefined;
  this._handle.startClient(contextOf(options).context.native, {
    servername: this._servername,
    protocols,
    psk: require('internal/tls/psk').pskExchange(this),
    requestOCSP: Boolean(options.requestOCSP),
    session: this._session,
  });
};

function contextOf(options) {
  options.secureContext ??= createSecureContext(options);
  return options.secureContext;
}

function namesIn(list) {
  const names = [];
  for (let at = 0; at < list.length; at += list[at] + 1) {
    names.push(list.subarray(at + 1, at + 1 + list[at]).toString('latin1'));
  }
  return names;
}

TLSSocket.prototype._handleTimeout = function () {
  this._emitTLSError(new ERR_TLS_HANDSHAKE_TIMEOUT());
};

TLSSocket.prototype._emitTLSError = function (error) {
  if (this._tlsError(error)) this.destroy(error);
};

TLSSocket.prototype._destroySSL = function () {
  this._handle?.destroySSL();
};

// Before the handshake is over, who began it is told; nothing once control has gone over to the user.
TLSSocket.prototype._tlsError = function (error) {
  this.emit('_tlsError', error);
  if (this._controlReleased) return error;
  return null;
};

TLSSocket.prototype._releaseControl = function () {
  if (this._controlReleased) return false;
  this._controlReleased = true;
  this.removeListener('error', this._tlsError);
  return true;
};

TLSSocket.prototype._finishInit = function () {
  if (!this._handle) return;
  const about = this._handle.tls.about();
  this._about = about;
  this.alpnProtocol = about.alpn ?? false;
  this.servername = about.servername ?? (this._tlsOptions.isServer ? false : this.servername);
  if (this._tlsOptions.isServer) this.servername = about.servername ?? false;
  this._secureEstablished = true;
  if (this._tlsOptions.handshakeTimeout > 0) this.setTimeout(0, this._handleTimeout);
  this.emit('secure');
  if (this[kPendingSession] !== undefined && !this.destroyed) {
    const session = this[kPendingSession];
    this[kPendingSession] = undefined;
    this.emit('session', session);
  }
};

TLSSocket.prototype._verifyError = function () {
  return this._handle === null ? null : this._handle.verifyError();
};

TLSSocket.prototype.disableRenegotiation = function () {
  this[kDisableRenegotiation] = true;
};

// A client that asks for one handshake after the other keeps a server busy.
function onHandshakeStart(socket) {
  const { CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW } = require('tls');
  const now = Date.now();
  const handle = socket._handle;
  const last = handle.lastHandshakeTime;
  handle.lastHandshakeTime = now;
  if (last === 0) return;
  handle.handshakes = now - last < CLIENT_RENEG_WINDOW * 1000 ? handle.handshakes + 1 : 1;
  if (handle.handshakes > CLIENT_RENEG_LIMIT) socket._emitTLSError(new ERR_TLS_SESSION_ATTACK());
  else if (socket[kDisableRenegotiation]) socket._emitTLSError(new ERR_TLS_RENEGOTIATION_DISABLED());
}

TLSSocket.prototype.renegotiate = function (options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (this.destroyed) return undefined;
  try {
    this._handle.renegotiate();
  } catch (error) {
    if (callback) process.nextTick(callback, error);
    return false;
  }
  if (callback) this.once('secure', () => callback(null));
  return true;
};

TLSSocket.prototype.setMaxSendFragment = function (size) {
  validateInt32(size, 'size');
  return this._handle?.tls?.limit(size) ?? false;
};

TLSSocket.prototype.setServername = function (name) {
  validateString(name, 'name');
  if (this._tlsOptions.isServer) throw new ERR_TLS_SNI_FROM_SERVER();
  this._servername = name;
  this.servername = name;
};

TLSSocket.prototype.setSession = function (session) {
  this._session = require('internal/tls/session').sessionFor(session, this[kConnectOptions] ?? this._tlsOptions);
};

TLSSocket.prototype.setKeyCert = function (context) {
  if (!this._handle) return;
  if (!context || typeof context !== 'object') throw new ERR_INVALID_ARG_TYPE('context', 'object', context);
  this._tlsOptions.keyCert = context.context ? context : createSecureContext(context);
};

TLSSocket.prototype.exportKeyingMaterial = function (length, label, context) {
  validateUint32(length, 'length', true);
  validateString(label, 'label');
  if (context !== undefined) validateBuffer(context, 'context');
  if (!this._secureEstablished) throw new ERR_TLS_INVALID_STATE();
  return toBuffer(this._handle.tls.export(length, label, context));
};

// Each asks the connection, and has nothing to say when there is none.
function fact(name, ask) {
  TLSSocket.prototype[name] = function (...args) {
    if (!this._handle) return null;
    const { tls } = this._handle;
    return tls === undefined ? undefined : ask(tls, this, ...args);
  };
}

// --tls-keylog: keys of every connection, by which recorded traffic can be read.
function logKeys(socket) {
  const file = require('internal/options').getOptionValue('--tls-keylog');
  if (!file) return;
  socket.on('keylog', (line) => require('fs').appendFileSync(file, line, { mode: 0o600 }));
}

const bufferOf = (bytes) => (bytes === undefined ? undefined : toBuffer(bytes));

fact('getPeerCertificate', (tls, socket, isDetailed) => facts().peerCertificate(tls, Boolean(isDetailed)));
fact('getCertificate', (tls) => {
  const own = tls.ownCertificate();
  return own === undefined ? {} : require('internal/crypto/x509').legacyObject(own);
});
fact('getX509Certificate', (tls) => {
  const own = tls.ownCertificate();
  return own === undefined ? undefined : require('internal/crypto/x509').certificateOf(own);
});
fact('getPeerX509Certificate', (tls) => facts().peerX509Certificate(tls));
fact('getCipher', (tls, socket) => (socket._secureEstablished ? facts().cipherOf(tls.about()) : {}));
fact('getEphemeralKeyInfo', (tls, socket) => (socket._tlsOptions.isServer ? null : facts().ephemeralKey(tls.about())));
fact('getFinished', (tls) => bufferOf(tls.finished(false)));
fact('getPeerFinished', (tls) => bufferOf(tls.finished(true)));
fact('getProtocol', (tls) => tls.about().protocol);
fact('getSession', (tls, socket) => namedSession(socket, bufferOf(tls.session())));
fact('isSessionReused', (tls) => tls.about().isReused);
TLSSocket.prototype.getSharedSigalgs = function () {
  throw refusal('TLSSocket.getSharedSigalgs');
};
TLSSocket.prototype.getTLSTicket = function () {
  throw refusal('TLSSocket.getTLSTicket');
};
TLSSocket.prototype.enableTrace = function () {
  throw refusal('TLSSocket.enableTrace');
};

module.exports = { contextOf, kConnectOptions, logKeys, namesIn, TLSSocket };
