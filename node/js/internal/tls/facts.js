// SPDX-License-Identifier: Apache-2.0
// What a TLSSocket tells of its connection.
'use strict';

const { certificateOf, legacyObject } = require('internal/crypto/x509');
const { Buffer } = require('buffer');

const host = internalBinding('crypto.tls_host');

// OpenSSL's names of suites before TLS 1.3 as those of the standard.
function standardName(name) {
  if (name.startsWith('TLS_')) return name;
  const parts = name.split('-');
  const exchanges = ['ECDHE', 'DHE', 'ECDH', 'DH', 'PSK', 'RSA', 'ECDSA', 'DSS', 'SRP', 'ADH', 'AECDH'];
  const exchange = [];
  while (exchanges.includes(parts[0])) exchange.push(parts.shift());
  if (exchange.length === 0) exchange.push('RSA');
  let cipher = parts.join('_').replace(/AES(128|256)/, 'AES_$1').replace(/CAMELLIA(128|256)/, 'CAMELLIA_$1');
  cipher = cipher.replace(/ARIA(128|256)/, 'ARIA_$1').replace('DES_CBC3', '3DES_EDE_CBC');
  if (/^(AES|CAMELLIA)_\d+_SHA/.test(cipher)) cipher = cipher.replace(/_SHA/, '_CBC_SHA');
  if (cipher === 'CHACHA20_POLY1305') cipher += '_SHA256';
  return `TLS_${exchange.join('_')}_WITH_${cipher}`;
}

function cipherOf({ cipher, cipherVersion }) {
  return { name: cipher, standardName: standardName(cipher), version: cipherVersion };
}

const curveSizes = { prime256v1: 256, secp256r1: 256, secp384r1: 384, secp521r1: 521, x25519: 253, x448: 448 };
const shownCurves = { secp256r1: 'prime256v1', x25519: 'X25519', x448: 'X448' };

function ephemeralKey({ group }) {
  if (!group) return {};
  const name = group.toLowerCase();
  if (curveSizes[name] === undefined) return { type: 'TLSGroup', name: group, size: undefined };
  return { type: 'ECDH', name: shownCurves[name] ?? group, size: curveSizes[name] };
}

// The certificate as an object; with the whole chain each has its issuer, the last one itself.
function peerCertificate(tls, isDetailed) {
  const chain = tls.peerChain();
  if (chain.length === 0) return {};
  const leaf = legacyObject(chain[0]);
  if (!isDetailed) return leaf;
  let current = leaf;
  for (let i = 1; i < chain.length; i++) {
    if (!host.isIssuer(chain[i - 1], chain[i])) break;
    current.issuerCertificate = legacyObject(chain[i]);
    current = current.issuerCertificate;
  }
  const last = chain.find((each) => Buffer.compare(Buffer.from(legacyObject(each).raw), current.raw) === 0);
  if (host.isIssuer(last, last)) current.issuerCertificate = current;
  return leaf;
}

function peerX509Certificate(tls) {
  const chain = tls.peerChain();
  let issuer;
  for (let i = chain.length - 1; i >= 0; i--) issuer = certificateOf(chain[i], issuer);
  return issuer;
}

// What a root of the system might be the remedy of.
const localRoots = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

// The error of the other side's certificate, or null.
function verifyError(tls) {
  const found = tls?.verifyError();
  if (found === undefined) return null;
  const [number, message] = found;
  const code = host.verifyCodes()[number] ?? 'UNSPECIFIED';
  const hint =
    localRoots.has(code) && !require('internal/options').getOptionValue('--use-system-ca')
      ? '; if the root CA is installed locally, try running Node.js with --use-system-ca'
      : '';
  const error = new Error(message + hint);
  error.code = code;
  return error;
}

module.exports = { cipherOf, ephemeralKey, peerCertificate, peerX509Certificate, verifyError };
