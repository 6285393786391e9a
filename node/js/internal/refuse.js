// SPDX-License-Identifier: Apache-2.0
// What Node has and edgejs has not yet. A refusing export throws when it is called, never when it is
// looked at, and its error names it, so that a package which only might use it still runs.
'use strict';

// Tells refusing functions from others, by its description, when the support table is made.
const kRefused = Symbol('edgejs.refused');

function refusal(name) {
  const {
    codes: { ERR_METHOD_NOT_IMPLEMENTED },
  } = require('internal/errors');
  return new ERR_METHOD_NOT_IMPLEMENTED(name);
}

function mark(fn, name) {
  const short = name.slice(name.lastIndexOf('.') + 1);
  Object.defineProperty(fn, 'name', { __proto__: null, configurable: true, value: short });
  Object.defineProperty(fn, kRefused, { __proto__: null, value: name });
  return fn;
}

// A function, or class, that throws: `fs.watch is not implemented`; after what `before` has to say.
function refuse(name, before = undefined) {
  return mark(function () {
    before?.();
    throw refusal(name);
  }, name);
}

// The same for functions that return promises: they reject.
function refuseAsync(name) {
  return mark(async function () {
    throw refusal(name);
  }, name);
}

// One refusing function for each of `names`, as an object to spread into a module's exports.
function refuseAll(prefix, names, make = refuse) {
  return Object.fromEntries(names.map((name) => [name, make(`${prefix}.${name}`)]));
}

module.exports = { refusal, refuse, refuseAll, refuseAsync };
