// SPDX-License-Identifier: Apache-2.0
//
// How the classes of Intl are made: their properties have the attributes that the language gives its own, and what an
// object is made of is in a map of its class.
'use strict';

const { availableLocales, supportedLocales } = require('internal/intl/locales');

const fallbackSymbol = Symbol('IntlLegacyConstructedSymbol');

function hide(target, members) {
  for (const key of Reflect.ownKeys(members)) {
    const descriptor = Object.getOwnPropertyDescriptor(members, key);
    descriptor.enumerable = false;
    descriptor.__proto__ = null;
    Object.defineProperty(target, key, descriptor);
  }
}

// Completes the constructor function: `members` for its prototype, `available` for supportedLocalesOf.
function defineClass(constructor, members, available = availableLocales) {
  const name = `Intl.${constructor.name}`;
  Object.defineProperty(constructor, 'prototype', { __proto__: null, writable: false });
  hide(constructor.prototype, members);
  Object.defineProperty(constructor.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: name });
  if (available === null) return constructor;
  hide(constructor, {
    supportedLocalesOf(locales) {
      return supportedLocales(available(), locales, arguments[1], name);
    },
  });
  return constructor;
}

// OrdinaryCreateFromConstructor
function createFrom(newTarget, constructor) {
  const { prototype } = newTarget;
  const isObject = (typeof prototype === 'object' && prototype !== null) || typeof prototype === 'function';
  return Object.create(isObject ? prototype : constructor.prototype);
}

function requireNew(newTarget, name) {
  if (newTarget === undefined) throw new TypeError(`Constructor Intl.${name} requires 'new'`);
}

const { toString } = Object.prototype;

// As V8 shows a value in a message: an object by its constructor's name, unless it has a text of its own.
function describe(value) {
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const name = value.toString === toString && typeof value.constructor === 'function' ? value.constructor.name : '';
  return name === '' ? toString.call(value) : `#<${name}>`;
}

function throwReceiver(method, object) {
  throw new TypeError(`Method ${method} called on incompatible receiver ${describe(object)}`);
}

// What an object is made of; `method` is for the message.
function slotsOf(map, object, method) {
  const slots = map.get(object);
  if (slots === undefined) throwReceiver(method, object);
  return slots;
}

// Collator, DateTimeFormat and NumberFormat can be called without `new`; the latter two then hang what they made on an
// object that inherits from their prototype.
function chain(constructor, receiver, made) {
  if (!Function.prototype[Symbol.hasInstance].call(constructor, receiver)) return made;
  Object.defineProperty(receiver, fallbackSymbol, { __proto__: null, value: made });
  return receiver;
}

// `method` is for the message about what is no object; V8 has another name for the one that follows.
function unwrap(map, constructor, object, method) {
  if (map.has(object)) return map.get(object);
  if ((typeof object !== 'object' || object === null) && typeof object !== 'function') throwReceiver(method, object);
  const inner = Function.prototype[Symbol.hasInstance].call(constructor, object) ? object[fallbackSymbol] : object;
  // V8 has lost the object by now when it is about numbers.
  return map.get(inner) ?? throwReceiver(`Unwrap${constructor.name}`, constructor.name === 'NumberFormat' ? undefined : inner);
}

module.exports = { chain, createFrom, defineClass, hide, requireNew, slotsOf, throwReceiver, unwrap };
