// SPDX-License-Identifier: Apache-2.0
// Certificates that are trusted when nobody says which.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateOneOf, validateString } = require('internal/validators');
const { getOptionValue } = require('internal/options');

const host = internalBinding('crypto.tls_host');

let custom; // of setDefaultCACertificates()
const lists = { __proto__: null };

function extra() {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return [];
  try {
    return host.extraCertificates(file);
  } catch (error) {
    process.emitWarning(`Ignoring extra certs from \`${file}\`, load failed: ${error.message}`);
    return [];
  }
}

function standard() {
  const found = [...host.bundledCertificates()];
  if (getOptionValue('--use-system-ca')) found.push(...host.systemCertificates());
  found.push(...extra());
  return found;
}

function make(type) {
  if (type === 'bundled') return host.bundledCertificates();
  if (type === 'system') return host.systemCertificates();
  if (type === 'extra') return extra();
  return custom ?? standard();
}

function getCACertificates(type = undefined) {
  if (type !== undefined) validateString(type, 'type');
  type ??= 'default';
  validateOneOf(type, 'type', ['default', 'system', 'bundled', 'extra']);
  lists[type] ??= Object.freeze([...make(type)]);
  return lists[type];
}

function setDefaultCACertificates(certs) {
  if (!Array.isArray(certs)) throw new ERR_INVALID_ARG_TYPE('certs', 'Array', certs);
  const { X509Certificate } = require('internal/crypto/x509');
  const seen = new Set();
  const texts = [];
  for (const [index, cert] of certs.entries()) {
    if (typeof cert !== 'string' && !ArrayBuffer.isView(cert)) {
      throw new ERR_INVALID_ARG_TYPE(`certs[${index}]`, ['string', 'ArrayBufferView'], cert);
    }
    let parsed;
    try {
      parsed = new X509Certificate(cert);
    } catch (error) {
      if (error.code !== 'ERR_OSSL_PEM_NO_START_LINE') throw error;
      const none = new Error('No valid certificates found in the provided array');
      none.code = 'ERR_CRYPTO_OPERATION_FAILED';
      throw none;
    }
    if (seen.has(parsed.fingerprint512)) continue;
    seen.add(parsed.fingerprint512);
    texts.push(parsed.toString());
  }
  custom = texts;
  lists.default = undefined;
}

module.exports = { customDefaults: () => custom, getCACertificates, setDefaultCACertificates };
