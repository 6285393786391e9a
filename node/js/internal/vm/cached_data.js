// SPDX-License-Identifier: Apache-2.0
//
// Bytecode as cached data. The engine trusts bytecode, so what comes back is opened only under a seal that a process of the
// same user and build made: the keyed hash of the code cache, over the bytecode, its source and its name.
'use strict';

const { Buffer } = require('buffer');

const { seal: tagOf } = internalBinding('code_cache');

const MAGIC = Buffer.from('edgejs\0\x01');
const TAG_SIZE = 16;

function tag(bytecode, source, filename) {
  const sizes = `${Buffer.byteLength(source)} ${Buffer.byteLength(filename)} `;
  return tagOf(Buffer.concat([Buffer.from(sizes + source + filename), bytecode]));
}

// Without a folder for the key there is no seal, and what is made is rejected later.
function seal(arrayBuffer, source, filename) {
  const bytecode = Buffer.from(arrayBuffer);
  return Buffer.concat([MAGIC, tag(bytecode, source, filename) ?? Buffer.alloc(TAG_SIZE), bytecode]);
}

// The bytecode, undefined when the seal is not ours.
function open(data, source, filename) {
  // Nobody changes this copy between the look at its seal and its use.
  const bytes = Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const start = MAGIC.length + TAG_SIZE;
  if (bytes.length <= start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const bytecode = bytes.subarray(start);
  const expected = tag(bytecode, source, filename);
  if (expected === undefined || !bytes.subarray(MAGIC.length, start).equals(expected)) return undefined;
  return new Uint8Array(bytecode);
}

module.exports = { open, seal };
