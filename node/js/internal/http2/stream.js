// SPDX-License-Identifier: Apache-2.0
//
// Http2Stream: one request and its response, as a Duplex. What it writes waits behind the peer's windows; what nobody
// read yet is not acknowledged, so that the peer waits too.
'use strict';

const { Duplex } = require('stream');
const { Buffer } = require('buffer');
const { channel } = require('diagnostics_channel');
const {
  NGHTTP2_CANCEL,
  NGHTTP2_INTERNAL_ERROR,
  NGHTTP2_NO_ERROR,
  NGHTTP2_SESSION_SERVER,
} = require('internal/http2/constants');
const { fieldsOf, kTrailers } = require('internal/http2/headers');
const { NghttpError, nameOfCode } = require('internal/http2/nghttp2_error');
const {
  kHost,
  kInit,
  kMaybeDestroy,
  kProceed,
  kPublish,
  kSession,
  kState,
  kStreams,
  kType,
  kUpdateTimer,
} = require('internal/http2/symbols');
const { maybeDestroy, opened } = require('internal/http2/stream_events');
const { onStreamTimeout } = require('internal/http2/timeout');
const { resetStream, schedule } = require('internal/http2/wire');
const { setStreamTimeout } = require('internal/net/timeout');
const observed = require('internal/perf/observed');
const {
  codes: {
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_STREAM_ERROR,
    ERR_HTTP2_TRAILERS_ALREADY_SENT,
    ERR_HTTP2_TRAILERS_NOT_READY,
  },
} = require('internal/errors');
const { deprecate } = require('internal/util');
const { validateFunction, validateInteger, validateObject } = require('internal/validators');

const kId = Symbol('id');
const kOptions = { allowHalfOpen: true, autoDestroy: false, decodeStrings: false };
const kTimeout = Symbol('timeout');
const kMaxCode = 2 ** 32 - 1;

const names = ['created', 'start', 'bodyChunkSent', 'bodySent', 'error', 'finish', 'close'];
const channels = {
  client: Object.fromEntries(names.map((name) => [name, channel(`http2.client.stream.${name}`)])),
  server: Object.fromEntries(names.map((name) => [name, channel(`http2.server.stream.${name}`)])),
};

function makeState() {
  return {
    aborted: false,
    closed: false,
    didRead: false,
    endAfterHeaders: false,
    headersSent: false,
    hasTrailers: false, // that will be sent when the body is
    isHead: false,
    isReading: false,
    isShutDown: false,
    onWritten: undefined, // called when what was written is on its way
    rstCode: NGHTTP2_NO_ERROR,
    sentHeaders: undefined,
    sentInfoHeaders: undefined,
    sentTrailers: undefined,
    start: performance.now(),
    trailersReady: false,
    unread: 0,
    writeQueueSize: 0,
  };
}

function onPause() {
  this[kState].isReading = false;
}

class Http2Stream extends Duplex {
  constructor(session) {
    super(kOptions);
    this[kSession] = session;
    this[kState] = makeState();
    this[kId] = undefined;
    this.timeout = 0;
    this.cork(); // until it has its number
    this._readableState.readingMore = true; // nothing is read before somebody asks
    session[kState].pending.add(this);
    this.on('pause', onPause);
  }

  [kInit](id) {
    const session = this[kSession];
    session[kState].pending.delete(this);
    session[kStreams].set(id, this);
    this[kId] = id;
    this.uncork();
    this.emit('ready');
  }

  [kUpdateTimer]() {
    if (this.destroyed) return;
    this[kTimeout]?.refresh();
    this[kSession]?.[kUpdateTimer]();
  }

  [kPublish](name, message) {
    const { client, server } = channels;
    const target = (this[kSession]?.[kType] === NGHTTP2_SESSION_SERVER ? server : client)[name];
    if (target.hasSubscribers) target.publish({ stream: this, ...message });
  }

  get id() {
    return this[kId];
  }

  get pending() {
    return this[kId] === undefined;
  }

  get session() {
    return this[kSession];
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
    return this[kState].writeQueueSize + this.writableLength;
  }

  get headRequest() {
    return this[kState].isHead;
  }

  get headersSent() {
    return this[kState].headersSent;
  }

  get sentHeaders() {
    return this[kState].sentHeaders;
  }

