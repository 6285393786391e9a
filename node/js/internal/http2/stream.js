// SPDX-License-Identifier: Apache-2.0
//
// Http2Stream: one request and its response, as a Duplex. What it writes waits in the host for the peer's windows;
// what it did not read yet is not acknowledged, so that the peer waits too.
'use strict';

const { Duplex } = require('stream');
const { Buffer } = require('buffer');
const { channel } = require('diagnostics_channel');
const constants = require('internal/http2/constants');
const { fieldsOf, kTrailers } = require('internal/http2/headers');
const { kFlush, kHost, kInit, kMaybeDestroy, kSession, kState, kStreams, kUpdateTimer } = require('internal/http2/symbols');
const { setStreamTimeout } = require('internal/net/timeout');
const {
  codes: {
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_STREAM_ERROR,
    ERR_HTTP2_TRAILERS_ALREADY_SENT,
    ERR_HTTP2_TRAILERS_NOT_READY,
  },
} = require('internal/errors');
const { deprecate } = require('internal/util');
const { validateFunction, validateObject, validateUint32 } = require('internal/validators');

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;
const kTimeout = Symbol('timeout');

const names = ['created', 'start', 'bodyChunkSent', 'bodySent', 'error', 'finish', 'close'];
const channels = {
  client: Object.fromEntries(names.map((name) => [name, channel(`http2.client.stream.${name}`)])),
  server: Object.fromEntries(names.map((name) => [name, channel(`http2.server.stream.${name}`)])),
};

function nameOfCode(code) {
  const found = Object.keys(constants).find((name) => /^NGHTTP2_(?!ERR|FLAG|STREAM_STATE|SESSION|HCAT|NV|DEFAULT|SETTINGS)/.test(name) && constants[name] === code);
  return found ?? code;
}

// Priorities are of the past: RFC 9113 dropped them, and Node does nothing here.
const warnOfPriority = deprecate(
  () => {},
  'http2Stream.priority is longer supported after priority signalling was deprecated in RFC 9113',
  'DEP0194'
);

function makeState() {
  return {
    aborted: false,
    closed: false,
    didRead: false,
    endAfterHeaders: false,
    endsWithHeaders: false, // the answer to a pushed HEAD: respond() will end it
    held: [], // [bytes, size for the window] that nobody read yet
    isReading: false,
    localEnded: false,
    onDrained: undefined, // called when the host sent what it was given
    remoteEnded: false,
    remoteEndShown: false,
    rstCode: NGHTTP2_NO_ERROR,
    trailersReady: false,
    waitForTrailers: false,
  };
}

class Http2Stream extends Duplex {
  constructor(session, options) {
    super({ ...options, allowHalfOpen: true, decodeStrings: false, autoDestroy: false });
    this[kSession] = session;
    this[kState] = makeState();
    this.id_ = undefined;
    this.timeout = 0;
    Object.defineProperty(this, 'id_', { __proto__: null, enumerable: false, writable: true });
    this.cork(); // until it has its number
    this.on('pause', () => {
      this[kState].isReading = false;
    });
  }

  [kInit](id) {
    this.id_ = id;
    this[kSession][kStreams].set(id, this);
    this.uncork();
    this.emit('ready');
  }

  [kUpdateTimer]() {
    if (this.destroyed) return;
    this[kTimeout]?.refresh();
    this[kSession]?.[kUpdateTimer]();
  }

  publish(name, message) {
    const target = channels[this.isServer ? 'server' : 'client'][name];
    if (target.hasSubscribers) target.publish({ stream: this, ...message });
  }

  get id() {
    return this.id_;
  }

  get pending() {
    return this.id_ === undefined;
  }

  get session() {
    return this.destroyed ? undefined : this[kSession];
  }

  get closed() {
    return this[kState].closed;
  }

  get aborted() {
    return this[kState].aborted;
  }

  get rstCode() {
    return this[kState].rstCode;
  }

  get endAfterHeaders() {
    return this[kState].endAfterHeaders;
  }

  get bufferSize() {
    return this.writableLength;
  }

  get headersSent() {
    return this.sentHeaders !== undefined;
  }

  get state() {
    const { localEnded, remoteEnded } = this[kState];
    const windows = this.pending || this.destroyed ? null : this[kSession][kHost].streamWindows(this.id_);
    if (windows === null) return {};
    return {
      state: localEnded && remoteEnded ? 7 : localEnded ? 5 : remoteEnded ? 6 : 2,
      weight: 16,
      sumDependencyWeight: 0,
      localClose: Number(localEnded),
      remoteClose: Number(remoteEnded),
      localWindowSize: windows[1],
    };
  }

  get _handle() {
    return undefined;
  }

  setTimeout(msecs, callback) {
    return setStreamTimeout(this, kTimeout, msecs, callback);
  }

