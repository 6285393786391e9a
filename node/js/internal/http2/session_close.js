// SPDX-License-Identifier: Apache-2.0
//
// The end of a session.
'use strict';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = require('internal/http2/constants');
const { kBound, typeName } = require('internal/http2/session');
const { kHost, kSocket, kState, kStreams } = require('internal/http2/symbols');
const { flush } = require('internal/http2/wire');
const observed = require('internal/perf/observed');
const {
  codes: { ERR_HTTP2_PING_CANCEL, ERR_HTTP2_SETTINGS_CANCEL, ERR_HTTP2_STREAM_CANCEL },
} = require('internal/errors');

function closeSession(session, code, error) {
  const state = session[kState];
  const socket = session[kSocket];
  session.setTimeout(0);
  state.destroyed = true;
  state.destroyCode = code ?? NGHTTP2_NO_ERROR;
  session.removeAllListeners('timeout');
  if (state.pending.size > 0 || session[kStreams].size > 0) {
    const cancel = new ERR_HTTP2_STREAM_CANCEL(error);
    for (const stream of [...state.pending]) stream.destroy(cancel);
    for (const stream of [...session[kStreams].values()]) stream.destroy(error);
  }
  const host = session[kHost];
  if (host !== undefined) {
    if (!socket.destroyed) {
      host.terminate(state.destroyCode);
      state.isBlocked = false; // the last words do not wait
      flush(session);
    }
    observe(session, host);
    host.close();
    session[kHost] = undefined;
  }
  cancelWaiting(state);
  finish(session, socket, error);
}

function cancelWaiting(state) {
  const { pings, settings } = state;
  state.pings = [];
  state.settings = [];
  state.resets.clear();
  if (pings.length > 0 || settings.length > 0) {
    setImmediate(() => {
      for (const { callback } of pings) callback(new ERR_HTTP2_PING_CANCEL());
      for (const { callback } of settings) callback?.(new ERR_HTTP2_SETTINGS_CANCEL());
    });
  }
}

function finish(session, socket, error) {
  session[kSocket] = undefined;
  socket[kBound] = undefined;
  const tell = () => {
    if (error) session.emit('error', error);
    session.emit('close');
  };
  if (socket.destroyed) {
    process.nextTick(tell);
    return;
  }
  socket.on('close', tell);
  if (session.closed) socket.resume(); // so that the peer's end is seen
  socket.end(() => {
    if (!session.closed) setImmediate(() => socket.destroy(error));
  });
}

function onSocketClose(session, error) {
  for (const stream of [...session[kStreams].values()]) stream.close(NGHTTP2_CANCEL);
  for (const stream of [...session[kState].pending]) stream.close(NGHTTP2_CANCEL);
  session.close();
  if (!session.destroyed) closeSession(session, NGHTTP2_NO_ERROR, error);
}

// For PerformanceObserver.
function observe(session, host) {
  if (!observed.http2) return;
  const { pingTime, start } = session[kState];
  const [bytesWritten, bytesRead, framesReceived, framesSent, maxConcurrentStreams, streamAverageDuration, streamCount] =
    host.statistics();
  const detail = {
    bytesWritten,
    bytesRead,
    framesReceived,
    framesSent,
    maxConcurrentStreams,
    pingRTT: pingTime,
    streamAverageDuration,
    streamCount,
    type: typeName(session),
  };
  const { deliverNodeEntry, now } = require('internal/performance');
  const duration = now() - start;
  setImmediate(() => deliverNodeEntry('Http2Session', 'http2', start, duration, detail));
}

module.exports = { closeSession, onSocketClose };
