// SPDX-License-Identifier: Apache-2.0
//
// The encodings of Buffer: for each, how long a text is in bytes, and how it is written and read.
'use strict';

const bytes = internalBinding('bytes');
const { normalizeEncoding } = require('internal/util');

function base64Length(text) {
  let { length } = text;
  if (text.charCodeAt(length - 1) === 0x3d) length--;
  if (length > 1 && text.charCodeAt(length - 1) === 0x3d) length--;
  return (length * 3) >>> 2;
}

const plain = (text) => text.length;

// maxLength(n): the most bytes that a text of n UTF-16 units takes.
const encodingOps = {
  '__proto__': null,
  'utf8': {
    byteLength: bytes.byteLengthUtf8,
    maxLength: (length) => length * 3,
    write: bytes.utf8Write,
    slice: bytes.utf8Slice,
  },
  'utf16le': {
    byteLength: (text) => text.length * 2,
    maxLength: (length) => length * 2,
    write: bytes.ucs2Write,
    slice: bytes.ucs2Slice,
  },
  'latin1': {
    byteLength: plain,
    maxLength: (length) => length,
    write: bytes.latin1Write,
    slice: bytes.latin1Slice,
  },
  'ascii': {
    byteLength: plain,
    maxLength: (length) => length,
    write: bytes.latin1Write,
    slice: bytes.asciiSlice,
  },
  'base64': {
    byteLength: base64Length,
    maxLength: (length) => (length * 3) >>> 2,
    write: bytes.base64Write,
    slice: bytes.base64Slice,
  },
  'base64url': {
    byteLength: base64Length,
    maxLength: (length) => (length * 3) >>> 2,
    write: bytes.base64Write,
    slice: bytes.base64urlSlice,
  },
  'hex': {
    byteLength: (text) => text.length >>> 1,
    maxLength: (length) => length >>> 1,
    write: bytes.hexWrite,
    slice: bytes.hexSlice,
  },
};

// The operations of an encoding by any of its names, undefined when there is no such encoding.
function getEncodingOps(encoding) {
  const known = encodingOps[encoding];
  if (known !== undefined) return known;
  const name = normalizeEncoding(`${encoding}`);
  return name === undefined ? undefined : encodingOps[name];
}

module.exports = { encodingOps, getEncodingOps };
