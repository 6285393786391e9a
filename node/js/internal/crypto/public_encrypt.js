// SPDX-License-Identifier: Apache-2.0
// publicEncrypt, privateDecrypt and their counterparts.
'use strict';

const { validateString } = require('internal/validators');
const { toBuffer, toBytes } = require('internal/crypto/util');
const { preparePrivateKey, preparePublicOrPrivateKey } = require('internal/crypto/keys');

const host = internalBinding('crypto.rsa_encryption');

const kPkcs1 = 1;
const kOaep = 4;

function operation(run, prepare, defaultPadding) {
  return (options, buffer) => {
    const { encoding, oaepHash } = options;
    let { padding, oaepLabel } = options;
    if (oaepHash !== undefined) {
      validateString(oaepHash, 'key.oaepHash');
      host.checkHash(oaepHash);
    }
    if (oaepLabel !== undefined) oaepLabel = toBytes(oaepLabel, 'key.oaepLabel', encoding);
    const { native } = prepare(options);
    padding ??= defaultPadding;
    return toBuffer(run(native, toBytes(buffer, 'buffer', encoding), padding, oaepHash, oaepLabel));
  };
}

module.exports = {
  privateDecrypt: operation(host.privateDecrypt, preparePrivateKey, kOaep),
  privateEncrypt: operation(host.privateEncrypt, preparePrivateKey, kPkcs1),
  publicDecrypt: operation(host.publicDecrypt, preparePublicOrPrivateKey, kPkcs1),
  publicEncrypt: operation(host.publicEncrypt, preparePublicOrPrivateKey, kOaep),
};
