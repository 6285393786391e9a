// SPDX-License-Identifier: Apache-2.0
//
// A write of a whole message to a socket with nothing else to do: straight to the handle, around the machinery of
// streams, which costs more than all the rest of a small response.
'use strict';

const ids = require('internal/async_ids');
const { ErrnoException } = require('internal/errors');
const { afterWrite, kLastWriteQueueSize, Socket } = require('internal/net/socket');

const { write, _writev } = Socket.prototype;

// Whether that can be: nothing waits, and nobody looks into how the socket writes.
function canWriteAtOnce(socket) {
  const state = socket._writableState;
  return (
    socket.write === write &&
    socket._writev === _writev &&
    socket._handle?.isStream === true &&
    !socket.connecting &&
    ids.track === undefined &&
    !(state.length > 0 || state.writing || state.corked || state.ending || state.errored || state.destroyed)
  );
}

// Writes `list`, as handle.writev() takes it and `size` bytes long. True when it is written. Otherwise it is a write of
// the stream's that is under way, and `callback` is called at its end.
function writeAtOnce(socket, list, size, callback) {
  const handle = socket._handle;
  const state = socket._writableState;
  const onLate = (late) => afterWrite(socket, late, state.onwrite);
  const status = list.length === 2 ? handle.write(list[0], list[1], onLate) : handle.writev(list, onLate);
  if (socket.timeout) socket._unrefTimer();
  if (status === 0) return true;
  state.pendingcb++;
  state.length += size;
  state.writelen = size;
  state.writecb = callback;
  state.writing = true;
  if (state.length >= state.highWaterMark) state.needDrain = true;
  if (status === 1) {
    socket[kLastWriteQueueSize] = handle.writeQueueSize;
  } else {
    state.sync = true;
    state.onwrite(new ErrnoException(status, 'write'));
    state.sync = false;
  }
  return false;
}

module.exports = { canWriteAtOnce, writeAtOnce };
