// SPDX-License-Identifier: Apache-2.0
// The name of this machine's time zone that Date.prototype.toString puts in brackets: V8's, which is always in English.
'use strict';

const icu = require('internal/intl/icu');
const { defaultZone } = require('internal/intl/time_zones');
const { onZoneChange } = require('internal/intl/zone_changes');

const LOCALE = 'en_US';
const TRADITIONAL = 0; // UCAL_TRADITIONAL
const DST_OFFSET = 16; // UCAL_DST_OFFSET
const STANDARD = 0; // UCAL_STANDARD
const DAYLIGHT = 2; // UCAL_DST

let calendar, names;

function zoneNameAt(time) {
  if (calendar === undefined) {
    calendar = icu.ucal_open(defaultZone().id, LOCALE, TRADITIONAL);
    names = [];
  }
  icu.ucal_setMillis(calendar, time);
  const kind = icu.ucal_get(calendar, DST_OFFSET) === 0 ? STANDARD : DAYLIGHT;
  return names[kind] ??= ` (${icu.ucal_getTimeZoneDisplayName(calendar, kind, LOCALE)})`;
}

onZoneChange(() => {
  calendar = undefined;
});

module.exports = { zoneNameAt };
