// SPDX-License-Identifier: Apache-2.0
// `cluster` in the process that forks workers.
'use strict';

const EventEmitter = require('events');
const { fork } = require('child_process');
const { validatePort } = require('internal/validators');
const { internal, sendHelper } = require('internal/cluster/utils');
const { refusal } = require('internal/refuse');
const Worker = require('internal/cluster/worker');

const SCHED_NONE = 1;
const SCHED_RR = 2;

const cluster = new EventEmitter();
const intercom = new EventEmitter(); // 'disconnect': the last worker has gone
const POLICIES = { __proto__: null, none: SCHED_NONE, rr: SCHED_RR };

let lastId = 0;
let isSetUp = false;

Object.assign(cluster, {
  isWorker: false,
  isMaster: true, // the older name of isPrimary
  isPrimary: true,
  Worker,
  workers: {},
  settings: {},
  SCHED_NONE,
  SCHED_RR,
  schedulingPolicy: POLICIES[process.env.NODE_CLUSTER_SCHED_POLICY] ?? SCHED_RR,
});

cluster.setupPrimary = function(options) {
  const settings = {
    args: process.argv.slice(2),
    exec: process.argv[1],
    execArgv: process.execArgv,
    silent: false,
    ...cluster.settings,
    ...options,
  };
  cluster.settings = settings;
  if (!isSetUp) {
    isSetUp = true;
    const policy = cluster.schedulingPolicy; // can be set until the first fork
    if (policy !== SCHED_NONE && policy !== SCHED_RR) throw new Error(`Bad cluster.schedulingPolicy: ${policy}`);
  }
  process.nextTick(() => cluster.emit('setup', settings));
};
cluster.setupMaster = cluster.setupPrimary;

function createWorkerProcess(id, env) {
  const { settings } = cluster;
  if (settings.inspectPort !== undefined && settings.inspectPort !== null && typeof settings.inspectPort !== 'function') {
    validatePort(settings.inspectPort, 'inspectPort');
  }
  return fork(settings.exec, settings.args, {
    cwd: settings.cwd,
    env: { ...process.env, ...env, NODE_UNIQUE_ID: `${id}` },
    serialization: settings.serialization,
    silent: settings.silent,
    windowsHide: settings.windowsHide,
    execArgv: [...settings.execArgv],
    stdio: settings.stdio,
    gid: settings.gid,
    uid: settings.uid,
  });
}

// -- Handles of servers that workers listen with

const handles = new Map(); // by what is listened on, and which of several listeners of a worker

function removeHandlesOf(worker) {
  for (const [key, handle] of handles) if (handle.remove(worker)) handles.delete(key);
}

// Names of Unix sockets can have about 100 bytes: as seen from here they may have less.
function shortestPath({ address, port }) {
  if (port >= 0 || typeof address !== 'string') return address;
  const relative = require('path').relative(process.cwd(), address);
  return relative.length < address.length ? relative : address;
}

function handleFor(worker, message, key) {
  const known = handles.get(key);
  if (known !== undefined && !known.has(worker)) return known;
  // Datagrams have no connections that could take turns.
  const isShared = cluster.schedulingPolicy !== SCHED_RR || message.addressType === 'udp4' || message.addressType === 'udp6';
  const Handle = require(isShared ? 'internal/cluster/shared_handle' : 'internal/cluster/round_robin_handle');
  const made = new Handle(key, shortestPath(message), message);
  if (known === undefined) handles.set(key, made);
  return made;
}

function removeWorker(worker) {
  delete cluster.workers[worker.id];
  if (Object.keys(cluster.workers).length === 0) intercom.emit('disconnect');
}

function watch(worker) {
  worker.on('message', (message, handle) => cluster.emit('message', worker, message, handle));
  worker.process.once('exit', (exitCode, signalCode) => {
    if (!worker.isConnected()) {
      removeHandlesOf(worker);
      removeWorker(worker);
    }
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'dead';
    worker.emit('exit', exitCode, signalCode);
    cluster.emit('exit', worker, exitCode, signalCode);
  });
  worker.process.once('disconnect', () => {
    removeHandlesOf(worker);
    if (worker.isDead()) removeWorker(worker);
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'disconnected';
    worker.emit('disconnect');
    cluster.emit('disconnect', worker);
  });
  worker.process.on('internalMessage', internal(worker, onMessage));
}

cluster.fork = function(env) {
  cluster.setupPrimary();
  const id = ++lastId;
  const worker = new Worker({ id, process: createWorkerProcess(id, env) });
  watch(worker);
  process.nextTick(() => cluster.emit('fork', worker));
  cluster.workers[worker.id] = worker;
  return worker;
};

// Internal messages of workers.
const ACTIONS = {
  __proto__: null,
  online(worker) {
    worker.state = 'online';
    worker.emit('online');
    cluster.emit('online', worker);
  },
  exitedAfterDisconnect(worker, message) {
    worker.exitedAfterDisconnect = true;
    sendHelper(worker.process, { ack: message.seq }, null);
  },
  queryServer(worker, message) {
    if (worker.exitedAfterDisconnect) return; // it is going
    const { address, port, addressType, fd, index, seq } = message;
    const key = `${address}:${port}:${addressType}:${fd}:${index}`;
    const found = handleFor(worker, message, key);
    found.data ||= message.data;
    found.add(worker, (errno, reply, handle) => {
      const { data } = handles.get(key) ?? found;
      if (errno) handles.delete(key); // others may try again
      sendHelper(worker.process, { errno, key, ack: seq, data, ...reply }, handle);
    });
  },
  listening(worker, { addressType, address, port, fd }) {
    const info = { addressType, address, port, fd };
    worker.state = 'listening';
    worker.emit('listening', info);
    cluster.emit('listening', worker, info);
  },
  close(worker, { key }) {
    if (handles.get(key)?.remove(worker)) handles.delete(key);
  },
};

function onMessage(message) {
  const action = ACTIONS[message.act];
  if (action === undefined) throw refusal(`cluster's '${message.act}'`);
  action(this, message);
}

cluster.disconnect = function(callback) {
  const workers = Object.values(cluster.workers);
  if (workers.length === 0) process.nextTick(() => intercom.emit('disconnect'));
  for (const worker of workers) if (worker.isConnected()) worker.disconnect();
  if (typeof callback === 'function') intercom.once('disconnect', callback);
};

Worker.prototype.disconnect = function() {
  this.exitedAfterDisconnect = true;
  sendHelper(this.process, { act: 'disconnect' }, null);
  removeHandlesOf(this);
  removeWorker(this);
  return this;
};

Worker.prototype.destroy = function(signal) {
  this.process.kill(signal || 'SIGTERM');
};

module.exports = cluster;
