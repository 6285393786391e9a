// SPDX-License-Identifier: Apache-2.0
//
// Http2Session: a socket, the protocol machine of the host behind it, and the streams over it.
'use strict';

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const constants = require('internal/http2/constants');
const { assignNumbered, getDefaultSettings, numbered, validateSettings } = require('internal/http2/settings');
const { socketProxy } = require('internal/http2/socket_proxy');
const { nameOfCode } = require('internal/http2/stream');
const { kFlush, kHost, kMaybeDestroy, kState, kStreams, kUpdateTimer } = require('internal/http2/symbols');
const { setStreamTimeout } = require('internal/net/timeout');
const {
  codes: {
    ERR_HTTP2_INVALID_SESSION,
    ERR_HTTP2_MAX_PENDING_SETTINGS_ACK,
    ERR_HTTP2_PING_CANCEL,
    ERR_HTTP2_PING_LENGTH,
    ERR_HTTP2_SESSION_ERROR,
    ERR_HTTP2_SETTINGS_CANCEL,
    ERR_HTTP2_SOCKET_BOUND,
    ERR_HTTP2_STREAM_CANCEL,
    ERR_INVALID_ARG_TYPE,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateBuffer, validateFunction, validateInt32, validateNumber } = require('internal/validators');

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;
const kEvents = Symbol('events');
const kSocket = Symbol('socket');
const kTimeout = Symbol('timeout');
const kType = Symbol('type');
const kBound = Symbol('http2 session'); // of a socket

// An error of the protocol, as nghttp2's are shown.
class NghttpError extends Error {
  constructor(code, message) {
    super(message);
    this.code = 'ERR_HTTP2_ERROR';
    this.errno = code;
    Object.defineProperty(this, 'name', { __proto__: null, configurable: true, value: 'Error', writable: true });
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

class Http2Session extends EventEmitter {
  constructor(type, options, socket) {
    super();
    if (socket[kBound]) throw new ERR_HTTP2_SOCKET_BOUND();
    socket[kBound] = this;
    const settings = options.settings ?? {};
    validateSettings(settings);
    this[kType] = type;
    this[kSocket] = socket;
    this[kStreams] = new Map();
    this[kState] = {
      closed: false,
      destroyCode: NGHTTP2_NO_ERROR,
      destroyed: false,
      flushing: false,
      goawayCode: null,
      isClosing: false,
      isReceiving: false,
      localSettings: getDefaultSettings(),
      onStart: [], // what waits for the connection
      maxPending: options.maxOutstandingSettings ?? 10,
      pending: new Set(), // streams without a number yet
      pings: [],
      refed: true,
      remoteSettings: getDefaultSettings(),
      settings: [], // sent, not acknowledged: [numbers, callback, when]
      windowSize: 65535,
      strictSingle: options.strictSingleValueFields !== false,
    };
    this.timeout = 0;
    this.proxy_ = undefined;
    Object.defineProperty(this, 'proxy_', { __proto__: null, enumerable: false, writable: true });
    const numbers = numbered(settings);
    this[kHost] = internalBinding('http2_host').session(type === constants.NGHTTP2_SESSION_SERVER, { ...numbers });
    this[kState].settings.push([numbers, undefined, Date.now()]);
    this[kEvents] = {
      data: (chunk) => receive(this, chunk),
      end: () => onSocketEnd(this),
      close: () => onSocketClose(this),
      error: (error) => onSocketError(this, error),
      drain: () => this[kUpdateTimer](),
    };
    for (const name of Object.keys(this[kEvents])) socket.on(name, this[kEvents][name]);
    if (!socket.connecting && !socket.secureConnecting) process.nextTick(start, this);
    else socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => start(this));
  }

  get type() {
    return this[kType];
  }

  get socket() {
    return (this.proxy_ ??= socketProxy(this, () => this[kSocket]));
  }

  get closed() {
    return this[kState].closed;
  }

  get destroyed() {
    return this[kState].destroyed;
  }

  get connecting() {
    const socket = this[kSocket];
    return Boolean(socket && (socket.connecting || socket.secureConnecting)) || (!this.destroyed && !this[kState].started);
  }

  get encrypted() {
    return this[kSocket]?.encrypted === undefined ? (this.connecting ? undefined : false) : Boolean(this[kSocket].encrypted);
  }

  get alpnProtocol() {
    if (this.connecting) return undefined;
    const socket = this[kSocket];
    if (socket === undefined) return this[kState].alpnProtocol;
    return socket.encrypted ? socket.alpnProtocol || undefined : 'h2c';
  }

  get pendingSettingsAck() {
    return this[kState].settings.length > 0;
  }

  get localSettings() {
    return this[kState].localSettings;
  }

  get remoteSettings() {
    return this[kState].remoteSettings;
  }

  get state() {
    if (this.destroyed) return {};
    const [outbound, inbound, next, last] = this[kHost].windows();
    return {
      effectiveLocalWindowSize: this[kState].windowSize,
      effectiveRecvDataLength: Math.max(0, this[kState].windowSize - inbound),
      nextStreamID: next,
      localWindowSize: inbound,
      lastProcStreamID: last,
      remoteWindowSize: outbound,
      outboundQueueSize: 0,
      deflateDynamicTableSize: 0,
      inflateDynamicTableSize: 0,
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
    if (!this.destroyed) this.emit('timeout');
  }

  [kUpdateTimer]() {
    if (!this.destroyed) this[kTimeout]?.refresh();
  }

  setLocalWindowSize(size) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateInt32(size, 'windowSize', 0);
    this[kHost].setWindow(size);
    this[kState].windowSize = size;
    this[kFlush]();
  }

  setNextStreamID(id) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateNumber(id, 'id');
    if (id <= 0 || id > 2 ** 32 - 1) throw new ERR_OUT_OF_RANGE('id', '> 0 and <= 4294967295', id);
    this[kHost].setNextStreamId(id);
  }

  settings(settings, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (settings === null || typeof settings !== 'object' || Array.isArray(settings)) throw new ERR_INVALID_ARG_TYPE('settings', 'Object', settings);
    validateSettings(settings);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this[kState].settings.length >= this[kState].maxPending) {
      const error = new ERR_HTTP2_MAX_PENDING_SETTINGS_ACK();
      process.nextTick(() => this.destroy(error));
      return;
    }
    const numbers = numbered(settings);
    const sendSettings = () => {
      this[kHost].settings({ ...numbers });
      this[kState].settings.push([numbers, callback, Date.now()]);
      this[kFlush]();
    };
    if (this.connecting) this[kState].onStart.push(sendSettings);
    else sendSettings();
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
    if (state.pings.length >= 10) {
      process.nextTick(callback, new ERR_HTTP2_PING_CANCEL(), 0, payload);
      return false;
    }
    const sendPing = () => {
      const bytes = payload ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength) : require('crypto').randomBytes(8);
      state.pings.push([callback, process.hrtime()]);
      this[kHost].ping(bytes);
      this[kFlush]();
    };
    if (this.connecting) this[kState].onStart.push(sendPing);
    else sendPing();
    return true;
  }

  goaway(code = NGHTTP2_NO_ERROR, lastStreamID = 0, opaqueData = undefined) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (opaqueData !== undefined) validateBuffer(opaqueData, 'opaqueData');
    validateNumber(code, 'code');
    validateNumber(lastStreamID, 'lastStreamID');
    const sendGoaway = () => {
      if (this.destroyed) return;
      this[kHost].goaway(code, lastStreamID, opaqueData === undefined ? null : opaqueData);
      this[kFlush]();
    };
    if (this.connecting) this[kState].onStart.push(sendGoaway);
    else sendGoaway();
  }

  close(callback) {
    if (this.closed || this.destroyed) return;
    this[kState].closed = true;
    if (typeof callback === 'function') this.once('close', callback);
    this.goaway();
    setImmediate(() => this[kMaybeDestroy]());
  }

  // When it is closed and no stream is left.
  [kMaybeDestroy]() {
    const state = this[kState];
    if (state.destroyed || !state.closed || this[kStreams].size > 0 || state.pending.size > 0) return;
    this.destroy();
  }

  destroy(error = NGHTTP2_NO_ERROR, code = undefined) {
    const state = this[kState];
    if (state.destroyed) return;
    if (typeof error === 'number') {
      code = error;
      error = code === NGHTTP2_NO_ERROR ? undefined : new ERR_HTTP2_SESSION_ERROR(nameOfCode(code));
    }
    if (code === undefined && error != null) code = NGHTTP2_INTERNAL_ERROR;
    state.destroyCode = code ?? NGHTTP2_NO_ERROR;
    closeSession(this, code, error);
  }

  // Sends what the host has, once for all that happens now.
  [kFlush]() {
    const state = this[kState];
    if (state.flushing || state.destroyed || !state.started || state.isReceiving) return;
    state.flushing = true;
    process.nextTick(() => {
      state.flushing = false;
      flush(this);
    });
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

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      type: this.type,
      closed: this.closed,
      destroyed: this.destroyed,
      state: this.state,
      localSettings: this.localSettings,
      remoteSettings: this.remoteSettings,
    };
    return `${this.constructor.name} ${require('internal/util/inspect').inspect(shown, options)}`;
  }
}

