// SPDX-License-Identifier: Apache-2.0
// Names of time zones: which there are, how they are written, and which one is this machine's.
'use strict';

const icu = require('internal/intl/icu');
const { onZoneChange } = require('internal/intl/zone_changes');

const ALL_ZONES = 0; // UCAL_ZONE_TYPE_ANY
const OFFSET = /^([+\-−])([01]\d|2[0-3])(?::?([0-5]\d))?$/;
const UTC = new Set(['Etc/UTC', 'Etc/GMT', 'GMT']);

let names; // name in small letters -> name

function readNames() {
  names = new Map();
  for (const name of icu.listOf(icu.ucal_openTimeZoneIDEnumeration(ALL_ZONES, null))) names.set(name.toLowerCase(), name);
}

// What resolvedOptions() calls the zone that ICU knows as `id`.
function nameOfZone(id) {
  const [canonical] = icu.ucal_getCanonicalTimeZoneID(id);
  if (UTC.has(canonical)) return 'UTC';
  return canonical.startsWith('GMT') ? canonical.slice(3) : canonical;
}

// { id, name } of the zone that a program asked for; undefined when there is none.
function findZone(text) {
  const offset = OFFSET.exec(text);
  if (offset !== null) {
    const sign = offset[1] === '+' ? '+' : '-';
    const time = `${offset[2]}:${offset[3] ?? '00'}`;
    if (time === '00:00') return { id: 'GMT+00:00', name: '+00:00' };
    return { id: `GMT${sign}${time}`, name: `${sign}${time}` };
  }
  if (names === undefined) readNames();
  const id = names.get(text.toLowerCase());
  if (id === undefined) return undefined;
  const name = nameOfZone(id);
  if (name === 'Etc/Unknown') return undefined;
  return { id: id === 'GMT' || id === 'Etc/GMT' || id === 'GMT0' ? 'UTC' : id, name };
}

let host; // the zone of this machine, or of the environment variable TZ

function hostZone(id) {
  if (id === 'Etc/Unknown') return { id, name: id };
  if (/^GMT[+-]\d/.test(id)) return { id: offsetId(-new Date().getTimezoneOffset()), name: nameOfZone(id) };
  try {
    return { id, name: nameOfZone(id) };
  } catch {
    return { id: 'Etc/Unknown', name: undefined }; // ICU has no zone of that name; Node has no name for it then
  }
}

// POSIX counts `GMT+3` to the west, ICU to the east.
function offsetId(minutes) {
  const size = Math.abs(minutes);
  const digits = (number) => `${number}`.padStart(2, '0');
  return `GMT${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

function defaultZone() {
  if (host === undefined) {
    host = hostZone(icu.ucal_getHostTimeZone());
  }
  return host;
}

onZoneChange(() => {
  host = undefined;
});

module.exports = { defaultZone, findZone };