  _onTimeout() {
    if (!this.destroyed) this.emit('timeout');
  }

  priority() {
    warnOfPriority();
    if (this.destroyed) throw new ERR_HTTP2_INVALID_STREAM();
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      id: this.id || '<pending>',
      closed: this.closed,
      destroyed: this.destroyed,
      state: this.state,
      readableState: this._readableState,
      writableState: this._writableState,
    };
    return `Http2Stream ${require('internal/util/inspect').inspect(shown, options)}`;
  }

  // --- writing ---

  _write(chunk, encoding, callback) {
    this.publish('bodyChunkSent', { writev: false, data: chunk, encoding });
    send(this, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk, callback);
  }

  _writev(chunks, callback) {
    const data = chunks.allBuffers ? chunks.map(({ chunk }) => chunk) : chunks;
    this.publish('bodyChunkSent', { writev: true, data, encoding: '' });
    const parts = chunks.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    send(this, Buffer.concat(parts), callback);
  }

  _final(callback) {
    if (this.pending) {
      this.once('ready', () => this._final(callback));
      return;
    }
    const state = this[kState];
    this.publish('bodySent');
    if (state.localEnded || this.destroyed || (state.endsWithHeaders && !this.headersSent)) {
      callback();
      return;
    }
    if (state.waitForTrailers) {
      state.trailersReady = true;
      if (!this.emit('wantTrailers')) this.sendTrailers({});
      callback();
      return;
    }
    send(this, Buffer.alloc(0), callback, true);
  }

  sendTrailers(headers) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.sentTrailers) throw new ERR_HTTP2_TRAILERS_ALREADY_SENT();
    const state = this[kState];
    if (!state.trailersReady) throw new ERR_HTTP2_TRAILERS_NOT_READY();
    validateObject(headers, 'headers');
    headers = { __proto__: null, ...headers };
    const { list, sensitive } = fieldsOf(headers, kTrailers);
    this.sentTrailers = headers;
    const host = this[kSession][kHost];
    if (list.length > 0) host.headers(this.id_, list, sensitive, true);
    else host.data(this.id_, Buffer.alloc(0), true);
    this[kSession][kFlush]();
    endLocally(this);
  }

  // --- reading ---

  _read() {
    const state = this[kState];
    state.didRead = true;
    state.isReading = true;
    release(this);
  }

  // --- the end ---

  close(code = NGHTTP2_NO_ERROR, callback) {
    validateUint32(code, 'code');
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.closed) return;
    if (callback !== undefined) this.once('close', callback);
    closeStream(this, code, 'when finished');
  }

  [kMaybeDestroy](code = NGHTTP2_NO_ERROR) {
    if (this.destroyed) return;
    if (code !== NGHTTP2_NO_ERROR) {
      this.destroy();
      return;
    }
    if (!this.writableFinished) return;
    if (!this.readable && this.closed) {
      this.destroy();
      return;
    }
    // A server that answered without reading the request does not want the rest of it.
    const state = this[kState];
    if (this.isServer && !state.didRead && this.readableFlowing === null && !state.remoteEnded) {
      setImmediate(() => this.close());
    }
  }

  _destroy(error, callback) {
    const session = this[kSession];
    const state = this[kState];
    const sessionCode = session[kState].goawayCode || session[kState].destroyCode;
    let code = this.closed ? this.rstCode : sessionCode;
    if (error != null) {
      if (sessionCode) code = sessionCode;
      else if (error.code === 'ABORT_ERR') code = NGHTTP2_CANCEL;
      else code = NGHTTP2_INTERNAL_ERROR;
    }
    if (!this.closed) closeStream(this, code, 'now');
    else if (!(state.localEnded && state.remoteEnded)) resetPeer(this, code);
    this.removeAllListeners('ready');
    clearHeld(this);
    session[kStreams].delete(this.id_);
    session[kState].pending.delete(this);
    if (error == null && code !== NGHTTP2_NO_ERROR && code !== NGHTTP2_CANCEL) {
      error = new ERR_HTTP2_STREAM_ERROR(nameOfCode(code));
    }
    const waiting = state.onDrained;
    state.onDrained = undefined;
    if (error) this.publish('error', { error });
    callback(error);
    waiting?.(error);
    setImmediate(() => session[kMaybeDestroy]());
  }
}

function send(stream, bytes, callback, end = false) {
  if (stream.pending) {
    stream.once('ready', () => send(stream, bytes, callback, end));
    return;
  }
  if (stream.destroyed) {
    callback();
    return;
  }
  const state = stream[kState];
  if (!stream.headersSent && !stream.closed) stream._proceed();
  stream[kUpdateTimer]();
  const done = () => {
    stream[kUpdateTimer]();
    if (end) endLocally(stream);
    callback();
  };
  if (state.localEnded || !stream.headersSent || (stream.closed && state.rstCode !== NGHTTP2_NO_ERROR)) {
    callback();
    return;
  }
  stream[kSession][kHost].data(stream.id_, bytes, end);
  state.onDrained = (error) => (error ? callback(error) : done());
  stream[kSession][kFlush]();
}

