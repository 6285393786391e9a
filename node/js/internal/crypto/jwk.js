// SPDX-License-Identifier: Apache-2.0
// JSON Web Keys on their way in: each member is looked at before the host sees it.
'use strict';

const {
  codes: { ERR_CRYPTO_INVALID_JWK },
} = require('internal/errors');
const { validateObject, validateOneOf, validateString } = require('internal/validators');

const { Buffer } = require('buffer');

const host = internalBinding('crypto.key_host');

const okpSizes = { __proto__: null, Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 };
const ecCurves = ['P-256', 'secp256k1', 'P-384', 'P-521'];

function taken(jwk, names) {
  const members = { kty: jwk.kty };
  for (const name of names) {
    validateString(jwk[name], `key.${name}`);
    members[name] = jwk[name];
  }
  return members;
}

function octetPair(jwk, isPublic) {
  validateString(jwk.crv, 'key.crv');
  validateOneOf(jwk.crv, 'key.crv', Object.keys(okpSizes));
  const members = taken(jwk, isPublic ? ['crv', 'x'] : ['crv', 'x', 'd']);
  const data = Buffer.from(isPublic ? members.x : members.d, 'base64url');
  if (data.length !== okpSizes[jwk.crv]) throw new ERR_CRYPTO_INVALID_JWK();
  return members;
}

function importJwk(jwk, isPublic) {
  validateObject(jwk, 'key');
  validateOneOf(jwk.kty, 'key.kty', ['RSA', 'EC', 'OKP', 'AKP']);
  let members;
  if (jwk.kty === 'OKP') {
    members = octetPair(jwk, isPublic);
  } else if (jwk.kty === 'EC') {
    validateString(jwk.crv, 'key.crv');
    validateOneOf(jwk.crv, 'key.crv', ecCurves);
    members = taken(jwk, isPublic ? ['crv', 'x', 'y'] : ['crv', 'x', 'y', 'd']);
  } else if (jwk.kty === 'AKP') {
    validateString(jwk.alg, 'key.alg');
    validateOneOf(jwk.alg, 'key.alg', ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']);
    members = taken(jwk, isPublic ? ['alg', 'pub'] : ['alg', 'pub', 'priv']);
  } else {
    members = taken(jwk, isPublic ? ['n', 'e'] : ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']);
  }
  return host.fromJwk(members, !isPublic);
}

module.exports = { importJwk };
