// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refuse } = require('internal/refuse');

function checkPermission() {
  if (process.permission !== undefined) internalBinding('permissions').require('wasi');
}

module.exports = { WASI: refuse('wasi.WASI', checkPermission) };