function flush(session) {
  const socket = session[kSocket];
  if (socket === undefined || socket.destroyed || !socket.writable) return;
  const [bytes, drained] = session[kHost].output();
  if (bytes.byteLength > 0) socket.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for (const id of drained) handlers.drained(session, id);
}

function start(session) {
  const state = session[kState];
  if (state.destroyed) return;
  state.started = true;
  const socket = session[kSocket];
  if (socket.setNoDelay) socket.setNoDelay();
  flush(session);
  for (const callback of state.onStart.splice(0)) callback();
  session.emit('connect', session, socket);
}

function closeSession(session, code, error) {
  const state = session[kState];
  const hasStarted = state.started;
  if (hasStarted && !session[kSocket].destroyed && !state.failed) {
    session[kHost].goaway(state.destroyCode, 0, null);
  }
  state.closed = state.isClosing = true;
  const pending = [...state.pending];
  const streams = [...session[kStreams].values()];
  session.setTimeout(0);
  const streamError = error;
  if (pending.length > 0) {
    const cancel = new ERR_HTTP2_STREAM_CANCEL(error);
    for (const stream of pending) stream.destroy(cancel);
  }
  for (const stream of streams) stream.destroy(streamError);
  if (hasStarted) flush(session);
  state.destroyed = true;
  for (const [callback] of state.pings) callback(new ERR_HTTP2_PING_CANCEL(), 0, undefined);
  state.pings = [];
  for (const [, callback] of state.settings) callback?.(new ERR_HTTP2_SETTINGS_CANCEL());
  state.settings = [];
  const socket = session[kSocket];
  state.alpnProtocol = hasStarted ? session.alpnProtocol : undefined;
  const finish = () => {
    session[kSocket] = undefined;
    socket[kBound] = undefined;
    if (error) session.emit('error', error);
    session.emit('close');
  };
  if (socket.destroyed) process.nextTick(finish);
  else {
    socket.once('close', () => process.nextTick(finish));
    if (error || !hasStarted) setImmediate(() => socket.destroy(hasStarted ? undefined : error));
    else socket.end(() => setImmediate(() => socket.destroy()));
  }
}

