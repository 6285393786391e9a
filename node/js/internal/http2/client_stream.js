// SPDX-License-Identifier: Apache-2.0
//
// ClientHttp2Stream: a request, or what a server pushed.
'use strict';

const { Http2Stream } = require('internal/http2/stream');

class ClientHttp2Stream extends Http2Stream {
  isServer = false;

  constructor(session, id, options) {
    super(session, options);
    this.on('headers', (headers, flags) => {
      if (headers[':status'] === 100) this.emit('continue', headers, flags);
    });
  }

  // A request's header fields go out when it gets its number.
  _proceed() {}
}

module.exports = { ClientHttp2Stream };
