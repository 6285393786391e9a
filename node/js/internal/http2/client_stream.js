// SPDX-License-Identifier: Apache-2.0
//
// ClientHttp2Stream: a request, or what a server pushed.
'use strict';

const { Http2Stream } = require('internal/http2/stream');
const { kInit, kProceed, kState } = require('internal/http2/symbols');

class ClientHttp2Stream extends Http2Stream {
  constructor(session, id) {
    super(session);
    this[kState].headersSent = true; // they go out when it gets its number
    if (id !== undefined) this[kInit](id);
  }

  [kProceed]() {}
}

module.exports = { ClientHttp2Stream };
