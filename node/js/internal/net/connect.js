// SPDX-License-Identifier: Apache-2.0
// socket.connect(): to a path, an address, or the addresses of a name one after the other (RFC 8305, as Node does it).
'use strict';

const {
  codes: {
    ERR_INVALID_ADDRESS_FAMILY,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_IP_ADDRESS,
    ERR_IP_BLOCKED,
    ERR_MISSING_ARGS,
    ERR_SOCKET_CONNECTION_TIMEOUT,
  },
  ExceptionWithHostPort,
} = require('internal/errors');
const { causedBy, request } = require('internal/async_resource_calls');
const { isIP } = require('internal/net/addresses');
const settings = require('internal/net/auto_select_family');
const { Pipe, SOCKET, TCP, UV_EADDRINUSE, UV_ECANCELED, UV_ETIMEDOUT } = require('internal/net/handles');
const {
  initSocketHandle,
  kSetKeepAlive,
  kSetKeepAliveInitialDelay,
  kSetNoDelay,
  kSetTOS,
} = require('internal/net/socket');
const observed = require('internal/perf/observed');
const { clearTimeout } = require('internal/timers');
const { validateBoolean, validateFunction, validateInt32, validateNumber, validatePort, validateString } =
  require('internal/validators');

const IPV6ONLY = 1;
const ANY = { __proto__: null, 4: '0.0.0.0', 6: '::' };

// -- One attempt

const fail = (socket, error) => process.nextTick(() => socket.destroy(error));

// libuv tells of a port in use when it is used: by a look at what was bound.
function checkBindError(status, port, handle) {
  if (status === 0 && port > 0 && handle.getsockname) {
    const name = handle.getsockname();
    if (typeof name === 'number') return name;
    if (name.port !== port) return UV_EADDRINUSE;
  }
  return status;
}

// An error, or undefined.
function bindLocally(handle, family, localAddress, localPort, flags = 0) {
  const address = localAddress || ANY[family];
  const status = checkBindError(handle.bind(address, localPort | 0, flags), localPort, handle);
  return status === 0 ? undefined : new ExceptionWithHostPort(status, 'bind', address, localPort);
}

// `attempt`: { address, port, family, localAddress, localPort }.
function connectError(attempt, status) {
  const { address, port, localAddress, localPort } = attempt;
  const details = localAddress && localPort ? `${localAddress}:${localPort}` : undefined;
  const error = new ExceptionWithHostPort(status, 'connect', address, port, details);
  if (details !== undefined) {
    error.localAddress = localAddress;
    error.localPort = localPort;
  }
  return error;
}

// What connect() itself refused.
function startError(socket, { address, port }, status) {
  const name = socket._getsockname();
  const details = name.address === undefined ? undefined : `${name.address}:${name.port}`;
  return new ExceptionWithHostPort(status, 'connect', address, port, details);
}

function startAttempt(socket, attempt, onEnd) {
  const { address, port, family } = attempt;
  const handle = socket._handle;
  if (family === undefined) return handle.connect(address, request('PIPECONNECTWRAP', handle, onEnd));
  if (observed.net) attempt.start = require('internal/performance').now();
  return handle.connect(address, port, request('TCPCONNECTWRAP', handle, onEnd));
}

// An entry for PerformanceObserver.
function noteTime({ address, port, start }) {
  if (start === undefined) return;
  const { deliverNodeEntry, now } = require('internal/performance');
  deliverNodeEntry('connect', 'net', start, now() - start, { host: address, port });
}

function afterConnect(socket, attempt, status) {
  if (socket.destroyed) return;
  socket.connecting = false;
  socket._sockname = null;
  if (status !== 0) {
    const error = connectError(attempt, status);
    if (attempt.family !== undefined) {
      socket.emit('connectionAttemptFailed', attempt.address, attempt.port, attempt.family, error);
    }
    socket.destroy(error);
    return;
  }
  noteTime(attempt);
  socket._unrefTimer();
  const handle = socket._handle;
  if (socket[kSetNoDelay]) handle.setNoDelay?.(true);
  if (socket[kSetKeepAlive]) handle.setKeepAlive?.(true, socket[kSetKeepAliveInitialDelay]);
  if (socket[kSetTOS] !== undefined) handle.setTypeOfService?.(socket[kSetTOS]);
  socket.emit('connect');
  socket.emit('ready');
  // The first read, or the end at once.
  if (!socket.isPaused()) socket.read(0);
}

// A refusal of the permission model is an error of the connection too.
function guarded(socket, start) {
  try {
    start();
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') throw error;
    error.syscall = 'connect';
    socket.destroy(error);
  }
}

