// SPDX-License-Identifier: Apache-2.0
'use strict';

module.exports = { kOwner: Symbol('owner') }; // the socket or server of a handle
