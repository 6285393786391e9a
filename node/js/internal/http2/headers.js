// SPDX-License-Identifier: Apache-2.0
//
// Header fields of HTTP/2: from objects and arrays to lists for the host, and back.
'use strict';

const {
  codes: {
    ERR_HTTP2_CONNECT_AUTHORITY,
    ERR_HTTP2_CONNECT_PATH,
    ERR_HTTP2_CONNECT_SCHEME,
    ERR_HTTP2_HEADER_SINGLE_VALUE,
    ERR_HTTP2_INVALID_CONNECTION_HEADERS,
    ERR_HTTP2_INVALID_HEADER_VALUE,
    ERR_HTTP2_INVALID_PSEUDOHEADER,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_HTTP_TOKEN,
  },
} = require('internal/errors');
const { _checkIsHttpToken: checkIsHttpToken } = require('_http_common');

const sensitiveHeaders = Symbol('sensitiveHeaders');

const kPseudo = new Set([':status', ':method', ':authority', ':scheme', ':path', ':protocol']);
const kRequestPseudo = new Set([':method', ':authority', ':scheme', ':path', ':protocol']);

const words = (text) => text.split(' ');
const kSingle = new Set([
  ...kPseudo,
  ...words(
    'access-control-allow-credentials access-control-max-age access-control-request-method age authorization ' +
      'content-encoding content-language content-length content-location content-md5 content-range content-type date dnt ' +
      'etag expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified ' +
      'location max-forwards proxy-authorization range referer retry-after tk upgrade-insecure-requests user-agent ' +
      'x-content-type-options'
  ),
]);
const kConnection = new Set(words('connection upgrade http2-settings keep-alive proxy-connection transfer-encoding'));

function assertPseudo(allowed, name) {
  if (!allowed.has(name)) throw new ERR_HTTP2_INVALID_PSEUDOHEADER(name);
}

const kRequest = (name) => assertPseudo(kRequestPseudo, name);
const kResponse = (name) => {
  if (name !== ':status') throw new ERR_HTTP2_INVALID_PSEUDOHEADER(name);
};
const kPush = (name) => assertPseudo(new Set([':authority', ':method', ':path', ':scheme']), name);
const kTrailers = (name) => {
  throw new ERR_HTTP2_INVALID_PSEUDOHEADER(name);
};

function isForbidden(name, value) {
  if (kConnection.has(name)) return true;
  return name === 'te' && value !== 'trailers';
}

// { text, count, list, sensitive }: what nghttp2 is given, name NUL value NUL flag for each field, pseudo-headers first;
// names and values by turns; the names that must not be indexed.
function fieldsOf(headers, assertPseudoHeader, strictSingle = true) {
  const never = headers[sensitiveHeaders];
  if (never !== undefined && !Array.isArray(never)) throw new ERR_INVALID_ARG_VALUE('headers[http2.neverIndex]', never);
  const sensitive = never === undefined ? [] : never.map((name) => name.toLowerCase());
  const to = { pseudo: [], rest: [], seen: [], assertPseudoHeader, strictSingle };
  if (Array.isArray(headers)) for (let i = 0; i < headers.length; i += 2) addField(to, headers[i], headers[i + 1]);
  else for (const key of Object.keys(headers)) addField(to, key, headers[key]);
  const list = to.pseudo.concat(to.rest);
  let text = '';
  for (let i = 0; i < list.length; i += 2) text += `${list[i]}\0${list[i + 1]}\0${sensitive.includes(list[i]) ? '1' : '0'}`;
  return { text, count: list.length / 2, list, sensitive };
}

function addField({ pseudo, rest, seen, assertPseudoHeader, strictSingle }, key, given) {
  if (given === undefined || key === '') return;
  const name = key.toLowerCase();
  const isArray = Array.isArray(given);
  const isList = isArray && given.length !== 1;
  if (isList && given.length === 0) return;
  const isSingle = kSingle.has(name);
  if (isSingle && strictSingle) {
    if (isList || seen.includes(name)) throw new ERR_HTTP2_HEADER_SINGLE_VALUE(name);
    seen.push(name);
  }
  const value = String(isArray ? given[0] : given);
  if (name[0] === ':') {
    assertPseudoHeader(name);
    pseudo.push(name, value);
    return;
  }
  if (!isSingle && (name.includes(' ') || !checkIsHttpToken(name))) throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
  if (isForbidden(name, isList ? given : value)) throw new ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
  if (!isList) rest.push(name, value);
  else if (name === 'cookie') rest.push(name, given.map(String).join('; '));
  else for (const each of given) rest.push(name, String(each));
}

