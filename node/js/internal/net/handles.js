// SPDX-License-Identifier: Apache-2.0
// Handles of sockets: the classes of internalBinding('streams') as asynchronous resources.
'use strict';

const native = internalBinding('streams');
const { causedBy, closed, isPlain, kAsyncId, opened, run } = require('internal/async_resource_calls');
const { kOwner } = require('internal/socket_owner');

const SOCKET = 0;
const SERVER = 1;
const IPC = 2;

const UV_EOF = -4095;
const UV_ENOTCONN = -107;
const UV_EADDRINUSE = -98;
const UV_EINVAL = -22;
const UV_ETIMEDOUT = -110;
const UV_ECANCELED = -125;

// What both classes do; each has its native methods below.
const common = (Base, types) => class extends Base {
  constructor(type = SOCKET) {
    super(type === IPC);
    opened(this, types[type]);
  }

  getAsyncId() {
    return this[kAsyncId];
  }

  close(callback) {
    super.close(callback && (() => run(this, callback)));
    closed(this);
  }

  // The owner's `onread` and `onconnection` run in the handle's name.
  onread(bytes, status) {
    if (isPlain(this)) this.onarrival(bytes, status);
    else run(this, this.onarrival, bytes, status);
  }

  onarrival() {}

  onincoming(status) {
    let client;
    if (status === 0) {
      client = causedBy(this, () => new this.constructor(SOCKET));
      status = this.accept(client);
    }
    run(this, this.onconnection, status, client);
  }
};

class TCP extends common(native.TCP, ['TCPWRAP', 'TCPSERVERWRAP']) {}

class Pipe extends common(native.Pipe, ['PIPEWRAP', 'PIPESERVERWRAP', 'PIPEWRAP']) {}

// Both are streams of libuv's, whose write calls take text and lists.
TCP.prototype.isStream = Pipe.prototype.isStream = true;

// A handle for an open descriptor, by what it is.
function handleOf(fd, type) {
  const { codes: { ERR_INVALID_FD_TYPE } } = require('internal/errors');
  const { validateInt32 } = require('internal/validators');
  validateInt32(fd, 'fd', 0);
  const kind = internalBinding('stdio').guessHandleType(fd);
  if (kind === 'PIPE') return new Pipe(type);
  if (kind === 'TCP') return new TCP(type);
  throw new ERR_INVALID_FD_TYPE(kind);
}

module.exports = {
  handleOf,
  IPC,
  kOwner,
  Pipe,
  SERVER,
  SOCKET,
  TCP,
  UV_EADDRINUSE,
  UV_ECANCELED,
  UV_EINVAL,
  UV_ENOTCONN,
  UV_EOF,
  UV_ETIMEDOUT,
};
