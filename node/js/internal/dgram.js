// SPDX-License-Identifier: Apache-2.0
// Handles of UDP sockets, as asynchronous resources, and what `dgram` and `cluster` do with them.
'use strict';

const native = internalBinding('udp');
const {
  codes: { ERR_SOCKET_BAD_TYPE },
} = require('internal/errors');
const { closed, kAsyncId, opened, run } = require('internal/async_resource_calls');
const { kOwner } = require('internal/socket_owner');
const { validateFunction } = require('internal/validators');

const kState = Symbol('state symbol'); // of a socket
const UV_EINVAL = -22;

class UDP extends native.UDP {
  constructor() {
    super();
    opened(this, 'UDPWRAP');
  }

  getAsyncId() {
    return this[kAsyncId];
  }

  close(callback) {
    super.close(callback && (() => run(this, callback)));
    closed(this);
  }

  ondatagram(bytes, from, status) {
    run(this, this.onmessage, bytes, from, status);
  }
}

// What is sent to by default, and which addresses are asked for.
const KINDS = { __proto__: null, udp4: ['127.0.0.1', 4], udp6: ['::1', 6] };

function newHandle(type, lookup) {
  const kind = KINDS[type];
  if (kind === undefined) throw new ERR_SOCKET_BAD_TYPE();
  if (lookup === undefined) lookup = (...args) => require('dns').lookup(...args);
  else validateFunction(lookup, 'lookup');
  const handle = new UDP();
  const [self, family] = kind;
  handle.lookup = (address, callback) => lookup(address || self, family, callback);
  return handle;
}

// A bound handle, or a negative errno.
function createSocketHandle(address, port, addressType, fd, flags) {
  const handle = newHandle(addressType);
  let status = 0;
  if (Number.isInteger(fd) && fd > 0) {
    const isSocket = internalBinding('stdio').guessHandleType(fd) === 'UDP';
    status = isSocket ? handle.open(fd) : UV_EINVAL;
  } else if (port || address) status = handle.bind(address, port | 0, flags);
  if (status === 0) return handle;
  handle.close();
  return status;
}

module.exports = { createSocketHandle, handleOf: (socket) => socket[kState].handle, kOwner, kState, newHandle, UDP };
