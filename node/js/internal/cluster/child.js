// SPDX-License-Identifier: Apache-2.0
// `cluster` in a worker.
'use strict';

const EventEmitter = require('events');
const { internal, sendHelper } = require('internal/cluster/utils');
const Worker = require('internal/cluster/worker');

const cluster = new EventEmitter();

Object.assign(cluster, { isWorker: true, isMaster: false, isPrimary: false, worker: null, Worker });

function send(message, callback) {
  return sendHelper(process, message, callback);
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
  process.on('internalMessage', internal(worker, (message) => {
    if (message.act === 'disconnect') disconnect(worker, true);
  }));
  send({ act: 'online' });
};

// The primary hears first that this is no accident.
function disconnect(worker, isAsked) {
  worker.exitedAfterDisconnect = true;
  if (isAsked) process.disconnect();
  else send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
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
