// SPDX-License-Identifier: Apache-2.0
// URL, and paths from and to `file:` URLs. The parser is ada, as in Node. A program that has only a few URLs, plain ones,
// does not load it: these are recognised here.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_FILE_URL_HOST,
    ERR_INVALID_FILE_URL_PATH,
    ERR_INVALID_URL,
    ERR_INVALID_URL_SCHEME,
    ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { kValidateObjectAllowObjects, validateObject, validateString } = require('internal/validators');
const { URLSearchParams, follow } = require('internal/url_search_params');

const parts = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];
const [kHref, kProtocol, kUsername, kPassword, kHost, kHostname, kPort, kPathname, kSearch, kHash] = parts.keys();

// -- URLs that are their own serialization: nothing to encode, no dots, no port that goes away, a host
// of letters that no IDNA rule touches.
const label = '[a-z](?:[a-z0-9-]*[a-z0-9])?';
const segment = "[A-Za-z0-9\\-_.~!$&'()*+,;=:@%/]*";
const extra = '[A-Za-z0-9\\-_.~!$&()*+,;=:@%/?]+';
const plainWeb = new RegExp(
  `^(https?:|wss?:)//((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)*${label})(?::([1-9]\\d{1,3}))?` +
    `(/${segment})(\\?${extra})?(#${extra})?$`,
);
const plainFile = new RegExp(`^(file:)//()()(/${segment})(\\?${extra})?(#${extra})?$`);
const dots = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const driveLetter = /^\/[A-Za-z][:|]/;
const defaultPorts = { '__proto__': null, 'http:': '80', 'ws:': '80', 'https:': '443', 'wss:': '443', 'ftp:': '21' };

function parsePlain(input) {
  const match = plainWeb.exec(input) ?? plainFile.exec(input);
  if (match === null) return undefined;
  const [href, protocol, hostname, port = '', pathname, search = '', hash = ''] = match;
  if (dots.test(pathname) || port === defaultPorts[protocol] || hostname.includes('--')) return undefined;
  if (protocol === 'file:' && driveLetter.test(pathname)) return undefined;
  const host = port === '' ? hostname : `${hostname}:${port}`;
  return [href, protocol, '', '', host, hostname, port, pathname, search, hash];
}

let urls; // the binding
function loadParser() {
  internalBinding('url_host');
  urls = internalBinding('urls');
  return urls;
}

const kFew = 16;
let plainOnes = 0;

function parse(input, base) {
  if (urls === undefined && base === undefined && plainOnes < kFew) {
    plainOnes++;
    const plain = parsePlain(input);
    if (plain !== undefined) return plain;
  }
  if (base !== undefined && mayHavePunycode(base) && parse(base) === undefined) return undefined;
  return checkDomain((urls ?? loadParser()).parse(input.toWellFormed(), base?.toWellFormed()));
}

// ada takes labels in Punycode as they are, unlike Node. In URLs of schemes that are not special the host is no domain.
function checkDomain(found) {
  if (found === undefined || !found[kHostname].includes('xn--')) return found;
  const protocol = found[kProtocol];
  if (defaultPorts[protocol] === undefined && protocol !== 'file:') return found;
  return internalBinding('url_host').isDomain(found[kHostname]) ? found : undefined;
}

// Whether a text may have a label in Punycode, escaped or not.
const mayHavePunycode = (text) => text.includes('--') || text.includes('%');

function update(url, part, value) {
  return checkDomain((urls ?? loadParser()).update(url, part, value));
}

function assertArguments(count) {
  if (count === 0) throw new ERR_MISSING_ARGS('url');
}

const kParsed = Symbol('kParsed');

// Node makes it in C++, without the code in its text.
function invalidURL(input, base) {
  const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input });
  if (base !== undefined) error.base = base;
  Error.captureStackTrace(error, invalidURL);
  return error;
}

class URL {
  #parts;
  #searchParams;

  constructor(input, base = undefined) {
    if (input === kParsed) return; // URL.parse
    assertArguments(arguments.length);
    input = `${input}`;
    if (base !== undefined) base = `${base}`;
    const found = parse(input, base);
    if (found === undefined) throw invalidURL(input, base);
    this.#parts = found;
  }

  static canParse(input, base = undefined) {
    assertArguments(arguments.length);
    input = `${input}`.toWellFormed();
    base = base === undefined ? undefined : `${base}`.toWellFormed();
    const asksParser = urls !== undefined && !mayHavePunycode(input) && !(base && mayHavePunycode(base));
    return asksParser ? urls.canParse(input, base) : parse(input, base) !== undefined;
  }

