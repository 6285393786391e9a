// SPDX-License-Identifier: Apache-2.0
//
// Who hears of what the library does: set by diagnostics_channel when that is loaded, so that nobody else needs to load it.
'use strict';

module.exports = {
  publish: undefined, // (name, message)
  tracing: undefined, // (name): the TracingChannel, undefined when nobody listens
};
