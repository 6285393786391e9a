// SPDX-License-Identifier: Apache-2.0
// createSecureContext: what Node's options mean to the host.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_TLS_INVALID_PROTOCOL_METHOD,
    ERR_TLS_INVALID_PROTOCOL_VERSION,
    ERR_TLS_PROTOCOL_VERSION_CONFLICT,
  },
} = require('internal/errors');
const { validateInt32, validateInteger, validateObject, validateString } = require('internal/validators');
const { isBytes, toBytes } = require('internal/crypto/util');
const { refusal } = require('internal/refuse');

const host = internalBinding('crypto.tls_host');

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const SSL_OP_CIPHER_SERVER_PREFERENCE = 4194304;

// Of the command line, else Node's own.
function defaultVersion(bound) {
  const { getOptionValue } = require('internal/options');
  const order = bound === 'min' ? ['v1.0', 'v1.1', 'v1.2', 'v1.3'] : ['v1.3', 'v1.2'];
  const chosen = order.find((version) => getOptionValue(`--tls-${bound}-${version}`));
  if (chosen !== undefined) return chosen === 'v1.0' ? 'TLSv1' : `TLS${chosen}`;
  return bound === 'min' ? 'TLSv1.2' : 'TLSv1.3';
}

// [least, greatest] version of a method by OpenSSL's old name.
function methodVersions(name, leastByDefault) {
  const found = /^(SSLv2|SSLv3|SSLv23|TLS|TLSv1|TLSv1_1|TLSv1_2)_(?:(?:client|server)_)?method$/.exec(name);
  if (found === null) throw new ERR_TLS_INVALID_PROTOCOL_METHOD(`Unknown method: ${name}`);
  const [, protocol] = found;
  if (protocol === 'SSLv2' || protocol === 'SSLv3') throw new ERR_TLS_INVALID_PROTOCOL_METHOD(`${protocol} methods disabled`);
  if (protocol === 'SSLv23') return [leastByDefault, 'TLSv1.2'];
  if (protocol === 'TLS') return ['TLSv1', 'TLSv1.3'];
  const version = protocol.replace('_', '.');
  return [version, version];
}

function versionRange({ minVersion, maxVersion, secureProtocol }, defaults) {
  if (secureProtocol) {
    if (minVersion !== undefined && minVersion !== null) throw new ERR_TLS_PROTOCOL_VERSION_CONFLICT(minVersion, secureProtocol);
    if (maxVersion !== undefined && maxVersion !== null) throw new ERR_TLS_PROTOCOL_VERSION_CONFLICT(maxVersion, secureProtocol);
    return methodVersions(secureProtocol, defaults.minVersion);
  }
  const range = [minVersion ?? defaults.minVersion, maxVersion ?? defaults.maxVersion];
  for (const [index, bound] of ['minimum', 'maximum'].entries()) {
    if (!versions.includes(range[index])) throw new ERR_TLS_INVALID_PROTOCOL_VERSION(range[index], bound);
  }
  return range;
}

// Suites of TLS 1.3 go to OpenSSL by another way than those before.
function splitCiphers(ciphers) {
  const parts = ciphers.split(':').filter((part) => part !== '');
  const isSuite = (part) => /^!?TLS_/.test(part);
  // Nobody can shake hands with none.
  if (parts.length === 0) throw new ERR_INVALID_ARG_VALUE('options.ciphers', ciphers.split(':'));
  return [parts.filter(isSuite).join(':'), parts.filter((part) => !isSuite(part)).join(':')];
}

function checkTicketKeys(keys, name) {
  if (!ArrayBuffer.isView(keys)) throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], keys);
  if (keys.byteLength !== 48) throw new ERR_INVALID_ARG_VALUE(name, keys.byteLength, 'must be exactly 48 bytes');
}

const isKeyOrCert = (value) => typeof value === 'string' || isBytes(value);

function dataOf(value, name) {
  if (!isKeyOrCert(value)) throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], value);
  return toBytes(value, name);
}

const listOf = (value) => (Array.isArray(value) ? value : value ? [value] : []);

function passphraseOf(value, name) {
  if (value === undefined || value === null) return undefined;
  validateString(value, name);
  return toBytes(value, name);
}

function keyOf(entry, name) {
  const { isKeyObject, handleOf } = require('internal/crypto/keys');
  if (isKeyObject(entry)) return handleOf(entry).native;
  if (entry?.pem !== undefined) {
    const pem = isKeyObject(entry.pem) ? undefined : dataOf(entry.pem, name);
    if (pem === undefined) return handleOf(entry.pem).native;
    return { pem, passphrase: passphraseOf(entry.passphrase, 'options.passphrase') };
  }
  return dataOf(entry, name);
}

function pfxOf(entry) {
  if (entry?.buf !== undefined && !isBytes(entry)) {
    return { buf: dataOf(entry.buf, 'options.pfx'), passphrase: passphraseOf(entry.passphrase, 'options.passphrase') };
  }
  return dataOf(entry, 'options.pfx');
}

