// SPDX-License-Identifier: Apache-2.0
// Code units to text, for the tables and decoders of @exodus/bytes.
'use strict';

const bytes = internalBinding('bytes');

function asciiPrefix(view) {
  let count = 0;
  while (count < view.length && view[count] < 0x80) count++;
  return count;
}

function decodeLatin1(view, start = 0, end = view.length) {
  return bytes.latin1Slice(view, start, end);
}

function decodeUCS2(units, length) {
  return bytes.ucs2Slice(new Uint8Array(units.buffer, units.byteOffset, length * 2), 0, length * 2);
}

module.exports = {
  asciiPrefix,
  decodeAscii: decodeLatin1,
  decodeLatin1,
  decodeUCS2,
  fromBase64url: (text) => require('buffer').Buffer.from(text, 'base64url'),
  utf16toString: (view) => bytes.ucs2Slice(view, 0, view.length),
};
