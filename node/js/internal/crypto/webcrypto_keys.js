// SPDX-License-Identifier: Apache-2.0
// Keys of WebCrypto: made, imported and exported, by algorithm.
'use strict';

const { makeCryptoKey, slotsOf } = require('internal/crypto/crypto_key');
const keys = require('internal/crypto/keys');
const { copyBytes, error, normalizeAlgorithm } = require('internal/crypto/webcrypto_algorithms');
const { Buffer } = require('buffer');

const host = () => internalBinding('crypto.key_host');

const aesNames = ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-OCB', 'AES-KW'];
const rsaNames = ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'RSA-OAEP'];
const curves = { __proto__: null, 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };
const hashBlocks = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024, 'SHA3-256': 1088, 'SHA3-384': 832, 'SHA3-512': 576 };

const isRaw = (format) => format === 'raw' || format === 'raw-public';
const isPostQuantum = (name) => name.startsWith('ML-');

// What each half of a pair, or a secret, may be used for.
function allowedUsages(name) {
  if (name === 'RSA-OAEP') return { public: ['encrypt', 'wrapKey'], private: ['decrypt', 'unwrapKey'] };
  if (name === 'ECDH' || name.startsWith('X')) return { public: [], private: ['deriveKey', 'deriveBits'] };
  if (name.startsWith('ML-KEM')) {
    return { public: ['encapsulateKey', 'encapsulateBits'], private: ['decapsulateKey', 'decapsulateBits'] };
  }
  if (name === 'HMAC' || name.startsWith('KMAC')) return { secret: ['sign', 'verify'] };
  if (name === 'AES-KW') return { secret: ['wrapKey', 'unwrapKey'] };
  if (aesNames.includes(name) || name === 'ChaCha20-Poly1305') return { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] };
  if (['HKDF', 'PBKDF2'].includes(name) || name.startsWith('Argon2')) return { secret: ['deriveKey', 'deriveBits'] };
  return { public: ['verify'], private: ['sign'] };
}

function checkUsages(usages, allowed, name) {
  if (usages.some((usage) => !allowed.includes(usage))) throw error('SyntaxError', `Unsupported key usage for ${name} key`);
}

// --- generateKey ------------------------------------------------------------------------------------------------------

function exponentOf(bytes) {
  let exponent = 0n;
  for (const byte of bytes) exponent = (exponent << 8n) | BigInt(byte);
  return exponent;
}

// [type, options] for the host's generate()
function pairRequest(algorithm) {
  const { name } = algorithm;
  if (rsaNames.includes(name)) {
    const exponent = exponentOf(algorithm.publicExponent);
    if (exponent < 3n || exponent % 2n === 0n || exponent > 0xffffffffn || algorithm.modulusLength < 512) throw error('OperationError', 'The operation failed for an operation-specific reason');
    return ['rsa', { modulusLength: algorithm.modulusLength, publicExponent: Number(exponent) }];
  }
  if (name === 'ECDSA' || name === 'ECDH') {
    if (curves[algorithm.namedCurve] === undefined) throw error('NotSupportedError', 'Unrecognized namedCurve');
    return ['ec', { namedCurve: curves[algorithm.namedCurve] }];
  }
  return [name.toLowerCase(), {}];
}

function keyAlgorithm(algorithm) {
  const { name } = algorithm;
  if (rsaNames.includes(name)) {
    return {
      name,
      modulusLength: algorithm.modulusLength,
      publicExponent: algorithm.publicExponent,
      hash: { name: algorithm.hash.name },
    };
  }
  if (name === 'ECDSA' || name === 'ECDH') return { name, namedCurve: algorithm.namedCurve };
  return { name };
}

function checkAesLength(length) {
  if (![128, 192, 256].includes(length)) throw error('OperationError', 'AES key length must be 128, 192, or 256 bits');
}