function refuseUnsupported(options, name) {
  for (const option of ['clientCertEngine', 'privateKeyEngine', 'privateKeyIdentifier']) {
    const value = options[option];
    if (value !== undefined && value !== null && typeof value !== 'string') {
      throw new ERR_INVALID_ARG_TYPE(`options.${option}`, ['string', 'null', 'undefined'], value);
    }
  }
  const { ticketKeys } = options;
  if (ticketKeys !== undefined && ticketKeys !== null) checkTicketKeys(ticketKeys, 'options.ticketKeys');
  for (const option of ['ticketKeys', 'clientCertEngine', 'privateKeyEngine', 'privateKeyIdentifier']) {
    if (options[option] !== undefined && options[option] !== null) throw refusal(`${name}.${option}`);
  }
}

function rulesOf(options, defaults) {
  const rules = {};
  const { ciphers = defaults.ciphers, ecdhCurve = defaults.ecdhCurve, dhparam, sigalgs } = options;
  if (ciphers !== undefined && ciphers !== null) {
    validateString(ciphers, 'options.ciphers');
    const [suites, others] = splitCiphers(ciphers || defaults.ciphers);
    if (suites !== '' || others === '') rules.cipherSuites = suites;
    // Without a suite of TLS 1.3 in the list there is no such version, without another only that.
    rules.ciphers = others;
    if (suites === '' && others !== '' && options.ciphers !== undefined) rules.cipherSuites = undefined;
  }
  if (ecdhCurve !== undefined && ecdhCurve !== null) {
    validateString(ecdhCurve, 'options.ecdhCurve');
    rules.ecdhCurve = ecdhCurve;
  }
  if (dhparam !== undefined && dhparam !== null && dhparam !== 'auto') rules.dhparam = dataOf(dhparam, 'options.dhparam');
  if (sigalgs !== undefined && sigalgs !== null) {
    validateString(sigalgs, 'options.sigalgs');
    if (sigalgs === '') throw new ERR_INVALID_ARG_VALUE('options.sigalgs', sigalgs);
    rules.sigalgs = sigalgs;
  }
  return rules;
}

function trustOf(options) {
  const trust = {};
  const environment = process.env.NODE_EXTRA_CA_CERTS;
  if (options.ca !== undefined && options.ca !== null && options.ca !== false) {
    trust.ca = listOf(options.ca).map((each) => dataOf(each, 'options.ca'));
  } else {
    const defaults = require('internal/tls/ca').customDefaults();
    if (defaults !== undefined) trust.ca = defaults.map((each) => toBytes(each, 'ca'));
    else if (environment) {
      require('internal/tls/ca').getCACertificates('extra'); // which warns of a file that cannot be read
      trust.extraCA = environment;
    }
    trust.useSystemCA = require('internal/options').getOptionValue('--use-system-ca') || undefined;
  }
  if (options.crl) trust.crl = listOf(options.crl).map((each) => dataOf(each, 'options.crl'));
  return trust;
}

// What others call the native context: it can be told of more certificates.
class NativeContext {
  constructor(native) {
    this.native = native;
  }

  setOptions(options = 0) {
    if (!(this instanceof NativeContext)) throw new TypeError('Illegal invocation');
    host.contextOptions(this.native, options);
  }

  addCACert(cert) {
    host.contextTrust(this.native, toBytes(cert, 'cert'));
  }
}

class SecureContext {
  constructor(native) {
    this.context = new NativeContext(native);
  }
}

function createSecureContext(options = {}) {
  validateObject(options, 'options');
  refuseUnsupported(options, 'tls.createSecureContext');
  const { DEFAULT_CIPHERS, DEFAULT_ECDH_CURVE, DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION } = require('tls');
  const [minVersion, maxVersion] = versionRange(options, { minVersion: DEFAULT_MIN_VERSION, maxVersion: DEFAULT_MAX_VERSION });
  const forHost = {
    minVersion,
    maxVersion,
    ...rulesOf(options, { ciphers: DEFAULT_CIPHERS, ecdhCurve: DEFAULT_ECDH_CURVE }),
    ...trustOf(options),
  };
  let secureOptions = options.secureOptions || 0;
  validateInteger(secureOptions, 'secureOptions');
  if (options.honorCipherOrder) secureOptions |= SSL_OP_CIPHER_SERVER_PREFERENCE;
  forHost.secureOptions = secureOptions;
  if (options.allowPartialTrustChain) forHost.allowPartialTrustChain = true;
  forHost.passphrase = passphraseOf(options.passphrase, 'options.passphrase');
  forHost.cert = listOf(options.cert).map((each) => dataOf(each, 'options.cert'));
  // An object with a passphrase has its place in a list.
  const isObject = !Array.isArray(options.key) && options.key?.pem !== undefined;
  forHost.key = listOf(isObject ? dataOf(options.key, 'options.key') : options.key).map((each) => keyOf(each, 'options.key'));
  forHost.pfx = listOf(options.pfx).map((each) => pfxOf(each));
  if (options.sessionIdContext !== undefined && options.sessionIdContext !== null) {
    validateString(options.sessionIdContext, 'options.sessionIdContext');
    forHost.sessionIdContext = toBytes(options.sessionIdContext, 'sessionIdContext').subarray(0, 32);
  }
  if (options.sessionTimeout !== undefined && options.sessionTimeout !== null) {
    validateInt32(options.sessionTimeout, 'options.sessionTimeout', 0);
    forHost.sessionTimeout = options.sessionTimeout;
  }
  return new SecureContext(host.context(forHost));
}

module.exports = { SecureContext, createSecureContext, defaultVersion };
