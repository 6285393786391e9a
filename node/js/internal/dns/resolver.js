// SPDX-License-Identifier: Apache-2.0
// dns.Resolver and dns.promises.Resolver, and the resolver that the functions of the modules use.
'use strict';

const {
  codes: {
    ERR_DNS_SET_SERVERS_FAILED,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_IP_ADDRESS,
  },
} = require('internal/errors');
const { opened, request } = require('internal/async_resource_calls');
const { ChannelWrap, PORT } = require('internal/dns/channel');
const { DNSException } = require('internal/dns/errors');
const { toASCII } = require('internal/dns/lookup');
const { observe } = require('internal/dns/observe');
const { shape } = require('internal/dns/records');
const { isIP } = require('internal/net/addresses');
const { numberOf } = require('internal/net/ip_numbers');
const { validateArray, validateFunction, validateInt32, validateString, validateUint32 } =
  require('internal/validators');

const UV_EINVAL = -22;
const NATIVE_DEFAULT = -1;

// Methods, and the type of record that each asks for.
const METHODS = {
  __proto__: null,
  resolveAny: 'ANY', resolve4: 'A', resolve6: 'AAAA', resolveCaa: 'CAA', resolveCname: 'CNAME', resolveMx: 'MX',
  resolveNs: 'NS', resolveTlsa: 'TLSA', resolveTxt: 'TXT', resolveSrv: 'SRV', resolvePtr: 'PTR',
  resolveNaptr: 'NAPTR', resolveSoa: 'SOA',
};
const METHOD_OF = { __proto__: null, ...Object.fromEntries(Object.entries(METHODS).map(([name, type]) => [type, name])) };

// As errors name it: queryA, queryCaa, queryAny.
const syscallOf = (type) => `query${type[0]}${type.slice(1).toLowerCase()}`;

// --- Servers ------------------------------------------------------------------------------------------------------------

const BRACKETED = /^\[([^[\]]*)\](?::(\d+))?$/;
const WITH_PORT = /^([^:]+):(\d+)$/;

function readServer(server, index) {
  validateString(server, `servers[${index}]`);
  if (isIP(server) !== 0) return [isIP(server), server, PORT];
  const [, address, port] = BRACKETED.exec(server) ?? WITH_PORT.exec(server) ?? [];
  const version = address === undefined ? 0 : isIP(address);
  if (version === 0) throw new ERR_INVALID_IP_ADDRESS(server);
  return [version, address, Number(port) || PORT];
}

function localAddress(address, name) {
  validateString(address, name);
  const version = isIP(address);
  if (version === 0) throw invalidLocal('Invalid IP address.');
  return version;
}

function invalidLocal(message) {
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_VALUE';
  return error;
}

class ResolverBase {
  constructor(options) {
    const { timeout = NATIVE_DEFAULT, tries = 4, maxTimeout = 0 } = { ...options };
    validateInt32(timeout, 'options.timeout', -1);
    validateInt32(tries, 'options.tries', 1);
    validateUint32(maxTimeout, 'options.maxTimeout');
    this._handle = new ChannelWrap(timeout, tries, maxTimeout);
    opened(this._handle, 'DNSCHANNEL');
  }

  cancel() {
    this._handle.cancel();
  }

  getServers() {
    return (this._handle.getServers() || []).map(([address, port]) => {
      if (!port || port === PORT) return address;
      return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
    });
  }

  setServers(servers) {
    validateArray(servers, 'servers');
    const read = [];
    servers.forEach((server, index) => read.push(readServer(server, index))); // holes do not count
    const refused = this._handle.setServers(read);
    if (refused !== 0) throw new ERR_DNS_SET_SERVERS_FAILED(refused, servers);
  }

  setLocalAddress(ipv4, ipv6) {
    const first = localAddress(ipv4, 'ipv4');
    const second = ipv6 === undefined ? 0 : localAddress(ipv6, 'ipv6');
    if (first === second) throw invalidLocal(`Cannot specify two IPv${first} addresses.`);
    const [four, six] = first === 4 ? [ipv4, ipv6] : [ipv6, ipv4];
    this._handle.setLocalAddress(four, six);
  }
}

// --- Questions: `end(error, result)` comes later. What is wrong with the question throws. -----------------------------

function begin(end, start) {
  try {
    start();
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') throw error;
    process.nextTick(end, error);
  }
}

function query(resolver, type, name, options, end) {
  const syscall = syscallOf(type);
  const ttl = Boolean(options?.ttl);
  const done = observe(syscall, { host: name, ttl }, end);
  const onEnd = request('QUERYWRAP', resolver._handle, (code, records) => {
    const result = code === undefined ? shape(type, records, { ttl }) : undefined;
    if (result === undefined) done(new DNSException(code ?? 'ENODATA', syscall, name));
    else done(null, result);
  });
  begin(end, () => resolver._handle.query(toASCII(name), type, onEnd));
}