async function generateSecret(algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(usages, allowedUsages(name).secret, name);
  const made = { name };
  let bits = 256;
  if (name === 'HMAC') {
    bits = algorithm.length ?? hashBlocks[algorithm.hash.name];
    if (bits === 0) throw error('OperationError', 'HmacKeyGenParams.length cannot be 0');
    if (bits % 8) throw error('NotSupportedError', 'Unsupported HmacKeyGenParams.length');
    Object.assign(made, { length: bits, hash: { name: algorithm.hash.name } });
  } else if (name.startsWith('KMAC')) {
    bits = algorithm.length ?? Number(name.slice(4));
    if (bits === 0) throw error('OperationError', 'KmacKeyGenParams.length cannot be 0');
    if (bits % 8) throw error('NotSupportedError', 'Unsupported KmacKeyGenParams.length');
    made.length = bits;
  } else if (name !== 'ChaCha20-Poly1305') {
    checkAesLength(algorithm.length);
    bits = algorithm.length;
    made.length = bits;
  }
  if (usages.length === 0) throw error('SyntaxError', 'Usages cannot be empty when creating a key.');
  const bytes = await internalBinding('random_host').bytesLater(bits / 8);
  return makeCryptoKey(keys.secretHandle(bytes), made, usages, extractable);
}

async function generateKey(algorithm, extractable, usages) {
  const allowed = allowedUsages(algorithm.name);
  if (allowed.secret) return generateSecret(algorithm, extractable, usages);
  checkUsages(usages, [...allowed.public, ...allowed.private], algorithm.name);
  const request = pairRequest(algorithm);
  const own = usages.filter((usage) => allowed.private.includes(usage));
  if (own.length === 0) throw error('SyntaxError', 'Usages cannot be empty when creating a key.');
  let native;
  try {
    native = await host().generateLater(...request);
  } catch (cause) {
    throw error('OperationError', 'The operation failed for an operation-specific reason', cause);
  }
  const handle = new keys.KeyHandle('private', native);
  const made = keyAlgorithm(algorithm);
  return {
    publicKey: makeCryptoKey(keys.publicHandle(handle), made, usages.filter((usage) => allowed.public.includes(usage)), true),
    privateKey: makeCryptoKey(handle, made, own, extractable),
  };
}

// --- importKey --------------------------------------------------------------------------------------------------------

function checkJwk(jwk, kty, extractable, usages, expectedUse) {
  if (!jwk.kty) throw error('DataError', 'Invalid keyData');
  if (jwk.kty !== kty) throw error('DataError', 'Invalid JWK "kty" Parameter');
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== expectedUse) throw error('DataError', 'Invalid JWK "use" Parameter');
  if (jwk.key_ops !== undefined) {
    if (new Set(jwk.key_ops).size !== jwk.key_ops.length) throw error('DataError', 'Duplicate key operation');
    if (usages.some((usage) => !jwk.key_ops.includes(usage))) throw error('DataError', 'Key operations and usage mismatch');
  }
  if (jwk.ext === false && extractable) throw error('DataError', 'JWK "ext" Parameter and extractable mismatch');
}

const jwkUse = (name) => (['RSA-OAEP', 'ECDH', 'X25519', 'X448', 'AES'].some((each) => name.startsWith(each)) || name.startsWith('ML-KEM') || name === 'ChaCha20-Poly1305' ? 'enc' : 'sig');

function aesAlg(name, length) {
  const suffix = { 'AES-CBC': 'CBC', 'AES-CTR': 'CTR', 'AES-GCM': 'GCM', 'AES-KW': 'KW', 'AES-OCB': 'OCB' }[name];
  return `A${length}${suffix}`;
}

function hmacAlg(hash) {
  return hash.startsWith('SHA3') ? hash.replace('SHA', 'HS') : { 'SHA-1': 'HS1', 'SHA-256': 'HS256', 'SHA-384': 'HS384', 'SHA-512': 'HS512' }[hash];
}

