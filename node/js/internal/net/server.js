// SPDX-License-Identifier: Apache-2.0
// net.Server.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_SERVER_ALREADY_LISTEN,
    ERR_SERVER_NOT_RUNNING,
  },
  ErrnoException,
  ExceptionWithHostPort,
  systemErrorOf,
} = require('internal/errors');
const { causedBy, kAsyncId } = require('internal/async_resource_calls');
const role = require('internal/cluster/role');
const { isPipeName, normalized, toNumber } = require('internal/net/arguments');
const { checkBindError } = require('internal/net/connect');
const { handleOf, kOwner, Pipe, SERVER, TCP, UV_EINVAL } = require('internal/net/handles');
const { kSetKeepAlive, kSetKeepAliveInitialDelay, kSetNoDelay, Socket } = require('internal/net/socket');
const { getDefaultHighWaterMark } = require('stream');
const { validateAbortSignal, validateNumber, validatePort } = require('internal/validators');
const dc = require('diagnostics_channel');

const ANY_4 = '0.0.0.0';
const ANY_6 = '::';
const DEFAULT_BACKLOG = 511;
const IPV6ONLY = 1; // flags of bind()
const REUSEPORT = 2;
const UV_READABLE = 1; // modes of fchmod()
const UV_WRITABLE = 2;

const socketChannel = dc.channel('net.server.socket');
const listenChannels = dc.tracingChannel('net.server.listen');

// --- Making one -------------------------------------------------------------------------------------------------------

function checkedNumber(options, name, otherwise) {
  if (options[name] === undefined) return undefined;
  validateNumber(options[name], `options.${name}`);
  return options[name] < 0 ? otherwise : options[name];
}

