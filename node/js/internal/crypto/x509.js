// SPDX-License-Identifier: Apache-2.0
// X509Certificate, and certificates as tls.TLSSocket.getPeerCertificate() shows them.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateBoolean, validateObject, validateOneOf, validateString } = require('internal/validators');
const { toBuffer, toBytes } = require('internal/crypto/util');
const { KeyHandle, handleOf, isKeyObject, keyObjectOf } = require('internal/crypto/keys');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');

const host = internalBinding('crypto.certificates');
const kInspect = Symbol.for('nodejs.util.inspect.custom');

const checkFlags = ['wildcards', 'partialWildcards', 'multiLabelWildcards', 'singleLabelSubdomains'];

function subjectOption(options) {
  if (options === undefined) return 'default';
  validateObject(options, 'options');
  const { subject = 'default' } = options;
  validateString(subject, 'options.subject');
  validateOneOf(subject, 'options.subject', ['default', 'always', 'never']);
  return subject;
}

function checkedName(value, name) {
  validateString(value, name);
  if (value.includes('\0')) throw new ERR_INVALID_ARG_VALUE(name, value);
  return value;
}

class X509Certificate {
  #native;
  #about;
  #publicKey;
  #issuer; // known only of certificates that a connection gave

  constructor(buffer) {
    if (typeof buffer === 'string') buffer = require('buffer').Buffer.from(buffer);
    const isNative = buffer?.[kNative] !== undefined;
    if (isNative) this.#issuer = buffer.issuer;
    this.#native = isNative
      ? buffer[kNative]
      : host.parse(toBytes(buffer, 'buffer', undefined, ['string', 'Buffer', 'TypedArray', 'DataView']));
    markTransferMode(this, true, false);
  }

  static isX509Certificate(value) {
    return typeof value === 'object' && value !== null && #native in value;
  }

  static nativeOf(certificate) {
    return certificate.#native;
  }

