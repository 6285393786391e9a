// SPDX-License-Identifier: Apache-2.0
//
// Agent: a pool of connections, by where they lead.
'use strict';

const EventEmitter = require('events');
const net = require('net');
const { debuglog } = require('internal/util/debuglog');
const { refusal } = require('internal/refuse');
const frames = require('internal/async_context_frame');
const ids = require('internal/async_ids');
const { guardFreeSocket, unguardFreeSocket } = require('internal/http/free_sockets');
const { kEmptyObject } = require('internal/util');
const { validateNumber, validateOneOf, validateString } = require('internal/validators');

const debug = debuglog('http');

const kOnKeylog = Symbol('onkeylog');
const kRequestAsyncResource = Symbol('requestAsyncResource');
const kRequestOptions = Symbol('requestOptions');

function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  EventEmitter.call(this);
  this.options = { __proto__: null, ...options };
  if (this.options.proxyEnv) throw refusal('the option proxyEnv of http.Agent');
  this.defaultPort = this.options.defaultPort || 80;
  this.protocol = this.options.protocol || 'http:';
  this.options.noDelay ??= true;
  this.options.path = null; // of a request, not of a pipe
  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = this.options.keepAliveMsecs || 1000;
  this.keepAlive = this.options.keepAlive || false;
  this.maxSockets = this.options.maxSockets || Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets || 256;
  this.scheduling = this.options.scheduling || 'lifo';
  this.maxTotalSockets = this.options.maxTotalSockets;
  this.totalSocketCount = 0;
  const { agentKeepAliveTimeoutBuffer: buffer } = this.options;
  this.agentKeepAliveTimeoutBuffer = Number.isFinite(buffer) && buffer >= 0 ? buffer : 1000;
  validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
  if (this.maxTotalSockets === undefined) this.maxTotalSockets = Infinity;
  else validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);
  this.on('free', onFree);
  this.on('newListener', watchForKeylog);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);

Agent.defaultMaxSockets = Infinity;

// Sockets tell their keys when somebody listens only.
function watchForKeylog(event) {
  if (event !== 'keylog') return;
  this.removeListener('newListener', watchForKeylog);
  const agent = this;
  this[kOnKeylog] = function (line) {
    agent.emit('keylog', line, this);
  };
  for (const sockets of Object.values(this.sockets)) {
    for (const socket of sockets) socket.on('keylog', this[kOnKeylog]);
  }
}

Agent.prototype.createConnection = function createConnection(...args) {
  return net.createConnection(...args);
};

// Where a connection leads: connections of one name are as good as each other.
Agent.prototype.getName = function getName(options = kEmptyObject) {
  let name = `${options.host || 'localhost'}:${options.port || ''}:${options.localAddress || ''}`;
  if (options.family === 4 || options.family === 6) name += `:${options.family}`;
  if (options.socketPath) name += `:${options.socketPath}`;
  return name;
};

// --- Requests -------------------------------------------------------------------------------------------------------

// The name of the server for TLS: of the Host header, or where the connection leads; no address.
function serverName(options, req) {
  const header = req.getHeader('host');
  let name = options.host;
  if (header) {
    validateString(header, 'options.headers.host');
    if (header[0] !== '[') name = header.split(':', 1)[0];
    else if (header.includes(']')) name = header.slice(1, header.indexOf(']'));
    else name = header;
  }
  return net.isIP(name) ? '' : name;
}

// The agent's options win over those of a request.
function connectionOptions(agent, options, req) {
  options = { __proto__: null, ...options, ...agent.options };
  if (options.socketPath) options.path = options.socketPath;
  if (!options.servername && options.servername !== '') options.servername = serverName(options, req);
  return options;
}

function takeFreeSocket(agent, name) {
  const free = agent.freeSockets[name];
  if (!free) return undefined;
  while (free.length > 0 && free[0].destroyed) free.shift();
  const socket = agent.scheduling === 'fifo' ? free.shift() : free.pop();
  if (free.length === 0) delete agent.freeSockets[name];
  return socket;
}

Agent.prototype.addRequest = function addRequest(req, options, port, localAddress) {
  if (typeof options === 'string') options = { __proto__: null, host: options, port, localAddress }; // as it once was
  options = connectionOptions(this, options, req);
  const name = this.getName(options);
  this.sockets[name] ||= [];
  const socket = takeFreeSocket(this, name);
  const count = (this.freeSockets[name]?.length ?? 0) + this.sockets[name].length;
  if (socket) {
    socket._handle?.asyncReset?.();
    this.reuseSocket(socket, req);
    assign(this, req, socket);
    this.sockets[name].push(socket);
  } else if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets) {
    this.createSocket(req, options, (error, created) => {
      if (error) req.onSocket(created, error);
      else assign(this, req, created);
    });
  } else {
    req[kRequestOptions] = options;
    // It is made in the name of who asks, when somebody could tell.
    if (ids.track !== undefined || frames.current() !== undefined) {
      req[kRequestAsyncResource] = new (require('async_hooks').AsyncResource)('QueuedRequest');
    }
    (this.requests[name] ||= []).push(req);
  }
};

function assign(agent, req, socket) {
  req.onSocket(socket);
  if (req.timeout !== undefined && req.timeout !== (agent.options.timeout || 0)) socket.setTimeout(req.timeout);
}

// --- Sockets --------------------------------------------------------------------------------------------------------

