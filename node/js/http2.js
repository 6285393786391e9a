// SPDX-License-Identifier: Apache-2.0
// `http2`: its constants. Sessions refuse.
'use strict';

const constants = require('internal/http2/constants');
const { refuseAll } = require('internal/refuse');

module.exports = {
  ...refuseAll('http2', ['connect', 'createServer', 'createSecureServer', 'getDefaultSettings', 'getPackedSettings',
    'getUnpackedSettings', 'performServerHandshake', 'Http2ServerRequest', 'Http2ServerResponse']),
  constants,
  sensitiveHeaders: Symbol('sensitiveHeaders'),
};
