// SPDX-License-Identifier: Apache-2.0
//
// Errors of nghttp2, and the names of the protocol's codes.
'use strict';

const constants = require('internal/http2/constants');
const { codes } = require('internal/errors');

const { errorString } = internalBinding('http2');

class NghttpError extends Error {
  constructor(errno, code) {
    super(code === undefined ? errorString(errno) : new codes[code]().message);
    this.code = code ?? 'ERR_HTTP2_ERROR';
    this.errno = errno;
    Object.defineProperty(this, 'name', { __proto__: null, configurable: true, value: 'Error', writable: true });
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

const kNotCodes = /^NGHTTP2_(?:DEFAULT|ERR|FLAG|HCAT|NV|SESSION|SETTINGS|STREAM_STATE)_/;
let names;

function nameOfCode(code) {
  names ??= Object.keys(constants).filter((name) => name.startsWith('NGHTTP2_') && !kNotCodes.test(name));
  return names.find((name) => constants[name] === code) ?? code;
}

module.exports = { NghttpError, nameOfCode };
