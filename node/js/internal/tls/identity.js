// SPDX-License-Identifier: Apache-2.0
// checkServerIdentity: whether a certificate is of the host that one wanted to talk to (RFC 6125, as Node reads it).
'use strict';

const {
  codes: { ERR_TLS_CERT_ALTNAME_FORMAT, ERR_TLS_CERT_ALTNAME_INVALID },
} = require('internal/errors');
const { isIP } = require('internal/net/addresses');

const withoutDot = (host) => (host.endsWith('.') ? host.slice(0, -1) : host);
const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const labelsOf = (host) => withoutDot(lower(host)).split('.');

// `pattern` may have one wildcard, in its first label, and then has three labels at least.
function matches(labels, pattern, allowsWildcards) {
  if (!pattern) return false;
  const wanted = labelsOf(pattern);
  if (labels.length !== wanted.length || wanted.includes('')) return false;
  if (wanted.some((label) => /[^\u0021-\u007F]/.test(label))) return false;
  for (let i = labels.length - 1; i > 0; i--) if (labels[i] !== wanted[i]) return false;
  const [host] = labels;
  const [first] = wanted;
  const parts = first.split('*', 3);
  if (parts.length === 1 || first.includes('xn--')) return host === first;
  if (!allowsWildcards || parts.length > 2 || wanted.length <= 2) return false;
  const [prefix, suffix] = parts;
  if (prefix.length + suffix.length > host.length) return false;
  return host.startsWith(prefix) && host.endsWith(suffix);
}

// "DNS:a, URI:"b, c"": what is in quotes is JSON and may have commas in it.
function splitNames(text) {
  const names = [];
  let current = '';
  let at = 0;
  while (at !== text.length) {
    const comma = text.indexOf(', ', at);
    const quote = text.indexOf('"', at);
    if (quote !== -1 && (comma === -1 || quote < comma)) {
      current += text.slice(at, quote);
      const found = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(quote));
      if (found === null) throw new ERR_TLS_CERT_ALTNAME_FORMAT();
      try {
        current += JSON.parse(found[0]);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new ERR_TLS_CERT_ALTNAME_FORMAT();
      }
      at = quote + found[0].length;
    } else if (comma !== -1) {
      names.push(current + text.slice(at, comma));
      current = '';
      at = comma + 2;
    } else {
      current += text.slice(at);
      at = text.length;
    }
  }
  names.push(current);
  return names;
}

function canonicalIP(text) {
  if (isIP(text) !== 6) return isIP(text) ? text : undefined;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

function reasonAgainst(hostname, { subject, subjectaltname }) {
  const names = [];
  const ips = [];
  for (const name of subjectaltname ? splitNames(subjectaltname) : []) {
    if (name.startsWith('DNS:')) names.push(name.slice(4));
    else if (name.startsWith('IP Address:')) ips.push(canonicalIP(name.slice(11)));
  }
  const host = withoutDot(hostname);
  if (isIP(host)) {
    if (ips.includes(canonicalIP(host))) return undefined;
    return `IP: ${host} is not in the cert's list: ${ips.join(', ')}`;
  }
  const labels = labelsOf(host);
  if (names.length > 0) {
    if (names.some((pattern) => matches(labels, pattern, true))) return undefined;
    return `Host: ${host}. is not in the cert's altnames: ${subjectaltname}`;
  }
  const common = subject?.CN;
  if (common === undefined || common === '') return 'Cert does not contain a DNS name';
  const isMatch = Array.isArray(common)
    ? common.some((pattern) => matches(labels, pattern, true))
    : matches(labels, common, true);
  return isMatch ? undefined : `Host: ${host}. is not cert's CN: ${common}`;
}

function checkServerIdentity(hostname, cert) {
  hostname = `${hostname}`;
  const reason = reasonAgainst(hostname, cert);
  return reason === undefined ? undefined : new ERR_TLS_CERT_ALTNAME_INVALID(reason, hostname, cert);
}

module.exports = { checkServerIdentity };