function endLocally(stream) {
  stream[kState].localEnded = true;
  if (stream.writableFinished) setImmediate(() => stream[kMaybeDestroy]());
  else stream.once('finish', () => stream[kMaybeDestroy]());
  maybeClosed(stream);
}

// Both sides have ended.
function maybeClosed(stream) {
  const { localEnded, remoteEnded } = stream[kState];
  if (localEnded && remoteEnded) setImmediate(onStreamClose, stream, NGHTTP2_NO_ERROR);
}

function onStreamClose(stream, code) {
  if (stream.destroyed) return;
  if (!stream.closed) closeStream(stream, code, 'never');
  if (code !== NGHTTP2_NO_ERROR || !stream.readable) {
    stream[kMaybeDestroy](code);
    if (code === NGHTTP2_NO_ERROR && !stream.destroyed) stream.once('finish', () => stream.destroy());
    return;
  }
  stream.once('end', () => stream.destroy());
  showEnd(stream);
  if (stream.isServer && !stream[kState].didRead && stream.readableFlowing === null) stream.resume();
  else stream.read(0);
}

function resetPeer(stream, code) {
  if (stream.pending || stream[kSession][kState].isClosing) return; // GOAWAY says it all
  const state = stream[kState];
  if (state.resetSent) return;
  state.resetSent = true;
  stream[kSession][kHost].reset(stream.id_, code);
  stream[kSession][kFlush]();
}

// `reset`: when the peer is told: 'now', 'when finished' or 'never'.
function closeStream(stream, code, reset) {
  const state = stream[kState];
  state.closed = true;
  state.rstCode = code;
  stream.setTimeout(0);
  const { ending } = stream._writableState;
  if (!ending) {
    if (!stream.aborted || state.endAfterHeaders) {
      state.aborted = true;
      stream.emit('aborted');
    }
    stream.end();
  }
  if (reset !== 'never') {
    const finish = () => {
      if (stream.pending) {
        stream.push(null);
        stream.once('ready', () => finish());
        return;
      }
      if (stream.destroyed && reset !== 'now') return;
      resetPeer(stream, code);
      state.localEnded = state.remoteEnded = true;
      if (reset === 'when finished') setImmediate(onStreamClose, stream, code);
    };
    if (!ending || stream.writableFinished || code !== NGHTTP2_NO_ERROR || reset === 'now') finish();
    else stream.once('finish', finish);
  }
  stream.publish('close');
}

// --- what the session tells ---

function release(stream) {
  const state = stream[kState];
  while (state.isReading && state.held.length > 0) {
    const [bytes, size] = state.held.shift();
    consumed(stream, size);
    if (!stream.push(bytes)) state.isReading = false;
  }
  if (state.remoteEnded && state.held.length === 0) showEnd(stream);
}

function consumed(stream, size) {
  const session = stream[kSession];
  if (session.destroyed) return;
  session[kHost].consumed(stream.id_, size);
  session[kFlush]();
}

function clearHeld(stream) {
  for (const [, size] of stream[kState].held) consumed(stream, size);
  stream[kState].held = [];
}

function showEnd(stream) {
  const state = stream[kState];
  if (state.remoteEndShown || state.held.length > 0) return;
  state.remoteEndShown = true;
  stream.push(null);
  if (!stream.isServer) stream.read(0);
}

function onData(stream, bytes, size) {
  stream[kUpdateTimer]();
  if (stream.destroyed || (stream.closed && stream.rstCode !== NGHTTP2_NO_ERROR)) {
    consumed(stream, size);
    return;
  }
  stream[kState].held.push([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), size]);
  release(stream);
}

function onEnd(stream) {
  const state = stream[kState];
  state.remoteEnded = true;
  release(stream);
  maybeClosed(stream);
}

function onReset(stream, code) {
  const state = stream[kState];
  state.localEnded = state.remoteEnded = true;
  state.resetSent = true;
  if (code !== NGHTTP2_NO_ERROR) clearHeld(stream);
  if (stream.destroyed) return;
  const waiting = state.onDrained;
  state.onDrained = undefined;
  onStreamClose(stream, code);
  waiting?.();
}

function onDrained(stream) {
  const waiting = stream[kState].onDrained;
  stream[kState].onDrained = undefined;
  waiting?.();
}

module.exports = { Http2Stream, endLocally, nameOfCode, onData, onDrained, onEnd, onReset, onStreamClose };
