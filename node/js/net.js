// SPDX-License-Identifier: Apache-2.0
// `net` without sockets: what is an address, and the settings that programs read and write at start. Connections
// and servers refuse.
'use strict';

const { refuseAll } = require('internal/refuse');
const { validateBoolean, validateInt32 } = require('internal/validators');

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const v4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
const group = /^[0-9a-f]{1,4}$/i;
const zone = /%[0-9a-z\-.:]+$/i;

function isIPv4(input) {
  return v4.test(`${input}`);
}

// RFC 4291, section 2.2: eight groups, the last two possibly as IPv4, one run of zeroes possibly left out.
function isIPv6(input) {
  const halves = `${input}`.replace(zone, '').split('::');
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

let autoSelectFamily = true;
let attemptTimeout = 250; // ms, as in Node 24

function setDefaultAutoSelectFamily(value) {
  validateBoolean(value, 'value');
  autoSelectFamily = value;
}

function setDefaultAutoSelectFamilyAttemptTimeout(value) {
  validateInt32(value, 'value', 1);
  attemptTimeout = Math.max(value, 10);
}

module.exports = {
  ...refuseAll('net', [
    '_createServerHandle', '_normalizeArgs', 'BlockList', 'SocketAddress', 'BoundSocket', 'connect',
    'createConnection', 'createServer', 'Server', 'Socket', 'Stream',
  ]),
  isIP,
  isIPv4,
  isIPv6,
  getDefaultAutoSelectFamily: () => autoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout: () => attemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
