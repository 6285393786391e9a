// SPDX-License-Identifier: Apache-2.0
// What WebCrypto does with keys. All of it runs on the thread pool.
'use strict';

const { slotsOf } = require('internal/crypto/crypto_key');
const { error } = require('internal/crypto/webcrypto_algorithms');
const { arrayBuffer } = require('internal/crypto/webcrypto_keys');

const hashName = ({ name }) => name.replace(/^SHA-/, 'sha').toLowerCase();

const failed = (cause) => error('OperationError', 'The operation failed for an operation-specific reason', cause);

async function result(promise) {
  try {
    return await promise;
  } catch (cause) {
    throw failed(cause);
  }
}

// --- Digests ----------------------------------------------------------------------------------------------------------

async function digest(algorithm, data) {
  const { name } = algorithm;
  const host = internalBinding('crypto.hashes');
  if (!name.startsWith('cSHAKE')) return arrayBuffer(await host.hashLater(hashName(algorithm), data));
  if (algorithm.functionName?.byteLength) throw error('NotSupportedError', 'Non zero-length functionName is not supported');
  if (algorithm.customization?.byteLength) throw error('NotSupportedError', 'Non zero-length customization is not supported');
  if (algorithm.length % 8) throw error('NotSupportedError', 'Unsupported CShakeParams length');
  return arrayBuffer(await host.hashLater(name.slice(1).toLowerCase(), data, algorithm.length / 8));
}

// --- Ciphers ----------------------------------------------------------------------------------------------------------

const tagLengths = { 'AES-GCM': [32, 64, 96, 104, 112, 120, 128], 'AES-OCB': [64, 96, 128], 'ChaCha20-Poly1305': [128] };

function checkCipher(algorithm, data, isEncrypting) {
  const { name, iv } = algorithm;
  if (name === 'AES-CBC' && iv.byteLength !== 16) throw error('OperationError', 'algorithm.iv must contain exactly 16 bytes');
  if (name === 'AES-CTR') {
    if (algorithm.counter.byteLength !== 16) throw error('OperationError', 'algorithm.counter must contain exactly 16 bytes');
    if (algorithm.length === 0 || algorithm.length > 128) throw error('OperationError', 'AES-CTR algorithm.length must be between 1 and 128');
    return;
  }
  if (tagLengths[name] === undefined) return;
  if (name === 'ChaCha20-Poly1305' && iv.byteLength !== 12) throw error('OperationError', 'algorithm.iv must contain exactly 12 bytes');
  if (name === 'AES-OCB' && iv.byteLength > 15) throw error('OperationError', 'AES-OCB algorithm.iv must be no more than 15 bytes');
  const { tagLength = 128 } = algorithm;
  if (!tagLengths[name].includes(tagLength)) throw error('OperationError', `${tagLength} is not a valid ${name} tag length`);
  if (!isEncrypting && data.byteLength * 8 < tagLength) throw error('OperationError', 'The provided data is too small.');
}

async function encryptOrDecrypt(isEncrypting, algorithm, key, data) {
  const { handle } = slotsOf(key);
  const { name } = algorithm;
  if (name === 'RSA-OAEP') return rsa(isEncrypting, algorithm, key, data);
  checkCipher(algorithm, data, isEncrypting);
  const host = internalBinding('crypto.ciphers');
  if (name === 'AES-CTR') {
    const { counter, length } = algorithm;
    return arrayBuffer(await result(host.counterLater(handle.bytes, counter, length, data)));
  }
  const cipher = name === 'ChaCha20-Poly1305' ? name.toLowerCase() : `aes-${handle.bytes.length * 8}-${name.slice(4).toLowerCase()}`;
  const tag = tagLengths[name] === undefined ? undefined : (algorithm.tagLength ?? 128) / 8;
  return arrayBuffer(await result(host.onceLater(cipher, handle.bytes, algorithm.iv, data, isEncrypting, algorithm.additionalData, tag)));
}

