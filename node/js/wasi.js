// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refuse } = require('internal/refuse');

module.exports = { WASI: refuse('wasi.WASI') };
