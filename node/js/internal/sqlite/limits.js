// SPDX-License-Identifier: Apache-2.0
//
// DatabaseSync.prototype.limits: what SQLite allows a statement.
'use strict';

const { fault, invalidType } = require('internal/sqlite/arguments');

// By the number that SQLite has for each.
const NAMES = ['length', 'sqlLength', 'column', 'exprDepth', 'compoundSelect', 'vdbeOp', 'functionArg', 'attach',
  'likePatternLength', 'variableNumber', 'triggerDepth'];
const MOST = 2 ** 31 - 1;

// `exchange(number, value)` sets a limit, -1 only asks; it gives the one of before.
function makeLimits(exchange) {
  const limits = { __proto__: null };
  NAMES.forEach((name, number) => {
    Object.defineProperty(limits, name, {
      __proto__: null,
      configurable: false,
      enumerable: true,
      get: () => exchange(number, -1),
      set(value) {
        if (typeof value !== 'number' || (!Number.isInteger(value) && value !== Infinity)) {
          throw invalidType('Limit value must be a non-negative integer or Infinity.');
        }
        if (value < 0) throw fault(RangeError, 'ERR_OUT_OF_RANGE', 'Limit value must be non-negative.');
        exchange(number, value === Infinity ? MOST : value);
      },
    });
  });
  return limits;
}

// The limits that are given when a database is opened.
function readLimits(given) {
  if (given === undefined) return [];
  if (typeof given !== 'object' || given === null) throw invalidType('The "options.limits" argument must be an object.');
  const found = [];
  NAMES.forEach((name, number) => {
    const value = given[name];
    if (value === undefined) return;
    if (!Number.isInteger(value)) throw invalidType(`The "options.limits.${name}" argument must be an integer.`);
    if (value < 0) {
      throw fault(RangeError, 'ERR_OUT_OF_RANGE', `The "options.limits.${name}" argument must be non-negative.`);
    }
    found.push([number, value]);
  });
  return found;
}

module.exports = { makeLimits, readLimits };