function onSocketEnd(session) {
  if (!session.destroyed && session[kStreams].size === 0) session.destroy();
}

function onSocketClose(session) {
  const state = session[kState];
  if (state.destroyed) return;
  state.closed = true;
  for (const stream of session[kStreams].values()) stream.close(NGHTTP2_CANCEL);
  session.destroy();
}

function onSocketError(session, error) {
  if (session.destroyed) return;
  // A peer that went away after it said so is no error.
  const { closed, goawayCode } = session[kState];
  if (error.code === 'ECONNRESET' && (goawayCode === NGHTTP2_NO_ERROR || (closed && session[kStreams].size === 0))) {
    session.destroy();
    return;
  }
  session[kState].failed = true;
  session.destroy(error);
}

// --- what came ---

function receive(session, chunk) {
  const state = session[kState];
  if (state.destroyed) return;
  session[kUpdateTimer]();
  const found = session[kHost].receive(chunk);
  state.isReceiving = true;
  try {
    for (const [name, ...rest] of found) {
      if (state.destroyed) break;
      handlers[name](session, ...rest);
    }
  } finally {
    state.isReceiving = false;
  }
  if (!state.destroyed) session[kFlush]();
}

const streamHandlers = require('internal/http2/stream');

function toStream(name) {
  return (session, id, ...rest) => {
    const stream = session[kStreams].get(id);
    if (stream !== undefined) streamHandlers[name](stream, ...rest);
    else if (name === 'onData') session[kHost].consumed(id, rest[1]);
  };
}

