// SPDX-License-Identifier: Apache-2.0
// dns.lookup() and dns.lookupService(): what the system knows, with callbacks and as promises.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { request } = require('internal/async_resource_calls');
const { DNSException } = require('internal/dns/errors');
const { observe } = require('internal/dns/observe');
const { defaultOrder, ORDERS } = require('internal/dns/order');
const { isIP } = require('internal/net/addresses');
const { validateBoolean, validateFunction, validateNumber, validateOneOf, validatePort, validateString } =
  require('internal/validators');

const { getaddrinfo, getnameinfo } = internalBinding('names');

// Flags of getaddrinfo, with their values on Linux.
const ADDRCONFIG = 0x20;
const ALL = 0x10;
const V4MAPPED = 0x08;

const FAMILIES = [0, 4, 6];
const NAMES = { __proto__: null, IPv4: 4, IPv6: 6 };

let warned = false;

function warnOfHostname(hostname) {
  if (warned) return;
  warned = true;
  process.emitWarning(
    `The provided hostname "${hostname}" is not a valid hostname, and is supported in the dns module solely for ` +
      'compatibility.',
    'DeprecationWarning',
    'DEP0118'
  );
}

const isGiven = (value) => value !== undefined && value !== null;

function readHints(hints) {
  validateNumber(hints, 'options.hints');
  const flags = hints >>> 0;
  if ((flags & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw new ERR_INVALID_ARG_VALUE('hints', flags);
  return flags;
}

function readFamily(family) {
  if (NAMES[family] !== undefined) return NAMES[family];
  validateOneOf(family, 'options.family', FAMILIES);
  return family;
}

// The second argument of lookup() as { family, hints, all, order }.
function readOptions(options) {
  const read = { family: 0, hints: 0, all: false, order: defaultOrder() };
  if (!isGiven(options)) return read;
  if (typeof options === 'number') {
    validateOneOf(options, 'family', FAMILIES);
    read.family = options;
    return read;
  }
  if (isGiven(options.hints)) read.hints = readHints(options.hints);
  if (isGiven(options.family)) read.family = readFamily(options.family);
  if (isGiven(options.all)) {
    validateBoolean(options.all, 'options.all');
    read.all = options.all;
  }
  if (isGiven(options.verbatim)) {
    validateBoolean(options.verbatim, 'options.verbatim');
    read.order = options.verbatim ? 'verbatim' : 'ipv4first';
  }
  if (isGiven(options.order)) {
    validateOneOf(options.order, 'options.order', ORDERS);
    read.order = options.order;
  }
  return read;
}

function sorted(found, order) {
  const addresses = found.map(({ address, family }) => ({ address, family: family === 'IPv6' ? 6 : 4 }));
  if (order === 'verbatim') return addresses;
  const first = order === 'ipv4first' ? 4 : 6;
  return [...addresses.filter(({ family }) => family === first), ...addresses.filter(({ family }) => family !== first)];
}

// What needs no question to the system: { address, family } or nothing found; undefined when it must be asked.
function knownAnswer(hostname, { family }) {
  if (!hostname) {
    warnOfHostname(hostname);
    return { address: null, family: family === 6 ? 6 : 4 };
  }
  const isAddress = isIP(hostname);
  return isAddress === 0 ? undefined : { address: hostname, family: isAddress };
}

function toASCII(hostname) {
  return /^[\x00-\x7f]*$/.test(hostname) ? hostname : require('internal/url').domainToASCII(hostname);
}

// Asks the system; `end(error, addresses)` comes later.
function ask(hostname, { family, hints, order }, resource, end) {
  const detail = { hostname, family, hints, verbatim: order === 'verbatim', order };
  end = observe('lookup', detail, end, (addresses) => ({ addresses: addresses.map(({ address }) => address) }));
  const onEnd = request('GETADDRINFOREQWRAP', resource, (status, found) => {
    if (status !== 0) end(new DNSException(status, 'getaddrinfo', hostname));
    else end(null, sorted(found, order));
  });
  let status;
  try {
    status = getaddrinfo(toASCII(hostname), family, hints, onEnd);
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') throw error;
    process.nextTick(end, error);
    return;
  }
  if (status !== 0) process.nextTick(end, new DNSException(status, 'getaddrinfo', hostname));
}

// (hostname[, options], callback)
function lookup(hostname, options, callback) {
  if (hostname) validateString(hostname, 'hostname');
  if (typeof options === 'function') [options, callback] = [undefined, options];
  else if (options !== undefined && typeof options !== 'object' && typeof options !== 'number') {
    validateFunction(arguments.length === 2 ? options : callback, 'callback');
    throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  } else validateFunction(callback, 'callback');
  const read = readOptions(options);
  const known = knownAnswer(hostname, read);
  if (known !== undefined) {
    if (read.all) process.nextTick(callback, null, known.address === null ? [] : [known]);
    else process.nextTick(callback, null, known.address, known.family);
    return {};
  }
  const asked = { hostname, family: read.family };
  ask(hostname, read, asked, (error, found) => {
    if (error) callback(error);
    else if (read.all) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  });
  return asked;
}
Object.defineProperty(lookup, require('internal/util').customPromisifyArgs, {
  __proto__: null,
  enumerable: false,
  value: ['address', 'family'],
});

function lookupPromise(hostname, options) {
  if (hostname) validateString(hostname, 'hostname');
  if (isGiven(options) && typeof options !== 'object' && typeof options !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  }
  const read = readOptions(options);
  const known = knownAnswer(hostname, read);
  return new Promise((resolve, reject) => {
    if (known !== undefined) {
      if (!read.all) resolve(known);
      else resolve(known.address === null ? [] : [known]);
      return;
    }
    ask(hostname, read, {}, (error, found) => {
      if (error) reject(error);
      else resolve(read.all ? found : found[0]);
    });
  });
}

function checkService(address, port) {
  if (isIP(address) === 0) throw new ERR_INVALID_ARG_VALUE('address', address);
  validatePort(port);
}

// Throws what is wrong with the question; `end(error, hostname, service)` comes later.
function askService(address, port, end) {
  end = observe('lookupService', { host: address, port }, end, (hostname, service) => ({ hostname, service }));
  const status = getnameinfo(address, +port, request('GETNAMEINFOREQWRAP', {}, (result, hostname, service) => {
    if (result !== 0) end(new DNSException(result, 'getnameinfo', address));
    else end(null, hostname, service);
  }));
  if (status !== 0) throw new DNSException(status, 'getnameinfo', address);
}

function lookupService(address, port, callback) {
  if (arguments.length !== 3) throw new ERR_MISSING_ARGS('address', 'port', 'callback');
  checkService(address, port);
  validateFunction(callback, 'callback');
  try {
    askService(address, port, callback);
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') throw error;
    process.nextTick(callback, error);
  }
}
Object.defineProperty(lookupService, require('internal/util').customPromisifyArgs, {
  __proto__: null,
  enumerable: false,
  value: ['hostname', 'service'],
});

function lookupServicePromise(address, port) {
  if (arguments.length !== 2) throw new ERR_MISSING_ARGS('address', 'port');
  checkService(address, port);
  return new Promise((resolve, reject) => {
    askService(address, port, (error, hostname, service) => {
      if (error) reject(error);
      else resolve({ hostname, service });
    });
  });
}

module.exports = { ADDRCONFIG, ALL, lookup, lookupPromise, lookupService, lookupServicePromise, toASCII, V4MAPPED };
