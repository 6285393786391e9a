// SPDX-License-Identifier: Apache-2.0
//
// Which types of entries some PerformanceObserver wants. Whoever makes entries looks here first, so that nothing of
// `performance` is loaded before somebody asks for it.
'use strict';

module.exports = { __proto__: null, dns: false, http: false, http2: false, net: false };
