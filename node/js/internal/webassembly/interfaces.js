// SPDX-License-Identifier: Apache-2.0
//
// What the interfaces of WebAssembly share: their properties, and arguments that are sizes.
'use strict';

// Members of an interface are enumerable, its tag is not.
function publish(constructor, members) {
  const { name, prototype } = constructor;
  for (const member of members) Object.defineProperty(prototype, member, { __proto__: null, enumerable: true });
  Object.defineProperty(prototype, Symbol.toStringTag, {
    __proto__: null, configurable: true, value: `WebAssembly.${name}`,
  });
}

// WebIDL's [EnforceRange] unsigned long.
function toSize(value, what) {
  const number = Math.trunc(+value);
  if (!Number.isFinite(number)) throw new TypeError(`${what} must be convertible to a valid number`);
  if (number < 0) throw new TypeError(`${what} must be non-negative`);
  if (number > 0xffffffff) throw new TypeError(`${what} must be in the unsigned long range`);
  return number;
}

// `initial` and `maximum` of a descriptor.
function limitsOf(descriptor, most, where) {
  const bounded = (name, least, value) => {
    const size = toSize(value, `${where}: Property '${name}'`);
    if (size < least)
      throw new RangeError(`${where}: Property '${name}': value ${size} is below the lower bound ${least}`);
    if (size > most)
      throw new RangeError(`${where}: Property '${name}': value ${size} is above the upper bound ${most}`);
    return size;
  };
  const { initial: least } = descriptor;
  if (least === undefined) throw new TypeError(`${where}: Property 'initial' is required`);
  const initial = bounded('initial', 0, least);
  const { maximum } = descriptor;
  return { initial, maximum: maximum === undefined ? null : bounded('maximum', initial, maximum) };
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// What a constructor gets for an item that a store has already.
class Adoption {
  constructor(place, type) {
    this.place = place;
    this.type = type;
  }
}

module.exports = { Adoption, isObject, limitsOf, publish, toSize };
