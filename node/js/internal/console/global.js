// SPDX-License-Identifier: Apache-2.0
//
// The global `console`. Until process.stdout (or stderr) was looked at, text goes straight to its descriptor;
// from then on through the stream, so that a replaced `write` is respected.
'use strict';

const { write } = internalBinding('stdio');
const { made } = require('internal/process/stdio');
const { bindMethods, Console, kOutput, writeIgnoringErrors } = require('internal/console/constructor');

const FDS = { stdout: 1, stderr: 2 };

// Its methods are its own properties; the prototype is an empty object, as the console standard says.
const console = Object.create({});

const replaced = { stdout: undefined, stderr: undefined }; // by who set console._stdout

function describeStream(name) {
  return {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get: () => replaced[name] ?? process[name],
    set(stream) {
      replaced[name] = stream;
    },
  };
}

const hidden = { __proto__: null, configurable: true, enumerable: false };
Object.defineProperties(console, {
  [kOutput]: {
    ...hidden,
    value(name, text) {
      const stream = replaced[name] ?? made(name);
      if (stream !== undefined) {
        writeIgnoringErrors(stream, text);
        return;
      }
      try {
        write(FDS[name], text);
      } catch {
        // Printing must not end the program when the reader of a pipe is gone: Node ignores it too.
      }
    },
  },
  _stdout: describeStream('stdout'),
  _stderr: describeStream('stderr'),
  [Symbol.toStringTag]: { ...hidden, value: 'console' },
});
bindMethods(console, {
  stream: (name) => replaced[name] ?? process[name],
  isTerminal(name) {
    const stream = replaced[name] ?? made(name);
    return stream === undefined ? internalBinding('stdio').isatty(FDS[name]) : Boolean(stream.isTTY);
  },
});
console.Console = Console;

module.exports = { console };
