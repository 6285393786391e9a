// SPDX-License-Identifier: Apache-2.0
// A server of the primary whose connections go to the workers of a cluster in turn.
'use strict';

const net = require('net');
const { sendHelper } = require('internal/cluster/utils');

const IPV6ONLY = 1;

function listenOptions(address, { port, fd, flags, backlog, readableAll, writableAll }) {
  if (fd >= 0) return { fd, backlog };
  if (port >= 0) return { port, host: address, ipv6Only: Boolean(flags & IPV6ONLY), backlog };
  return { path: address, backlog, readableAll, writableAll };
}

class RoundRobinHandle {
  constructor(key, address, options) {
    this.key = key;
    this.all = new Map();
    this.free = new Map(); // workers that wait for a connection
    this.handles = []; // connections that wait for a worker
    this.handle = null;
    this.server = net.createServer();
    this.server.listen(listenOptions(address, options));
    this.server.once('listening', () => {
      this.handle = this.server._handle;
      this.handle.onconnection = (status, handle) => this.distribute(status, handle);
      this.server._handle = null;
      this.server = null;
    });
  }

  add(worker, send) {
    this.all.set(worker.id, worker);
    const done = () => {
      send(null, this.handle.getsockname ? { sockname: this.handle.getsockname() } : null, null);
      this.handoff(worker);
    };
    if (this.server === null) {
      done();
      return;
    }
    this.server.once('listening', done);
    this.server.once('error', (error) => send(error.errno, null));
  }

  // True when nobody wants connections any more.
  remove(worker) {
    if (!this.all.delete(worker.id)) return false;
    this.free.delete(worker.id);
    if (this.all.size > 0) return false;
    for (const handle of this.handles.splice(0)) handle.close();
    this.handle?.close();
    this.handle = null;
    return true;
  }

  has(worker) {
    return this.all.has(worker.id);
  }

  distribute(status, handle) {
    if (status !== 0) return; // accepting it failed
    this.handles.push(handle);
    const [first] = this.free;
    if (first === undefined) return;
    this.free.delete(first[0]);
    this.handoff(first[1]);
  }

  handoff(worker) {
    if (!this.all.has(worker.id)) return; // it is closing
    const handle = this.handles.shift();
    if (handle === undefined) {
      this.free.set(worker.id, worker);
      return;
    }
    sendHelper(worker.process, { act: 'newconn', key: this.key }, handle, (reply) => {
      if (reply.accepted) handle.close();
      else this.distribute(0, handle); // that one is shutting down
      this.handoff(worker);
    });
  }
}

module.exports = RoundRobinHandle;