async function rsa(isEncrypting, algorithm, key, data) {
  const { handle, algorithm: own } = slotsOf(key);
  const type = isEncrypting ? 'public' : 'private';
  if (handle.type !== type) throw error('InvalidAccessError', `The requested operation is not valid for the provided key`);
  const host = internalBinding('crypto.rsa_encryption');
  const run = isEncrypting ? host.publicEncryptLater : host.privateDecryptLater;
  return arrayBuffer(await result(run(handle.native, data, 4, hashName(own.hash), algorithm.label)));
}

// --- Signatures -------------------------------------------------------------------------------------------------------

function signatureRequest(algorithm, key) {
  const { algorithm: own, handle } = slotsOf(key);
  const { name } = algorithm;
  if (name === 'RSASSA-PKCS1-v1_5') return [handle.native, hashName(own.hash), { padding: 1 }];
  if (name === 'RSA-PSS') return [handle.native, hashName(own.hash), { padding: 6, saltLength: algorithm.saltLength }];
  if (name === 'ECDSA') return [handle.native, hashName(algorithm.hash), { ieee: true }];
  const { context } = algorithm;
  if (name === 'Ed448' && context?.byteLength) throw error('NotSupportedError', 'Non zero-length context is not supported');
  return [handle.native, undefined, { context }];
}

function checkType(key, type) {
  if (slotsOf(key).handle.type !== type) throw error('InvalidAccessError', 'The requested operation is not valid for the provided key');
}

function mac(key, data, { customization, length }) {
  const { algorithm, handle } = slotsOf(key);
  if (algorithm.name.startsWith('KMAC')) {
    if (length % 8) throw error('NotSupportedError', 'Unsupported KmacParams length');
    const strength = Number(algorithm.name.slice(4));
    return internalBinding('crypto.derivation').kmacLater(strength, handle.bytes, data, length / 8, customization);
  }
  return internalBinding('crypto.hashes').hmacLater(hashName(algorithm.hash), handle.bytes, data);
}

const isMac = ({ name }) => name === 'HMAC' || name.startsWith('KMAC');

async function sign(algorithm, key, data) {
  if (isMac(algorithm)) return arrayBuffer(await result(mac(key, data, algorithm)));
  checkType(key, 'private');
  const [native, hash, options] = signatureRequest(algorithm, key);
  return arrayBuffer(await result(internalBinding('crypto.signatures').signLater(native, hash, data, options)));
}

async function verify(algorithm, key, signature, data) {
  if (isMac(algorithm)) {
    const made = await result(mac(key, data, algorithm));
    return made.length === signature.byteLength && internalBinding('crypto.hashes').same(made, signature);
  }
  checkType(key, 'public');
  const [native, hash, options] = signatureRequest(algorithm, key);
  return result(internalBinding('crypto.signatures').verifyLater(native, hash, data, signature, options));
}

// --- Derivation -------------------------------------------------------------------------------------------------------

async function agree(algorithm, key, length) {
  const { algorithm: own, handle } = slotsOf(key);
  const other = slotsOf(algorithm.public);
  if (handle.type !== 'private') throw error('InvalidAccessError', 'baseKey must be a private key');
  if (other.handle.type !== 'public') throw error('InvalidAccessError', 'algorithm.public must be a public key');
  if (own.name !== other.algorithm.name) throw error('InvalidAccessError', 'key algorithm mismatch');
  if (own.namedCurve !== other.algorithm.namedCurve) throw error('InvalidAccessError', 'Named curve mismatch');
  const secret = await result(internalBinding('crypto.exchange').agreeLater(handle.native, other.handle.native));
  if (own.name.startsWith('X') && secret.every((byte) => byte === 0)) throw failed();
  if (length === null) return arrayBuffer(secret);
  if (secret.length * 8 < length) throw error('OperationError', 'derived bit length is too small');
  const cut = secret.slice(0, Math.ceil(length / 8));
  if (length % 8) cut[cut.length - 1] &= 0xff << (8 - (length % 8));
  return arrayBuffer(cut);
}

function checkLength(length) {
  if (length === null) throw error('OperationError', 'length cannot be null');
  if (length % 8) throw error('OperationError', 'length must be a multiple of 8');
}

