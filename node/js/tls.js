// SPDX-License-Identifier: Apache-2.0
'use strict';

const { getOptionValue } = require('internal/options');

const { ERR_OUT_OF_RANGE } = require('internal/errors').codes;

const { Buffer } = require('buffer');

// Length before each name, as ALPN writes a list.
function protocolList(protocols) {
  const parts = [];
  for (const [index, protocol] of protocols.entries()) {
    const bytes = typeof protocol === 'string' ? Buffer.from(protocol) : Buffer.from(protocol.buffer, protocol.byteOffset, protocol.byteLength);
    if (bytes.length > 255) {
      throw new ERR_OUT_OF_RANGE(`The byte length of the protocol at index ${index} exceeds the maximum length.`, '<= 255', bytes.length, true);
    }
    parts.push(Buffer.from([bytes.length]), bytes);
  }
  return Buffer.concat(parts);
}

function convertALPNProtocols(protocols, out) {
  if (Array.isArray(protocols)) out.ALPNProtocols = protocolList(protocols);
  else if (Buffer.isBuffer(protocols) || protocols instanceof Uint8Array) out.ALPNProtocols = Buffer.from(protocols);
  else if (ArrayBuffer.isView(protocols)) {
    out.ALPNProtocols = Buffer.from(protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength));
  }
}

function getCiphers() {
  return internalBinding('crypto.tls_host').ciphers();
}

exports.CLIENT_RENEG_LIMIT = 3;
exports.CLIENT_RENEG_WINDOW = 600;
const { defaultCoreCipherList } = require('internal/crypto/constants');
exports.DEFAULT_CIPHERS = getOptionValue('--tls-cipher-list') || defaultCoreCipherList;
exports.DEFAULT_ECDH_CURVE = 'auto';
const { SecureContext, createSecureContext, defaultVersion } = require('internal/tls/secure_context');
exports.DEFAULT_MIN_VERSION = defaultVersion('min');
exports.DEFAULT_MAX_VERSION = defaultVersion('max');
exports.getCiphers = getCiphers;
exports.convertALPNProtocols = convertALPNProtocols;
exports.checkServerIdentity = require('internal/tls/identity').checkServerIdentity;
exports.SecureContext = SecureContext;
exports.createSecureContext = createSecureContext;
exports.TLSSocket = require('internal/tls/socket').TLSSocket;
exports.Server = require('internal/tls/server').Server;
exports.createServer = require('internal/tls/server').createServer;
exports.connect = require('internal/tls/connect').connect;
exports.getCACertificates = (type) => require('internal/tls/ca').getCACertificates(type);
exports.setDefaultCACertificates = (certs) => require('internal/tls/ca').setDefaultCACertificates(certs);
Object.defineProperty(exports, 'rootCertificates', {
  __proto__: null,
  configurable: false,
  enumerable: true,
  get: () => require('internal/tls/ca').getCACertificates('bundled'),
});
