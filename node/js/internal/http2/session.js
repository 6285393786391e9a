// SPDX-License-Identifier: Apache-2.0
//
// Http2Session: a socket, nghttp2's session behind it, and the streams over it.
'use strict';

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_SESSION_SERVER } = require('internal/http2/constants');
const { settingsOf, splitSettings, validateSettings } = require('internal/http2/settings');
const { socketProxy } = require('internal/http2/socket_proxy');
const { kHost, kMaybeDestroy, kSocket, kState, kStreams, kType, kUpdateTimer } = require('internal/http2/symbols');
const { onDrain, receive, schedule } = require('internal/http2/wire');
require('internal/http2/session_events');
const { onStreamTimeout } = require('internal/http2/timeout');
const { setStreamTimeout } = require('internal/net/timeout');
const {
  codes: {
    ERR_HTTP2_INVALID_SESSION,
    ERR_HTTP2_INVALID_SETTING_VALUE,
    ERR_HTTP2_MAX_PENDING_SETTINGS_ACK,
    ERR_HTTP2_PING_CANCEL,
    ERR_HTTP2_PING_LENGTH,
    ERR_HTTP2_SESSION_ERROR,
    ERR_HTTP2_SOCKET_BOUND,
    ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS,
    ERR_INVALID_ARG_TYPE,
    ERR_OUT_OF_RANGE,
    ERR_SOCKET_CLOSED,
  },
} = require('internal/errors');
const { validateBuffer, validateFunction, validateInt32, validateNumber } = require('internal/validators');

const { Session } = internalBinding('http2');

const debug = require('internal/util/debuglog').debuglog('http2');

const kBound = Symbol('http2 session'); // of a socket
const kProxy = Symbol('proxy');
const kTimeout = Symbol('timeout');
const kMaxCustom = 10;
const kMaxOrigins = 128;

function remoteCustomOf(numbers = []) {
  if (numbers.length > kMaxCustom) throw new ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
  for (const number of numbers) {
    if (typeof number !== 'number' || number < 0 || number > 0xffff) {
      throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError('Range Error', number, 0, 0xffff);
    }
  }
  return numbers;
}

function makeState(options) {
  return {
    chunk: undefined, // what is being received
    chunksSeen: 0, // by the last timeout
    chunksSent: 0,
    closed: false,
    destroyCode: NGHTTP2_NO_ERROR,
    destroyed: false,
    goawayCode: null,
    goawayLastStreamID: null,
    isFirstSettings: true, // of the peer
    isBlocked: false, // the socket has enough to write
    isScheduled: false,
    isSending: false,
    localCustom: undefined,
    localSettings: undefined,
    maxOrigins: options.maxOriginSetSize ?? kMaxOrigins,
    maxPings: options.maxOutstandingPings ?? 10,
    maxSettings: Math.max(1, options.maxOutstandingSettings ?? 10),
    originSet: undefined,
    pending: new Set(), // streams without a number yet
    pings: [],
    pingTime: 0,
    remoteCustomNumbers: remoteCustomOf(options.remoteCustomSettings),
    remoteSettings: undefined,
    resets: new Map(), // that wait for the socket
    settings: [], // sent, not acknowledged
    settingsWanted: 0, // those, and what waits for the connection
    start: performance.now(),
    strictSingle: options.strictSingleValueFields !== false,
    waiting: [], // for the connection
    writeQueueSize: 0,
  };
}

// As Node: some limits cannot be zero.
function hostOptions(options) {
  const least = (value) => (typeof value === 'number' ? Math.max(1, value) : undefined);
  return {
    ...options,
    maxSessionMemory: least(options.maxSessionMemory),
    maxSettings: least(options.maxSettings),
    streamResetBurst: least(options.streamResetBurst),
    streamResetRate: least(options.streamResetRate),
    lenientFieldWhitespace: options.strictFieldWhitespaceValidation === false ? 1 : undefined,
  };
}