  get sentInfoHeaders() {
    return this[kState].sentInfoHeaders;
  }

  get sentTrailers() {
    return this[kState].sentTrailers;
  }

  get state() {
    const host = this[kSession]?.[kHost];
    if (this.destroyed || this.pending || host === undefined) return {};
    const [state, weight, sumDependencyWeight, localClose, remoteClose, localWindowSize] = host.streamState(this[kId]);
    return { state, weight, sumDependencyWeight, localClose, remoteClose, localWindowSize };
  }

  setTimeout(msecs, callback) {
    return setStreamTimeout(this, kTimeout, msecs, callback);
  }

  _onTimeout() {
    onStreamTimeout(this, this[kSession]);
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth) {
    if (typeof depth === 'number' && depth < 0) return this;
    const { closed, destroyed, state } = this;
    const shown = { id: this[kId] ?? '<pending>', closed, destroyed, state };
    return `Http2Stream ${require('util').format({
      ...shown,
      readableState: this._readableState,
      writableState: this._writableState,
    })}`;
  }

  // --- Writing

  _write(chunk, encoding, callback) {
    write(this, [typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk], callback);
    this[kPublish]('bodyChunkSent', { writev: false, data: chunk, encoding });
  }

  _writev(chunks, callback) {
    const bytes = chunks.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    write(this, bytes, callback);
    const data = chunks.allBuffers ? chunks.map(({ chunk }) => chunk) : chunks;
    this[kPublish]('bodyChunkSent', { writev: true, data, encoding: '' });
  }

  _final(callback) {
    if (this.pending) {
      this.once('ready', () => this._final(callback));
      return;
    }
    shutDown(this, callback);
    this[kPublish]('bodySent');
  }

  sendTrailers(headers) {
    const state = this[kState];
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (state.sentTrailers !== undefined) throw new ERR_HTTP2_TRAILERS_ALREADY_SENT();
    if (!state.trailersReady) throw new ERR_HTTP2_TRAILERS_NOT_READY();
    validateObject(headers, 'headers');
    headers = { __proto__: null, ...headers };
    this[kUpdateTimer]();
    const fields = fieldsOf(headers, kTrailers, this[kSession][kState].strictSingle);
    state.sentTrailers = headers;
    setImmediate(() => {
      if (this.destroyed) return;
      state.hasTrailers = false;
      const result = this[kSession][kHost].trail(this[kId], fields.text, fields.count);
      schedule(this[kSession]);
      if (result < 0) this.destroy(new NghttpError(result));
      else this[kMaybeDestroy]();
    });
  }

  // --- Reading

  _read() {
    if (this.destroyed) {
      this.push(null);
      return;
    }
    const state = this[kState];
    if (!state.didRead) {
      this._readableState.readingMore = false;
      state.didRead = true;
    }
    state.isReading = true;
    if (!this.pending) opened(this);
  }

  // --- The end

  close(code = NGHTTP2_NO_ERROR, callback = undefined) {
    validateInteger(code, 'code', 0, kMaxCode);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.closed) return;
    if (callback !== undefined) this.once('close', callback);
    closeStream(this, code, 'when finished');
  }

  [kMaybeDestroy]() {
    if (!this.writableFinished) return;
    if (!this.readable && this.closed) {
      this.destroy();
      return;
    }
    // A server that answered without reading the request does not want the rest of it. Pushed streams go first.
    const { didRead, hasTrailers, headersSent } = this[kState];
    const isServer = this[kSession]?.[kType] === NGHTTP2_SESSION_SERVER;
    if (isServer && headersSent && !hasTrailers && !didRead && this.readableFlowing === null) {
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
      else code = error.name === 'AbortError' ? NGHTTP2_CANCEL : NGHTTP2_INTERNAL_ERROR;
    }
    if (!this.closed) closeStream(this, code, this.pending ? 'never' : 'now');
    this.push(null);
    leave(this, session);
    if (error == null && code !== NGHTTP2_NO_ERROR && code !== NGHTTP2_CANCEL) {
      error = new ERR_HTTP2_STREAM_ERROR(nameOfCode(code));
    }
    if (session.closed) setImmediate(() => session[kMaybeDestroy]()); // else close() does it
    if (error) this[kPublish]('error', { error });
    this[kSession] = undefined;
    session[kState].writeQueueSize -= state.writeQueueSize;
    state.writeQueueSize = 0;
    callback(error);
  }
}

