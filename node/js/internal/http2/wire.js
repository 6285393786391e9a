// SPDX-License-Identifier: Apache-2.0
//
// Between a session, its socket and nghttp2: bytes that came become events, what is to be sent goes out once for all
// that happened in a turn of the event loop.
'use strict';

const { Buffer } = require('buffer');
const { NGHTTP2_REFUSED_STREAM } = require('internal/http2/constants');
const { kHost, kMaybeDestroy, kOnHeaders, kRequestResource, kSocket, kState, kStreams, kUpdateTimer } = require('internal/http2/symbols');

// Handlers by the number of their event (node/src/http2_session.h), and how many values each takes: five at most.
const kData = 1;
const handlers = [];
const arity = [];

function on(number, handler) {
  handlers[number] = handler;
  arity[number] = handler.length - 1;
}

// Between a head, or a piece of a body, and what follows it there is a tick, as in Node: a listener sees a stream before
// its reset. A handler that throws keeps the others waiting for one tick too.
function dispatch(session, events, chunk = undefined, from = 0) {
  let at = from;
  let goesOn = true;
  try {
    while (goesOn && at < events.length && session[kHost] !== undefined) {
      session[kState].chunk = chunk;
      const kind = events[at];
      const first = at + 1;
      at = first + arity[kind];
      goesOn = false;
      handlers[kind](session, events[first], events[first + 1], events[first + 2], events[first + 3], events[first + 4]);
      goesOn = kind > kData;
    }
  } finally {
    session[kState].chunk = undefined;
    if (at < events.length && session[kHost] !== undefined) process.nextTick(dispatch, session, events, chunk, at);
  }
}

function receive(session, chunk) {
  const host = session[kHost];
  if (host === undefined || session.destroyed) return;
  session[kUpdateTimer]();
  const events = [];
  host.receive(chunk, events);
  schedule(session);
  dispatch(session, events, chunk);
}

// Whether what is to be sent went to the socket. Not while that has too much already: then its 'drain' does it.
function flush(session) {
  const state = session[kState];
  const socket = session[kSocket];
  if (session[kHost] === undefined || state.isSending || state.isBlocked) return false;
  const events = [];
  state.isSending = true;
  try {
    const bytes = session[kHost].send(events);
    if (bytes !== undefined && !socket.destroyed && socket.writable) {
      state.chunksSent++;
      state.isBlocked = !socket.write(bytes);
    }
  } finally {
    state.isSending = false;
  }
  if (events.length > 0) dispatch(session, events);
  return true;
}

function flushAll(session) {
  session[kState].isScheduled = false;
  if (!flush(session)) return;
  const { resets } = session[kState];
  if (resets.size > 0 && session[kHost] !== undefined) {
    for (const [id, code] of resets) session[kHost].reset(id, code);
    resets.clear();
    flush(session);
  }
  if (session[kHost] !== undefined && session.closed && !session.destroyed) session[kMaybeDestroy]();
}

function schedule(session) {
  const state = session[kState];
  if (state.isScheduled || session[kHost] === undefined) return;
  state.isScheduled = true;
  setImmediate(flushAll, session);
}

function onDrain(session) {
  session[kState].isBlocked = false;
  session[kUpdateTimer]();
  schedule(session);
}

// RST_STREAM, after what was promised to the stream before.
function resetStream(session, id, code) {
  if (session[kHost] === undefined) return;
  if (!flush(session)) session[kState].resets.set(id, code);
  else if (session[kHost] !== undefined) session[kHost].reset(id, code);
  schedule(session);
}

// --- What nghttp2 tells
// Of streams; a stream that is not there any more has been destroyed.

const streamHandlers = require('internal/http2/stream_events');

on(0, (session, id, category, flags, list, sensitive) => {
  session[kUpdateTimer]();
  if (session[kStreams].get(id) === undefined && session.closed) {
    session[kHost].reset(id, NGHTTP2_REFUSED_STREAM);
    session[kHost].destroyStream(id);
    return;
  }
  session[kOnHeaders](id, category, flags, list, sensitive);
});
on(1, (session, id, offset, size) => {
  const stream = session[kStreams].get(id);
  if (stream === undefined) return;
  const { chunk } = session[kState];
  tell(stream, streamHandlers.onData, Buffer.from(chunk.buffer, chunk.byteOffset + offset, size));
});
on(2, (session, id) => tell(session[kStreams].get(id), streamHandlers.onEnd));
on(3, (session, id, code) => {
  const stream = session[kStreams].get(id);
  if (stream === undefined) session[kHost].destroyStream(id);
  else tell(stream, streamHandlers.onClose, code);
});
on(4, (session, id) => tell(session[kStreams].get(id), streamHandlers.onDrained));
on(5, (session, id) => tell(session[kStreams].get(id), streamHandlers.onWantTrailers));

// In the asynchronous context of its request.
function tell(stream, handler, value) {
  const resource = stream?.[kRequestResource];
  if (resource !== undefined) resource.runInAsyncScope(handler, undefined, stream, value);
  else if (stream !== undefined) handler(stream, value);
}

// The session's own, 6 to 15, are `session_events`.

module.exports = { flush, on, onDrain, receive, resetStream, schedule };
