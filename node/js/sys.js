// SPDX-License-Identifier: Apache-2.0
// Deprecated: the old name of util.
'use strict';

module.exports = require('util');
