// SPDX-License-Identifier: Apache-2.0
// Punycode, RFC 3492: how host names carry characters beyond ASCII.
'use strict';

if (!require('internal/util').isInsideNodeModules()) {
  process.emitWarning(
    'The `punycode` module is deprecated. Please use a userland alternative instead.',
    'DeprecationWarning',
    'DEP0040'
  );
}

const kBase = 36;
const kMinThreshold = 1;
const kMaxThreshold = 26;
const kSkew = 38;
const kDamp = 700;
const kInitialBias = 72;
const kFirstCode = 128;
const kMaxInt = 2147483647;
const digits = 'abcdefghijklmnopqrstuvwxyz0123456789';

const separators = /[\u002e\u3002\uff0e\uff61]/g;

function ucs2decode(text) {
  return Array.from(text, (character) => character.codePointAt(0));
}

function ucs2encode(codePoints) {
  return codePoints.map((code) => String.fromCodePoint(code)).join('');
}

// Section 6.1: how the next difference is expected to be sized.
function adapt(delta, count, isFirst) {
  delta = isFirst ? Math.floor(delta / kDamp) : delta >> 1;
  delta += Math.floor(delta / count);
  let k = 0;
  while (delta > ((kBase - kMinThreshold) * kMaxThreshold) >> 1) {
    delta = Math.floor(delta / (kBase - kMinThreshold));
    k += kBase;
  }
  return k + Math.floor(((kBase - kMinThreshold + 1) * delta) / (delta + kSkew));
}

function threshold(k, bias) {
  return Math.min(Math.max(k - bias, kMinThreshold), kMaxThreshold);
}

const overflow = () => new RangeError('Overflow: input needs wider integers to process');

// Section 6.2
function decode(input) {
  const delimiter = Math.max(input.lastIndexOf('-'), 0);
  if (/[^\0-\x7f]/.test(input.slice(0, delimiter)))
    throw new RangeError('Illegal input >= 0x80 (not a basic code point)');
  const output = ucs2decode(input.slice(0, delimiter));
  let [code, bias, i] = [kFirstCode, kInitialBias, 0];
  for (let at = delimiter > 0 ? delimiter + 1 : 0; at < input.length;) {
    const start = i;
    for (let weight = 1, k = kBase; ; k += kBase) {
      if (at >= input.length) throw new RangeError('Invalid input');
      const digit = digits.indexOf(input[at++].toLowerCase());
      if (digit === -1) throw new RangeError('Invalid input');
      if (digit > Math.floor((kMaxInt - i) / weight)) throw overflow();
      i += digit * weight;
      const limit = threshold(k, bias);
      if (digit < limit) break;
      if (weight > Math.floor(kMaxInt / (kBase - limit))) throw overflow();
      weight *= kBase - limit;
    }
    const count = output.length + 1;
    bias = adapt(i - start, count, start === 0);
    if (Math.floor(i / count) > kMaxInt - code) throw overflow();
    code += Math.floor(i / count);
    i %= count;
    output.splice(i++, 0, code);
  }
  return String.fromCodePoint(...output);
}

function variableLength(delta, bias) {
  let output = '';
  let rest = delta;
  for (let k = kBase; ; k += kBase) {
    const limit = threshold(k, bias);
    if (rest < limit) break;
    output += digits[limit + ((rest - limit) % (kBase - limit))];
    rest = Math.floor((rest - limit) / (kBase - limit));
  }
  return output + digits[rest];
}

// Section 6.3
function encode(text) {
  const input = ucs2decode(text);
  const basic = input.filter((code) => code < kFirstCode);
  let output = ucs2encode(basic);
  if (basic.length > 0) output += '-';
  let [code, delta, bias] = [kFirstCode, 0, kInitialBias];
  for (let handled = basic.length; handled < input.length; delta++, code++) {
    const next = Math.min(...input.filter((candidate) => candidate >= code));
    if (next - code > Math.floor((kMaxInt - delta) / (handled + 1))) throw overflow();
    delta += (next - code) * (handled + 1);
    code = next;
    for (const current of input) {
      if (current < code && ++delta > kMaxInt) throw overflow();
      if (current !== code) continue;
      output += variableLength(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
  }
  return output;
}

// Label by label; what is before an '@' is no host.
function mapLabels(domain, change) {
  const at = domain.indexOf('@');
  const [user, host] = at === -1 ? ['', domain] : [domain.slice(0, at + 1), domain.slice(at + 1)];
  return user + host.replace(separators, '.').split('.').map(change).join('.');
}

function toUnicode(input) {
  return mapLabels(input, (label) => (label.startsWith('xn--') ? decode(label.slice(4).toLowerCase()) : label));
}

function toASCII(input) {
  return mapLabels(input, (label) => (/[^\0-\x7f]/.test(label) ? `xn--${encode(label)}` : label));
}

module.exports = {
  version: '2.1.0',
  ucs2: { decode: ucs2decode, encode: ucs2encode },
  decode,
  encode,
  toASCII,
  toUnicode,
};