class Http2Session extends EventEmitter {
  constructor(type, options, socket) {
    super();
    if (socket[kBound] !== undefined) throw new ERR_HTTP2_SOCKET_BOUND();
    socket[kBound] = this;
    this[kType] = type;
    this[kSocket] = socket;
    this[kStreams] = new Map();
    this[kState] = makeState(options);
    this[kHost] = undefined; // until there is a connection
    this.timeout = 0;
    socket.on('error', onSocketError);
    socket.on('close', onSocketClose);
    if (typeof socket.setNoDelay === 'function') socket.setNoDelay();
    if (typeof socket.disableRenegotiation === 'function') socket.disableRenegotiation();
    if (!socket.connecting && !socket.secureConnecting) start(this, options);
    else socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => start(this, options));
    debug(`Http2Session ${typeName(this)}: created`);
  }

  get type() {
    return this[kType];
  }

  get socket() {
    return (this[kProxy] ??= socketProxy(this, () => this[kSocket]));
  }

  get closed() {
    return this[kState].closed;
  }

  get destroyed() {
    return this[kState].destroyed;
  }

  get connecting() {
    return !this[kState].isReady;
  }

  get encrypted() {
    return this[kState].encrypted;
  }

  get alpnProtocol() {
    return this[kState].alpnProtocol;
  }

  get originSet() {
    const socket = this[kSocket];
    if (socket === undefined || !this.encrypted || this.destroyed) return undefined;
    const host = socket.servername || (socket.remoteFamily === 'IPv6' ? `[${socket.remoteAddress}]` : socket.remoteAddress);
    const port = socket.remotePort == null ? '' : `:${socket.remotePort}`;
    return [...(this[kState].originSet ??= new Set([new URL(`https://${host}${port}`).origin]))];
  }

  get goawayCode() {
    return this[kState].goawayCode ?? NGHTTP2_NO_ERROR;
  }

  get goawayLastStreamID() {
    return this[kState].goawayLastStreamID ?? 0;
  }

  get pendingSettingsAck() {
    return this[kState].settingsWanted > 0;
  }

  get localSettings() {
    const state = this[kState];
    if (state.localSettings !== undefined) return state.localSettings;
    if (this.destroyed || this.connecting) return {};
    return (state.localSettings = settingsOf(this[kHost].localSettings(), state.localCustom));
  }

  get remoteSettings() {
    const state = this[kState];
    if (state.remoteSettings !== undefined) return state.remoteSettings;
    if (this.destroyed || this.connecting) return {};
    return (state.remoteSettings = settingsOf(this[kHost].remoteSettings()));
  }

  get state() {
    if (this[kHost] === undefined || this.destroyed) return {};
    const counted = this[kHost].state();
    return {
      effectiveLocalWindowSize: counted[0],
      effectiveRecvDataLength: counted[1],
      nextStreamID: counted[2],
      localWindowSize: counted[3],
      lastProcStreamID: counted[4],
      remoteWindowSize: counted[5],
      outboundQueueSize: counted[6],
      deflateDynamicTableSize: counted[7],
      inflateDynamicTableSize: counted[8],
    };
  }

  ref() {
    this[kSocket]?.ref?.();
  }

  unref() {
    this[kSocket]?.unref?.();
  }

  setTimeout(msecs, callback) {
    return setStreamTimeout(this, kTimeout, msecs, callback);
  }

  _onTimeout() {
    onStreamTimeout(this, this);
  }

  [kUpdateTimer]() {
    if (!this.destroyed) this[kTimeout]?.refresh();
  }

  setLocalWindowSize(windowSize) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateInt32(windowSize, 'windowSize', 0);
    this[kHost].setLocalWindowSize(windowSize);
    schedule(this);
  }

  setNextStreamID(id) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateNumber(id, 'id');
    if (id <= 0 || id > 2 ** 32 - 1) throw new ERR_OUT_OF_RANGE('id', '> 0 and <= 4294967295', id);
    this[kHost].setNextStreamID(id);
  }

  settings(settings, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (settings !== undefined && (settings === null || typeof settings !== 'object' || Array.isArray(settings))) {
      throw new ERR_INVALID_ARG_TYPE('settings', 'Object', settings);
    }
    validateSettings(settings);
    if (callback) validateFunction(callback, 'callback');
    this[kState].settingsWanted++;
    const given = { ...settings };
    whenConnected(this, () => sendSettings(this, given, callback));
  }

  ping(payload, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (typeof payload === 'function') [payload, callback] = [undefined, payload];
    if (payload) {
      validateBuffer(payload, 'payload');
      if (payload.byteLength !== 8) throw new ERR_HTTP2_PING_LENGTH();
    }
    validateFunction(callback, 'callback');
    const state = this[kState];
    if (this.connecting || this.closed) {
      process.nextTick(() => callback(new ERR_HTTP2_PING_CANCEL()));
      return undefined;
    }
    if (state.pings.length >= state.maxPings) {
      callback(new ERR_HTTP2_PING_CANCEL());
      return false;
    }
    const bytes = payload ? Buffer.from(payload.buffer, payload.byteOffset, 8) : Buffer.alloc(8);
    if (!payload) bytes.writeDoubleLE(performance.now());
    state.pings.push({ callback, start: performance.now() });
    this[kHost].ping(bytes);
    schedule(this);
    return true;
  }

  goaway(code = NGHTTP2_NO_ERROR, lastStreamID = 0, opaqueData = undefined) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (opaqueData !== undefined) validateBuffer(opaqueData, 'opaqueData');
    validateNumber(code, 'code');
    validateNumber(lastStreamID, 'lastStreamID');
    whenConnected(this, () => {
      this[kUpdateTimer]();
      this[kHost].goaway(code, lastStreamID, opaqueData ?? Buffer.alloc(0));
      schedule(this);
    });
  }

  close(callback) {
    if (this.closed || this.destroyed) return;
    this[kState].closed = true;
    if (typeof callback === 'function') this.once('close', callback);
    this.goaway();
    this[kMaybeDestroy]();
  }

  // When it is closed, no stream is left and all is sent.
  [kMaybeDestroy]() {
    const state = this[kState];
    if (!state.closed || this[kStreams].size > 0 || state.pending.size > 0 || state.isBlocked) return;
    if (this[kHost]?.wantsWrite()) {
      schedule(this);
      return;
    }
    this.destroy();
  }

  destroy(error = NGHTTP2_NO_ERROR, code = undefined) {
    if (this.destroyed) return;
    if (typeof error === 'number') {
      code = error;
      error = code === NGHTTP2_NO_ERROR ? undefined : new ERR_HTTP2_SESSION_ERROR(code);
    }
    if (code === undefined && error != null) code = NGHTTP2_INTERNAL_ERROR;
    require('internal/http2/session_close').closeSession(this, code, error);
  }

  // An error in a listener is the stream's.
  [EventEmitter.captureRejectionSymbol](error, event, stream) {
    if (event === 'stream') stream.destroy(error);
    else this.destroy(error);
  }

  async [Symbol.asyncDispose]() {
    if (this.destroyed) return;
    const closed = new Promise((resolve) => {
      this.once('close', resolve);
    });
    this.close();
    await closed;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth) {
    if (typeof depth === 'number' && depth < 0) return this;
    const { closed, destroyed, localSettings, remoteSettings, state, type } = this;
    return `Http2Session ${require('util').format({ type, closed, destroyed, state, localSettings, remoteSettings })}`;
  }
}

