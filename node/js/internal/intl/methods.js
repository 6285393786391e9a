// SPDX-License-Identifier: Apache-2.0
//
// What internal/intl/install puts on String, Array and the typed arrays.
'use strict';

const { typedArrayLength } = require('internal/intl/install');
const { canonicalizeLocaleList, defaultLocale } = require('internal/intl/locales');
const { isTypedArray } = require('internal/util/types');

const special = /^(?:az|el|lt|tr)(?:-|$)/; // where case depends on the language
const plain = { toLocaleLowerCase: String.prototype.toLowerCase, toLocaleUpperCase: String.prototype.toUpperCase };

function changeCase(receiver, locales, method) {
  if (receiver === undefined || receiver === null) {
    throw new TypeError(`String.prototype.${method} called on null or undefined`);
  }
  const text = `${receiver}`;
  const tag = canonicalizeLocaleList(locales)[0] ?? defaultLocale();
  const language = special.exec(tag);
  if (language === null) return plain[method].call(text);
  const icu = require('internal/intl/icu');
  return (method === 'toLocaleLowerCase' ? icu.u_strToLower : icu.u_strToUpper)(text, tag.slice(0, 2));
}

const open = new Set(); // arrays whose text is being made: one inside itself is nothing

function join(array, length, locales, options) {
  if (open.has(array)) return '';
  open.add(array);
  try {
    let text = '';
    for (let i = 0; i < length; i++) {
      if (i > 0) text += ',';
      const item = array[i];
      if (item !== undefined && item !== null) text += `${item.toLocaleString(locales, options)}`;
    }
    return text;
  } finally {
    open.delete(array);
  }
}

function arrayToLocaleString(receiver, locales, options) {
  if (receiver === undefined || receiver === null) {
    throw new TypeError('Array.prototype.toLocaleString called on null or undefined');
  }
  const array = Object(receiver);
  const length = Math.min(Math.max(Math.trunc(+array.length) || 0, 0), Number.MAX_SAFE_INTEGER);
  return join(array, length, locales, options);
}

const check = Object.getPrototypeOf(Uint8Array.prototype).values; // throws when the array is out of bounds

function typedArrayToLocaleString(receiver, locales, options) {
  if (!isTypedArray(receiver)) throw new TypeError('this is not a typed array.');
  check.call(receiver);
  return join(receiver, typedArrayLength.call(receiver), locales, options);
}

module.exports = { arrayToLocaleString, changeCase, typedArrayToLocaleString };