function secretBytes(format, data, algorithm, extractable, usages) {
  const { name } = algorithm;
  const takesJwk = aesNames.includes(name) || name === 'HMAC' || name.startsWith('KMAC') || name === 'ChaCha20-Poly1305';
  const isRawSecret = format === 'raw-secret' || (format === 'raw' && name !== 'AES-OCB' && name !== 'ChaCha20-Poly1305' && !/^(?:Argon2|KMAC)/.test(name));
  if (isRawSecret) return Buffer.from(data);
  if (format !== 'jwk' || !takesJwk) throw error('NotSupportedError', `Unable to import ${name} using ${format} format`);
  checkJwk(data, 'oct', extractable, usages, jwkUse(name));
  if (typeof data.k !== 'string' || !/^[\w-]*$/.test(data.k)) throw error('DataError', 'Invalid JWK data');
  return Buffer.from(data.k, 'base64url');
}

function checkMacLength(bits, length, dictionary) {
  if (bits === 0) throw error('DataError', 'Zero-length key is not supported');
  if (length === undefined) return;
  if (length === 0) throw error('DataError', `${dictionary}.length cannot be 0`);
  if (length % 8) throw error('NotSupportedError', `Unsupported ${dictionary}.length`);
  if (length !== bits) throw error('DataError', 'Invalid key length');
}

function importSecret(format, data, algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(usages, allowedUsages(name).secret, name);
  const bytes = secretBytes(format, data, algorithm, extractable, usages);
  const bits = bytes.length * 8;
  const made = { name };
  if (name.startsWith('KMAC')) {
    checkMacLength(bits, algorithm.length, 'KmacImportParams');
    if (format === 'jwk' && data.alg !== undefined && data.alg !== `K${name.slice(4)}`) throw mismatch();
    made.length = bits;
  } else if (name === 'HMAC') {
    checkMacLength(bits, algorithm.length, 'HmacImportParams');
    if (format === 'jwk' && data.alg !== undefined && data.alg !== hmacAlg(algorithm.hash.name)) throw mismatch();
    Object.assign(made, { length: bits, hash: { name: algorithm.hash.name } });
  } else if (aesNames.includes(name)) {
    if (![128, 192, 256].includes(bits)) throw error('DataError', 'Invalid key length');
    if (format === 'jwk' && data.alg !== undefined && data.alg !== aesAlg(name, bits)) throw mismatch();
    made.length = bits;
  } else if (name === 'ChaCha20-Poly1305') {
    if (bits !== 256) throw error('DataError', 'Invalid key length');
    if (format === 'jwk' && data.alg !== undefined && data.alg !== 'C20P') throw mismatch();
  } else if (extractable) {
    throw error('SyntaxError', `${name} keys are not extractable`);
  }
  if (usages.length === 0) throw error('SyntaxError', 'Usages cannot be empty when importing a secret key.');
  return makeCryptoKey(keys.secretHandle(bytes), made, usages, extractable);
}

const mismatch = () => error('DataError', 'JWK "alg" does not match the requested algorithm');

function rsaAlg({ name, hash }) {
  const size = { 'SHA-1': '1', 'SHA-256': '256', 'SHA-384': '384', 'SHA-512': '512' }[hash.name];
  if (size === undefined) return undefined;
  if (name === 'RSA-OAEP') return size === '1' ? 'RSA-OAEP' : `RSA-OAEP-${size}`;
  return name === 'RSA-PSS' ? `PS${size}` : `RS${size}`;
}

// Type of the key (public or private) and the host's object.
function asymmetricParts(format, data, algorithm, extractable, usages) {
  const { name } = algorithm;
  const allowed = allowedUsages(name);
  if (format === 'spki' || format === 'pkcs8') {
    const type = format === 'spki' ? 'public' : 'private';
    checkUsages(usages, allowed[type], name);
    const parse = format === 'spki' ? host().parsePublic : host().parsePrivate;
    return [type, dataOrError(() => parse(Buffer.from(data), 'der', format))];
  }
  if (format === 'jwk') return jwkParts(data, algorithm, extractable, usages, allowed);
  if (isRaw(format) && !rsaNames.includes(name) && !(isPostQuantum(name) && format === 'raw')) {
    checkUsages(usages, allowed.public, name);
    return ['public', dataOrError(() => host().fromRaw(rawKind(algorithm), Buffer.from(data), true))];
  }
  if (format === 'raw-seed' && isPostQuantum(name)) {
    checkUsages(usages, allowed.private, name);
    return ['private', dataOrError(() => host().fromRaw(rawKind(algorithm), Buffer.from(data), false))];
  }
  throw error('NotSupportedError', `Unable to import ${name} using ${format} format`);
}