// The object that listeners get. Of fields with a single value the first counts, others are joined (set-cookie: an array).
function objectOf(list, sensitive) {
  const headers = { __proto__: null };
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i];
    let value = list[i + 1];
    if (name === ':status') value |= 0;
    const existing = headers[name];
    if (existing === undefined) headers[name] = name === 'set-cookie' ? [value] : value;
    else if (name === 'set-cookie') existing.push(value);
    else if (name === 'cookie') headers[name] = `${existing}; ${value}`;
    else if (!kSingle.has(name)) headers[name] = `${existing}, ${value}`;
  }
  headers[sensitiveHeaders] = sensitive;
  return headers;
}

// What a request has that its caller did not say, in an object or in an array of names and values.
function completeRequest(session, given) {
  const isRaw = Array.isArray(given);
  const headers = isRaw ? [...given] : { __proto__: null, ...given };
  const names = { __proto__: null };
  if (isRaw) {
    if (given.length % 2 === 1) throw new ERR_INVALID_ARG_VALUE('headers', given);
    for (let i = 0; i < given.length; i += 2) if (given[i][0] === ':' || given[i] === 'host') names[given[i].toLowerCase()] = given[i + 1];
  } else {
    for (const key of Object.keys(headers)) names[key.toLowerCase()] = headers[key];
  }
  if (given[sensitiveHeaders] !== undefined) headers[sensitiveHeaders] = given[sensitiveHeaders];
  const added = [];
  const method = names[':method'] ?? 'GET';
  if (names[':method'] === undefined) added.push(':method', 'GET');
  const isConnect = method === 'CONNECT' && names[':protocol'] === undefined;
  if (isConnect) {
    if (names[':scheme'] !== undefined) throw new ERR_HTTP2_CONNECT_SCHEME();
    if (names[':path'] !== undefined) throw new ERR_HTTP2_CONNECT_PATH();
    if (names[':authority'] === undefined) throw new ERR_HTTP2_CONNECT_AUTHORITY();
  } else {
    if (names[':authority'] === undefined && names.host === undefined) added.push(':authority', session.authority);
    if (names[':scheme'] === undefined) added.push(':scheme', session.scheme);
    if (names[':path'] === undefined) added.push(':path', '/');
  }
  if (isRaw) headers.unshift(...added);
  else for (let i = 0; i < added.length; i += 2) headers[added[i]] = added[i + 1];
  return { headers, method };
}

// Without its prototype, for the property sentHeaders and for channels.
function objectOfRaw(headers) {
  if (!Array.isArray(headers)) return headers;
  const object = { __proto__: null };
  if (headers[sensitiveHeaders] !== undefined) object[sensitiveHeaders] = headers[sensitiveHeaders];
  for (let i = 0; i < headers.length; i += 2) {
    const existing = object[headers[i]];
    if (existing === undefined) object[headers[i]] = headers[i + 1];
    else if (Array.isArray(existing)) existing.push(headers[i + 1]);
    else object[headers[i]] = [existing, headers[i + 1]];
  }
  return object;
}

function assertValidHeader(name, value) {
  if (name === '' || typeof name !== 'string' || name.includes(' ')) throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
  if (kPseudo.has(name)) {
    const { ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED } = require('internal/errors').codes;
    throw new ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED();
  }
  if (value === undefined || value === null) throw new ERR_HTTP2_INVALID_HEADER_VALUE(value, name);
  if (isForbidden(name.toLowerCase(), value)) throw new ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
}

module.exports = {
  assertValidHeader,
  completeRequest,
  fieldsOf,
  kPush,
  kRequest,
  kResponse,
  kTrailers,
  objectOf,
  objectOfRaw,
  sensitiveHeaders,
};