Agent.prototype.createSocket = function createSocket(req, options, callback) {
  options = connectionOptions(this, options, req);
  const timeout = req.timeout || this.options.timeout || undefined;
  if (timeout) options.timeout = timeout;
  const name = this.getName(options);
  options._agentKey = name;
  debug('connection of an agent to', name);
  options.encoding = null;
  let isCreated = false;
  const onCreated = (error, socket) => {
    if (isCreated) return;
    isCreated = true;
    if (error) {
      callback(error);
      return;
    }
    (this.sockets[name] ||= []).push(socket);
    this.totalSocketCount++;
    watch(this, socket, options);
    callback(null, socket);
  };
  if (this.keepAlive) {
    options.keepAlive = this.keepAlive;
    options.keepAliveInitialDelay = this.keepAliveMsecs;
  }
  const socket = this.createConnection(options, onCreated);
  if (socket) onCreated(null, socket);
};

function watch(agent, socket, options) {
  const listeners = {
    free: () => agent.emit('free', socket, options),
    close() {
      agent.totalSocketCount--;
      agent.removeSocket(socket, options);
    },
    timeout() {
      if (Object.values(agent.freeSockets).some((sockets) => sockets.includes(socket))) socket.destroy();
    },
    // The socket is another protocol's from now on.
    agentRemove() {
      listeners.close();
      for (const event of Object.keys(listeners)) socket.removeListener(event, listeners[event]);
    },
  };
  for (const event of Object.keys(listeners)) socket.on(event, listeners[event]);
  if (agent[kOnKeylog]) socket.on('keylog', agent[kOnKeylog]);
}

function takeOut(sockets, name, socket) {
  const list = sockets[name];
  const index = list ? list.indexOf(socket) : -1;
  if (index === -1) return;
  list.splice(index, 1);
  if (list.length === 0) delete sockets[name];
}

// A request that waits for a connection: of this name, or of another that has none.
function waitingRequest(agent, name, options) {
  if (agent.requests[name]?.length > 0) return [agent.requests[name][0], options];
  const other = Object.keys(agent.requests)[0];
  if (other === undefined || agent.sockets[other]?.length > 0) return [];
  const req = agent.requests[other][0];
  return [req, req[kRequestOptions]];
}

Agent.prototype.removeSocket = function removeSocket(socket, options) {
  const name = this.getName(options);
  takeOut(this.sockets, name, socket);
  if (!socket.writable) takeOut(this.freeSockets, name, socket);
  const [req, itsOptions] = waitingRequest(this, name, options);
  if (!req || !itsOptions) return;
  req[kRequestOptions] = undefined;
  this.createSocket(req, itsOptions, (error, created) => {
    if (error) req.onSocket(null, error);
    else created.emit('free'); // whoever waits longest gets it
  });
};

// --- Free sockets ---------------------------------------------------------------------------------------------------

function freeSocketError() {
  this.destroy();
  this.emit('agentRemove');
}

function serveNext(agent, name, socket) {
  const requests = agent.requests[name];
  const req = requests.shift();
  if (requests.length === 0) delete agent.requests[name];
  const resource = req[kRequestAsyncResource];
  if (!resource) {
    assign(agent, req, socket);
    return;
  }
  req[kRequestAsyncResource] = null;
  resource.runInAsyncScope(() => {
    socket._handle?.asyncReset?.();
    assign(agent, req, socket);
  });
}

function mayKeep(agent, name, socket) {
  const req = socket._httpMessage;
  if (!req || !req.shouldKeepAlive || !agent.keepAlive) return false;
  const free = agent.freeSockets[name]?.length ?? 0;
  const count = free + (agent.sockets[name]?.length ?? 0);
  return (
    agent.totalSocketCount <= agent.maxTotalSockets &&
    count <= agent.maxSockets &&
    free < agent.maxFreeSockets &&
    agent.keepSocketAlive(socket)
  );
}

function onFree(socket, options) {
  const name = this.getName(options);
  if (!socket.writable) socket.destroy();
  else if (this.requests[name]?.length > 0) serveNext(this, name, socket);
  else if (!mayKeep(this, name, socket)) socket.destroy();
  else {
    const free = (this.freeSockets[name] ||= []);
    socket._httpMessage = null;
    this.removeSocket(socket, options);
    socket.once('error', freeSocketError);
    guardFreeSocket(socket);
    free.push(socket);
  }
}

// How long the socket may wait, by what the server said. False when that is too short to be of use.
Agent.prototype.keepSocketAlive = function keepSocketAlive(socket) {
  socket.setKeepAlive(true, this.keepAliveMsecs);
  socket.unref();
  let timeout = this.options.timeout || 0;
  let isWorth = true;
  const hint = /^timeout=(\d+)/.exec(socket._httpMessage?.res?.headers['keep-alive'] ?? '')?.[1];
  if (hint !== undefined) {
    const announced = Math.max(0, Number(hint) * 1000 - this.agentKeepAliveTimeoutBuffer);
    if (announced === 0) isWorth = false;
    else if (announced < timeout) timeout = announced;
  }
  if (socket.timeout !== timeout) socket.setTimeout(timeout);
  return isWorth;
};

Agent.prototype.reuseSocket = function reuseSocket(socket, req) {
  socket.removeListener('error', freeSocketError);
  unguardFreeSocket(socket);
  req.reusedSocket = true;
  socket.ref();
};

Agent.prototype.destroy = function destroy() {
  for (const set of [this.freeSockets, this.sockets]) {
    for (const name of Object.keys(set)) for (const socket of [...set[name]]) socket.destroy();
  }
};

module.exports = {
  Agent,
  globalAgent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }),
};
