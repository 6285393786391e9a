// SPDX-License-Identifier: Apache-2.0
// The legacy encodings of https://encoding.spec.whatwg.org: their labels, and a decoder for each. The tables and the
// decoders of several bytes are those of @exodus/bytes, which are the standard's to the letter.
'use strict';

const labels = require('internal/deps/exodus-bytes/fallback/encoding.labels');
const { decodeLatin1 } = require('internal/encoding/units');

const kUnmapped = 0xfffd;
const MULTI_BYTE = new Set(['big5', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'iso-2022-jp', 'shift_jis']);

let encodingOf;

// The name of an encoding by any of its labels, which are lower case. `replacement` decodes nothing, so it is none.
function findEncoding(label) {
  if (encodingOf === undefined) {
    encodingOf = new Map();
    for (const name of Object.keys(labels)) {
      for (const each of [name, ...labels[name]]) encodingOf.set(each, name);
    }
  }
  const name = encodingOf.get(label);
  return name === 'replacement' ? undefined : name;
}

// What bytes from 0x80 up mean. The tables hold distances: a number, or [how often, which one].
function highCharacters(encoding) {
  if (encoding === 'x-user-defined') return Array.from({ length: 128 }, (_, i) => String.fromCharCode(0xf780 + i));
  const maps = require('internal/deps/exodus-bytes/fallback/single-byte.encodings');
  const distances = maps[encoding === 'iso-8859-8-i' ? 'iso-8859-8' : encoding].flatMap((distance) =>
    Array.isArray(distance) ? new Array(distance[0]).fill(distance[1] ?? 0) : distance,
  );
  return Array.from({ length: 128 }, (_, i) => {
    const distance = distances[i] ?? 0;
    return String.fromCharCode(distance === kUnmapped ? kUnmapped : distance + 128 + i);
  });
}

function singleByteDecoder(encoding, fatal) {
  const characters = highCharacters(encoding);
  const canFail = fatal && characters.includes('\ufffd');
  return (view) => {
    const text = decodeLatin1(view).replace(/[\x80-\xff]/g, (byte) => characters[byte.charCodeAt(0) - 0x80]);
    return canFail && text.includes('\ufffd') ? null : text;
  };
}

function multiByteDecoder(encoding, fatal) {
  const { multibyteDecoder } = require('internal/deps/exodus-bytes/fallback/multi-byte');
  const decode = multibyteDecoder(encoding, !fatal);
  return (view, stream) => {
    try {
      return decode(view, stream);
    } catch (error) {
      if (fatal && error instanceof TypeError) return null; // the only thing that it throws
      throw error;
    }
  };
}

// A function (view, stream) that remembers what is cut between two calls with `stream`, and returns the text, or null
// for what is `fatal`.
function createDecoder(encoding, fatal) {
  return MULTI_BYTE.has(encoding) ? multiByteDecoder(encoding, fatal) : singleByteDecoder(encoding, fatal);
}

module.exports = { createDecoder, findEncoding };
