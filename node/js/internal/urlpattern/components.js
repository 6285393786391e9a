// SPDX-License-Identifier: Apache-2.0
//
// How the values of a URL's components become canonical, in patterns and in what is matched
// (https://urlpattern.spec.whatwg.org/#canon-encoding-callbacks). The URL parser does it: a URL is given the value.
'use strict';

const { URL } = require('internal/url');

const SPECIAL = ['http', 'https', 'ws', 'wss', 'ftp', 'file'];
const DEFAULT_PORTS = { '__proto__': null, 'http': '80', 'https': '443', 'ws': '80', 'wss': '443', 'ftp': '21' };

function withComponent(start, name, value, what) {
  const url = new URL(start);
  url[name] = value;
  if (value !== '' && url[name] === '' && what !== undefined) throw new TypeError(`Invalid ${what} '${value}'`);
  return url[name];
}

const canonical = {
  protocol(value) {
    if (value === '') return '';
    const url = URL.parse(`${value}://dummy.test`);
    if (url === null) throw new TypeError(`Invalid protocol '${value}'`);
    return url.protocol.slice(0, -1);
  },
  username: (value) => withComponent('https://dummy.test', 'username', value),
  password: (value) => withComponent('https://dummy.test', 'password', value),
  hostname(value) {
    if (value === '') return '';
    const url = new URL('https://dummy.invalid');
    url.hostname = value; // which ends where a path begins
    if (url.hostname === 'dummy.invalid') throw new TypeError(`Invalid hostname '${value}'`);
    return url.hostname;
  },
  ipv6Hostname(value) {
    if (/[^0-9a-fA-F[\]:]/.test(value)) throw new TypeError(`Invalid hostname '${value}'`);
    return value.toLowerCase();
  },
  port(value, protocol) {
    if (value === '') return '';
    if (!/^\d/.test(value)) throw new TypeError(`Invalid port '${value}'`);
    const [digits] = /^\d+/.exec(value.replace(/[\t\n\r]/g, ''));
    if (Number(digits) > 65535) throw new TypeError(`Invalid port '${value}'`);
    const port = `${Number(digits)}`;
    return protocol !== undefined && DEFAULT_PORTS[protocol] === port ? '' : port;
  },
  pathname(value) {
    if (value === '') return '';
    const leading = value[0] === '/';
    const pathname = withComponent('https://dummy.test', 'pathname', leading ? value : `/-${value}`);
    return leading ? pathname : pathname.slice(2);
  },
  opaquePathname: (value) => (value === '' ? '' : new URL(`data:${value}`).pathname),
  search: (value) => (value === '' ? '' : withComponent('https://dummy.test', 'search', value).slice(1)),
  hash: (value) => (value === '' ? '' : withComponent('https://dummy.test', 'hash', value).slice(1)),
};

module.exports = { canonical, DEFAULT_PORTS, SPECIAL };
