// SPDX-License-Identifier: Apache-2.0
//
// Runs programs of the addon fuzz.c: one on each line of standard input, in hex. Says which one begins.
'use strict';

const { run } = require(process.argv[2]);

process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});

class Base {
  #secret = 1;
  get own() {
    return this.#secret;
  }
}

// What a program begins with: kinds of values that need care.
function values() {
  const throwing = {
    get x() {
      throw new Error('getter');
    },
    [Symbol.toPrimitive]() {
      throw new TypeError('primitive');
    },
  };
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  return [
    undefined, null, true, 42, -0.5, NaN, 10n ** 30n, 'text', 'a\u0000\ud800', Symbol('s'), {}, [1, , 3],
    () => 'arrow', function plain() { return this; }, Base, new Base(), class extends Base {}, Object.freeze([1]),
    Object.freeze({ x: 1 }), new Proxy({}, { get: () => 1, ownKeys: () => ['a'] }), revoked, throwing,
    new Uint8Array(8), new ArrayBuffer(16, { maxByteLength: 32 }), new SharedArrayBuffer(8), Promise.resolve(1),
    new Map([[1, 2]]), new Date(0), 'gc()', 'throw new Error("script")', '({ toString() { return {} } })', '(',
  ];
}

require('readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    process.stdout.write(`${line}\n`);
    try {
      run(Buffer.from(line, 'hex'), values());
    } catch {
      // any error is right
    }
    if (line.length % 7 === 0) gc();
  });
