// SPDX-License-Identifier: Apache-2.0
// Sockets and servers on their way over a channel: what is sent of each kind, and what the other side makes of it.
'use strict';

const { SocketListReceive, SocketListSend } = require('internal/socket_list');
const net = require('net');
const { Pipe, TCP } = require('internal/net/handles');

const lists = new WeakMap(); // channel's owner -> { send, got }: the lists of a server's connections, by its key

function listOf(kind, target, key) {
  if (!lists.has(target)) lists.set(target, { send: {}, got: {} });
  const known = lists.get(target)[kind];
  known[key] ??= kind === 'send' ? new SocketListSend(target, key) : new SocketListReceive(target, key);
  return known[key];
}

// The socket lets go of its handle, which is closed here when the other side has it.
function detach(socket) {
  const { _handle: handle } = socket;
  handle.onarrival = () => {};
  socket._handle = null;
  socket.setTimeout(0);
  const { parser } = socket;
  if (!parser) return;
  require('_http_common').freeParser(parser, null, socket);
  if (socket._httpMessage) socket._httpMessage.detachSocket(socket);
}

// -- `send` gives the handle, or null when there is none; `got` calls `emit` with the object

const KINDS = {
  '__proto__': null,
  'net.Native': { send: (_target, _message, handle) => handle, got: (_target, _message, handle, emit) => emit(handle) },
  'net.Server': {
    send: (_target, _message, server) => server._handle,
    got(_target, _message, handle, emit) {
      const server = new net.Server();
      server.listen(handle, () => emit(server));
    },
  },
  'net.Socket': {
    closesAfter: true,
    send(target, message, socket, { keepOpen }) {
      const handle = socket._handle;
      if (!handle) return null;
      // Its server asks the other side from now on.
      if (socket.server) {
        message.key = socket.server._connectionKey;
        const isFirst = lists.get(target)?.send[message.key] === undefined;
        const list = listOf('send', target, message.key);
        if (isFirst) socket.server._setupWorker(list);
        if (!keepOpen) socket.server._connections--;
      }
      if (!keepOpen) detach(socket);
      return handle;
    },
    got(target, message, handle, emit) {
      const socket = new net.Socket({ handle, readable: true, writable: true });
      if (message.key) listOf('got', target, message.key).add({ socket });
      emit(socket);
    },
  },
  'dgram.Native': { send: (_target, _message, handle) => handle, got: (_target, _message, handle, emit) => emit(handle) },
  'dgram.Socket': {
    send(_target, message, socket) {
      message.dgramType = socket.type;
      return require('internal/dgram').handleOf(socket);
    },
    got(_target, message, handle, emit) {
      const socket = new (require('dgram').Socket)(message.dgramType);
      socket.bind(handle, () => emit(socket));
    },
  },
};

// Its kind; undefined for what cannot be sent.
function kindOf(object) {
  if (object instanceof net.Socket) return 'net.Socket';
  if (object instanceof net.Server) return 'net.Server';
  if (object instanceof TCP || object instanceof Pipe) return 'net.Native';
  if (object instanceof require('dgram').Socket) return 'dgram.Socket';
  return object instanceof require('internal/dgram').UDP ? 'dgram.Native' : undefined;
}

// The handle that has come over `channel`; undefined when there is none.
function accept(channel) {
  const Class = { __proto__: null, Pipe, TCP, get UDP() {
    return require('internal/dgram').UDP;
  } }[channel.pendingType()];
  if (Class === undefined) return undefined;
  const handle = new Class();
  if (channel.accept(handle) === 0) return handle;
  handle.close();
  return undefined;
}

module.exports = { accept, kindOf, KINDS };
