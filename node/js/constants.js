// SPDX-License-Identifier: Apache-2.0
// Deprecated: the numbers of os, fs and crypto in one object.
'use strict';

const { dlopen, errno, priority, signals } = require('os').constants;

module.exports = Object.freeze({
  ...dlopen,
  ...errno,
  ...priority,
  ...signals,
  ...require('fs').constants,
  ...require('crypto').constants,
});
