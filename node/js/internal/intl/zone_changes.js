// SPDX-License-Identifier: Apache-2.0
// Who knows the time zone of this machine hears here that process.env.TZ has become another.
'use strict';

const listeners = [];

function onZoneChange(listener) {
  listeners.push(listener);
}

function changed() {
  for (const listener of listeners) listener();
}

module.exports = { changed, onZoneChange };