function internalConnect(socket, attempt, flags) {
  guarded(socket, () => {
    const { address, port, family, localAddress, localPort } = attempt;
    if (localAddress || localPort) {
      const error = bindLocally(socket._handle, family, localAddress, localPort, flags);
      if (error !== undefined) {
        socket.destroy(error);
        return;
      }
    }
    if (family !== undefined) {
      if (socket.blockList?.check(address, `ipv${family}`)) {
        socket.destroy(new ERR_IP_BLOCKED(address));
        return;
      }
      socket.emit('connectionAttempt', address, port, family);
    }
    const status = startAttempt(socket, attempt, (result) => afterConnect(socket, attempt, result));
    if (status !== 0) socket.destroy(startError(socket, attempt, status));
  });
}

// -- Many attempts: each has some time before the next begins, and the first that succeeds wins

class AggregateConnectError extends AggregateError {
  constructor(errors) {
    super(errors);
    this.code = errors[0].code;
  }

  get ['constructor']() {
    return AggregateError;
  }
}

class Attempts {
  #socket;
  #addresses;
  #next = 0;
  #errors = [];
  #timer = null;
  #options;

  // `addresses`: [{ address, family }]; `options`: { port, localPort, timeout }.
  constructor(socket, addresses, options) {
    this.#socket = socket;
    this.#addresses = addresses;
    this.#options = options;
  }

  start(isCanceled) {
    clearTimeout(this.#timer);
    if (isCanceled || this.#next === this.#addresses.length) {
      this.#socket.destroy(
        this.#errors.length === 0 ? new ERR_SOCKET_CONNECTION_TIMEOUT() : new AggregateConnectError(this.#errors)
      );
      return;
    }
    guarded(this.#socket, () => this.#attempt(this.#next++));
  }

  #attempt(index) {
    const socket = this.#socket;
    const { port, localPort, timeout } = this.#options;
    if (index > 0) {
      socket._handle.close();
      const fresh = new TCP(SOCKET);
      socket._handle = socket._replaceHandle?.(fresh) ?? fresh;
      initSocketHandle(socket);
    }
    const attempt = { ...this.#addresses[index], port, localPort };
    const { address, family } = attempt;
    if (localPort) {
      const error = bindLocally(socket._handle, family, undefined, localPort, family === 6 ? IPV6ONLY : 0);
      if (error !== undefined) {
        this.#failBefore(error);
        return;
      }
      attempt.localAddress = ANY[family];
    }
    if (socket.blockList?.check(address, `ipv${family}`)) {
      this.#fail(attempt, new ERR_IP_BLOCKED(address));
      return;
    }
    socket.autoSelectFamilyAttemptedAddresses.push(`${address}:${port}`);
    socket.emit('connectionAttempt', address, port, family);
    const handle = socket._handle;
    const status = startAttempt(socket, attempt, (result) => this.#end(attempt, index, handle, result));
    if (status !== 0) {
      this.#fail(attempt, startError(socket, attempt, status));
      return;
    }
    if (index < this.#addresses.length - 1) {
      const { setUnrefTimeout } = require('internal/net/timeout');
      this.#timer = setUnrefTimeout(() => this.#timeOut(attempt, handle), timeout).ref();
    }
  }

  #failBefore(error) {
    this.#errors.push(error);
    this.start(false);
  }

  #fail(attempt, error) {
    this.#socket.emit('connectionAttemptFailed', attempt.address, attempt.port, attempt.family, error);
    this.#failBefore(error);
  }

  #timeOut(attempt, handle) {
    attempt.isOver = true;
    this.#socket.emit('connectionAttemptTimeout', attempt.address, attempt.port, attempt.family);
    this.#errors.push(connectError(attempt, UV_ETIMEDOUT));
    handle.close();
    if (this.#socket.connecting) this.start(false);
  }

  #end(attempt, index, handle, status) {
    if (attempt.isOver) return;
    clearTimeout(this.#timer);
    // It has come too late: another one is under way.
    if (status === 0 && index !== this.#next - 1) {
      handle.close();
      return;
    }
    const socket = this.#socket;
    if (status === 0) {
      afterConnect(socket, attempt, status);
      return;
    }
    const error = connectError(attempt, status);
    this.#errors.push(error);
    socket.emit('connectionAttemptFailed', attempt.address, attempt.port, attempt.family, error);
    if (socket.connecting) this.start(status === UV_ECANCELED);
  }
}

// -- Names

// The error of an answer that is no address, or undefined.
function badAddress(address, family, { host, port }) {
  if (typeof address !== 'string' || !isIP(address)) return new ERR_INVALID_IP_ADDRESS(address);
  if (family !== 4 && family !== 6) return new ERR_INVALID_ADDRESS_FAMILY(family, host, port);
  return undefined;
}

