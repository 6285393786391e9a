// SPDX-License-Identifier: Apache-2.0
'use strict';

const { isIP, isIPv4, isIPv6 } = require('internal/net/addresses');
const { normalizeArgs, normalized } = require('internal/net/arguments');
const settings = require('internal/net/auto_select_family');
const { connect } = require('internal/net/connect');
const { createServerHandle, Server } = require('internal/net/server');
const { Socket } = require('internal/net/socket');
const clientChannel = require('diagnostics_channel').channel('net.client.socket');

// (options[, connectListener]), (path[, connectListener]) or (port[, host][, connectListener])
Socket.prototype.connect = function(...args) {
  const [options, callback] = normalized(args);
  if (clientChannel.hasSubscribers) clientChannel.publish({ socket: this });
  if (callback !== null) this.once('connect', callback);
  if (this._parent?.connecting) return this; // it will be connected through its parent
  if (this.write !== Socket.prototype.write) this.write = Socket.prototype.write;
  if (this.destroyed) {
    this._handle = null;
    this._peername = undefined;
    this._sockname = undefined;
  }
  connect(this, options);
  return this;
};

function createConnection(...args) {
  const made = normalizeArgs(args);
  const [options] = made;
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(made);
}

module.exports = {
  _createServerHandle: createServerHandle,
  _normalizeArgs: normalizeArgs,
  get BlockList() {
    return require('internal/blocklist').BlockList;
  },
  get SocketAddress() {
    return require('internal/socketaddress').SocketAddress;
  },
  connect: createConnection,
  createConnection,
  createServer: (options, connectionListener) => new Server(options, connectionListener),
  isIP,
  isIPv4,
  isIPv6,
  Server,
  Socket,
  Stream: Socket, // its older name
  getDefaultAutoSelectFamily: settings.getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily: settings.setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout: settings.getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout: settings.setDefaultAutoSelectFamilyAttemptTimeout,
};
