// SPDX-License-Identifier: Apache-2.0
//
// What http2 shows of the socket under a session: facts, but nothing that would disturb the frames.
'use strict';

const {
  codes: { ERR_HTTP2_NO_SOCKET_MANIPULATION, ERR_HTTP2_SOCKET_UNBOUND },
} = require('internal/errors');

const kForbidden = new Set(['emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);

function bound(session, socket) {
  if (socket() === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
  return socket();
}

// `socket`: a function that returns it, undefined when it is gone.
function socketProxy(session, socket) {
  return new Proxy(session, {
    __proto__: null,
    get(_, name) {
      if (name === 'setTimeout' || name === 'ref' || name === 'unref') return session[name].bind(session);
      if (name === 'destroy') return session.destroy.bind(session);
      if (kForbidden.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      const value = bound(session, socket)[name];
      return typeof value === 'function' ? value.bind(socket()) : value;
    },
    getPrototypeOf() {
      return Reflect.getPrototypeOf(bound(session, socket));
    },
    has(_, name) {
      return name in bound(session, socket);
    },
    set(_, name, value) {
      if (name === 'setTimeout' || name === 'ref' || name === 'unref' || name === 'destroy') {
        session[name] = value;
        return true;
      }
      if (kForbidden.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      bound(session, socket)[name] = value;
      return true;
    },
  });
}

module.exports = { socketProxy };
