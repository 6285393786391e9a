// SPDX-License-Identifier: Apache-2.0
// WebSocket. undici's file of it loads the one of Request, which needs a converter that the one of Response defines.
'use strict';

require('internal/fetch/messages');
const { WebSocket } = require('internal/deps/undici/lib/web/websocket/websocket');

module.exports = { WebSocket };
