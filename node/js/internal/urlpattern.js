// SPDX-License-Identifier: Apache-2.0
//
// URLPattern (https://urlpattern.spec.whatwg.org).
'use strict';

const {
  codes: { ERR_CONSTRUCT_CALL_REQUIRED, ERR_INVALID_ARG_TYPE, ERR_INVALID_URL_PATTERN },
} = require('internal/errors');
const { URL } = require('internal/url');
const { canonical, DEFAULT_PORTS, SPECIAL } = require('internal/urlpattern/components');
const { splitConstructorString } = require('internal/urlpattern/constructor_string');
const { parsePattern, toPattern, toRegExp } = require('internal/urlpattern/parts');
const { enumerable, setToStringTag } = require('internal/util');

const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
const OPTIONS = {
  default: { delimiter: '', prefix: '' },
  hostname: { delimiter: '.', prefix: '' },
  pathname: { delimiter: '/', prefix: '/' },
};

// --- Components ---

function compile(pattern, options, encode) {
  const parts = parsePattern(pattern, options, encode);
  return {
    ...toRegExp(parts, options),
    hasRegExp: parts.some(({ type }) => type === 'regexp'),
    pattern: toPattern(parts, options),
  };
}

const matchesSpecial = ({ regexp }) => SPECIAL.some((scheme) => regexp.test(scheme));

const isSpecialPattern = (protocol) => matchesSpecial(compile(protocol ?? '*', OPTIONS.default, canonical.protocol));

