// SPDX-License-Identifier: Apache-2.0
//
// localStorage and sessionStorage (https://html.spec.whatwg.org/#webstorage): what is stored are the properties of a
// proxy around an object that has Storage's methods. With --experimental-webstorage.
'use strict';

const host = internalBinding('web_storage_host');
const { codes: { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS } } = require('internal/errors');
const { customInspectSymbol, emitExperimentalWarning } = require('internal/util');

const MEMORY = ':memory:';

const areas = new WeakMap(); // the file of each Storage

function areaOf(storage) {
  const area = areas.get(storage);
  if (area === undefined) throw new TypeError('Illegal invocation');
  return area;
}

function checkCount(name, args, count) {
  if (args.length >= count) return;
  const error = new ERR_MISSING_ARGS('');
  error.message = `Failed to execute '${name}' on 'Storage': ${count} argument${count > 1 ? 's' : ''} required`;
  throw error;
}

// An item's text, undefined when there is none.
const read = (area, key) => host.get(area, key) ?? undefined;

function store(area, key, value) {
  try {
    host.put(area, key, value);
  } catch (error) {
    if (error.code !== 'ERR_QUOTA_EXCEEDED') throw error;
    throw new DOMException('Setting the value exceeded the quota', 'QuotaExceededError');
  }
}

function Storage() {
  throw Object.assign(new Error('Illegal constructor'), { code: 'ERR_ILLEGAL_CONSTRUCTOR' }); // no TypeError in Node
}

Object.defineProperty(Storage.prototype, 'length', {
  __proto__: null, configurable: false, enumerable: true,
  get() {
    return host.size(areaOf(this));
  },
});
const methods = {
  clear() {
    host.clear(areaOf(this));
  },
  getItem(...args) {
    const area = areaOf(this);
    checkCount('getItem', args, 1);
    return read(area, `${args[0]}`) ?? null;
  },
  key(...args) {
    const area = areaOf(this);
    checkCount('key', args, 1);
    return host.keyAt(area, args[0] >>> 0) ?? null;
  },
  removeItem(...args) {
    const area = areaOf(this);
    checkCount('removeItem', args, 1);
    host.remove(area, `${args[0]}`);
  },
  setItem(...args) {
    const area = areaOf(this);
    checkCount('setItem', args, 2);
    store(area, `${args[0]}`, `${args[1]}`);
  },
};
Object.assign(Storage.prototype, methods);
Object.defineProperty(Storage.prototype, customInspectSymbol, {
  __proto__: null, configurable: true, enumerable: false, writable: true,
  value(depth, options, inspect) {
    // A plain object in its place: an inspector of its own that is hidden, and the same items.
    const shown = Object.create(Storage.prototype, { [customInspectSymbol]: { __proto__: null, value: undefined } });
    for (const key of Object.keys(this)) {
      Object.defineProperty(shown, key, { __proto__: null, enumerable: true, value: this[key] });
    }
    return inspect(shown, options);
  },
});

// Properties of Storage.prototype and symbols are ordinary, every other is an item.
class Items {
  constructor(area) {
    this.area = area;
  }

  isItem(target, key) {
    return typeof key === 'string' && !(key in target);
  }

  get(target, key, receiver) {
    return this.isItem(target, key) ? read(this.area, key) : Reflect.get(target, key, receiver);
  }

  set(target, key, value, receiver) {
    if (typeof key === 'symbol') return Reflect.set(target, key, value);
    store(this.area, key, `${value}`);
    return true;
  }

  has(target, key) {
    return key in target || (typeof key === 'string' && read(this.area, key) !== undefined);
  }

  deleteProperty(target, key) {
    if (typeof key === 'symbol') return Reflect.deleteProperty(target, key);
    host.remove(this.area, key);
    return true;
  }

  ownKeys(target) {
    return host.keys(this.area);
  }

  getOwnPropertyDescriptor(target, key) {
    if (!this.isItem(target, key)) return Reflect.getOwnPropertyDescriptor(target, key);
    const value = read(this.area, key);
    return value === undefined ? undefined : { configurable: true, enumerable: true, value, writable: true };
  }

  defineProperty(target, key, descriptor) {
    if (typeof key === 'symbol') return Reflect.defineProperty(target, key, descriptor);
    if ('value' in descriptor) store(this.area, key, `${descriptor.value}`);
    return true;
  }

  preventExtensions() {
    return false;
  }
}

function makeStorage(area) {
  const storage = new Proxy(Object.create(Storage.prototype), new Items(area));
  areas.set(storage, area);
  return storage;
}

let local, session;

function defineStorage(name, make) {
  Object.defineProperty(globalThis, name, {
    __proto__: null, configurable: true, enumerable: true,
    get: make,
    set(value) {
      Object.defineProperty(globalThis, name, {
        __proto__: null, configurable: true, enumerable: true, value, writable: true,
      });
    },
  });
}

function setUpWebStorage() {
  const { getOptionValue } = require('internal/options');
  Object.defineProperty(globalThis, 'Storage', {
    __proto__: null, configurable: true, enumerable: false, value: Storage, writable: true,
  });
  defineStorage('localStorage', () => {
    if (local !== undefined) return local;
    emitExperimentalWarning('Web Storage');
    const file = getOptionValue('--localstorage-file') ?? '';
    if (file === '') {
      throw new ERR_INVALID_ARG_VALUE('--localstorage-file', file, 'is an invalid localStorage location');
    }
    return local = makeStorage(require('path').resolve(file));
  });
  defineStorage('sessionStorage', () => {
    if (session !== undefined) return session;
    emitExperimentalWarning('Web Storage');
    return session = makeStorage(MEMORY);
  });
}

module.exports = { setUpWebStorage };
