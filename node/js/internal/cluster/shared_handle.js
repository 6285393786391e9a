// SPDX-License-Identifier: Apache-2.0
// A bound handle that workers of a cluster share: the system decides who gets what.
'use strict';

class SharedHandle {
  constructor(key, address, { port, addressType, fd, flags }) {
    this.key = key;
    this.workers = new Map();
    this.handle = null;
    this.errno = 0;
    const isUdp = addressType === 'udp4' || addressType === 'udp6';
    const create = isUdp ? require('internal/dgram').createSocketHandle : require('internal/net/server').createServerHandle;
    const made = create(address, port, addressType, fd, flags);
    if (typeof made === 'number') this.errno = made;
    else this.handle = made;
  }

  add(worker, send) {
    this.workers.set(worker.id, worker);
    send(this.errno, null, this.handle);
  }

  // True when nobody has it any more.
  remove(worker) {
    if (!this.workers.delete(worker.id) || this.workers.size > 0) return false;
    this.handle?.close();
    this.handle = null;
    return true;
  }

  has(worker) {
    return this.workers.has(worker.id);
  }
}

module.exports = SharedHandle;