async function deriveBits(algorithm, key, length) {
  const { name } = algorithm;
  if (name === 'ECDH' || name.startsWith('X')) return agree(algorithm, key, length);
  checkLength(length);
  const { bytes } = slotsOf(key).handle;
  const host = internalBinding('crypto.derivation');
  if (name.startsWith('Argon2')) {
    if (length < 32) throw error('OperationError', 'length must be >= 32');
    if (algorithm.version !== undefined && algorithm.version !== 0x13) throw error('OperationError', `${algorithm.version} is not a valid Argon2 version`);
    if (algorithm.parallelism === 0 || algorithm.parallelism > 2 ** 24 - 1) throw error('OperationError', 'parallelism must be > 0 and < 16777215');
    if (algorithm.memory < 8 * algorithm.parallelism) throw error('OperationError', 'memory must be at least 8 times the degree of parallelism');
    if (algorithm.passes === 0) throw error('OperationError', 'passes must be > 0');
    if (algorithm.nonce.byteLength < 8) throw error('OperationError', 'nonce must be at least 8 bytes');
    const { nonce, parallelism, memory, passes, secretValue, associatedData } = algorithm;
    return arrayBuffer(await result(host.argon2Later(name.toLowerCase(), bytes, nonce, parallelism, length / 8, memory, passes, secretValue, associatedData)));
  }
  if (length === 0) return new ArrayBuffer(0);
  if (name === 'HKDF') {
    const hash = hashName(algorithm.hash);
    try {
      host.checkHkdf(hash, length / 8);
    } catch (cause) {
      throw failed(cause);
    }
    return arrayBuffer(await result(host.hkdfLater(hash, bytes, algorithm.salt, algorithm.info, length / 8)));
  }
  if (algorithm.iterations === 0) throw error('OperationError', 'iterations cannot be zero');
  return arrayBuffer(await result(host.pbkdf2Later(bytes, algorithm.salt, algorithm.iterations, length / 8, hashName(algorithm.hash))));
}

// Bits of a key to be derived, null when any number will do.
function keyLength({ name, length, hash }) {
  if (name.startsWith('AES')) {
    if (![128, 192, 256].includes(length)) throw error('OperationError', 'Invalid key length');
    return length;
  }
  if (name === 'ChaCha20-Poly1305') return 256;
  if (name.startsWith('KMAC')) return length ?? Number(name.slice(4));
  if (name !== 'HMAC') return null;
  if (length === undefined) return { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024, 'SHA3-256': 1088, 'SHA3-384': 832, 'SHA3-512': 576 }[hash.name];
  if (length > 0) return length;
  throw error('OperationError', 'Invalid key length');
}

// --- Wraps and encapsulation ------------------------------------------------------------------------------------------

async function wrapBytes(isWrapping, key, data) {
  const { bytes } = slotsOf(key).handle;
  if (isWrapping && (data.byteLength < 16 || data.byteLength % 8)) throw failed();
  const cipher = `id-aes${bytes.length * 8}-wrap`;
  const iv = new Uint8Array(8).fill(0xa6);
  return arrayBuffer(await result(internalBinding('crypto.ciphers').onceLater(cipher, bytes, iv, data, isWrapping)));
}

async function encapsulate(key) {
  checkType(key, 'public');
  const [secret, carried] = await result(internalBinding('crypto.exchange').encapsulateLater(slotsOf(key).handle.native));
  return { sharedKey: arrayBuffer(secret), ciphertext: arrayBuffer(carried) };
}

async function decapsulate(key, carried) {
  checkType(key, 'private');
  return arrayBuffer(await result(internalBinding('crypto.exchange').decapsulateLater(slotsOf(key).handle.native, carried)));
}

module.exports = {
  decapsulate,
  decrypt: (...args) => encryptOrDecrypt(false, ...args),
  deriveBits,
  digest,
  encapsulate,
  encrypt: (...args) => encryptOrDecrypt(true, ...args),
  keyLength,
  sign,
  verify,
  wrapBytes,
};
