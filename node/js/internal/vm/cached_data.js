// SPDX-License-Identifier: Apache-2.0
//
// Bytecode as cached data. The engine trusts bytecode, so what comes back is opened only under a seal that this
// process made: a keyed hash over the bytecode, its source and its name. Anything else is rejected.
'use strict';

const { Buffer } = require('buffer');

const MAGIC = Buffer.from('edgejs\0\x01');
const SEAL = 32;

let key;

function sealOf(bytecode, source, filename) {
  const { createHmac, randomBytes } = require('crypto');
  key ??= randomBytes(32);
  return createHmac('sha256', key)
    .update(`${source.length}:${filename.length}:`)
    .update(source)
    .update(filename)
    .update(bytecode)
    .digest();
}

function seal(arrayBuffer, source, filename) {
  const bytecode = Buffer.from(arrayBuffer);
  return Buffer.concat([MAGIC, sealOf(bytecode, source, filename), bytecode]);
}

// The bytecode, undefined when the seal is not ours.
function open(data, source, filename) {
  if (key === undefined) return undefined;
  const bytes = Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength)); // nobody changes this copy
  const start = MAGIC.length + SEAL;
  if (bytes.length <= start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const bytecode = bytes.subarray(start);
  const genuine = require('crypto').timingSafeEqual(bytes.subarray(MAGIC.length, start), sealOf(bytecode, source, filename));
  return genuine ? new Uint8Array(bytecode) : undefined;
}

module.exports = { open, seal };
