// SPDX-License-Identifier: Apache-2.0
// SubtleCrypto.supports(): whether an operation would know an algorithm, its parameters and a length.
'use strict';

const { ERR_INVALID_THIS } = require('internal/errors').codes;
const { normalizeAlgorithm } = require('internal/crypto/webcrypto_algorithms');
const idl = require('internal/crypto/webidl');
const { SubtleCrypto } = require('internal/crypto/webcrypto');

const operations = new Set([
  'encrypt', 'decrypt', 'sign', 'verify', 'digest', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey', 'getPublicKey',
  'wrapKey', 'unwrapKey', 'encapsulateBits', 'encapsulateKey', 'decapsulateBits', 'decapsulateKey',
]);

function knows(algorithm, operation) {
  try {
    return normalizeAlgorithm(algorithm, operation);
  } catch {
    return undefined; // that is the question
  }
}

const nameOf = (algorithm) => (typeof algorithm === 'string' ? algorithm : algorithm?.name);

const curves = ['P-256', 'P-384', 'P-521'];
const plainLengths = [128, 192, 256];

function generates(algorithm) {
  const known = knows(algorithm, 'generateKey');
  if (known === undefined) return false;
  if (known.namedCurve !== undefined) return curves.includes(known.namedCurve);
  if (known.name.startsWith('AES')) return plainLengths.includes(known.length);
  if (known.name === 'HMAC') return known.length === undefined || (known.length > 0 && known.length % 8 === 0);
  return true;
}

function derives(algorithm, length) {
  const known = knows(algorithm, 'deriveBits');
  if (known === undefined) return false;
  const { name } = known;
  if (name === 'ECDH' || name.startsWith('X')) {
    if (known.public.type !== 'public' || known.public.algorithm.name !== name) return false;
    const sizes = { 'P-256': 256, 'P-384': 384, 'P-521': 528, X25519: 256, X448: 448 };
    return length === null || length <= sizes[known.public.algorithm.namedCurve ?? name];
  }
  if (length === null || length % 8) return false;
  if (name === 'PBKDF2') return known.iterations > 0;
  if (name === 'HKDF') {
    const size = Number(known.hash.name.split('-')[1]);
    return length <= 255 * (size === 1 ? 160 : size);
  }
  return length >= 32 && known.memory >= 8 * known.parallelism && known.parallelism > 0 && known.passes > 0 && known.nonce.byteLength >= 8;
}

function imports(algorithm) {
  const known = knows(algorithm, 'importKey');
  if (known === undefined) return false;
  if (known.namedCurve !== undefined) return curves.includes(known.namedCurve);
  return known.name !== 'HMAC' || known.length === undefined || (known.length > 0 && known.length % 8 === 0);
}

function derivesKey(algorithm, additional) {
  if (additional === undefined || !imports(additional)) return false;
  const sized = knows(additional, 'get key length');
  if (sized === undefined) return false;
  try {
    return derives(algorithm, require('internal/crypto/webcrypto_operations').keyLength(sized));
  } catch {
    return false; // a length that no such key has
  }
}

function encrypts(algorithm, operation) {
  const known = knows(algorithm, operation);
  if (known === undefined) return false;
  const { name, iv, tagLength = 128 } = known;
  if (name === 'AES-CBC') return iv.byteLength === 16;
  if (name === 'AES-CTR') return known.counter.byteLength === 16 && known.length > 0 && known.length <= 128;
  if (name === 'AES-GCM') return [32, 64, 96, 104, 112, 120, 128].includes(tagLength);
  if (name === 'AES-OCB') return [64, 96, 128].includes(tagLength) && iv.byteLength > 0 && iv.byteLength <= 15;
  if (name === 'ChaCha20-Poly1305') return tagLength === 128 && iv.byteLength === 12;
  return true;
}

function digests(algorithm) {
  const known = knows(algorithm, 'digest');
  if (known === undefined) return false;
  if (!known.name.startsWith('cSHAKE')) return true;
  return known.length % 8 === 0 && !known.functionName?.byteLength && !known.customization?.byteLength;
}

function signs(algorithm, operation) {
  const known = knows(algorithm, operation);
  return known !== undefined && !(known.name === 'Ed448' && known.context?.byteLength);
}

const exportsKey = (algorithm) => knows(nameOf(algorithm) ?? '', 'exportKey') !== undefined;

const hasPublicKey = (algorithm) => {
  const name = knows(nameOf(algorithm) ?? '', 'exportKey')?.name;
  return name !== undefined && require('internal/crypto/webcrypto_keys').allowedUsages(name).public !== undefined;
};

const isSharedKey = (algorithm) => {
  const known = imports(algorithm) ? knows(algorithm, 'importKey') : undefined;
  return known !== undefined && require('internal/crypto/webcrypto_keys').allowedUsages(known.name).secret !== undefined && (known.length === undefined || known.length === 256);
};

const checks = {
  __proto__: null,
  decapsulateBits: (algorithm) => knows(algorithm, 'decapsulate') !== undefined,
  decapsulateKey: (algorithm, key) => knows(algorithm, 'decapsulate') !== undefined && isSharedKey(key),
  decrypt: (algorithm) => encrypts(algorithm, 'decrypt'),
  deriveBits: (algorithm, length) => derives(algorithm, length ?? null),
  deriveKey: derivesKey,
  digest: digests,
  encapsulateBits: (algorithm) => knows(algorithm, 'encapsulate') !== undefined,
  encapsulateKey: (algorithm, key) => knows(algorithm, 'encapsulate') !== undefined && isSharedKey(key),
  encrypt: (algorithm) => encrypts(algorithm, 'encrypt'),
  exportKey: exportsKey,
  generateKey: generates,
  getPublicKey: hasPublicKey,
  importKey: imports,
  sign: (algorithm) => signs(algorithm, 'sign'),
  unwrapKey: (algorithm, key) => (knows(algorithm, 'unwrapKey') !== undefined || encrypts(algorithm, 'decrypt')) && (key === undefined || imports(key)),
  verify: (algorithm) => signs(algorithm, 'verify'),
  wrapKey: (algorithm, key) => (knows(algorithm, 'wrapKey') !== undefined || encrypts(algorithm, 'encrypt')) && (key === undefined || exportsKey(key)),
};

function supports(receiver, args) {
  if (receiver !== SubtleCrypto) throw new ERR_INVALID_THIS('SubtleCrypto constructor');
  const prefix = "Failed to execute 'supports' on 'SubtleCrypto'";
  idl.requiredArguments(args.length, 2, prefix);
  const operation = idl.string(args[0], { prefix, context: '1st argument' });
  const algorithm = idl.algorithmIdentifier(args[1], { prefix, context: '2nd argument' });
  let [, , additional] = args;
  if (additional !== undefined && additional !== null) {
    additional = typeof additional === 'number' ? idl.unsignedLong(additional, { prefix, context: '3rd argument' }) : idl.algorithmIdentifier(additional, { prefix, context: '3rd argument' });
  }
  if (!operations.has(operation)) return false;
  return checks[operation](algorithm, additional);
}

module.exports = { supports };
