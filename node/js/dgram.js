// SPDX-License-Identifier: Apache-2.0
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_FD_TYPE,
    ERR_IP_BLOCKED,
    ERR_MISSING_ARGS,
    ERR_SOCKET_ALREADY_BOUND,
    ERR_SOCKET_BAD_BUFFER_SIZE,
    ERR_SOCKET_DGRAM_IS_CONNECTED,
    ERR_SOCKET_DGRAM_NOT_CONNECTED,
    ERR_SOCKET_DGRAM_NOT_RUNNING,
  },
  ErrnoException,
  ExceptionWithHostPort,
  systemErrorOf,
} = require('internal/errors');
const { causedBy, kAsyncId, requestIfPending } = require('internal/async_resource_calls');
const role = require('internal/cluster/role');
const { createSocketHandle, kOwner, kState, newHandle } = require('internal/dgram');
const { isIP } = require('internal/net/addresses');
const { deprecate } = require('internal/util');
const { validateAbortSignal, validateNumber, validateObject, validatePort, validateString, validateUint32 } =
  require('internal/validators');
const { Buffer } = require('buffer');
const socketChannel = require('diagnostics_channel').channel('udp.socket');

const UNBOUND = 0;
const BINDING = 1;
const BOUND = 2;
const DISCONNECTED = 0;
const CONNECTING = 1;
const CONNECTED = 2;

const UV_EINVAL = -22;
const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const UV_UDP_REUSEPORT = 64;

const ANY = { __proto__: null, udp4: '0.0.0.0', udp6: '::' };

// --- Making one -------------------------------------------------------------------------------------------------------

function readOptions(options) {
  for (const name of ['recvBufferSize', 'sendBufferSize']) {
    if (options[name]) validateUint32(options[name], `options.${name}`);
  }
  for (const name of ['receiveBlockList', 'sendBlockList']) {
    if (options[name] && !require('internal/blocklist').BlockList.isBlockList(options[name])) {
      throw new ERR_INVALID_ARG_TYPE(`options.${name}`, 'net.BlockList', options[name]);
    }
  }
  const { reuseAddr, reusePort, ipv6Only, recvBufferSize, sendBufferSize, receiveBlockList, sendBlockList } = options;
  return { reuseAddr, reusePort, ipv6Only, recvBufferSize, sendBufferSize, receiveBlockList, sendBlockList };
}

function useSignal(socket, signal) {
  validateAbortSignal(signal, 'options.signal');
  const onAborted = () => {
    if (socket[kState].handle) socket.close();
  };
  if (signal.aborted) {
    onAborted();
    return;
  }
  const disposable = require('events').addAbortListener(signal, onAborted);
  socket.once('close', () => disposable[Symbol.dispose]());
}

function Socket(type, listener) {
  Reflect.apply(EventEmitter, this, []);
  const options = type !== null && typeof type === 'object' ? type : { type };
  const read = readOptions(options);
  const handle = newHandle(options.type, options.lookup);
  handle[kOwner] = this;
  this[kAsyncId] = handle[kAsyncId];
  this.type = options.type;
  if (typeof listener === 'function') this.on('message', listener);
  this[kState] = {
    handle,
    receiving: false,
    bindState: UNBOUND,
    connectState: DISCONNECTED,
    queue: undefined, // what waits for the end of bind()
    ...read,
  };
  if (options.signal !== undefined) useSignal(this, options.signal);
  if (socketChannel.hasSubscribers) socketChannel.publish({ socket: this });
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);

function healthCheck(socket) {
  if (!socket[kState].handle) throw new ERR_SOCKET_DGRAM_NOT_RUNNING();
}

// -- What waits for the end of bind()

function onListening() {
  this.removeListener(EventEmitter.errorMonitor, onListenError);
  const { queue } = this[kState];
  this[kState].queue = undefined;
  for (const run of queue) run();
}

function onListenError() {
  this.removeListener('listening', onListening);
  this[kState].queue = undefined;
}

function enqueue(socket, run) {
  const state = socket[kState];
  if (state.queue === undefined) {
    state.queue = [];
    socket.once(EventEmitter.errorMonitor, onListenError);
    socket.once('listening', onListening);
  }
  state.queue.push(run);
}

// --- Binding ------------------------------------------------------------------------------------------------------------

// The handle's `onmessage`.
function onMessage(bytes, from, status) {
  const socket = this[kOwner];
  if (status < 0) {
    socket.emit('error', new ErrnoException(status, 'recvmsg'));
    return;
  }
  const blockList = socket[kState]?.receiveBlockList;
  if (blockList?.check(from.address, from.family.toLowerCase())) return;
  from.size = bytes.length;
  socket.emit('message', bytes, from);
}

