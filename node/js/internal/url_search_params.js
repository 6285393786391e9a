// SPDX-License-Identifier: Apache-2.0
// URLSearchParams: the application/x-www-form-urlencoded parser and serializer of the URL standard.
'use strict';

const {
  codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_THIS, ERR_INVALID_TUPLE, ERR_MISSING_ARGS },
} = require('internal/errors');

// Between a URL and its searchParams: the method by which each tells the other of a new query.
const follow = Symbol('query');

const kDone = { value: undefined, done: true };
const kInspect = Symbol.for('nodejs.util.inspect.custom');

// Bytes of `%` escapes that may be no UTF-8 need the decoder; everything else is plain.
function decode(text) {
  text = text.replaceAll('+', ' ');
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // malformed: the standard keeps broken escapes and replaces broken bytes
    return decodeLoosely(text);
  }
}

function decodeLoosely(text) {
  const { Buffer } = require('buffer');
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    return Buffer.from(escapes.replaceAll('%', ''), 'hex').toString();
  });
}

// What encodeURIComponent leaves alone and this serializer does not, and the other way round.
const extraEscapes = { '__proto__': null, '!': '%21', "'": '%27', '(': '%28', ')': '%29', '~': '%7E', '%20': '+' };

function encode(text) {
  return encodeURIComponent(text).replace(/%20|[!'()~]/g, (found) => extraEscapes[found]);
}

function parse(query) {
  const list = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals === -1) list.push([decode(pair), '']);
    else list.push([decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]);
  }
  return list;
}

const toText = (value) => `${value}`.toWellFormed();

function fromSequence(init) {
  if (typeof init[Symbol.iterator] !== 'function') throw new ERR_ARG_NOT_ITERABLE('Query pairs');
  const list = [];
  for (const pair of init) {
    if (
      (typeof pair !== 'object' && typeof pair !== 'function') ||
      pair === null ||
      typeof pair[Symbol.iterator] !== 'function'
    ) {
      throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    }
    const items = [...pair];
    if (items.length !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    list.push([toText(items[0]), toText(items[1])]);
  }
  return list;
}

function fromRecord(init) {
  const found = new Map();
  for (const key of Reflect.ownKeys(init)) {
    if (Object.getOwnPropertyDescriptor(init, key)?.enumerable) found.set(toText(key), toText(init[key]));
  }
  return [...found];
}

function initialList(init) {
  if (init === undefined) return [];
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
    const query = toText(init);
    return parse(query[0] === '?' ? query.slice(1) : query);
  }
  const method = init[Symbol.iterator];
  if (method === undefined || method === null) return fromRecord(init);
  return fromSequence(init);
}

class URLSearchParams {
  #list;
  #url = null;

  constructor(init = undefined, url = undefined) {
    this.#list = initialList(init);
    if (url?.[follow] !== undefined) this.#url = url;
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#list in value)) throw new ERR_INVALID_THIS('URLSearchParams');
  }

  #changed() {
    if (this.#url !== null) this.#url[follow](this.toString());
  }

  // The URL's query was set: the same object shows the new one.
  [follow](search) {
    this.#list = parse(search[0] === '?' ? search.slice(1) : search);
  }

