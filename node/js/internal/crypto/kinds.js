// SPDX-License-Identifier: Apache-2.0
//
// internal/crypto/keys once it is loaded: before that no value is a key, and who asks need not load it.
'use strict';

module.exports = { keys: undefined };
