// SPDX-License-Identifier: Apache-2.0
// What is an IP address.
'use strict';

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const v4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
const group = /^[0-9a-f]{1,4}$/i;
const zone = /%[0-9a-z\-.:]+$/i;

function isIPv4(input) {
  return v4.test(`${input}`);
}

// RFC 4291, section 2.2: eight groups, the last two possibly as IPv4, one run of zeroes possibly left out.
function isIPv6(input) {
  const text = `${input}`;
  if (!text.includes(':')) return false;
  const halves = text.replace(zone, '').split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  let count = all.length;
  if (count > 0 && groups.at(-1).length > 0 && isIPv4(all.at(-1))) {
    all.pop();
    count += 1;
  }
  return all.every((each) => group.test(each)) && (halves.length === 2 ? count < 8 : count === 8);
}

function isIP(input) {
  if (isIPv4(input)) return 4;
  return isIPv6(input) ? 6 : 0;
}

module.exports = { isIP, isIPv4, isIPv6 };