  static #assertNamed(given, ...names) {
    if (given < names.length) throw new ERR_MISSING_ARGS(...names);
  }

  get size() {
    URLSearchParams.#check(this);
    return this.#list.length;
  }

  append(name, value) {
    URLSearchParams.#check(this);
    URLSearchParams.#assertNamed(arguments.length, 'name', 'value');
    this.#list.push([toText(name), toText(value)]);
    this.#changed();
  }

  delete(name, value = undefined) {
    URLSearchParams.#check(this);
    URLSearchParams.#assertNamed(arguments.length, 'name');
    name = toText(name);
    if (value !== undefined) value = toText(value);
    this.#list = this.#list.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== value));
    this.#changed();
  }

  get(name) {
    URLSearchParams.#check(this);
    URLSearchParams.#assertNamed(arguments.length, 'name');
    name = toText(name);
    return this.#list.find((pair) => pair[0] === name)?.[1] ?? null;
  }

  getAll(name) {
    URLSearchParams.#check(this);
    URLSearchParams.#assertNamed(arguments.length, 'name');
    name = toText(name);
    return this.#list.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }

  has(name, value = undefined) {
    URLSearchParams.#check(this);
    URLSearchParams.#assertNamed(arguments.length, 'name');
    name = toText(name);
    if (value !== undefined) value = toText(value);
    return this.#list.some((pair) => pair[0] === name && (value === undefined || pair[1] === value));
  }

  set(name, value) {
    URLSearchParams.#check(this);
    URLSearchParams.#assertNamed(arguments.length, 'name', 'value');
    name = toText(name);
    value = toText(value);
    const at = this.#list.findIndex((pair) => pair[0] === name);
    if (at === -1) {
      this.#list.push([name, value]);
    } else {
      this.#list[at][1] = value;
      this.#list = this.#list.filter((pair, i) => i <= at || pair[0] !== name);
    }
    this.#changed();
  }

  sort() {
    URLSearchParams.#check(this);
    this.#list.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
    this.#changed();
  }

  forEach(callback, thisArg = undefined) {
    URLSearchParams.#check(this);
    require('internal/validators').validateFunction(callback, 'callback');
    for (let i = 0; i < this.#list.length; i++) {
      const [name, value] = this.#list[i];
      Reflect.apply(callback, thisArg, [value, name, this]);
    }
  }

  // Iterators see what is added or removed while they run.
  #iterator(pick) {
    let index = 0;
    const iterator = Object.create(iteratorPrototype);
    iterators.set(iterator, {
      next: () => (index < this.#list.length ? { value: pick(this.#list[index++]), done: false } : kDone),
      left: () => this.#list.slice(index).map(pick),
    });
    return iterator;
  }

  entries() {
    URLSearchParams.#check(this);
    return this.#iterator((pair) => [...pair]);
  }

  keys() {
    URLSearchParams.#check(this);
    return this.#iterator((pair) => pair[0]);
  }

  values() {
    URLSearchParams.#check(this);
    return this.#iterator((pair) => pair[1]);
  }

  toString() {
    URLSearchParams.#check(this);
    return this.#list.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }

  [kInspect](depth, options, inspect) {
    URLSearchParams.#check(this);
    if (typeof depth === 'number' && depth < 0) return '[Object]';
    if (this.#list.length === 0) return 'URLSearchParams {}';
    const shown = this.#list.map(([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
    const width = shown.reduce((sum, text) => sum + text.length + 2, 0);
    if (width > (options.breakLength ?? 80)) return `URLSearchParams {\n  ${shown.join(',\n  ')} }`;
    return `URLSearchParams { ${shown.join(', ')} }`;
  }
}

const iterators = new WeakMap();
const iteratorPrototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
  next: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    writable: true,
    value: function next() {
      const state = iterators.get(this);
      if (state === undefined) throw new ERR_INVALID_THIS('URLSearchParamsIterator');
      return { ...state.next() };
    },
  },
  [kInspect]: {
    __proto__: null,
    configurable: true,
    writable: true,
    value(depth, options, inspect) {
      const state = iterators.get(this);
      if (state === undefined) throw new ERR_INVALID_THIS('URLSearchParamsIterator');
      if (typeof depth === 'number' && depth < 0) return '[Object]';
      const shown = state.left().map((item) => inspect(item, options));
      const width = shown.reduce((sum, text) => sum + text.length + 2, 0);
      if (width > (options.breakLength ?? 80)) return `URLSearchParams Iterator {\n  ${shown.join(',\n  ')} }`;
      return `URLSearchParams Iterator { ${shown.join(', ')} }`;
    },
  },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'URLSearchParams Iterator' },
});

for (const name of [
  'append',
  'delete',
  'entries',
  'forEach',
  'get',
  'getAll',
  'has',
  'keys',
  'set',
  'size',
  'sort',
  'toString',
  'values',
]) {
  const descriptor = Object.getOwnPropertyDescriptor(URLSearchParams.prototype, name);
  Object.defineProperty(URLSearchParams.prototype, name, { ...descriptor, enumerable: true });
}
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  __proto__: null,
  configurable: true,
  value: URLSearchParams.prototype.entries,
  writable: true,
});
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'URLSearchParams',
});

module.exports = { URLSearchParams, follow };