// Priorities are of the past: RFC 9113 dropped them, and Node does nothing here.
Http2Stream.prototype.priority = deprecate(
  function priority() {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_STREAM();
  },
  'http2Stream.priority is longer supported after priority signalling was deprecated in RFC 9113',
  'DEP0194'
);

// The session forgets a stream.
function leave(stream, session) {
  const host = session[kHost];
  const { resets } = session[kState];
  const id = stream[kId];
  session[kState].pending.delete(stream);
  if (id === undefined || session[kStreams].get(id) !== stream) return;
  session[kStreams].delete(id);
  if (host === undefined) return;
  if (resets.has(id)) {
    host.reset(id, resets.get(id));
    resets.delete(id);
    schedule(session);
  }
  const counted = observed.http2 ? host.streamCounts(id) : undefined;
  host.destroyStream(id);
  if (counted !== undefined) observe(stream, counted);
}

function observe(stream, counted) {
  const [bytesRead, bytesWritten, timeToFirstHeader, timeToFirstByte, timeToFirstByteSent] = counted;
  const detail = { bytesRead, bytesWritten, id: stream[kId], timeToFirstByte, timeToFirstByteSent, timeToFirstHeader };
  const { deliverNodeEntry, now } = require('internal/performance');
  const { start } = stream[kState];
  const duration = now() - start;
  setImmediate(() => deliverNodeEntry('Http2Stream', 'http2', start, duration, detail));
}

function write(stream, chunks, callback) {
  if (stream.pending) {
    stream.once('ready', () => write(stream, chunks, callback));
    return;
  }
  if (stream.destroyed) return;
  stream[kUpdateTimer]();
  const state = stream[kState];
  const session = stream[kSession];
  if (!state.headersSent) stream[kProceed]();
  let size = 0;
  for (const bytes of chunks) size += bytes.length;
  let waits = 2; // for the bytes to be on their way, and for the end to be seen
  const done = () => {
    if (--waits === 0) callback();
  };
  state.onWritten = () => {
    state.writeQueueSize -= size;
    session[kState].writeQueueSize -= size;
    done();
  };
  state.writeQueueSize += size;
  session[kState].writeQueueSize += size;
  session[kState].chunksSeen = session[kState].chunksSent;
  let isTaken = true;
  for (const bytes of chunks) isTaken = session[kHost].write(stream[kId], bytes) && isTaken;
  if (!isTaken) {
    const { onWritten } = state;
    state.onWritten = undefined;
    onWritten();
  }
  schedule(session);
  // The last chunk and the end of the stream share a frame.
  process.nextTick(() => {
    const { buffered, ending } = stream._writableState;
    if (!ending || buffered.length > 0 || state.hasTrailers) done();
    else shutDown(stream, done);
  });
}

function shutDown(stream, callback) {
  const state = stream[kState];
  const host = stream[kSession]?.[kHost];
  const isReset = state.closed && state.rstCode !== NGHTTP2_NO_ERROR; // it must not look complete
  if (host !== undefined && !state.isShutDown && !isReset) {
    state.isShutDown = true;
    host.end(stream[kId]);
    schedule(stream[kSession]);
    stream.on('finish', maybeDestroy);
  }
  callback();
}

// `reset`: when the peer is told: 'now', 'when finished' or 'never'.
function closeStream(stream, code, reset) {
  const state = stream[kState];
  state.closed = true;
  state.rstCode = code;
  if (stream[kTimeout] !== undefined) stream.setTimeout(0);
  if (stream.listenerCount('timeout') > 0) stream.removeAllListeners('timeout');
  const { ending } = stream._writableState;
  if (!ending) {
    if (!stream.aborted) {
      state.aborted = true;
      stream.emit('aborted');
    }
    stream.end();
  }
  if (reset !== 'never') {
    const finish = () => {
      if (stream.pending) {
        stream.push(null);
        stream.once('ready', finish);
      } else if (stream[kSession] !== undefined) resetStream(stream[kSession], stream[kId], code);
    };
    if (!ending || stream.writableFinished || code !== NGHTTP2_NO_ERROR || reset === 'now') finish();
    else stream.once('finish', finish);
  }
  stream[kPublish]('close');
}

module.exports = { closeStream, Http2Stream };
