// SPDX-License-Identifier: Apache-2.0
// The global `fetch` refuses: its promise is rejected.
'use strict';

const { refuseAsync } = require('internal/refuse');

module.exports = { fetch: refuseAsync('fetch') };
