// SPDX-License-Identifier: Apache-2.0
// Connections of a server that child processes have: the server counts them, and is closed when they are.
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_CHILD_CLOSED_BEFORE_REPLY },
} = require('internal/errors');

// The side of the server.
class SocketListSend extends EventEmitter {
  constructor(child, key) {
    super();
    this.key = key;
    this.child = child;
    child.once('exit', () => this.emit('exit', this));
  }

  #request(message, answer, callback, swallowErrors) {
    const { child } = this;
    if (!child.connected) {
      this.#fail(callback, swallowErrors);
      return;
    }
    child._send(message, undefined, { swallowErrors: true });
    const onExit = () => {
      child.removeListener('internalMessage', onReply);
      this.#fail(callback, swallowErrors);
    };
    const onReply = (reply) => {
      if (reply.cmd !== answer || reply.key !== this.key) return;
      child.removeListener('exit', onExit);
      child.removeListener('internalMessage', onReply);
      callback(null, reply);
    };
    child.on('internalMessage', onReply);
    child.once('exit', onExit);
  }

  // One that is gone has no connections any more.
  #fail(callback, swallowErrors) {
    if (swallowErrors) callback(null);
    else callback(new ERR_CHILD_CLOSED_BEFORE_REPLY());
  }

  close(callback) {
    this.#request({ cmd: 'NODE_SOCKET_NOTIFY_CLOSE', key: this.key }, 'NODE_SOCKET_ALL_CLOSED', callback, true);
  }

  getConnections(callback) {
    const question = { cmd: 'NODE_SOCKET_GET_COUNT', key: this.key };
    this.#request(question, 'NODE_SOCKET_COUNT', (error, reply) => {
      if (error) callback(error);
      else callback(null, reply.count);
    });
  }
}

// The side that has the connections.
class SocketListReceive extends EventEmitter {
  constructor(parent, key) {
    super();
    this.connections = 0;
    this.key = key;
    this.parent = parent;
    const tellEmpty = () => {
      if (parent.connected) parent._send({ cmd: 'NODE_SOCKET_ALL_CLOSED', key }, undefined, { swallowErrors: true });
    };
    parent.on('internalMessage', (message) => {
      if (message.key !== key) return;
      if (message.cmd === 'NODE_SOCKET_NOTIFY_CLOSE') {
        if (this.connections === 0) tellEmpty();
        else this.once('empty', tellEmpty);
      } else if (message.cmd === 'NODE_SOCKET_GET_COUNT' && parent.connected) {
        parent._send({ cmd: 'NODE_SOCKET_COUNT', key, count: this.connections });
      }
    });
  }

  add({ socket }) {
    this.connections++;
    socket.once('close', () => {
      if (--this.connections === 0) this.emit('empty', this);
    });
  }
}

module.exports = { SocketListReceive, SocketListSend };
