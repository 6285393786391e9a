// SPDX-License-Identifier: Apache-2.0
// Date.prototype.toLocale…String and String.prototype.localeCompare (ECMA-402, 20), with the formats that they made last.
'use strict';

const { throwReceiver } = require('internal/intl/classes');
const { createCollator } = require('internal/intl/collator');
const { formatDate } = require('internal/intl/date_formats');
const { createFormat } = require('internal/intl/date_time_format');
const icu = require('internal/intl/icu');
const { onZoneChange } = require('internal/intl/zone_changes');

const KEPT = 16; // locales whose formats stay

// As `make` for what a program cannot see being read: a locale that is a string or none, and no options.
function keeping(make) {
  const kept = new Map();
  const find = (locales, options) => {
    if (options !== undefined || (locales !== undefined && typeof locales !== 'string')) return make(locales, options);
    let state = kept.get(locales);
    if (state === undefined) {
      if (kept.size >= KEPT) kept.clear();
      kept.set(locales, state = make(locales));
    }
    return state;
  };
  find.forget = () => kept.clear();
  return find;
}

const kinds = {
  __proto__: null,
  toLocaleString: keeping((locales, options) => createFormat(locales, options, 'any', 'all')),
  toLocaleDateString: keeping((locales, options) => createFormat(locales, options, 'date', 'date')),
  toLocaleTimeString: keeping((locales, options) => createFormat(locales, options, 'time', 'time')),
};

const { getTime } = Date.prototype;

function timeOf(receiver, method) {
  try {
    return getTime.call(receiver);
  } catch {
    return throwReceiver(`Date.prototype.${method}`, receiver); // as V8 words it for these methods
  }
}

function dateString(method, receiver, locales, options) {
  const time = timeOf(receiver, method);
  return Number.isNaN(time) ? 'Invalid Date' : formatDate(kinds[method](locales, options).format, time);
}

const collatorOf = keeping(createCollator);

let usual; // the collator of programs that name no locale

function compare(text, other, locales, options) {
  if (text === other && locales === undefined && options === undefined) return 0;
  if (locales === undefined && options === undefined) {
    usual ??= createCollator().handle;
    return icu.ucol_strcoll(usual, text, other);
  }
  return icu.ucol_strcoll(collatorOf(locales, options).handle, text, other);
}

onZoneChange(() => {
  for (const name of Object.keys(kinds)) kinds[name].forget();
});

module.exports = { compare, dateString };