function typeName(session) {
  return session[kType] === NGHTTP2_SESSION_SERVER ? 'server' : 'client';
}

function whenConnected(session, callback) {
  if (!session.connecting) {
    callback();
    return;
  }
  const { waiting } = session[kState];
  waiting.push(callback);
  if (waiting.length > 1) return;
  session.once('connect', () => {
    for (const each of waiting.splice(0)) if (!session.destroyed) each();
  });
}

function sendSettings(session, settings, callback) {
  const state = session[kState];
  session[kUpdateTimer]();
  if (state.settings.length >= state.maxSettings) {
    session.destroy(new ERR_HTTP2_MAX_PENDING_SETTINGS_ACK());
    return;
  }
  if (settings.customSettings !== undefined) state.localCustom = { ...state.localCustom, ...settings.customSettings };
  state.settings.push({ callback, start: performance.now() });
  session[kHost].settings(splitSettings(settings));
  schedule(session);
}

// There is a connection.
function start(session, options) {
  const state = session[kState];
  const socket = session[kSocket];
  if (session.destroyed) {
    process.nextTick(() => session.emit('connect', session, socket));
    return;
  }
  session[kHost] = new Session(session[kType] === NGHTTP2_SESSION_SERVER, hostOptions(options));
  state.isReady = true;
  state.remoteSettings = settingsOf(session[kHost].remoteSettings()); // of a peer that has not said any
  state.encrypted = Boolean(socket.encrypted);
  state.alpnProtocol = socket.encrypted ? socket.alpnProtocol : 'h2c';
  socket.on('data', (chunk) => receive(session, chunk));
  socket.on('drain', () => onDrain(session));
  socket.on('end', () => {
    if (socket.allowHalfOpen) socket.end();
  });
  session.settings(typeof options.settings === 'object' ? options.settings : {});
  if (session[kType] === NGHTTP2_SESSION_SERVER && Array.isArray(options.origins)) session.origin(...options.origins);
  process.nextTick(() => session.emit('connect', session, socket));
}

function onSocketError(error) {
  const session = this[kBound];
  if (session === undefined) return;
  // A peer that went away after it said so is no error; what it did not read any more, Node does not tell.
  if (error.syscall === 'write' || (error.code === 'ECONNRESET' && session[kState].goawayCode !== null)) session.destroy();
  else session.destroy(error);
}

function onSocketClose() {
  const session = this[kBound];
  if (session === undefined || session.destroyed) return;
  const error = session.connecting ? new ERR_SOCKET_CLOSED() : undefined;
  require('internal/http2/session_close').onSocketClose(session, error);
}

module.exports = { Http2Session, kBound, typeName, whenConnected };
