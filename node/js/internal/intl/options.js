// SPDX-License-Identifier: Apache-2.0
//
// ECMA-402, "Reading options": the abstract operations under their own names.
'use strict';

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// GetOptionsObject
function getOptionsObject(options) {
  if (options === undefined) return { __proto__: null };
  if (!isObject(options)) throw new TypeError('invalid_argument');
  return options;
}

// CoerceOptionsToObject; `service` is for the message.
function coerceOptionsToObject(options, service) {
  if (options === undefined) return { __proto__: null };
  if (options === null) throw new TypeError(`${service} called on null or undefined`);
  return Object(options);
}

// GetOption of a string; `values` is undefined when any will do.
function getOption(options, name, values, fallback, service) {
  const value = options[name];
  if (value === undefined) return fallback;
  const text = `${value}`;
  if (values !== undefined && !values.includes(text)) {
    throw new RangeError(`Value ${text} out of range for ${service} options property ${name}`);
  }
  return text;
}

// GetOption of a boolean
function getBooleanOption(options, name, fallback) {
  const value = options[name];
  return value === undefined ? fallback : !!value;
}

// DefaultNumberOption
function defaultNumberOption(value, minimum, maximum, fallback, name) {
  if (value === undefined) return fallback;
  const number = +value;
  if (!(number >= minimum && number <= maximum)) throw new RangeError(`${name} value is out of range.`);
  return Math.floor(number);
}

// GetNumberOption
function getNumberOption(options, name, minimum, maximum, fallback) {
  return defaultNumberOption(options[name], minimum, maximum, fallback, name);
}

// A numberingSystem, calendar or collation: the `type` of a Unicode extension.
function getTypeOption(options, name, service) {
  const value = getOption(options, name, undefined, undefined, service);
  if (value !== undefined && !/^[a-z0-9]{3,8}(?:-[a-z0-9]{3,8})*$/i.test(value)) {
    throw new RangeError(`Invalid ${name} : ${value}`);
  }
  return value?.toLowerCase();
}

const getMatcher = (options, service) => getOption(options, 'localeMatcher', ['lookup', 'best fit'], 'best fit', service);

module.exports = {
  coerceOptionsToObject,
  defaultNumberOption,
  getBooleanOption,
  getMatcher,
  getNumberOption,
  getOption,
  getOptionsObject,
  getTypeOption,
  isObject,
};
