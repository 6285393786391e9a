// SPDX-License-Identifier: Apache-2.0
//
// Who hears of what a console prints: set by diagnostics_channel when that is loaded, so that printing needs not load it.
'use strict';

module.exports = { publish: undefined };