  #property(name) {
    this.#about ??= host.about(this.#native);
    return this.#about[name];
  }

  get subject() {
    return this.#property('subject');
  }

  get subjectAltName() {
    return this.#property('subjectAltName');
  }

  get issuer() {
    return this.#property('issuer');
  }

  get issuerCertificate() {
    return this.#issuer;
  }

  get infoAccess() {
    return this.#property('infoAccess');
  }

  get validFrom() {
    return this.#property('validFrom');
  }

  get validTo() {
    return this.#property('validTo');
  }

  get validFromDate() {
    return new Date(this.#property('validFromMs'));
  }

  get validToDate() {
    return new Date(this.#property('validToMs'));
  }

  get fingerprint() {
    return host.fingerprint(this.#native, 'sha1');
  }

  get fingerprint256() {
    return host.fingerprint(this.#native, 'sha256');
  }

  get fingerprint512() {
    return host.fingerprint(this.#native, 'sha512');
  }

  get keyUsage() {
    return this.#property('keyUsage');
  }

  get serialNumber() {
    return this.#property('serialNumber');
  }

  get signatureAlgorithm() {
    return this.#property('signatureAlgorithm');
  }

  get signatureAlgorithmOid() {
    return this.#property('signatureAlgorithmOid');
  }

  get raw() {
    return toBuffer(host.raw(this.#native));
  }

  get publicKey() {
    this.#publicKey ??= keyObjectOf(new KeyHandle('public', host.publicKey(this.#native)));
    return this.#publicKey;
  }

  get ca() {
    return this.#property('ca');
  }

  toString() {
    return host.pem(this.#native);
  }

  toJSON() {
    return this.toString();
  }

  checkHost(name, options) {
    checkedName(name, 'name');
    const chosen = { subject: subjectOption(options) };
    for (const flag of checkFlags) {
      const value = options?.[flag];
      if (value === undefined) continue;
      validateBoolean(value, `options.${flag}`);
      chosen[flag] = value;
    }
    return host.checkHost(this.#native, name, chosen);
  }

  checkEmail(email, options) {
    checkedName(email, 'email');
    return host.checkEmail(this.#native, email, subjectOption(options)) ? email : undefined;
  }

  checkIP(ip, options) {
    validateString(ip, 'ip');
    subjectOption(options);
    const isMatch = host.checkIP(this.#native, ip);
    if (isMatch === undefined) throw new ERR_INVALID_ARG_VALUE('ip', ip);
    return isMatch ? ip : undefined;
  }

  checkIssued(otherCert) {
    if (!isX509Certificate(otherCert)) throw new ERR_INVALID_ARG_TYPE('otherCert', 'X509Certificate', otherCert);
    return host.checkIssued(this.#native, nativeOf(otherCert));
  }

  checkPrivateKey(pkey) {
    if (!isKeyObject(pkey)) throw new ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', pkey);
    if (pkey.type !== 'private') throw new ERR_INVALID_ARG_VALUE('pkey', pkey);
    return host.fits(this.#native, handleOf(pkey).native);
  }

  verify(pkey) {
    if (!isKeyObject(pkey)) throw new ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', pkey);
    if (pkey.type !== 'public') throw new ERR_INVALID_ARG_VALUE('pkey', pkey);
    return host.verify(this.#native, handleOf(pkey).native);
  }

  toLegacyObject() {
    return legacyObject(this.#native);
  }

  [kInspect](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const shown = {};
    for (const name of shownProperties) shown[name] = this[name];
    return `X509Certificate ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }

  [kClone]() {
    return { data: host.raw(this.#native), deserializeInfo: 'internal/crypto/x509:ReceivedCertificate' };
  }
}
const { isX509Certificate, nativeOf } = X509Certificate;
delete X509Certificate.isX509Certificate;
delete X509Certificate.nativeOf;

const shownProperties = [
  'subject',
  'subjectAltName',
  'issuer',
  'infoAccess',
  'validFrom',
  'validTo',
  'validFromDate',
  'validToDate',
  'fingerprint',
  'fingerprint256',
  'fingerprint512',
  'keyUsage',
  'serialNumber',
  'signatureAlgorithm',
  'signatureAlgorithmOid',
];

// Stands for a certificate that comes from another thread until its content is there.
class ReceivedCertificate {
  constructor() {
    markTransferMode(this, true, false);
  }

  [kDeserialize](data) {
    return new X509Certificate(data);
  }
}

// [[name, value], ...] as an object in which a name that comes more than once has an array.
function grouped(pairs, alwaysArrays = false) {
  const object = { __proto__: null };
  for (const [name, value] of pairs) {
    if (object[name] === undefined) object[name] = alwaysArrays ? [value] : value;
    else if (Array.isArray(object[name])) object[name].push(value);
    else object[name] = [object[name], value];
  }
  return object;
}

function infoAccessObject(text) {
  const pairs = text.split('\n').map((line) => {
    const at = line.indexOf(':');
    const value = line.slice(at + 1);
    return [line.slice(0, at), value.startsWith('"') ? JSON.parse(value) : value];
  });
  return grouped(pairs, true);
}

function legacyObject(native) {
  const about = host.about(native);
  const { asn1Curve, bits, exponent, modulus, nistCurve, pubkey } = host.legacy(native);
  return {
    subject: grouped(host.subject(native)),
    issuer: grouped(host.issuer(native)),
    subjectaltname: about.subjectAltName,
    infoAccess: about.infoAccess === undefined ? undefined : infoAccessObject(about.infoAccess),
    ca: about.ca,
    modulus,
    exponent,
    pubkey: pubkey === undefined ? undefined : toBuffer(pubkey),
    bits,
    valid_from: about.validFrom,
    valid_to: about.validTo,
    fingerprint: host.fingerprint(native, 'sha1'),
    fingerprint256: host.fingerprint(native, 'sha256'),
    fingerprint512: host.fingerprint(native, 'sha512'),
    ext_key_usage: about.keyUsage,
    serialNumber: about.serialNumber,
    raw: toBuffer(host.raw(native)),
    asn1Curve,
    nistCurve,
  };
}

// A certificate that the host has parsed already.
const kNative = Symbol('native');
const certificateOf = (native, issuer) => new X509Certificate({ [kNative]: native, issuer });

module.exports = { ReceivedCertificate, X509Certificate, certificateOf, isX509Certificate, legacyObject };
