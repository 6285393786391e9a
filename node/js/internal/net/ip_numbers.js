// SPDX-License-Identifier: Apache-2.0
// IP addresses as numbers of 128 bits, IPv4 ones as IPv6 maps them (::ffff:a.b.c.d), and back as text.
'use strict';

const { isIPv4, isIPv6 } = require('internal/net/addresses');

const MAPPED = 0xffff00000000n;

function fromIPv4(text) {
  return text.split('.').reduce((number, octet) => (number << 8n) | BigInt(octet), 0n);
}

// The groups of one side of '::'.
function groupsOf(half) {
  if (half === '') return [];
  return half.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const number = fromIPv4(group);
    return [number >> 16n, number & 0xffffn];
  });
}

function fromIPv6(text) {
  const [head, tail] = text.replace(/%.*$/, '').split('::').map(groupsOf);
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill(0n), ...tail];
  return groups.reduce((number, group) => (number << 16n) | group, 0n);
}

// The number of an address of `family`, 'ipv4' or 'ipv6'; undefined when it is none.
function numberOf(text, family) {
  if (family === 'ipv4') return isIPv4(text) ? MAPPED | fromIPv4(text) : undefined;
  return isIPv6(text) ? fromIPv6(text) : undefined;
}

const dotted = (number) => [24n, 16n, 8n, 0n].map((bits) => (number >> bits) & 0xffn).join('.');

// The first of the longest runs of zeroes, if there are two at least.
function longestRun(groups) {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0n) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}

// As inet_ntop writes it.
function ipv6Text(number) {
  const groups = Array.from({ length: 8 }, (_, i) => (number >> BigInt(112 - 16 * i)) & 0xffffn);
  const { start, length } = longestRun(groups);
  if (start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffffn))) {
    return `::${length === 5 ? 'ffff:' : ''}${dotted(number & 0xffffffffn)}`;
  }
  const text = (part) => part.map((group) => group.toString(16)).join(':');
  if (start === -1) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function textOf(number, family) {
  return family === 'ipv4' ? dotted(number & 0xffffffffn) : ipv6Text(number);
}

module.exports = { numberOf, textOf };
