// SPDX-License-Identifier: Apache-2.0
//
// The socket that requests and responses of the compatibility API show.
'use strict';

const {
  codes: { ERR_HTTP2_NO_SOCKET_MANIPULATION },
} = require('internal/errors');

const kProxy = Symbol('proxy'); // of a stream

const kForbidden = new Set(['pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);
const kOfStream = new Set(['on', 'once', 'end', 'emit', 'destroy', 'ref', 'unref', 'setTimeout']);

// The socket of a request: the stream where that can, else the session's.
function socketOf(stream) {
  const from = (name) => (kOfStream.has(name) || name === 'writable' || name === 'readable' || name === 'destroyed' ? stream : (stream.session?.socket ?? stream));
  return new Proxy(stream, {
    __proto__: null,
    has: (_, name) => name in stream || (stream.session !== undefined && name in stream.session.socket),
    get(_, name) {
      if (kForbidden.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      const target = name === 'setTimeout' ? (stream.session ?? stream) : from(name);
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(stream.session?.socket ?? stream),
    set(_, name, value) {
      if (kForbidden.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      (name === 'setTimeout' ? (stream.session ?? stream) : from(name))[name] = value;
      return true;
    },
  });
}

module.exports = { kProxy, socketOf };