const isIPv6 = (pattern) => /^(?:\[|\\\[|\{\[)/.test(pattern);

// --- URLPatternInit ---

const escapePattern = (text) => text.replace(/[+*?:{}()\\]/g, '\\$&');
const stripOne = (text, start, end) => {
  if (start !== undefined && text.startsWith(start)) return text.slice(1);
  return end !== undefined && text.endsWith(end) ? text.slice(0, -1) : text;
};

function isAbsolutePathname(value, isPattern) {
  if (value === '') return false;
  if (value[0] === '/') return true;
  return isPattern && (value.startsWith('\\/') || value.startsWith('{/'));
}

// What a base URL gives to components that are not in `init`, and that nothing before them is either.
function inherit(result, init, isPattern) {
  const base = URL.parse(init.baseURL);
  if (base === null) throw new TypeError(`Invalid baseURL '${init.baseURL}'`);
  const value = isPattern ? escapePattern : (text) => text;
  const lacks = (...names) => names.every((name) => init[name] === undefined);
  if (lacks('protocol')) result.protocol = value(base.protocol.slice(0, -1));
  if (!isPattern && lacks('protocol', 'hostname', 'port', 'username')) result.username = base.username;
  if (!isPattern && lacks('protocol', 'hostname', 'port', 'username', 'password')) result.password = base.password;
  if (lacks('protocol', 'hostname')) result.hostname = value(base.hostname);
  if (lacks('protocol', 'hostname', 'port')) result.port = base.port;
  if (lacks('protocol', 'hostname', 'port', 'pathname')) result.pathname = value(base.pathname);
  if (lacks('protocol', 'hostname', 'port', 'pathname', 'search')) result.search = value(base.search.slice(1));
  if (lacks('protocol', 'hostname', 'port', 'pathname', 'search', 'hash')) result.hash = value(base.hash.slice(1));
  return base;
}

function resolvePathname(pathname, base, isPattern) {
  if (base === undefined || isAbsolutePathname(pathname, isPattern) || !base.pathname.startsWith('/')) return pathname;
  const folder = base.pathname.slice(0, base.pathname.lastIndexOf('/') + 1);
  return (isPattern ? escapePattern(folder) : folder) + pathname;
}

// The components of `init`, with those of its baseURL; canonical unless they are patterns.
function processInit(init, isPattern, defaults) {
  const result = { ...defaults };
  const base = init.baseURL === undefined ? undefined : inherit(result, init, isPattern);
  const encode = (name, value, ...more) => (isPattern ? value : canonical[name](value, ...more));
  if (init.protocol !== undefined) result.protocol = encode('protocol', stripOne(init.protocol, undefined, ':'));
  for (const name of ['username', 'password', 'hostname']) {
    if (init[name] !== undefined) result[name] = encode(name, init[name]);
  }
  if (init.port !== undefined) result.port = encode('port', init.port, result.protocol);
  if (init.pathname !== undefined) {
    const pathname = resolvePathname(init.pathname, base, isPattern);
    const isStandard = result.protocol === undefined || result.protocol === '' || SPECIAL.includes(result.protocol);
    result.pathname = encode(isStandard ? 'pathname' : 'opaquePathname', pathname);
  }
  if (init.search !== undefined) result.search = encode('search', stripOne(init.search, '?'));
  if (init.hash !== undefined) result.hash = encode('hash', stripOne(init.hash, '#'));
  return result;
}

function readInit(object) {
  const init = {};
  for (const name of [...COMPONENTS, 'baseURL'].toSorted()) {
    const value = object[name];
    if (value !== undefined) init[name] = `${value}`;
  }
  return init;
}

function splitPattern(input, base) {
  const init = splitConstructorString(input, isSpecialPattern);
  if (base === undefined && init.protocol === undefined) throw new TypeError('A relative pattern needs a base URL');
  if (base !== undefined) init.baseURL = base;
  return init;
}

function readArguments(args) {
  const [input = {}, second, third] = args;
  if (typeof input !== 'string' && (typeof input !== 'object' || input === null)) {
    throw new ERR_INVALID_ARG_TYPE('input', ['string', 'object'], input);
  }
  let base;
  let options = second;
  if (typeof second === 'string') {
    base = second;
    options = third;
  } else if (args.length > 1 && (typeof second !== 'object' || second === null) && second !== undefined) {
    throw new ERR_INVALID_ARG_TYPE('baseURL', ['string', 'object'], second);
  }
  if (options !== undefined && (typeof options !== 'object' || options === null)) {
    throw new ERR_INVALID_ARG_TYPE('options', 'object', options);
  }
  const ignoreCase = options?.ignoreCase;
  if (ignoreCase !== undefined && typeof ignoreCase !== 'boolean') {
    throw new ERR_INVALID_ARG_TYPE('options.ignoreCase', 'boolean', ignoreCase);
  }
  return { base, ignoreCase: ignoreCase === true, input };
}

class URLPattern {
  #components = {};

  constructor(...args) {
    const { base, ignoreCase, input } = readArguments(args);
    if (typeof input !== 'string' && base !== undefined) throw new ERR_INVALID_URL_PATTERN();
    const init = typeof input === 'string' ? undefined : readInit(input); // whose getters may throw what they like
    try {
      this.#compile(processInit(init ?? splitPattern(input, base), true, {}), ignoreCase);
    } catch {
      throw new ERR_INVALID_URL_PATTERN();
    }
  }

  #compile(given, ignoreCase) {
    const init = Object.fromEntries(COMPONENTS.map((name) => [name, given[name] ?? '*']));
    if (SPECIAL.includes(init.protocol) && DEFAULT_PORTS[init.protocol] === init.port) init.port = '';
    const components = this.#components;
    for (const name of ['protocol', 'username', 'password', 'port', 'search', 'hash']) {
      const options = { ...OPTIONS.default, ignoreCase: ignoreCase && (name === 'search' || name === 'hash') };
      components[name] = compile(init[name], options, canonical[name]);
    }
    const host = isIPv6(init.hostname) ? canonical.ipv6Hostname : canonical.hostname;
    components.hostname = compile(init.hostname, OPTIONS.hostname, host);
    components.pathname = matchesSpecial(components.protocol)
      ? compile(init.pathname, { ...OPTIONS.pathname, ignoreCase }, canonical.pathname)
      : compile(init.pathname, { ...OPTIONS.default, ignoreCase }, canonical.opaquePathname);
  }

  static #of(receiver) {
    if (typeof receiver !== 'object' || receiver === null || !(#components in receiver)) {
      throw new TypeError('Illegal invocation');
    }
    return receiver.#components;
  }

  static components(pattern) {
    return URLPattern.#of(pattern);
  }

  test(...args) {
    const components = URLPattern.#of(this);
    const values = readInput(args);
    return values !== null && COMPONENTS.every((name) => components[name].regexp.test(values[name]));
  }

  exec(...args) {
    const components = URLPattern.#of(this);
    const values = readInput(args);
    if (values === null) return null;
    const result = { inputs: args.filter((argument) => argument !== undefined) };
    if (args.length === 0) result.inputs = [{}];
    for (const name of COMPONENTS) {
      const { names, regexp } = components[name];
      const found = regexp.exec(values[name]);
      if (found === null) return null;
      result[name] = {
        input: values[name],
        groups: Object.fromEntries(names.map((group, i) => [group, found[i + 1]])),
      };
    }
    return result;
  }

  get hasRegExpGroups() {
    const components = URLPattern.#of(this);
    return COMPONENTS.some((name) => components[name].hasRegExp);
  }
}

const { components: componentsOf } = URLPattern;
delete URLPattern.components;

// The components of what is to be matched, null when it is no URL.
function readInput(args) {
  const [input = {}, base] = args;
  if (typeof input !== 'string' && (typeof input !== 'object' || input === null)) {
    throw new ERR_INVALID_ARG_TYPE('input', ['string', 'object'], input);
  }
  if (base !== undefined && typeof base !== 'string') throw new ERR_INVALID_ARG_TYPE('baseURL', 'string', base);
  const values = Object.fromEntries(COMPONENTS.map((name) => [name, '']));
  if (typeof input !== 'string') {
    if (base !== undefined) throw new TypeError('A base URL goes with a string only');
    try {
      return processInit(readInit(input), false, values);
    } catch {
      return null; // no URL has such components
    }
  }
  const url = URL.parse(input, base);
  if (url === null) return null;
  for (const name of COMPONENTS) values[name] = url[name];
  values.protocol = values.protocol.slice(0, -1);
  values.search = values.search.slice(1);
  values.hash = values.hash.slice(1);
  return values;
}

for (const name of COMPONENTS) {
  const { get } = Object.getOwnPropertyDescriptor(
    {
      get [name]() {
        return componentsOf(this)[name].pattern;
      },
    },
    name
  );
  Object.defineProperty(URLPattern.prototype, name, { __proto__: null, configurable: true, enumerable: true, get });
}
enumerable(URLPattern, 'exec', 'test', 'hasRegExpGroups');
setToStringTag(URLPattern, 'URLPattern');

// A class that says what Node says when it is called as a function.
const Callable = new Proxy(URLPattern, {
  __proto__: null,
  apply() {
    throw new ERR_CONSTRUCT_CALL_REQUIRED('URLPattern');
  },
});
URLPattern.prototype.constructor = Callable;

module.exports = { URLPattern: Callable };