// The name to ask for to get those of an address.
function reverseName(address, version) {
  const number = numberOf(address, `ipv${version}`);
  if (version === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...number.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`;
}

// The further names of an address in the file of hosts, as c-ares gives them; undefined when it is not there.
function fromHosts(address, version) {
  const number = numberOf(address, `ipv${version}`);
  const names = [];
  for (const line of internalBinding('names_host').hosts().split('\n')) {
    const [first, ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(first) === version && numberOf(first, `ipv${version}`) === number) names.push(...rest);
  }
  return names.length === 0 ? undefined : names.slice(1);
}

function reverse(resolver, address, end) {
  const syscall = 'getHostByAddr';
  const version = isIP(address);
  if (version === 0) throw new DNSException(UV_EINVAL, syscall, address);
  const done = observe(syscall, { host: address, ttl: false }, end);
  const onEnd = request('QUERYWRAP', resolver._handle, (code, records) => {
    const names = code === undefined ? shape('PTR', records, {}) : undefined;
    if (names === undefined) done(new DNSException(code ?? 'ENODATA', syscall, address));
    else done(null, names);
  });
  begin(end, () => {
    const known = fromHosts(address, version);
    if (known !== undefined) process.nextTick(done, null, known);
    else resolver._handle.query(reverseName(address, version), 'PTR', onEnd);
  });
}

const promised = (ask) => new Promise((resolve, reject) => {
  ask((error, result) => {
    if (error) reject(error);
    else resolve(result);
  });
});

// --- The two classes ----------------------------------------------------------------------------------------------------

class Resolver extends ResolverBase {}

class PromiseResolver extends ResolverBase {}
Object.defineProperty(PromiseResolver, 'name', { __proto__: null, configurable: true, value: 'Resolver' });

function define(Class, name, method) {
  Object.defineProperty(method, 'name', { __proto__: null, configurable: true, value: name });
  Object.defineProperty(Class.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value: method,
    writable: true,
  });
}

for (const [name, type] of Object.entries(METHODS)) {
  // (name[, options], callback)
  define(Resolver, name, function(hostname, ...rest) {
    const [options, callback] = rest.length > 1 ? rest : [undefined, rest[0]];
    validateString(hostname, 'name');
    validateFunction(callback, 'callback');
    query(this, type, hostname, options, callback);
    return {};
  });
  define(PromiseResolver, name, function(hostname, options) {
    validateString(hostname, 'name');
    return promised((end) => query(this, type, hostname, options, end));
  });
}

define(Resolver, 'reverse', function(name, callback) {
  validateString(name, 'name');
  validateFunction(callback, 'callback');
  reverse(this, name, callback);
  return {};
});
define(PromiseResolver, 'reverse', function(name) {
  validateString(name, 'name');
  return promised((end) => reverse(this, name, end));
});

function methodFor(rrtype) {
  if (typeof rrtype !== 'string') throw new ERR_INVALID_ARG_TYPE('rrtype', 'string', rrtype);
  if (METHOD_OF[rrtype] === undefined) throw new ERR_INVALID_ARG_VALUE('rrtype', rrtype);
  return METHOD_OF[rrtype];
}

define(Resolver, 'resolve', function(hostname, rrtype, callback) {
  if (typeof rrtype === 'function') [rrtype, callback] = ['A', rrtype];
  return this[methodFor(rrtype)](hostname, callback);
});
define(PromiseResolver, 'resolve', function(hostname, rrtype = 'A') {
  return this[methodFor(rrtype)](hostname);
});

// --- What the functions of both modules use -----------------------------------------------------------------------------

let defaultResolver; // a Resolver; the promises' shares its servers

function getDefault(Class) {
  defaultResolver ??= new Resolver();
  if (Class === Resolver) return defaultResolver;
  const resolver = Object.create(PromiseResolver.prototype);
  resolver._handle = defaultResolver._handle;
  return resolver;
}

// The methods as functions; setServers() makes a new resolver, so that questions under way go on.
function boundTo(Class) {
  const names = ['getServers', 'resolve', ...Object.keys(METHODS), 'reverse'].sort();
  const functions = Object.fromEntries(names.map((name) => {
    const bound = (...args) => getDefault(Class)[name](...args);
    return [name, Object.defineProperty(bound, 'name', { __proto__: null, configurable: true, value: name })];
  }));
  functions.setServers = function setServers(servers) {
    const resolver = new Resolver();
    resolver.setServers(servers);
    defaultResolver = resolver;
  };
  return functions;
}

module.exports = { boundTo, PromiseResolver, Resolver };
