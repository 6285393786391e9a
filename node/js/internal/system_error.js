// SPDX-License-Identifier: Apache-2.0
// Node's SystemError: an error with its own code that tells which system call failed and how.
'use strict';

// `context`: { code, message, syscall, errno, path?, dest? }, kept as `info`.
class SystemError extends Error {
  constructor(code, prefix, context) {
    const { syscall, code: errorName, message, path, dest, errno } = context;
    let text = `${prefix}: ${syscall} returned ${errorName} (${message})`;
    if (path !== undefined) text += ` ${path}`;
    if (dest !== undefined) text += ` => ${dest}`;
    super(text);
    Object.defineProperty(this, 'name', {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: 'SystemError',
      writable: true,
    });
    this.code = code;
    this.info = context;
    this.errno = errno;
    this.syscall = syscall;
    if (path !== undefined) this.path = path;
    if (dest !== undefined) this.dest = dest;
    internalBinding('errors').setNodeErrorMark(this, code);
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

module.exports = { SystemError };