function startReceiving(socket) {
  const state = socket[kState];
  state.handle.onmessage = onMessage;
  state.handle.recvStart();
  state.receiving = true;
  state.bindState = BOUND;
  if (state.recvBufferSize) bufferSize(socket, state.recvBufferSize, true);
  if (state.sendBufferSize) bufferSize(socket, state.sendBufferSize, false);
}

function startListening(socket) {
  startReceiving(socket);
  socket.emit('listening');
}

function stopReceiving(socket) {
  const state = socket[kState];
  if (!state.receiving) return;
  state.handle.recvStop();
  state.receiving = false;
}

// One that somebody else has made, in the place of ours.
function replaceHandle(socket, handle) {
  const state = socket[kState];
  handle.lookup = state.handle.lookup;
  handle[kOwner] = socket;
  state.handle.close();
  state.handle = handle;
}

// In a worker of a cluster the primary has the handle.
function bindServerHandle(socket, query, fail) {
  require('cluster')._getServer(socket, query, (status, handle) => {
    if (status) {
      fail(status);
      return;
    }
    if (!socket[kState].handle) {
      handle.close(); // the socket has been closed meanwhile
      return;
    }
    replaceHandle(socket, handle);
    startListening(socket);
  });
}

function failToBind(socket, error) {
  socket[kState].bindState = UNBOUND;
  socket.emit('error', error);
}

function flagsOf({ reuseAddr, ipv6Only, reusePort }) {
  return (reuseAddr ? UV_UDP_REUSEADDR : 0) | (ipv6Only ? UV_UDP_IPV6ONLY : 0) | (reusePort ? UV_UDP_REUSEPORT : 0);
}

// An open descriptor.
function bindDescriptor(socket, { fd, exclusive }) {
  if (role.isWorker && !exclusive) {
    const query = { address: null, port: null, addressType: socket.type, fd, flags: null };
    bindServerHandle(socket, query, (status) => failToBind(socket, new ErrnoException(status, 'open')));
    return;
  }
  const type = internalBinding('stdio').guessHandleType(fd);
  if (type !== 'UDP') throw new ERR_INVALID_FD_TYPE(type);
  const status = socket[kState].handle.open(fd);
  if (status !== 0) throw new ErrnoException(status, 'open');
  startListening(socket);
}

function bindAddress(socket, address, port, exclusive) {
  const state = socket[kState];
  const flags = flagsOf(state);
  if (role.isWorker && !exclusive && !state.reusePort) {
    const query = { address, port, addressType: socket.type, fd: -1, flags };
    bindServerHandle(socket, query, (status) => {
      failToBind(socket, new ExceptionWithHostPort(status, 'bind', address, port));
    });
    return;
  }
  let status;
  try {
    status = state.handle.bind(address, port | 0, flags);
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') throw error;
    failToBind(socket, error);
    return;
  }
  if (status !== 0) failToBind(socket, new ExceptionWithHostPort(status, 'bind', address, port));
  else startListening(socket);
}

function listenOnce(socket, callback) {
  const remove = () => {
    socket.removeListener('error', remove);
    socket.removeListener('listening', onBound);
  };
  const onBound = () => {
    remove();
    Reflect.apply(callback, socket, []);
  };
  socket.on('error', remove);
  socket.on('listening', onBound);
}

