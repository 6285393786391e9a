// SPDX-License-Identifier: Apache-2.0
//
// The Date of mock.timers: its present is `clock.now`.
'use strict';

function makeDate(Native, clock) {
  function MockDate(...args) {
    if (new.target === undefined) return new Native(clock.now).toString();
    return Reflect.construct(Native, args.length === 0 ? [clock.now] : args, new.target);
  }
  Object.defineProperties(MockDate, Object.getOwnPropertyDescriptors(Native));
  MockDate.now = function now() {
    return clock.now;
  };
  MockDate.toString = () => 'function Date() { [native code] }';
  Object.defineProperty(MockDate, 'isMock', { __proto__: null, configurable: false, enumerable: false, value: true, writable: false });
  return MockDate;
}

module.exports = { makeDate };
