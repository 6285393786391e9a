// SPDX-License-Identifier: Apache-2.0
// url.parse(), url.format(), url.resolve(): Node's parser of before the URL standard.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_URL },
} = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const { URL, isURL } = require('internal/url');
const querystring = require('querystring');

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

const bare = ['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'];
const slashed = new Set([...bare, ...bare.map((name) => `${name}:`)]);
const withoutHost = new Set(['javascript', 'javascript:']);
const forbiddenInHost = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const forbiddenInHostIpv6 = /[\0\t\n\r #%/<>?@\\^|]/;
const autoEscape = /[\t\n\r "'<>\\^`{|}]/g;

function escapeCharacter(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

// Backslashes before the query count as slashes, and controls and spaces around do not count.
function tidy(text) {
  const trimmed = text.replace(/^[\0- \xa0\ufeff]+|[\0- \xa0\ufeff]+$/g, '');
  const cut = trimmed.search(/[?#]/);
  return cut === -1 ? trimmed.replaceAll('\\', '/') : trimmed.slice(0, cut).replaceAll('\\', '/') + trimmed.slice(cut);
}

// The host ends at the first of these; what is before the last '@' in it is the user's credentials. Tabs and ends of
// lines do not count, as in the URL Standard.
function splitHost(text) {
  let end = text.search(/[#?/]/);
  if (end === -1) end = text.length;
  const authority = text.slice(0, end).replace(/[\t\n\r]/g, '');
  const rest = authority + text.slice(end);
  end = authority.length;
  const at = rest.lastIndexOf('@', end - 1);
  const authEnd = at === -1 ? 0 : at + 1;
  const nonHost = rest.slice(authEnd, end).search(/[ "%'/;<>\\^`{|}]/);
  const hostEnd = nonHost === -1 ? end : authEnd + nonHost;
  return { auth: at === -1 ? null : rest.slice(0, at), host: rest.slice(authEnd, hostEnd), rest: rest.slice(hostEnd) };
}

Url.prototype.parseHost = function () {
  let { host } = this;
  const match = /:(\d*)$/.exec(host);
  if (match !== null) {
    if (match[1] !== '') [, this.port] = match;
    host = host.slice(0, -match[0].length);
  }
  if (host) this.hostname = host;
};

// Where the name of the host stops being one, the path starts.
function validHostLength(hostname) {
  const end = hostname.search(/[/\\#?:]/);
  return end === -1 ? hostname.length : end;
}

Url.prototype.setHost = function (found, url) {
  if (found.auth !== null) this.auth = decodeURIComponent(found.auth);
  this.host = found.host;
  this.parseHost();
  this.hostname ??= '';
  const isIpv6 = this.hostname.startsWith('[') && this.hostname.endsWith(']');
  let { rest } = found;
  if (!isIpv6) {
    const length = validHostLength(this.hostname);
    if (length < this.hostname.length) {
      rest = `/${this.hostname.slice(length)}${rest}`;
      this.hostname = this.hostname.slice(0, length);
    }
  }
  this.hostname = this.hostname.length > 255 ? '' : this.hostname.toLowerCase();
  if (!isIpv6 && /[^\0-\x7f]/.test(this.hostname)) {
    this.hostname = require('internal/url').domainToASCII(this.hostname);
    if (this.hostname === '') throw new ERR_INVALID_URL(url);
  }
  const forbidden = isIpv6 ? forbiddenInHostIpv6 : forbiddenInHost;
  if (this.hostname !== '' && forbidden.test(this.hostname)) throw new ERR_INVALID_URL(url);
  this.host = this.hostname + (this.port ? `:${this.port}` : '');
  if (isIpv6) {
    this.hostname = this.hostname.slice(1, -1);
    if (rest[0] !== '/') rest = `/${rest}`;
  }
  return rest;
};

Url.prototype.parse = function (url, parseQueryString, slashesDenoteHost) {
  validateString(url, 'url');
  let rest = tidy(url);
  const simple = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/.exec(rest);
  if (!slashesDenoteHost && simple !== null && !rest.includes('#') && !rest.includes('@')) {
    this.path = this.href = rest;
    this.pathname = simple[1];
    if (simple[2] !== undefined) {
      this.search = simple[2];
      this.query = parseQueryString ? querystring.parse(this.search.slice(1)) : this.search.slice(1);
    } else if (parseQueryString) {
      this.search = null;
      this.query = { __proto__: null };
    }
    return this;
  }
  const protocolMatch = /^[a-z0-9.+-]+:/i.exec(rest);
  let protocol = '';
  if (protocolMatch !== null) {
    protocol = protocolMatch[0].toLowerCase();
    this.protocol = protocol;
    rest = rest.slice(protocol.length);
  }
  let slashes = false;
  if (slashesDenoteHost || protocol || /^\/\/[^@/]+@[^@/]+/.test(rest)) {
    slashes = rest.startsWith('//');
    if (slashes && !(protocol && withoutHost.has(protocol))) {
      rest = rest.slice(2);
      this.slashes = true;
    }
  }
  if (!withoutHost.has(protocol) && (slashes || (protocol && !slashed.has(protocol)))) {
    rest = this.setHost(splitHost(rest), url);
  }
  if (!withoutHost.has(protocol)) rest = rest.replace(autoEscape, escapeCharacter);
  this.setTail(rest, parseQueryString);
  if (slashed.has(protocol) && this.hostname && !this.pathname) this.pathname = '/';
  if (this.pathname || this.search) this.path = (this.pathname || '') + (this.search || '');
  this.href = this.format();
  return this;
};

Url.prototype.setTail = function (rest, parseQueryString) {
  const hashAt = rest.indexOf('#');
  if (hashAt !== -1) {
    this.hash = rest.slice(hashAt);
    rest = rest.slice(0, hashAt);
  }
  const queryAt = rest.indexOf('?');
  if (queryAt !== -1) {
    this.search = rest.slice(queryAt);
    this.query = rest.slice(queryAt + 1);
    if (parseQueryString) this.query = querystring.parse(this.query);
    rest = rest.slice(0, queryAt);
  } else if (parseQueryString) {
    this.search = null;
    this.query = { __proto__: null };
  }
  if (rest) this.pathname = rest;
};

function parse(url, parseQueryString, slashesDenoteHost) {
  if (url instanceof Url) return url;
  return new Url().parse(url, parseQueryString, slashesDenoteHost);
}

// -- format

Url.prototype.format = function () {
  let auth = this.auth || '';
  if (auth) auth = `${encodeURIComponent(auth).replace(/%3A/i, ':')}@`;
  let protocol = this.protocol || '';
  let pathname = this.pathname || '';
  let hash = this.hash || '';
  let host = '';
  let query = '';
  if (this.host) {
    host = auth + this.host;
  } else if (this.hostname) {
    host =
      auth + (this.hostname.includes(':') && !this.hostname.startsWith('[') ? `[${this.hostname}]` : this.hostname);
    if (this.port) host += `:${this.port}`;
  }
  if (this.query !== null && typeof this.query === 'object') query = querystring.stringify(this.query);
  let search = this.search || (query && `?${query}`) || '';
  if (protocol && !protocol.endsWith(':')) protocol += ':';
  pathname = pathname.replace(/[?#]/g, (character) => encodeURIComponent(character));
  if (this.slashes || slashed.has(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (/^file/.test(protocol)) {
      host = '//';
    }
  }
  search = search.replaceAll('#', '%23');
  if (hash && hash[0] !== '#') hash = `#${hash}`;
  if (search && search[0] !== '?') search = `?${search}`;
  return protocol + host + pathname + search + hash;
};

function formatStandard(url, options) {
  const { fragment = true, unicode = false, search = true, auth = true } = options ?? {};
  const copy = new URL(url.href);
  if (!fragment) copy.hash = '';
  if (!search) copy.search = '';
  if (!auth) {
    copy.username = '';
    copy.password = '';
  }
  if (!unicode) return copy.href;
  return copy.href.replace(copy.hostname, require('internal/url').domainToUnicode(copy.hostname));
}

function format(urlObject, options) {
  if (typeof urlObject === 'string') return parse(urlObject).format();
  if (typeof urlObject !== 'object' || urlObject === null) {
    throw new ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], urlObject);
  }
  if (isURL(urlObject)) {
    if (options) validateObject(options, 'options');
    return formatStandard(urlObject, options);
  }
  return Url.prototype.format.call(urlObject);
}

// -- resolve: RFC 3986 section 5, with the liberties that Node has always taken

Url.prototype.resolve = function (relative) {
  return this.resolveObject(parse(relative, false, true)).format();
};

function copyFields(target, source, names) {
  for (const name of names) target[name] = source[name];
}

function finish(result) {
  if (result.pathname !== null || result.search !== null) {
    result.path = (result.pathname ? result.pathname : '') + (result.search ? result.search : '');
  }
  result.href = result.format();
  return result;
}

// Segments of a path with '.' and '..' worked off. `dropLeading`: what climbs above the root is dropped.
function mergeDots(segments, mustBeAbsolute, dropLeading) {
  const last = segments[segments.length - 1];
  const trailing = (segments.length > 1 && (last === '.' || last === '..')) || last === '';
  const kept = [];
  let up = 0;
  for (let i = segments.length - 1; i >= 0; i--) {
    if (segments[i] === '.') continue;
    if (segments[i] === '..') up++;
    else if (up > 0) up--;
    else kept.unshift(segments[i]);
  }
  if (!dropLeading) for (; up > 0; up--) kept.unshift('..');
  if (mustBeAbsolute && kept[0] !== '' && (!kept[0] || kept[0][0] !== '/')) kept.unshift('');
  if (trailing && kept.join('/').slice(-1) !== '/') kept.push('');
  return kept;
}

function resolveOtherProtocol(result, relative) {
  if (!slashed.has(relative.protocol)) {
    copyFields(result, relative, Object.keys(relative));
    return finish(result);
  }
  result.protocol = relative.protocol;
  if (!relative.host && !/^file:?$/.test(relative.protocol) && !withoutHost.has(relative.protocol)) {
    const segments = (relative.pathname || '').split('/');
    while (segments.length > 0 && !(relative.host = segments.shift()));
    relative.host ||= '';
    relative.hostname ||= '';
    if (segments[0] !== '') segments.unshift('');
    if (segments.length < 2) segments.unshift('');
    result.pathname = segments.join('/');
  } else {
    result.pathname = relative.pathname;
  }
  copyFields(result, relative, ['search', 'query', 'auth', 'port']);
  result.host = relative.host || '';
  result.hostname = relative.hostname || relative.host;
  result.slashes ||= relative.slashes;
  return finish(result);
}

Url.prototype.resolveObject = function (relative) {
  if (typeof relative === 'string') relative = parse(relative, false, true);
  const result = new Url();
  Object.assign(result, this);
  result.hash = relative.hash;
  if (relative.href === '') {
    result.href = result.format();
    return result;
  }
  if (relative.slashes && !relative.protocol) {
    copyFields(
      result,
      relative,
      Object.keys(relative).filter((name) => name !== 'protocol'),
    );
    if (slashed.has(result.protocol) && result.hostname && !result.pathname) result.path = result.pathname = '/';
    result.href = result.format();
    return result;
  }
  if (relative.protocol && relative.protocol !== result.protocol) return resolveOtherProtocol(result, relative);
  return resolvePath(result, relative);
};

// Schemes without slashes have no host of their own: what parse() took for one is the first segment.
function hostToSegment(url, segments) {
  if (url.host) {
    if (segments[0] === '') segments[0] = url.host;
    else segments.unshift(url.host);
  }
  url.host = url.hostname = '';
}

function segmentToHost(url, segments) {
  url.host = url.hostname = segments.shift() ?? '';
  if (url.host.indexOf('@') > 0) {
    const [auth, host] = url.host.split('@');
    url.auth = auth;
    url.host = url.hostname = host;
  }
}

function resolvePath(result, relative) {
  const isAbsolute = Boolean(result.pathname?.startsWith('/'));
  const relativeIsAbsolute = Boolean(relative.host || relative.pathname?.startsWith('/'));
  let mustBeAbsolute = relativeIsAbsolute || isAbsolute || Boolean(result.host && relative.pathname);
  const dropLeading = mustBeAbsolute;
  let segments = result.pathname ? result.pathname.split('/') : [];
  const relativeSegments = relative.pathname ? relative.pathname.split('/') : [];
  const opaque = result.protocol && !slashed.has(result.protocol);
  if (opaque) {
    hostToSegment(result, segments);
    if (relative.protocol) {
      result.auth = null;
      hostToSegment(relative, relativeSegments);
    }
    mustBeAbsolute &&= relativeSegments[0] === '' || segments[0] === '';
  }
  if (relativeIsAbsolute) {
    if (relative.host || relative.host === '') {
      if (result.host !== relative.host) result.auth = null;
      result.host = relative.host;
      result.port = relative.port;
    }
    if (relative.hostname || relative.hostname === '') {
      if (result.hostname !== relative.hostname) result.auth = null;
      result.hostname = relative.hostname;
    }
    copyFields(result, relative, ['search', 'query']);
    segments = relativeSegments;
  } else if (relativeSegments.length > 0) {
    segments.pop();
    segments = segments.concat(relativeSegments);
    copyFields(result, relative, ['search', 'query']);
  } else if (relative.search !== null && relative.search !== undefined) {
    if (opaque) segmentToHost(result, segments);
    copyFields(result, relative, ['search', 'query']);
    return finish(result);
  }
  if (segments.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    result.href = result.format();
    return result;
  }
  const merged = mergeDots(segments, mustBeAbsolute, dropLeading);
  if (opaque) {
    if (merged[0] === '' || merged[0]?.[0] === '/') result.hostname = result.host = '';
    else segmentToHost(result, merged);
    if (result.host && merged.length > 0) merged.unshift('');
  }
  result.pathname = merged.length === 0 ? null : merged.join('/');
  if (result.pathname === null) result.path = null;
  result.auth = relative.auth || result.auth;
  result.slashes ||= relative.slashes;
  return finish(result);
}

function resolve(source, relative) {
  return parse(source, false, true).resolve(relative);
}

function resolveObject(source, relative) {
  return source ? parse(source, false, true).resolveObject(relative) : relative;
}

module.exports = { Url, format, parse, resolve, resolveObject };
