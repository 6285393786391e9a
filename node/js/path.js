// SPDX-License-Identifier: Apache-2.0
'use strict';

const posix = require('internal/path/posix');

// Few programs ask for the other flavour, so it loads when they do.
function defineWin32(target) {
  Object.defineProperty(target, 'win32', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const win32 = require('internal/path/win32');
      win32.posix = posix;
      for (const owner of [posix, win32]) {
        Object.defineProperty(owner, 'win32', {
          __proto__: null,
          configurable: true,
          enumerable: true,
          value: win32,
          writable: true,
        });
      }
      return win32;
    },
  });
}

posix.posix = posix;
defineWin32(posix);

module.exports = posix;
