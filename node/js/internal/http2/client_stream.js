// SPDX-License-Identifier: Apache-2.0
//
// ClientHttp2Stream: a request, or what a server pushed.
'use strict';

const { HTTP_STATUS_CONTINUE } = require('internal/http2/constants');
const { Http2Stream } = require('internal/http2/stream');
const { kInit, kProceed, kState } = require('internal/http2/symbols');

class ClientHttp2Stream extends Http2Stream {
  constructor(session, id, options) {
    super(session, options);
    this[kState].headersSent = true; // they go out when it gets its number
    if (id !== undefined) this[kInit](id);
    this.on('headers', (headers, flags) => {
      if (headers[':status'] === HTTP_STATUS_CONTINUE) this.emit('continue', headers, flags);
    });
  }

  [kProceed]() {}
}

module.exports = { ClientHttp2Stream };
