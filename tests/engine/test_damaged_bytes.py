# SPDX-License-Identifier: Apache-2.0
"""What `v8.deserialize` reads may come from anywhere: it gives a value or an Error, whatever the bytes say."""

from __future__ import annotations

SCRIPT = r"""
const v8 = require('v8');

const circular = { list: [1, , 'two'] };
circular.self = circular;
const values = [
  circular, new Map([[1, { a: 1 }]]), new Set([1, 'x']), /a+/gi, 10n ** 30n, Object('s'), new Uint8Array([1, 2]).buffer,
  new TypeError('m', { cause: { x: 1 } }), [new Uint16Array([1, 2]), new Float64Array(2)], '\u4e00\u4e01',
  new ArrayBuffer(4, { maxByteLength: 16 }),
];
const write = (value) => {
  const serializer = new v8.Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
};
const read = (bytes) => {
  const deserializer = new v8.Deserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
};

let seed = 1;
const below = (limit) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8) % limit;
const tags = Buffer.from('_0TFIUNZS"c^o{aA$@DyxnzsR;:\',B~tuV\\r?-.msC');
const changes = [
  (bytes, at) => (bytes[at] = below(256), bytes),
  (bytes, at) => (bytes[at] = tags[below(tags.length)], bytes),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(bytes.length))]),
];
const counts = { read: 0, refused: 0 };
for (let round = 0; round < 3000; round++) {
  let bytes = write(values[round % values.length]);
  for (let i = 0; i <= below(3) && bytes.length > 3; i++) {
    bytes = changes[below(changes.length)](bytes, 2 + below(bytes.length - 2));
  }
  try {
    read(bytes);
    counts.read++;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    counts.refused++;
  }
}
JSON.stringify([counts.read > 100, counts.refused > 1000]);
"""


def test_a_value_or_an_error(evaluate):
    assert evaluate(SCRIPT) == "[true,true]"
