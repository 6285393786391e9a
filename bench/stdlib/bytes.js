// SPDX-License-Identifier: Apache-2.0
'use strict';

const text = 'The quick brown fox jumps over the lazy dog, caf\u00e9 \u4e2d\u6587. '.repeat(200);
const bytes = Buffer.from(text);
const other = Buffer.from(bytes);
const aligned = Buffer.alloc(16 * 1024, 'abcdefgh');
const parts = Array.from({ length: 100 }, (_, i) => Buffer.alloc(100, i));
const latin = Buffer.from('plain words of seven bits. '.repeat(400));
const decoder = new TextDecoder();
const strict = new TextDecoder('utf-8', { fatal: true });
const utf16 = new TextDecoder('utf-16le');
const encoder = new TextEncoder();

const measures = {
  'Buffer.concat of 100': () => Buffer.concat(parts),
  'Buffer.from of text': () => Buffer.from(text),
  'indexOf of a byte at the end': () => bytes.indexOf(0xff),
  'indexOf of text at the end': () => bytes.indexOf('nowhere'),
  'compare': () => bytes.compare(other),
  'equals': () => bytes.equals(other),
  'swap16': () => aligned.swap16(),
  'swap32': () => aligned.swap32(),
  'swap64': () => aligned.swap64(),
  'TextDecoder.decode': () => decoder.decode(bytes),
  'TextDecoder.decode of ASCII, fatal': () => strict.decode(latin),
  'TextDecoder.decode of UTF-16': () => utf16.decode(bytes),
  'TextEncoder.encode': () => encoder.encode(text),
};
for (const encoding of ['utf8', 'latin1', 'ascii', 'utf16le', 'base64', 'base64url', 'hex']) {
  measures[`toString of ${encoding}`] = () => bytes.toString(encoding);
}
module.exports = measures;
