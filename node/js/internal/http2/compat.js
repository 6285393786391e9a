// SPDX-License-Identifier: Apache-2.0
//
// A stream as a request and a response, for the servers' 'request', 'connect', 'checkContinue' and 'checkExpectation'.
'use strict';

const constants = require('internal/http2/constants');

function onServerStream(server, ServerRequest, ServerResponse, stream, headers, flags, rawHeaders) {
  const request = new ServerRequest(stream, headers, undefined, rawHeaders);
  const response = new ServerResponse(stream);
  if (headers[':method'] === 'CONNECT' && headers[':protocol'] === undefined) {
    if (server.emit('connect', request, response)) return;
    response.statusCode = constants.HTTP_STATUS_METHOD_NOT_ALLOWED;
    response.end();
    return;
  }
  if (headers.expect !== undefined) {
    if (headers.expect === '100-continue') {
      if (server.listenerCount('checkContinue') > 0) {
        server.emit('checkContinue', request, response);
        return;
      }
      response.writeContinue();
    } else if (server.listenerCount('checkExpectation') > 0) {
      server.emit('checkExpectation', request, response);
      return;
    } else {
      response.statusCode = constants.HTTP_STATUS_EXPECTATION_FAILED;
      response.end();
      return;
    }
  }
  server.emit('request', request, response);
}

module.exports = { onServerStream };
