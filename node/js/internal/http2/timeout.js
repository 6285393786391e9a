// SPDX-License-Identifier: Apache-2.0
'use strict';

const { kState, kUpdateTimer } = require('internal/http2/symbols');

// 'timeout', unless something is being written and bytes went out since the last time.
function onStreamTimeout(emitter, session) {
  if (emitter.destroyed) return;
  const state = session?.[kState];
  if (state !== undefined && emitter[kState].writeQueueSize > 0 && state.chunksSeen !== state.chunksSent) {
    state.chunksSeen = state.chunksSent;
    emitter[kUpdateTimer]();
    return;
  }
  emitter.emit('timeout');
}

module.exports = { onStreamTimeout };
