// SPDX-License-Identifier: Apache-2.0
// Certificate: signed public keys and challenges (SPKAC), of the time of <keygen>.
'use strict';

const { toBuffer, toBytes } = require('internal/crypto/util');

const host = () => internalBinding('crypto.certificates');

function verifySpkac(spkac, encoding) {
  return host().spkacVerify(toBytes(spkac, 'spkac', encoding));
}

function exportPublicKey(spkac, encoding) {
  const key = host().spkacPublicKey(toBytes(spkac, 'spkac', encoding));
  return key === undefined ? '' : require('buffer').Buffer.from(key);
}

function exportChallenge(spkac, encoding) {
  const challenge = host().spkacChallenge(toBytes(spkac, 'spkac', encoding));
  return challenge === undefined ? '' : toBuffer(challenge);
}

// Instances are of no use any more: the methods are on the class too.
function Certificate() {
  if (!(this instanceof Certificate)) return new Certificate();
}
Object.assign(Certificate.prototype, { verifySpkac, exportPublicKey, exportChallenge });
Object.assign(Certificate, { exportChallenge, exportPublicKey, verifySpkac });

module.exports = { Certificate };
