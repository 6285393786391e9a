// SPDX-License-Identifier: Apache-2.0
//
// The methods of the language's own objects that ask for a locale. They load what they need when they are called.
'use strict';

const number = (receiver, locales, options) =>
  require('internal/intl/number_format').formatNumber(receiver, locales, options);

let strings; // they are called often
const dateStrings = () => strings ??= require('internal/intl/date_strings');
const date = (method, receiver, locales, options) => dateStrings().dateString(method, receiver, locales, options);

const METHODS = {
  __proto__: null,
  Number: {
    toLocaleString() {
      return number(numberOf.call(this), arguments[0], arguments[1]);
    },
  },
  BigInt: {
    toLocaleString() {
      return number(bigIntOf.call(this), arguments[0], arguments[1]);
    },
  },
  Array: {
    toLocaleString() {
      return require('internal/intl/methods').arrayToLocaleString(this, arguments[0], arguments[1]);
    },
  },
  TypedArray: {
    toLocaleString() {
      return require('internal/intl/methods').typedArrayToLocaleString(this, arguments[0], arguments[1]);
    },
  },
  Date: {
    toLocaleString() {
      return date('toLocaleString', this, arguments[0], arguments[1]);
    },
    toLocaleDateString() {
      return date('toLocaleDateString', this, arguments[0], arguments[1]);
    },
    toLocaleTimeString() {
      return date('toLocaleTimeString', this, arguments[0], arguments[1]);
    },
  },
  String: {
    localeCompare(that, locales = undefined, options = undefined) { // `arguments` would cost more than the rest
      if (this === undefined || this === null) {
        throw new TypeError('String.prototype.localeCompare called on null or undefined');
      }
      return dateStrings().compare(`${this}`, `${that}`, locales, options);
    },
    toLocaleLowerCase() {
      return require('internal/intl/methods').changeCase(this, arguments[0], 'toLocaleLowerCase');
    },
    toLocaleUpperCase() {
      return require('internal/intl/methods').changeCase(this, arguments[0], 'toLocaleUpperCase');
    },
  },
};

// What a program may have replaced before the rest is loaded
const typedArrays = Object.getPrototypeOf(Uint8Array.prototype);
const typedArrayLength = Object.getOwnPropertyDescriptor(typedArrays, 'length').get;

// As V8 words it, where the engine says `not a number`
function numberOf() {
  try {
    return Number.prototype.valueOf.call(this);
  } catch {
    throw new TypeError("Number.prototype.toLocaleString requires that 'this' be a Number");
  }
}

function bigIntOf() {
  try {
    return BigInt.prototype.valueOf.call(this);
  } catch {
    throw new TypeError("BigInt.prototype.toLocaleString requires that 'this' be a BigInt");
  }
}

// For the objects of one realm
function install(global) {
  for (const name in METHODS) {
    const owner = name === 'TypedArray' ? Object.getPrototypeOf(global.Uint8Array) : global[name];
    const methods = METHODS[name];
    for (const key in methods) {
      Object.defineProperty(owner.prototype, key, {
        __proto__: null, configurable: true, enumerable: false, value: methods[key], writable: true,
      });
    }
  }
}

module.exports = { install, typedArrayLength };
