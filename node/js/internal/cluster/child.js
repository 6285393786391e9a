// SPDX-License-Identifier: Apache-2.0
// `cluster` in a worker.
'use strict';

const EventEmitter = require('events');
const { internal, sendHelper } = require('internal/cluster/utils');
const { kOwner } = require('internal/socket_owner');
const Worker = require('internal/cluster/worker');

require('internal/cluster/role').isWorker = true;

const cluster = new EventEmitter();
const handles = new Map(); // key -> the handle of a server or socket of ours
const indexes = new Map(); // what is listened on -> the numbers that tell several listeners apart

Object.assign(cluster, { isWorker: true, isMaster: false, isPrimary: false, worker: null, Worker });

function send(message, callback) {
  return sendHelper(process, message, null, callback);
}

// Called once, before the program.
cluster._setupWorker = function() {
  const worker = new Worker({ id: Number(process.env.NODE_UNIQUE_ID), process, state: 'online' });
  cluster.worker = worker;
  process.once('disconnect', () => {
    process.channel = null;
    worker.emit('disconnect');
    // The primary has gone, or has let go of this worker: there is nothing to work for.
    if (!worker.exitedAfterDisconnect) process.exit(0);
  });
  process.on('internalMessage', internal(worker, (message, handle) => {
    if (message.act === 'newconn') onConnection(message, handle);
    else if (message.act === 'disconnect') disconnect(worker, true);
  }));
  send({ act: 'online' });
};

// -- Handles of the primary

function removeIndex(name, index) {
  const known = indexes.get(name);
  if (known === undefined) return;
  known.set.delete(index);
  if (known.set.size === 0) indexes.delete(name);
}

// Asks the primary for a handle for `owner`, a server or UDP socket; `callback(status, handle)`.
cluster._getServer = function(owner, options, callback) {
  let { address } = options;
  if (options.port < 0 && typeof address === 'string') address = require('path').resolve(address);
  const name = `${address}:${options.port}:${options.addressType}:${options.fd}`;
  if (!indexes.has(name)) indexes.set(name, { next: 0, set: new Set() });
  const known = indexes.get(name);
  const index = known.next++;
  known.set.add(index);
  const message = { act: 'queryServer', index, data: null, ...options, address };
  if (owner._getServerData) message.data = owner._getServerData();
  send(message, (reply, handle) => {
    if (typeof owner._setServerData === 'function') owner._setServerData(reply.data);
    const forget = () => {
      send({ act: 'close', key: reply.key });
      handles.delete(reply.key);
      removeIndex(name, index);
    };
    if (handle) useShared(reply, handle, forget, callback);
    else useRoundRobin(reply, forget, callback);
  });
  owner.once('listening', () => {
    if (!indexes.has(name)) return; // it has been closed
    cluster.worker.state = 'listening';
    send({ ...message, act: 'listening', port: owner.address()?.port || options.port });
  });
};

// A handle that is the primary's too.
function useShared({ key, errno }, handle, forget, callback) {
  const { close } = handle;
  handle.close = function(...args) {
    forget();
    handle.close = close;
    return Reflect.apply(close, handle, args);
  };
  handles.set(key, handle);
  callback(errno, handle);
}

// No handle but something that looks like one: connections come from the primary, one by one.
function useRoundRobin({ key, errno, sockname }, forget, callback) {
  if (errno) {
    callback(errno, null);
    return;
  }
  let timer = null; // keeps the program alive
  const handle = {
    close(done) {
      if (key === undefined) return;
      handle.unref();
      forget();
      key = undefined;
      if (typeof done === 'function') process.nextTick(done);
    },
    listen: () => 0,
    ref() {
      timer ??= setInterval(() => {}, 2 ** 31 - 1);
    },
    unref() {
      clearInterval(timer);
      timer = null;
    },
  };
  handle.ref();
  if (sockname) handle.getsockname = () => (key === undefined ? {} : { ...sockname });
  handles.set(key, handle);
  callback(0, handle);
}

function isFull(server) {
  return typeof server.maxConnections === 'number' && server._connections >= server.maxConnections;
}

function onConnection({ key, seq }, handle) {
  const known = handles.get(key);
  const server = known?.[kOwner];
  const accepted = known !== undefined && !(server && !server.dropMaxConnection && isFull(server));
  send({ ack: seq, accepted });
  if (accepted) known.onconnection(0, handle);
  else handle?.close();
}

// The primary hears first that this is no accident, and servers are closed before.
function disconnect(worker, isAsked) {
  worker.exitedAfterDisconnect = true;
  let waiting = 1;
  const check = () => {
    if (--waiting > 0) return;
    if (isAsked) process.disconnect();
    else send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
  };
  for (const handle of handles.values()) {
    waiting++;
    (handle[kOwner] ?? handle).close(check);
  }
  handles.clear();
  check();
}

Worker.prototype.disconnect = function() {
  if (this.state !== 'disconnecting' && this.state !== 'destroying') {
    this.state = 'disconnecting';
    disconnect(this, false);
  }
  return this;
};

Worker.prototype.destroy = function() {
  if (this.state === 'destroying') return;
  this.exitedAfterDisconnect = true;
  if (!this.isConnected()) process.exit(0);
  this.state = 'destroying';
  send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
  process.once('disconnect', () => process.exit(0));
};

module.exports = cluster;