function Server(options, connectionListener) {
  if (!(this instanceof Server)) return new Server(options, connectionListener);
  Reflect.apply(EventEmitter, this, [typeof options === 'function' ? undefined : options]);
  if (typeof options === 'function') [options, connectionListener] = [{}, options];
  else if (options !== undefined && options !== null && typeof options !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  options ??= {};
  if (typeof connectionListener === 'function') this.on('connection', connectionListener);
  const keepAliveInitialDelay = checkedNumber(options, 'keepAliveInitialDelay', 0);
  const highWaterMark = checkedNumber(options, 'highWaterMark', getDefaultHighWaterMark(false));
  this._connections = 0;
  this[kAsyncId] = -1;
  this._handle = null;
  this._usingWorkers = false;
  this._workers = [];
  this._unref = false;
  this._listeningId = 1;
  this.allowHalfOpen = options.allowHalfOpen || false;
  this.pauseOnConnect = Boolean(options.pauseOnConnect);
  this.noDelay = Boolean(options.noDelay);
  this.keepAlive = Boolean(options.keepAlive);
  this.keepAliveInitialDelay = ~~(keepAliveInitialDelay / 1000);
  this.highWaterMark = highWaterMark ?? getDefaultHighWaterMark(false);
  if (options.blockList) {
    if (!require('internal/blocklist').BlockList.isBlockList(options.blockList)) {
      throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', options.blockList);
    }
    this.blockList = options.blockList;
  }
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

// --- Listening ----------------------------------------------------------------------------------------------------------

// A bound handle, or a negative errno.
function createServerHandle(address, port, addressType, fd, flags) {
  if (typeof fd === 'number' && fd >= 0) {
    let handle;
    try {
      handle = handleOf(fd, SERVER);
    } catch (error) {
      if (error.code !== 'ERR_INVALID_FD_TYPE') throw error;
      return UV_EINVAL; // nothing that one can listen on
    }
    const status = handle.open(fd);
    return status === 0 ? handle : status;
  }
  const isPipe = port === -1 && addressType === -1;
  const handle = isPipe ? new Pipe(SERVER) : new TCP(SERVER);
  const status = bindHandle(handle, isPipe, address, port, flags);
  if (status === 0) return handle;
  handle.close();
  if (!isPipe && !address) return createServerHandle(ANY_4, port, undefined, undefined, flags);
  return status;
}

function bindHandle(handle, isPipe, address, port, flags) {
  try {
    return isPipe ? handle.bind(address) : handle.bind(address || ANY_6, port, flags);
  } catch (error) {
    handle.close();
    throw error;
  }
}

// `listen EADDRINUSE: address already in use :::80`
function listenError(status, address, port) {
  const [code, text] = systemErrorOf(status);
  const place = port && port > 0 ? `${address}:${port}` : address;
  const error = new Error(`listen ${code}: ${text}${place ? ` ${place}` : ''}`);
  Object.assign(error, { code, errno: status, syscall: 'listen', address });
  if (port) error.port = port;
  return error;
}

function emitListenError(server, error) {
  causedBy(server, process.nextTick, () => server.emit('error', error));
  if (listenChannels.error.hasSubscribers) listenChannels.error.publish({ server, error });
}

// Sets up `server._handle`, or returns a negative errno, with the address in the end.
function openHandle(server, address, port, addressType, fd, flags) {
  let made;
  if (!address && typeof fd !== 'number') {
    made = createServerHandle(ANY_6, port, 6, fd, flags);
    if (typeof made === 'number') {
      made = undefined;
      address = ANY_4;
      addressType = 4;
    } else {
      address = ANY_6;
      addressType = 6;
    }
  }
  made ??= createServerHandle(address, port, addressType, fd, flags);
  if (typeof made === 'number') return { status: made, address };
  server._handle = made;
  return { status: 0, address, addressType };
}

function setupListenHandle(address, port, addressType, backlog, fd, flags) {
  if (!this._handle) {
    let opened;
    try {
      opened = openHandle(this, address, port, addressType, fd, flags);
    } catch (error) {
      if (error.code !== 'ERR_ACCESS_DENIED') throw error;
      emitListenError(this, error);
      return;
    }
    if (opened.status !== 0) {
      emitListenError(this, listenError(opened.status, opened.address, port));
      return;
    }
    ({ address, addressType } = opened);
  }
  const handle = this._handle;
  this[kAsyncId] = handle[kAsyncId];
  handle.onconnection = onconnection;
  handle[kOwner] = this;
  const status = handle.listen(backlog || DEFAULT_BACKLOG);
  if (status !== 0) {
    handle.close();
    this._handle = null;
    emitListenError(this, listenError(status, address, port));
    return;
  }
  this._connectionKey = `${addressType}:${address}:${port}`; // what tells it from others
  if (this._unref) this.unref(); // it was before there was a handle
  if (listenChannels.asyncEnd.hasSubscribers) listenChannels.asyncEnd.publish({ server: this });
  causedBy(this, process.nextTick, () => {
    if (this._handle) this.emit('listening'); // not closed again
  });
}
Server.prototype._listen2 = setupListenHandle; // a name that others know

// In a worker of a cluster the primary has the handle.
function listenInCluster(server, address, port, addressType, backlog, fd, exclusive, flags, options) {
  if (exclusive || !role.isWorker) {
    server._listen2(address, port, addressType, backlog, fd, flags);
    return;
  }
  const listeningId = server._listeningId;
  const query = { address, port, addressType, fd, flags, backlog, ...options };
  require('cluster')._getServer(server, query, (status, handle) => {
    if (listeningId !== server._listeningId) {
      handle.close(); // it was closed, or told to listen somewhere else
      return;
    }
    const failed = checkBindError(status, port, handle);
    if (failed) {
      server.emit('error', new ExceptionWithHostPort(failed, 'bind', address, port));
      return;
    }
    server._handle = handle;
    server._listen2(address, port, addressType, backlog, fd, flags);
  });
}

// An address that is good on one link only comes last.
const isLinkLocal = ({ address, family }) => family === 6 && address.toLowerCase().startsWith('fe80:');

function lookupAndListen(server, port, host, backlog, exclusive, flags) {
  const listeningId = server._listeningId;
  require('dns').lookup(host, { all: true }, (error, found) => {
    if (listeningId !== server._listeningId) return;
    if (error) {
      server.emit('error', error);
      return;
    }
    const { address, family } = found.find((each) => !isLinkLocal(each)) ?? found[0];
    listenInCluster(server, address, port, address ? family : 4, backlog, undefined, exclusive, flags);
  });
}

function flagsOf({ ipv6Only, reusePort }) {
  return (ipv6Only === true ? IPV6ONLY : 0) | (reusePort === true ? REUSEPORT : 0);
}

function useSignal(server, signal) {
  if (signal === undefined) return;
  validateAbortSignal(signal, 'options.signal');
  const onAborted = () => server.close();
  if (signal.aborted) {
    process.nextTick(onAborted);
    return;
  }
  const disposable = require('events').addAbortListener(signal, onAborted);
  server.once('close', () => disposable[Symbol.dispose]());
}

// listen(), listen(null), listen(cb) and { port: undefined }: any free port.
function wantsAnyPort(args, options) {
  const isLeftOut = options.port === undefined && 'port' in options;
  return args.length === 0 || typeof args[0] === 'function' || isLeftOut || options.port === null;
}

function listenOnPort(server, options, backlog, flags) {
  validatePort(options.port, 'options.port');
  const port = options.port | 0;
  const exclusive = Boolean(options.exclusive) || options.reusePort === true;
  if (options.host) lookupAndListen(server, port, options.host, backlog, exclusive, flags);
  else listenInCluster(server, null, port, 4, backlog, undefined, exclusive, flags);
}

function listenOnPipe(server, options, backlog) {
  server._pipeName = options.path;
  listenInCluster(server, options.path, -1, -1, backlog, undefined, Boolean(options.exclusive), 0, {
    readableAll: options.readableAll,
    writableAll: options.writableAll,
  });
  if (!server._handle) return; // an error is on its way
  const mode = (options.readableAll === true ? UV_READABLE : 0) | (options.writableAll === true ? UV_WRITABLE : 0);
  if (mode === 0) return;
  const status = server._handle.fchmod(mode);
  if (status === 0) return;
  server._handle.close();
  server._handle = null;
  throw new ErrnoException(status, 'uv_pipe_chmod');
}

Server.prototype.listen = function(...args) {
  const [given, callback] = normalized(args);
  if (this._handle) throw new ERR_SERVER_ALREADY_LISTEN();
  if (listenChannels.asyncStart.hasSubscribers) listenChannels.asyncStart.publish({ server: this, options: given });
  if (callback !== null) this.once('listening', callback);
  const fromArguments = toNumber(args.length > 1 && args[1]) || toNumber(args.length > 2 && args[2]);
  const options = given._handle || given.handle || given;
  const flags = flagsOf(options);
  this._listeningId++; // an earlier call means nothing any more
  if (options instanceof TCP || options instanceof Pipe) {
    this._handle = options;
    this[kAsyncId] = options[kAsyncId];
    listenInCluster(this, null, -1, -1, fromArguments, undefined, true);
    return this;
  }
  useSignal(this, options.signal);
  if (typeof options.fd === 'number' && options.fd >= 0) {
    listenInCluster(this, null, null, null, fromArguments, options.fd);
    return this;
  }
  const port = wantsAnyPort(args, options) ? 0 : options.port;
  const backlog = options.backlog || fromArguments;
  if (typeof port === 'number' || typeof port === 'string') {
    listenOnPort(this, { ...options, port, host: options.host }, backlog, flags);
  } else if (options.path && isPipeName(options.path)) listenOnPipe(this, options, backlog);
  else if ('port' in options || 'path' in options) throw new ERR_INVALID_ARG_VALUE('options', options);
  else throw new ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
  return this;
};

// --- Connections --------------------------------------------------------------------------------------------------------

function emitDrop(server, handle) {
  const local = handle.getsockname?.();
  const remote = handle.getpeername?.();
  handle.close();
  if (local === undefined) {
    server.emit('drop');
    return;
  }
  server.emit('drop', {
    localAddress: local.address,
    localPort: local.port,
    localFamily: local.family,
    remoteAddress: remote.address,
    remotePort: remote.port,
    remoteFamily: remote.family,
  });
}

function isBlocked(server, handle) {
  const remote = handle.getpeername?.();
  return typeof remote === 'object' && server.blockList.check(remote.address, remote.family.toLowerCase());
}

// The handle's `onconnection`.
function onconnection(status, handle) {
  const server = this[kOwner];
  if (status !== 0) {
    server.emit('error', new ErrnoException(status, 'accept'));
    return;
  }
  if (typeof server.maxConnections === 'number' && server._connections >= server.maxConnections) {
    emitDrop(server, handle);
    return;
  }
  if (server.blockList && isBlocked(server, handle)) {
    handle.close();
    return;
  }
  const socket = new Socket({
    handle,
    allowHalfOpen: server.allowHalfOpen,
    pauseOnCreate: server.pauseOnConnect,
    readable: true,
    writable: true,
    readableHighWaterMark: server.highWaterMark,
    writableHighWaterMark: server.highWaterMark,
  });
  if (server.noDelay && handle.setNoDelay) {
    socket[kSetNoDelay] = true;
    handle.setNoDelay(true);
  }
  if (server.keepAlive && handle.setKeepAlive) {
    socket[kSetKeepAlive] = true;
    socket[kSetKeepAliveInitialDelay] = server.keepAliveInitialDelay;
    handle.setKeepAlive(true, server.keepAliveInitialDelay);
  }
  server._connections++;
  socket.server = server;
  socket._server = server;
  server.emit('connection', socket);
  if (socketChannel.hasSubscribers) socketChannel.publish({ socket });
}

Server.prototype.getConnections = function(callback) {
  const end = (error, count) => causedBy(this, process.nextTick, callback, error, count);
  if (!this._usingWorkers) {
    end(null, this._connections);
    return this;
  }
  // Connections that child processes have are asked for.
  let left = this._workers.length;
  let total = this._connections;
  const onCount = (error, count) => {
    if (error) {
      left = -1;
      end(error);
      return;
    }
    total += count;
    if (--left === 0) end(null, total);
  };
  for (const worker of this._workers) worker.getConnections(onCount);
  return this;
};

// Connections that were sent to a child process are counted there.
Server.prototype._setupWorker = function(list) {
  this._usingWorkers = true;
  this._workers.push(list);
  list.once('exit', () => {
    this._workers.splice(this._workers.indexOf(list), 1);
  });
};

// --- The end ------------------------------------------------------------------------------------------------------------

Server.prototype.close = function(callback) {
  if (typeof callback === 'function') {
    if (this._handle) this.once('close', callback);
    else this.once('close', () => callback(new ERR_SERVER_NOT_RUNNING()));
  }
  if (this._handle) {
    this._handle.close();
    this._handle = null;
  } else this._listeningId++; // what waits for an address must not listen
  if (!this._usingWorkers) {
    this._emitCloseIfDrained();
    return this;
  }
  let left = this._workers.length + 1;
  const onWorkerClosed = () => {
    if (--left > 0) return;
    this._connections--;
    this._emitCloseIfDrained();
  };
  this._connections++; // 'close' waits for the workers
  for (const worker of this._workers) worker.close(onWorkerClosed);
  onWorkerClosed();
  return this;
};

Server.prototype._emitCloseIfDrained = function() {
  if (this._handle || this._connections > 0) return;
  causedBy(this, process.nextTick, () => this.emit('close'));
};

Server.prototype[Symbol.asyncDispose] = async function() {
  if (!this._handle) return;
  await require('internal/util').promisify(this.close).call(this);
};

Server.prototype[EventEmitter.captureRejectionSymbol] = function(error, event, socket) {
  if (event === 'connection') socket.destroy(error);
  else this.emit('error', error);
};

// --- What there is to know ----------------------------------------------------------------------------------------------

Server.prototype.address = function() {
  if (this._handle?.getsockname) {
    const found = this._handle.getsockname();
    if (typeof found === 'number') throw new ErrnoException(found, 'address');
    return found;
  }
  return this._pipeName ?? null;
};

Server.prototype.ref = function() {
  this._unref = false;
  this._handle?.ref();
  return this;
};

Server.prototype.unref = function() {
  this._unref = true;
  this._handle?.unref();
  return this;
};

Object.defineProperty(Server.prototype, 'listening', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return Boolean(this._handle);
  },
});

module.exports = { createServerHandle, Server };
