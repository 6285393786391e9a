// SPDX-License-Identifier: Apache-2.0
//
// Sockets that wait in an Agent for the next request. Nobody asked for what arrives meanwhile: it would be taken for
// the answer to that request, so the socket is destroyed.
'use strict';

const { kOwner } = require('internal/net/handles');

const kArrival = Symbol('arrival'); // the handle's own, meanwhile
const kOnConnect = Symbol('onConnect');

function onUnasked(bytes) {
  if (bytes === undefined || bytes.length > 0) this[kOwner].destroy();
}

function guardFreeSocket(socket) {
  if (socket.readableLength > 0) {
    socket.destroy();
    return;
  }
  if (socket.connecting) {
    socket[kOnConnect] = () => {
      socket[kOnConnect] = undefined;
      guardFreeSocket(socket);
    };
    socket.once('connect', socket[kOnConnect]);
    return;
  }
  const handle = socket._handle;
  if (!handle?.onarrival) return;
  handle[kArrival] = handle.onarrival;
  handle.onarrival = onUnasked;
  if (handle.reading) return;
  handle.reading = true;
  if (handle.readStart() !== 0) socket.destroy();
}

function unguardFreeSocket(socket) {
  if (socket[kOnConnect]) socket.removeListener('connect', socket[kOnConnect]);
  socket[kOnConnect] = undefined;
  const handle = socket._handle;
  if (handle?.onarrival !== onUnasked) return;
  handle.onarrival = handle[kArrival];
  handle[kArrival] = undefined;
}

module.exports = { guardFreeSocket, unguardFreeSocket };