const rawKind = ({ name, namedCurve }) => (namedCurve === undefined ? name.toLowerCase() : curves[namedCurve]);

function jwkParts(jwk, algorithm, extractable, usages, allowed) {
  const { name } = algorithm;
  const isPrivate = isPostQuantum(name) ? jwk.priv !== undefined : jwk.d !== undefined;
  const kty = rsaNames.includes(name) ? 'RSA' : algorithm.namedCurve ? 'EC' : isPostQuantum(name) ? 'AKP' : 'OKP';
  if (!jwk.kty) throw error('DataError', 'Invalid keyData');
  checkUsages(usages, allowed[isPrivate ? 'private' : 'public'], name);
  checkJwk(jwk, kty, extractable, usages, jwkUse(name));
  if (kty === 'OKP' && jwk.crv !== name) throw error('DataError', 'JWK "crv" Parameter and algorithm name mismatch');
  if (kty === 'EC' && jwk.crv !== algorithm.namedCurve) throw error('DataError', 'JWK "crv" does not match the requested algorithm');
  if (kty === 'AKP' && jwk.alg !== name) throw error('DataError', 'JWK "alg" Parameter and algorithm name mismatch');
  if (kty === 'RSA' && jwk.alg !== undefined && jwk.alg !== rsaAlg(algorithm)) throw mismatch();
  if (name === 'ECDSA' && jwk.alg !== undefined) {
    const wanted = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }[algorithm.namedCurve];
    if (jwk.alg !== wanted) throw error('DataError', 'JWK "alg" does not match the requested algorithm');
  }
  if (name.startsWith('Ed') && jwk.alg !== undefined && jwk.alg !== name && jwk.alg !== 'EdDSA') throw error('DataError', 'JWK "alg" does not match the requested algorithm');
  const native = dataOrError(() => require('internal/crypto/jwk').importJwk(jwk, !isPrivate));
  if (kty === 'OKP' && isPrivate && host().toJwk(native).x !== jwk.x) throw error('DataError', 'Invalid keyData');
  return [isPrivate ? 'private' : 'public', native];
}

function dataOrError(run) {
  try {
    return run();
  } catch (cause) {
    throw error('DataError', 'Invalid keyData', cause);
  }
}

function checkKind(handle, algorithm) {
  const { name } = algorithm;
  const { kind } = handle;
  const wanted = rsaNames.includes(name) ? 'rsa' : algorithm.namedCurve ? 'ec' : name.toLowerCase();
  if (kind !== wanted) throw error('DataError', 'Invalid key type');
  if (algorithm.namedCurve && handle.details.namedCurve !== curves[algorithm.namedCurve]) throw error('DataError', 'Named curve mismatch');
}

function importAsymmetric(format, data, algorithm, extractable, usages) {
  if (algorithm.namedCurve !== undefined && curves[algorithm.namedCurve] === undefined) {
    throw error('NotSupportedError', 'Unrecognized namedCurve');
  }
  const [type, native] = asymmetricParts(format, data, algorithm, extractable, usages);
  return finishAsymmetric(new keys.KeyHandle(type, native), algorithm, extractable, usages);
}

