// SPDX-License-Identifier: Apache-2.0
//
// FormData (https://xhr.spec.whatwg.org/#interface-formdata): a list of names with texts and files. Errors have undici's
// words, as Node's have.
'use strict';

const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');
const { File, isBlob } = require('internal/blob');

function need(args, count, method) {
  if (args.length >= count) return;
  const found = `${args.length === 0 ? '' : 'only '}${args.length}`;
  const wanted = `${count} argument${count === 1 ? '' : 's'}`;
  throw new TypeError(`FormData.${method}: ${wanted} required, but ${found} found.`);
}

const scalar = (value) => `${value}`.toWellFormed();

// An entry's value: text, or a File, which a Blob becomes.
function makeValue(method, args) {
  const [, value, filename] = args;
  if (args.length >= 3 || isBlob(value)) {
    if (!isBlob(value)) {
      const shown = typeof value === 'string' ? `"${value}"` : require('internal/util/inspect').inspect(value);
      throw new TypeError(`FormData.${method}: Expected value ("${shown}") to be an instance of Blob.`);
    }
    if (value instanceof File && filename === undefined) return value;
    const name = filename === undefined ? 'blob' : scalar(filename);
    const options = value instanceof File ? { type: value.type, lastModified: value.lastModified } : { type: value.type };
    return new File([value], name, options);
  }
  return scalar(value);
}

class FormDataIterator {
  #form;
  #pick;
  #at = 0;

  constructor(form, pick) {
    this.#form = form;
    this.#pick = pick;
  }

  // What is appended meanwhile comes too.
  next() {
    const entry = entriesOf(this.#form)[this.#at++];
    return entry === undefined ? { value: undefined, done: true } : { value: this.#pick(entry), done: false };
  }
}
Object.setPrototypeOf(
  FormDataIterator.prototype,
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
);
setToStringTag(FormDataIterator, 'FormData Iterator');

let entriesOf;

class FormData {
  #entries = [];

  constructor(form = undefined) {
    if (form !== undefined) {
      throw new TypeError('FormData constructor: Argument 1 could not be converted to: undefined.');
    }
  }

  static {
    entriesOf = (form) => {
      if (form === null || typeof form !== 'object' || !(#entries in form)) {
        throw Object.assign(new TypeError('Illegal invocation'), { code: 'ERR_INVALID_THIS' });
      }
      return form.#entries;
    };
  }

  append(...args) {
    const entries = entriesOf(this);
    need(args, 2, 'append');
    entries.push([scalar(args[0]), makeValue('append', args)]);
  }

  delete(...args) {
    const entries = entriesOf(this);
    need(args, 1, 'delete');
    const name = scalar(args[0]);
    this.#entries = entries.filter(([each]) => each !== name);
  }

  get(...args) {
    const entries = entriesOf(this);
    need(args, 1, 'get');
    const name = scalar(args[0]);
    return entries.find(([each]) => each === name)?.[1] ?? null;
  }

  getAll(...args) {
    const entries = entriesOf(this);
    need(args, 1, 'getAll');
    const name = scalar(args[0]);
    return entries.filter(([each]) => each === name).map(([, value]) => value);
  }

  has(...args) {
    const entries = entriesOf(this);
    need(args, 1, 'has');
    const name = scalar(args[0]);
    return entries.some(([each]) => each === name);
  }

  // The first entry of that name changes its value, the others go.
  set(...args) {
    const entries = entriesOf(this);
    need(args, 2, 'set');
    const name = scalar(args[0]);
    const entry = [name, makeValue('set', args)];
    const at = entries.findIndex(([each]) => each === name);
    if (at === -1) entries.push(entry);
    else this.#entries = entries.filter(([each], i) => i <= at || each !== name).with(at, entry);
  }

  keys() {
    entriesOf(this);
    return new FormDataIterator(this, ([name]) => name);
  }

  values() {
    entriesOf(this);
    return new FormDataIterator(this, ([, value]) => value);
  }

  entries() {
    entriesOf(this);
    return new FormDataIterator(this, ([name, value]) => [name, value]);
  }

  forEach(callback, thisArg = undefined) {
    entriesOf(this);
    if (typeof callback !== 'function') {
      throw new TypeError("Failed to execute 'forEach' on 'FormData': parameter 1 is not of type 'Function'.");
    }
    for (const [name, value] of this) Reflect.apply(callback, thisArg, [value, name, this]);
  }

  [customInspectSymbol](depth, options) {
    const shown = {};
    for (const [name, value] of entriesOf(this)) {
      const before = Object.hasOwn(shown, name) ? shown[name] : undefined;
      if (before === undefined) shown[name] = value;
      else if (Array.isArray(before)) before.push(value);
      else shown[name] = [before, value];
    }
    const { inspect } = require('internal/util/inspect');
    return `FormData ${inspect(shown, { ...options, depth: options.depth ?? undefined })}`;
  }
}
Object.defineProperty(FormData.prototype, Symbol.iterator, {
  __proto__: null,
  configurable: true,
  enumerable: false,
  value: FormData.prototype.entries,
  writable: true,
});
setToStringTag(FormData, 'FormData');
enumerable(FormData, 'append', 'delete', 'get', 'getAll', 'has', 'set', 'keys', 'values', 'entries', 'forEach');

module.exports = { FormData };