  static parse(input, base = undefined) {
    assertArguments(arguments.length);
    const found = parse(`${input}`, base === undefined ? undefined : `${base}`);
    if (found === undefined) return null;
    const url = new URL(kParsed);
    url.#parts = found;
    return url;
  }

  static isURL(value) {
    return typeof value === 'object' && value !== null && #parts in value;
  }

  static #set(url, part, value) {
    const found = update(url.#parts[kHref], part, `${value}`.toWellFormed());
    if (found === undefined) return;
    url.#parts = found;
    if (url.#searchParams) url.#searchParams[follow](found[kSearch]);
  }

  // V8's words for a private method of another class.
  static #check(receiver) {
    if (!(#parts in receiver)) throw new TypeError('Receiver must be an instance of class URL');
  }

  get href() {
    URL.#check(this);
    return this.#parts[kHref];
  }

  set href(value) {
    this.#parts; // of another object there are none
    value = `${value}`;
    const found = parse(value);
    if (found === undefined) throw new ERR_INVALID_URL(value);
    this.#parts = found;
    if (this.#searchParams) this.#searchParams[follow](found[kSearch]);
  }

  get origin() {
    const protocol = this.#parts[kProtocol];
    if (defaultPorts[protocol] !== undefined) return `${protocol}//${this.#parts[kHost]}`;
    if (protocol !== 'blob:') return 'null';
    const inner = URL.parse(this.#parts[kPathname]);
    return inner !== null && (inner.protocol === 'http:' || inner.protocol === 'https:') ? inner.origin : 'null';
  }

  get protocol() {
    return this.#parts[kProtocol];
  }

  set protocol(value) {
    URL.#set(this, kProtocol, value);
  }

  get username() {
    return this.#parts[kUsername];
  }

  set username(value) {
    URL.#set(this, kUsername, value);
  }

  get password() {
    return this.#parts[kPassword];
  }

  set password(value) {
    URL.#set(this, kPassword, value);
  }

  get host() {
    return this.#parts[kHost];
  }

  set host(value) {
    URL.#set(this, kHost, value);
  }

  get hostname() {
    return this.#parts[kHostname];
  }

  set hostname(value) {
    URL.#set(this, kHostname, value);
  }

  get port() {
    return this.#parts[kPort];
  }

  set port(value) {
    URL.#set(this, kPort, value);
  }

  get pathname() {
    return this.#parts[kPathname];
  }

  set pathname(value) {
    URL.#set(this, kPathname, value);
  }

  get search() {
    URL.#check(this);
    return this.#parts[kSearch];
  }

  set search(value) {
    URL.#set(this, kSearch, value);
  }

  get searchParams() {
    this.#searchParams ??= new URLSearchParams(this.#parts[kSearch], {
      [follow]: (search) => {
        this.#setSearchOnly(search);
      },
    });
    return this.#searchParams;
  }

  get hash() {
    return this.#parts[kHash];
  }

  set hash(value) {
    URL.#set(this, kHash, value);
  }

  // A change that came from searchParams itself.
  #setSearchOnly(search) {
    this.#parts = update(this.#parts[kHref], kSearch, search);
  }

  toString() {
    URL.#check(this);
    return this.href;
  }

  toJSON() {
    URL.#check(this);
    return this.href;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {};
    for (const name of [
      'href',
      'origin',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'searchParams',
      'hash',
    ])
      shown[name] = this[name];
    const name = this.constructor === URL ? 'URL' : (this.constructor?.name ?? 'URL');
    return `${name} ${(inspect ?? require('internal/util/inspect').inspect)(shown, options)}`;
  }
}

const { isURL } = URL;
delete URL.isURL;
for (const name of ['createObjectURL', 'revokeObjectURL']) {
  Object.defineProperty(URL, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value: {
      [name](value) {
        if (arguments.length === 0) {
          const {
            codes: { ERR_MISSING_ARGS },
          } = require('internal/errors');
          throw new ERR_MISSING_ARGS(name === 'createObjectURL' ? 'obj' : 'url');
        }
        return require('internal/blob')[name](value);
      },
    }[name],
    writable: true,
  });
}
for (const name of [...parts, 'origin', 'searchParams', 'toString', 'toJSON']) {
  const descriptor = Object.getOwnPropertyDescriptor(URL.prototype, name);
  Object.defineProperty(URL.prototype, name, { ...descriptor, enumerable: true });
}
for (const name of ['canParse', 'parse']) Object.defineProperty(URL, name, { __proto__: null, enumerable: true });
Object.defineProperty(URL.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'URL' });