const handlers = {
  __proto__: null,
  data: toStream('onData'),
  drained: toStream('onDrained'),
  end: toStream('onEnd'),
  reset: toStream('onReset'),
  headers: (session, ...rest) => session.onHeaders_(...rest),
  push: (session, ...rest) => session.onPush_(...rest),
  settings(session, pairs) {
    const remoteSettings = (session[kState].remoteSettings = { __proto__: null, ...session[kState].remoteSettings });
    for (const [number, value] of pairs) assignNumbered(remoteSettings, number, value);
    process.nextTick(emitOn, session, 'remoteSettings', remoteSettings);
  },
  settingsAck(session) {
    const state = session[kState];
    const first = state.settings.shift();
    if (first === undefined) {
      handlers.error(session, constants.NGHTTP2_PROTOCOL_ERROR, 'Protocol error');
      return;
    }
    const [numbers, callback, since] = first;
    state.localSettings = { __proto__: null, ...state.localSettings };
    for (const number of Object.keys(numbers)) assignNumbered(state.localSettings, Number(number), numbers[number]);
    callback?.(null, state.localSettings, Date.now() - since);
    process.nextTick(emitOn, session, 'localSettings', state.localSettings);
  },
  ping(session, bytes) {
    process.nextTick(emitOn, session, 'ping', Buffer.from(bytes));
  },
  pingAck(session, bytes) {
    const first = session[kState].pings.shift();
    if (first === undefined) {
      handlers.error(session, constants.NGHTTP2_PROTOCOL_ERROR, 'Protocol error');
      return;
    }
    const [callback, since] = first;
    const [seconds, nanoseconds] = process.hrtime(since);
    callback(null, seconds * 1e3 + nanoseconds / 1e6, Buffer.from(bytes));
  },
  goaway(session, code, last, bytes) {
    const state = session[kState];
    if (state.destroyed) return;
    state.goawayCode = code;
    state.goawayLastStreamID = last;
    session.emit('goaway', code, last, bytes.byteLength > 0 ? Buffer.from(bytes) : undefined);
    if (session.destroyed) return;
    if (code === NGHTTP2_NO_ERROR) session.close();
    else session.destroy(new ERR_HTTP2_SESSION_ERROR(code), NGHTTP2_NO_ERROR);
  },
  altsvc(session, value, origin) {
    process.nextTick(emitOn, session, 'altsvc', value, origin, 0);
  },
  error(session, code, message) {
    if (session.destroyed) return;
    const shown = code === constants.NGHTTP2_PROTOCOL_ERROR ? 'Protocol error' : message;
    session.destroy(new NghttpError(-505, shown), code);
  },
};

function emitOn(target, ...rest) {
  if (!target.destroyed) target.emit(...rest);
}

module.exports = { emitOn, Http2Session, kSocket };