// Good addresses, the families taking turns, the first one's first.
function inTurns(socket, host, found) {
  const byFamily = { 4: [], 6: [] };
  const seen = new Set();
  let first;
  for (const { address, family } of found) {
    socket.emit('lookup', null, address, family, host);
    if (!socket.connecting) return undefined; // a listener has destroyed it
    if (!isIP(address) || (family !== 4 && family !== 6)) continue;
    first ??= family;
    if (seen.has(address)) continue;
    seen.add(address);
    byFamily[family].push({ address, family });
  }
  if (first === undefined) return [];
  const [one, other] = [byFamily[first], byFamily[first === 4 ? 6 : 4]];
  const turns = [];
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    if (i < one.length) turns.push(one[i]);
    if (i < other.length) turns.push(other[i]);
  }
  return turns;
}

function lookupAll(socket, host, lookup, dnsOptions, options, attempt) {
  lookup(host, { ...dnsOptions, all: true }, (error, found) => {
    if (!socket.connecting) return; // it was destroyed meanwhile
    if (error) {
      socket.emit('lookup', error, undefined, undefined, host);
      fail(socket, error);
      return;
    }
    const turns = inTurns(socket, host, found);
    if (turns === undefined) return;
    if (turns.length === 0) {
      const [{ address, family }] = found;
      fail(socket, badAddress(address, family, options));
      return;
    }
    socket._unrefTimer();
    if (turns.length === 1) {
      causedBy(socket, internalConnect, socket, { ...attempt, ...turns[0] });
      return;
    }
    socket.autoSelectFamilyAttemptedAddresses = [];
    const { port, localPort } = attempt;
    causedBy(socket, () => new Attempts(socket, turns, { port, localPort, timeout: options.timeout }).start(false));
  });
}

function lookupOne(socket, host, lookup, dnsOptions, options, attempt) {
  lookup(host, dnsOptions, (error, address, family) => {
    socket.emit('lookup', error, address, family, host);
    if (!socket.connecting) return; // it was destroyed meanwhile
    const bad = error || badAddress(address, family, options);
    if (bad) {
      fail(socket, bad);
      return;
    }
    socket._unrefTimer();
    causedBy(socket, internalConnect, socket, { ...attempt, address, family });
  });
}

function dnsFamily(family) {
  if (family === 'IPv4') return 4;
  return family === 'IPv6' ? 6 : family;
}

function checkPort(port) {
  if (port === undefined) return;
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
  }
  validatePort(port);
}

function attemptTimeout(timeout) {
  if (timeout === undefined || timeout === null) return settings.getDefaultAutoSelectFamilyAttemptTimeout();
  validateInt32(timeout, 'options.autoSelectFamilyAttemptTimeout', 1);
  return Math.max(timeout, settings.LEAST_TIMEOUT);
}

function lookupAndConnect(socket, options) {
  const { localAddress, localPort } = options;
  const host = options.host || 'localhost';
  validateString(host, 'options.host');
  if (localAddress && !isIP(localAddress)) throw new ERR_INVALID_IP_ADDRESS(localAddress);
  if (localPort) validateNumber(localPort, 'options.localPort');
  checkPort(options.port);
  const port = options.port | 0;
  let { autoSelectFamily } = options;
  if (autoSelectFamily === undefined || autoSelectFamily === null) {
    autoSelectFamily = settings.getDefaultAutoSelectFamily();
  } else validateBoolean(autoSelectFamily, 'options.autoSelectFamily');
  const timeout = attemptTimeout(options.autoSelectFamilyAttemptTimeout);
  const attempt = { address: host, port, family: isIP(host), localAddress, localPort };
  if (attempt.family !== 0) {
    causedBy(socket, process.nextTick, () => {
      if (socket.connecting) causedBy(socket, internalConnect, socket, attempt);
    });
    return;
  }
  if (options.lookup !== undefined && options.lookup !== null) validateFunction(options.lookup, 'options.lookup');
  const dns = require('dns');
  const dnsOptions = { family: dnsFamily(options.family), hints: options.hints || 0 };
  const isOneFamily = dnsOptions.family === 4 || dnsOptions.family === 6;
  if (!isOneFamily && dnsOptions.hints === 0) dnsOptions.hints = dns.ADDRCONFIG;
  socket._host = host;
  const find = autoSelectFamily && !isOneFamily && !localAddress ? lookupAll : lookupOne;
  causedBy(socket, find, socket, host, options.lookup || dns.lookup, dnsOptions, { ...options, timeout }, attempt);
}

// Begins to connect `socket` as `options` say.
function connect(socket, options) {
  const { path } = options;
  if (options.port === undefined && (path === undefined || path === null)) {
    throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
  }
  if (!socket._handle) {
    socket._handle = path ? new Pipe(SOCKET) : new TCP(SOCKET);
    initSocketHandle(socket);
  }
  socket._unrefTimer();
  socket.connecting = true;
  if (!path) {
    lookupAndConnect(socket, options);
    return;
  }
  validateString(path, 'options.path');
  causedBy(socket, internalConnect, socket, { address: path });
}

module.exports = { checkBindError, connect };