// ([port][, address][, callback]), or ({ port, address, exclusive, fd }[, callback])
Socket.prototype.bind = function(...args) {
  let [port, address] = args;
  healthCheck(this);
  const state = this[kState];
  if (state.bindState !== UNBOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  state.bindState = BINDING;
  const callback = args.at(-1);
  if (typeof callback === 'function') listenOnce(this, callback);
  const options = port !== null && typeof port === 'object' ? port : undefined;
  if (typeof options?.recvStart === 'function') {
    replaceHandle(this, options);
    startListening(this);
    return this;
  }
  if (options !== undefined && Number.isInteger(options.fd) && options.fd > 0) {
    bindDescriptor(this, options);
    return this;
  }
  const exclusive = Boolean(options?.exclusive);
  if (options !== undefined) ({ port, address } = options);
  else if (typeof address === 'function') address = '';
  state.handle.lookup(address || ANY[this.type], (error, ip) => {
    if (!state.handle) return; // the socket has been closed meanwhile
    if (error) failToBind(this, error);
    else bindAddress(this, ip, port, exclusive);
  });
  return this;
};

// An address that needs no lookup, or the one for none.
function numericAddress(address, otherwise, name, method) {
  if (address === undefined || address === null || address === '') return otherwise;
  validateString(address, name);
  if (isIP(address) === 0) {
    throw new ERR_INVALID_ARG_VALUE(
      name, address, `must be a numeric IP address; ${method} does not perform DNS resolution`);
  }
  return address;
}

Socket.prototype.bindSync = function(options = {}) {
  healthCheck(this);
  validateObject(options, 'options');
  const state = this[kState];
  if (state.bindState !== UNBOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  const port = validatePort(options.port ?? 0, 'options.port');
  const address = numericAddress(options.address, ANY[this.type], 'options.address', 'bindSync');
  const status = state.handle.bind(address, port, flagsOf(state));
  if (status !== 0) throw new ExceptionWithHostPort(status, 'bind', address, port);
  startReceiving(this);
  process.nextTick(() => {
    if (state.handle) this.emit('listening');
  });
  return this.address();
};

// --- Connecting ---------------------------------------------------------------------------------------------------------

// An error, or undefined.
function connectHandle(state, ip, address, port) {
  if (state.sendBlockList?.check(ip, `ipv${isIP(ip)}`)) return new ERR_IP_BLOCKED(ip);
  const status = state.handle.connect(ip, port);
  return status === 0 ? undefined : new ExceptionWithHostPort(status, 'connect', address, port);
}

function connect(socket, port, address, callback) {
  const state = socket[kState];
  if (callback) socket.once('connect', callback);
  state.handle.lookup(address, (lookupError, ip) => causedBy(socket, () => {
    if (!state.handle) return;
    const error = lookupError || connectHandle(state, ip, address, port);
    if (!error) {
      state.connectState = CONNECTED;
      process.nextTick(() => socket.emit('connect'));
      return;
    }
    state.connectState = DISCONNECTED;
    process.nextTick(() => {
      if (!callback) {
        socket.emit('error', error);
        return;
      }
      socket.removeListener('connect', callback);
      callback(error);
    });
  }));
}

function bindAnywhere(socket) {
  if (socket[kState].bindState === UNBOUND) socket.bind({ port: 0, exclusive: true }, null);
}

Socket.prototype.connect = function(port, address, callback) {
  port = validatePort(port, 'Port', false);
  if (typeof address === 'function') [address, callback] = ['', address];
  else if (address === undefined) address = '';
  validateString(address, 'address');
  const state = this[kState];
  if (state.connectState !== DISCONNECTED) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  state.connectState = CONNECTING;
  bindAnywhere(this);
  if (state.bindState === BOUND) connect(this, port, address, callback);
  else enqueue(this, () => connect(this, port, address, callback));
};

Socket.prototype.connectSync = function(port, address) {
  healthCheck(this);
  port = validatePort(port, 'Port', false);
  const state = this[kState];
  if (state.connectState !== DISCONNECTED) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  const to = numericAddress(address, this.type === 'udp4' ? '127.0.0.1' : '::1', 'address', 'connectSync');
  if (state.bindState === UNBOUND) this.bindSync();
  else if (state.bindState !== BOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  const error = connectHandle(state, to, to, port);
  if (error) throw error;
  state.connectState = CONNECTED;
  process.nextTick(() => {
    if (state.handle) this.emit('connect');
  });
};

Socket.prototype.disconnect = function() {
  const state = this[kState];
  if (state.connectState !== CONNECTED) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const status = state.handle.disconnect();
  if (status !== 0) throw new ErrnoException(status, 'connect');
  state.connectState = DISCONNECTED;
};

// --- Sending ------------------------------------------------------------------------------------------------------------

const SENDABLE = ['Buffer', 'TypedArray', 'DataView', 'string'];

function sliceBuffer(buffer, offset, length) {
  if (typeof buffer === 'string') buffer = Buffer.from(buffer);
  else if (!ArrayBuffer.isView(buffer)) throw new ERR_INVALID_ARG_TYPE('buffer', SENDABLE, buffer);
  offset >>>= 0;
  length >>>= 0;
  const { ERR_BUFFER_OUT_OF_BOUNDS } = require('internal/errors').codes;
  if (offset > buffer.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (offset + length > buffer.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return Buffer.from(buffer.buffer, buffer.byteOffset + offset, length);
}

function partsOf(message) {
  const isList = Array.isArray(message);
  return (isList ? message : [message]).map((part) => {
    if (typeof part === 'string') return Buffer.from(part);
    if (ArrayBuffer.isView(part)) return part;
    throw new ERR_INVALID_ARG_TYPE(isList ? 'buffer list arguments' : 'buffer', SENDABLE, message);
  });
}

function fail(socket, error, callback) {
  if (callback) process.nextTick(callback, error);
  else process.nextTick(() => socket.emit('error', error));
}

function sendNow(socket, list, ip, port, address, callback) {
  const { handle, sendBlockList } = socket[kState];
  if (ip && sendBlockList?.check(ip, `ipv${isIP(ip)}`)) {
    if (callback) process.nextTick(callback, new ERR_IP_BLOCKED(ip));
    return;
  }
  const size = list.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const errorOf = (status) => new ExceptionWithHostPort(status, 'send', address, port);
  const onSent = (status) => {
    if (callback) callback(...(status < 0 ? [errorOf(status)] : [null, size]));
  };
  let status;
  try {
    const start = (onEnd) => handle.send(list, ip, port, onEnd);
    status = requestIfPending('UDPSENDWRAP', handle, onSent, start);
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') throw error;
    fail(socket, error, callback);
    return;
  }
  // Without a callback nobody hears of an error, as ever.
  if (callback && status < 0) process.nextTick(callback, errorOf(status));
  else if (callback && status === 0) process.nextTick(callback, null, size);
}

// The forms of send() as { message, port, address, callback }.
function readSendArguments(isConnected, [message, offset, length, port, address, callback]) {
  if (!isConnected) {
    if (address || (port && typeof port !== 'function')) {
      return { message: sliceBuffer(message, offset, length), port, address, callback };
    }
    return { message, port: offset, address: length, callback: port };
  }
  if (typeof length !== 'number') {
    if (port || address) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
    return { message, callback: offset };
  }
  const part = sliceBuffer(message, offset, length);
  if (typeof port === 'function') [port, callback] = [undefined, port];
  if (port || address) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  return { message: part, callback };
}

// (msg[, offset, length][, port][, address][, callback])
Socket.prototype.send = function(...args) {
  const state = this[kState];
  const isConnected = state.connectState === CONNECTED;
  let { message, port, address, callback } = readSendArguments(isConnected, args);
  const list = partsOf(message);
  if (!isConnected) port = validatePort(port, 'Port', false);
  if (typeof callback !== 'function') callback = undefined;
  if (typeof address === 'function') [address, callback] = [undefined, address];
  else if (address !== undefined && address !== null) validateString(address, 'address');
  healthCheck(this);
  bindAnywhere(this);
  if (state.bindState !== BOUND) {
    enqueue(this, () => this.send(list, port, address, callback));
    return;
  }
  if (isConnected) {
    causedBy(this, sendNow, this, list, undefined, port, address, callback);
    return;
  }
  state.handle.lookup(address, (error, ip) => {
    if (error) fail(this, error, callback);
    else if (state.handle) causedBy(this, sendNow, this, list, ip, port, address, callback);
  });
};

Socket.prototype.sendto = function(buffer, offset, length, port, address, callback) {
  validateNumber(offset, 'offset');
  validateNumber(length, 'length');
  validateNumber(port, 'port');
  validateString(address, 'address');
  this.send(buffer, offset, length, port, address, callback);
};

// --- The end ------------------------------------------------------------------------------------------------------------

Socket.prototype.close = function(callback) {
  const state = this[kState];
  if (typeof callback === 'function') this.on('close', callback);
  if (state.queue !== undefined) {
    state.queue.push(() => this.close());
    return this;
  }
  healthCheck(this);
  stopReceiving(this);
  state.handle.close();
  state.handle = null;
  causedBy(this, process.nextTick, () => this.emit('close'));
  return this;
};

Socket.prototype[Symbol.asyncDispose] = async function() {
  if (!this[kState].handle) return;
  const { promise, resolve } = Promise.withResolvers();
  this.close(resolve);
  await promise;
};

// --- Settings -----------------------------------------------------------------------------------------------------------

function check(status, syscall) {
  if (status !== 0) throw new ErrnoException(status, syscall);
}

Socket.prototype.setBroadcast = function(on) {
  check(this[kState].handle.setBroadcast(on ? 1 : 0), 'setBroadcast');
};

Socket.prototype.setTTL = function(ttl) {
  validateNumber(ttl, 'ttl');
  check(this[kState].handle.setTTL(ttl), 'setTTL');
  return ttl;
};

Socket.prototype.setMulticastTTL = function(ttl) {
  validateNumber(ttl, 'ttl');
  check(this[kState].handle.setMulticastTTL(ttl), 'setMulticastTTL');
  return ttl;
};

Socket.prototype.setMulticastLoopback = function(on) {
  check(this[kState].handle.setMulticastLoopback(on ? 1 : 0), 'setMulticastLoopback');
  return on;
};

Socket.prototype.setMulticastInterface = function(interfaceAddress) {
  healthCheck(this);
  validateString(interfaceAddress, 'interfaceAddress');
  check(this[kState].handle.setMulticastInterface(interfaceAddress), 'setMulticastInterface');
};

for (const name of ['addMembership', 'dropMembership']) {
  Socket.prototype[name] = function(multicastAddress, interfaceAddress) {
    healthCheck(this);
    if (!multicastAddress) throw new ERR_MISSING_ARGS('multicastAddress');
    check(this[kState].handle[name](multicastAddress, interfaceAddress), name);
  };
}

for (const name of ['addSourceSpecificMembership', 'dropSourceSpecificMembership']) {
  Socket.prototype[name] = function(sourceAddress, groupAddress, interfaceAddress) {
    healthCheck(this);
    validateString(sourceAddress, 'sourceAddress');
    validateString(groupAddress, 'groupAddress');
    check(this[kState].handle[name](sourceAddress, groupAddress, interfaceAddress), name);
  };
}

// Sets a size, or gets it for 0.
function bufferSize(socket, size, isReceiving) {
  if (size >>> 0 !== size) throw new ERR_SOCKET_BAD_BUFFER_SIZE();
  const found = size > 0x7fffffff ? UV_EINVAL : socket[kState].handle.bufferSize(size, isReceiving);
  if (found >= 0) return found;
  const [code, message] = systemErrorOf(found);
  const { SystemError } = require('internal/system_error');
  throw new SystemError('ERR_SOCKET_BUFFER_SIZE', 'Could not get or set buffer size', {
    errno: found,
    code,
    message,
    syscall: isReceiving ? 'uv_recv_buffer_size' : 'uv_send_buffer_size',
  });
}

Socket.prototype.setRecvBufferSize = function(size) {
  bufferSize(this, size, true);
};

Socket.prototype.setSendBufferSize = function(size) {
  bufferSize(this, size, false);
};

Socket.prototype.getRecvBufferSize = function() {
  return bufferSize(this, 0, true);
};

Socket.prototype.getSendBufferSize = function() {
  return bufferSize(this, 0, false);
};

Socket.prototype.getSendQueueSize = function() {
  return this[kState].handle.getSendQueueSize();
};

Socket.prototype.getSendQueueCount = function() {
  return this[kState].handle.getSendQueueCount();
};

Socket.prototype.ref = function() {
  this[kState].handle?.ref();
  return this;
};

Socket.prototype.unref = function() {
  this[kState].handle?.unref();
  return this;
};

Socket.prototype.address = function() {
  healthCheck(this);
  const found = this[kState].handle.getsockname();
  if (typeof found === 'number') throw new ErrnoException(found, 'getsockname');
  return found;
};

Socket.prototype.remoteAddress = function() {
  healthCheck(this);
  if (this[kState].connectState !== CONNECTED) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const found = this[kState].handle.getpeername();
  if (typeof found === 'number') throw new ErrnoException(found, 'getpeername');
  return found;
};

// --- Names that programs should not use --------------------------------------------------------------------------------

const INSIDE = { _handle: 'handle', _receiving: 'receiving', _bindState: 'bindState', _queue: 'queue', _reuseAddr: 'reuseAddr' };
for (const [name, key] of Object.entries(INSIDE)) {
  const message = `Socket.prototype.${name} is deprecated`;
  Object.defineProperty(Socket.prototype, name, {
    __proto__: null,
    get: deprecate(function() {
      return this[kState][key];
    }, message, 'DEP0112'),
    set: deprecate(function(value) {
      this[kState][key] = value;
    }, message, 'DEP0112'),
  });
}

Socket.prototype._healthCheck = deprecate(function() {
  healthCheck(this);
}, 'Socket.prototype._healthCheck() is deprecated', 'DEP0112');

Socket.prototype._stopReceiving = deprecate(function() {
  stopReceiving(this);
}, 'Socket.prototype._stopReceiving() is deprecated', 'DEP0112');

module.exports = {
  _createSocketHandle: deprecate(createSocketHandle, 'dgram._createSocketHandle() is deprecated', 'DEP0112'),
  createSocket: (type, listener) => new Socket(type, listener),
  Socket,
};
