// SPDX-License-Identifier: Apache-2.0
//
// What nghttp2 tells of a stream.
'use strict';

const { NGHTTP2_NO_ERROR, NGHTTP2_SESSION_SERVER } = require('internal/http2/constants');
const { kHost, kMaybeDestroy, kSession, kState, kType, kUpdateTimer } = require('internal/http2/symbols');

// What was pushed opens the window of the stream, unless nobody reads: then what comes next is kept from the peer.
function onData(stream, bytes) {
  const state = stream[kState];
  if (stream.destroyed) return;
  stream[kUpdateTimer]();
  state.unread += bytes.length;
  if (!stream.push(bytes)) state.isReading = false;
  if (state.isReading) opened(stream);
}

let schedule; // of a module that needs this one

function opened(stream) {
  const state = stream[kState];
  const host = stream[kSession]?.[kHost];
  if (state.unread === 0 || host === undefined) return;
  host.consume(stream.id, state.unread);
  state.unread = 0;
  schedule ??= require('internal/http2/wire').schedule;
  schedule(stream[kSession]);
}

function maybeDestroy() {
  this[kMaybeDestroy]();
}

function onEnd(stream) {
  if (stream.destroyed) return;
  stream[kUpdateTimer]();
  stream.on('end', maybeDestroy);
  stream.push(null);
  stream.read(0);
}

function onDrained(stream) {
  const state = stream[kState];
  const { onWritten } = state;
  state.onWritten = undefined;
  onWritten?.();
}

function onWantTrailers(stream) {
  stream[kState].trailersReady = true;
  if (stream.destroyed || stream.closed) return;
  if (!stream.emit('wantTrailers')) stream.sendTrailers({});
}

// Both sides are done, or one of them has reset it.
function onClose(stream, code) {
  if (stream.destroyed) return;
  if (!stream.closed) require('internal/http2/stream').closeStream(stream, code, 'never');
  if (!stream.readable || code !== NGHTTP2_NO_ERROR) {
    stream.destroy();
    return;
  }
  stream.on('end', maybeDestroy);
  stream.push(null);
  const isServer = stream[kSession][kType] === NGHTTP2_SESSION_SERVER;
  if (isServer && !stream[kState].didRead && stream.readableFlowing === null) stream.resume();
  else stream.read(0);
}

module.exports = { maybeDestroy, onClose, onData, onDrained, onEnd, onWantTrailers, opened };