// -- file: URLs

// What would mean something else in a URL, and what the URL parser leaves as it is where Node encodes.
function escapePath(path, pattern) {
  return path.replace(pattern, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

const POSIX_UNSAFE = /[\x00-\x20"#%<>?[\\\]^`{|}~\x7f]/g;
const WINDOWS_UNSAFE = /[\x00-\x20"#%<>?[\]^`{|}~\x7f]/g;

// Also what another realm's or a polyfill's URL looks like: https://nodejs.org/api/url.html
function looksLikeURL(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

function checkShare(filepath) {
  const end = filepath.indexOf('\\', 2);
  if (end === -1) throw new ERR_INVALID_ARG_VALUE('path', filepath, 'Missing UNC resource path');
  if (end === 2) throw new ERR_INVALID_ARG_VALUE('path', filepath, 'Empty UNC servername');
}

function windowsFileUrl(filepath) {
  const { win32 } = require('path');
  // extended-length paths
  filepath = filepath.replace(/^\\\\\?\\UNC\\/i, '\\\\').replace(/^\\\\\?\\/, '');
  const isShare = filepath.startsWith('\\\\');
  if (isShare) checkShare(filepath);
  let resolved = isShare ? filepath : win32.resolve(filepath);
  if (/[\\/]$/.test(filepath) && !resolved.endsWith('\\')) resolved += '\\';
  const escaped = escapePath(resolved, WINDOWS_UNSAFE).replaceAll('\\', '/');
  return new URL(isShare ? `file:${escaped}` : `file:///${escaped}`);
}

function pathToFileURL(filepath, options) {
  validateString(filepath, 'path');
  if (options?.windows ?? process.platform === 'win32') return windowsFileUrl(filepath);
  let resolved = require('path').posix.resolve(filepath);
  if (filepath.endsWith('/') && !resolved.endsWith('/')) resolved += '/';
  return new URL(`file://${escapePath(resolved, POSIX_UNSAFE)}`);
}

function decodeComponent(pathname) {
  return pathname.includes('%') ? decodeURIComponent(pathname) : pathname;
}

function windowsPath(url) {
  const { hostname } = url;
  if (/%(?:2f|5c)/i.test(url.pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters', url);
  }
  const pathname = decodeComponent(url.pathname.replaceAll('/', '\\'));
  if (hostname !== '') return `\\\\${domainToUnicode(hostname)}${pathname}`;
  if (!/^\\[a-z]:/i.test(pathname)) throw new ERR_INVALID_FILE_URL_PATH('must be absolute', url);
  return pathname.slice(1);
}

function asFileURL(path) {
  if (typeof path === 'string') path = new URL(path);
  else if (!looksLikeURL(path)) throw new ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
  if (path.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
  return path;
}

function checkPosix(url) {
  if (url.hostname !== '') throw new ERR_INVALID_FILE_URL_HOST(process.platform);
}

function fileURLToPath(path, options) {
  const url = asFileURL(path);
  if (options?.windows ?? process.platform === 'win32') return windowsPath(url);
  checkPosix(url);
  if (/%2f/i.test(url.pathname)) throw new ERR_INVALID_FILE_URL_PATH('must not include encoded / characters', url);
  return decodeComponent(url.pathname);
}

// Bytes, because a name need not be UTF-8.
function fileURLToPathBuffer(path, options) {
  const { Buffer } = require('buffer');
  if (options?.windows ?? process.platform === 'win32') return Buffer.from(windowsPath(asFileURL(path)));
  const url = asFileURL(path);
  checkPosix(url);
  const binary = url.pathname.replace(/%([0-9a-f]{2})/gi, (whole, digits) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(binary, 'latin1');
}

function toPathIfFileURL(value) {
  return looksLikeURL(value) ? fileURLToPath(value) : value;
}

function domainToASCII(domain) {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  return internalBinding('url_host').toASCII(`${domain}`.toWellFormed());
}

function domainToUnicode(domain) {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  return internalBinding('url_host').toUnicode(`${domain}`.toWellFormed());
}

// The options of http.request() for a URL.
function urlToHttpOptions(url) {
  validateObject(url, 'url', kValidateObjectAllowObjects);
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url,
    protocol: url.protocol,
    hostname: hostname && hostname[0] === '[' ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

module.exports = {
  URL,
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  fileURLToPathBuffer,
  isURL: looksLikeURL,
  isURLInstance: isURL,
  pathToFileURL,
  toPathIfFileURL,
  urlToHttpOptions,
};