function finishAsymmetric(handle, algorithm, extractable, usages) {
  checkKind(handle, algorithm);
  let made = keyAlgorithm(algorithm);
  if (rsaNames.includes(algorithm.name)) {
    const { modulusLength, publicExponent } = handle.details;
    const digits = publicExponent.toString(16);
    const bytes = new Uint8Array(Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex'));
    made = { name: algorithm.name, modulusLength, publicExponent: bytes, hash: { name: algorithm.hash.name } };
  }
  if (handle.type === 'private' && usages.length === 0) {
    throw error('SyntaxError', 'Usages cannot be empty when importing a private key.');
  }
  return makeCryptoKey(handle, made, usages, extractable);
}

function importKey(format, data, algorithm, extractable, usages) {
  const run = allowedUsages(algorithm.name).secret ? importSecret : importAsymmetric;
  return run(format, data, algorithm, extractable, usages);
}

// KeyObject.prototype.toCryptoKey
function cryptoKeyOf(keyObject, algorithm, extractable, usages) {
  const idl = require('internal/crypto/webidl');
  const normalized = normalizeAlgorithm(idl.algorithmIdentifier(algorithm, { context: 'algorithm' }), 'importKey');
  const list = idl.keyUsages(usages, { context: 'keyUsages' });
  const handle = keys.handleOf(keyObject);
  const allowed = allowedUsages(normalized.name);
  if (handle.type === 'secret') {
    if (!allowed.secret) throw error('DataError', 'Invalid key type');
    return importSecret('raw-secret', handle.bytes, normalized, Boolean(extractable), list);
  }
  if (allowed.secret) throw error('DataError', 'Invalid key type');
  if (normalized.namedCurve !== undefined && curves[normalized.namedCurve] === undefined) throw error('NotSupportedError', 'Unrecognized namedCurve');
  checkUsages(list, allowed[handle.type], normalized.name);
  return finishAsymmetric(handle, normalized, Boolean(extractable), list);
}

// --- exportKey --------------------------------------------------------------------------------------------------------

const arrayBuffer = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

function unable({ handle, algorithm }, format) {
  return error('NotSupportedError', `Unable to export ${algorithm.name} ${handle.type} key using ${format} format`);
}

function exportJwk({ handle, algorithm, usages, extractable }) {
  const jwk = { key_ops: [...usages], ext: extractable };
  const { name } = algorithm;
  const alg = name === 'HMAC' ? hmacAlg(algorithm.hash.name) : rsaNames.includes(name) ? rsaAlg(algorithm) : undefined;
  if (alg !== undefined) jwk.alg = alg;
  else if (aesNames.includes(name)) jwk.alg = aesAlg(name, algorithm.length);
  else if (name === 'ChaCha20-Poly1305') jwk.alg = 'C20P';
  else if (name.startsWith('KMAC')) jwk.alg = `K${name.slice(4)}`;
  else if (name.startsWith('Ed')) jwk.alg = name;
  const members =
    handle.type === 'secret' ? { kty: 'oct', k: handle.bytes.toString('base64url') } : host().toJwk(handle.native);
  return Object.assign(jwk, members);
}

function exportKey(format, key) {
  const slots = slotsOf(key);
  const { handle, algorithm } = slots;
  const { type } = handle;
  const { name } = algorithm;
  if (format === 'jwk') {
    if (name.startsWith('ML-KEM')) throw unable(slots, format);
    return exportJwk(slots);
  }
  if (format === 'spki' && type === 'public') return arrayBuffer(host().exportPublic(handle.native, 'der', 'spki'));
  if (format === 'pkcs8' && type === 'private') return arrayBuffer(host().exportPrivate(handle.native, 'der', 'pkcs8'));
  if (type === 'secret') {
    const isPlain = name !== 'AES-OCB' && name !== 'ChaCha20-Poly1305' && !name.startsWith('KMAC');
    if (format === 'raw-secret' || (format === 'raw' && isPlain)) return arrayBuffer(new Uint8Array(handle.bytes));
  }
  if (isRaw(format) && type === 'public' && !rsaNames.includes(name) && !(isPostQuantum(name) && format === 'raw')) {
    return arrayBuffer(host().toRaw(handle.native));
  }
  if (format === 'raw-seed' && type === 'private' && isPostQuantum(name)) return arrayBuffer(host().toRaw(handle.native));
  throw unable(slots, format);
}

module.exports = { allowedUsages, arrayBuffer, copyBytes, cryptoKeyOf, exportKey, generateKey, importKey };
