// SPDX-License-Identifier: Apache-2.0
// `https`: the server and the agent of `http` over TLS.
'use strict';

const { Agent: HttpAgent } = require('_http_agent');
const { ClientRequest } = require('_http_client');
const http = require('_http_server');
const tls = require('tls');
const { kEmptyObject, promisify } = require('internal/util');
const { isURL, urlToHttpOptions } = require('internal/url');
const { validateObject } = require('internal/validators');

// --- Servers

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  let given = kEmptyObject;
  if (typeof options === 'function') {
    requestListener = options;
  } else if (options !== undefined && options !== null) {
    validateObject(options, 'options');
    given = { ALPNProtocols: ['http/1.1'], ...options };
    if (options.ALPNCallback) delete given.ALPNProtocols;
  }
  if (given === kEmptyObject) given = { ALPNProtocols: ['http/1.1'] };
  http.storeHTTPOptions.call(this, { ...given });
  Reflect.apply(tls.Server, this, [{ noDelay: true, ...given }, http._connectionListener]);
  this.httpAllowHalfOpen = false;
  if (requestListener) this.addListener('request', requestListener);
  this.addListener('tlsClientError', function onError(error, connection) {
    if (!this.emit('clientError', error, connection)) connection.destroy(error);
  });
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.maxRequestsPerSocket = 0;
  this.on('listening', http.setupConnectionsTracking);
}
Object.setPrototypeOf(Server.prototype, tls.Server.prototype);
Object.setPrototypeOf(Server, tls.Server);

for (const name of ['closeAllConnections', 'closeIdleConnections', 'setTimeout']) {
  Server.prototype[name] = http.Server.prototype[name];
}

Server.prototype.close = function close(...args) {
  http.httpServerPreClose(this);
  Reflect.apply(tls.Server.prototype.close, this, args);
  return this;
};

Server.prototype[Symbol.asyncDispose] = {
  async [Symbol.asyncDispose]() {
    await promisify(this.close).call(this);
  },
}[Symbol.asyncDispose];

const createServer = (options, requestListener) => new Server(options, requestListener);

// --- Agents

function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  options = { __proto__: null, ...options };
  options.defaultPort ??= 443;
  options.protocol ??= 'https:';
  Reflect.apply(HttpAgent, this, [options]);
  this.maxCachedSessions = this.options.maxCachedSessions;
  this.maxCachedSessions ??= 100;
  this._sessionCache = { map: {}, list: [] };
}
Object.setPrototypeOf(Agent.prototype, HttpAgent.prototype);
Object.setPrototypeOf(Agent, HttpAgent);

// (options[, cb]), (port[, options][, cb]) or (port, host[, options][, cb])
function connectionOptions(port, host, options) {
  if (port !== null && typeof port === 'object') return { ...port };
  if (host !== null && typeof host === 'object') return { ...host, port };
  const made = options !== null && typeof options === 'object' ? { ...options } : {};
  if (typeof port === 'number') made.port = port;
  if (typeof host === 'string') made.host = host;
  return made;
}

// Sessions of TLS are kept by where a connection leads, and used for the next one there.
Agent.prototype.createConnection = function createConnection(port, host, options) {
  const made = connectionOptions(port, host, options);
  const key = made._agentKey;
  if (key) made.session ??= this._getSession(key);
  const socket = tls.connect(made);
  if (key) {
    socket.on('session', (session) => this._cacheSession(key, session));
    socket.once('close', (hadError) => {
      if (hadError) this._evictSession(key);
    });
  }
  return socket;
};

const text = (value) => value || '';
const given = (value) => value ?? '';
const nameParts = [
  ['ca', text],
  ['cert', text],
  ['clientCertEngine', text],
  ['ciphers', text],
  ['key', text],
  ['pfx', text],
  ['rejectUnauthorized', given],
  ['servername', text],
  ['minVersion', text],
  ['maxVersion', text],
  ['secureProtocol', text],
  ['crl', text],
  ['honorCipherOrder', given],
  ['ecdhCurve', text],
  ['dhparam', text],
  ['secureOptions', given],
  ['sessionIdContext', text],
  ['sigalgs', (value) => (value ? JSON.stringify(value) : '')],
  ['privateKeyIdentifier', text],
  ['privateKeyEngine', text],
];

// Connections differ by all that their certificates and keys depend on.
Agent.prototype.getName = function getName(options = kEmptyObject) {
  let name = Reflect.apply(HttpAgent.prototype.getName, this, [options]);
  for (const [part, shown] of nameParts) {
    const value = part === 'servername' && options.servername === options.host ? '' : options[part];
    name += `:${shown(value)}`;
  }
  return name;
};

Agent.prototype._getSession = function (key) {
  return this._sessionCache.map[key];
};

Agent.prototype._cacheSession = function (key, session) {
  if (this.maxCachedSessions === 0) return;
  const { list, map } = this._sessionCache;
  if (map[key] === undefined) {
    if (list.length >= this.maxCachedSessions) delete map[list.shift()];
    list.push(key);
  }
  map[key] = session;
};

Agent.prototype._evictSession = function (key) {
  const { list, map } = this._sessionCache;
  const index = list.indexOf(key);
  if (index === -1) return;
  list.splice(index, 1);
  delete map[key];
};

const globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });

// --- Requests

// (options[, cb]), (url[, options][, cb])
function request(...args) {
  let options = {};
  if (typeof args[0] === 'string') options = urlToHttpOptions(new URL(args.shift()));
  else if (isURL(args[0])) options = urlToHttpOptions(args.shift());
  if (args[0] && typeof args[0] !== 'function') Object.assign(options, args.shift());
  options._defaultAgent = module.exports.globalAgent;
  return new ClientRequest(options, ...args);
}

function get(input, options, callback) {
  const req = request(input, options, callback);
  req.end();
  return req;
}

module.exports = { Agent, globalAgent, Server, createServer, get, request };
