// SPDX-License-Identifier: Apache-2.0
// Whether a locale has a value of a keyword of the extension "u", for resolveLocale.
'use strict';

const icu = require('internal/intl/icu');
const { canonicalType, toIcu } = require('internal/intl/locales');

const ALL = 0; // not the common ones alone

function reader(keyword, key, list) {
  const kept = new Map(); // locale -> its values
  return (locale, value) => {
    let known = kept.get(locale);
    if (known === undefined) {
      known = new Set(icu.listOf(list(keyword, toIcu(locale), ALL)).map((each) => canonicalType(key, each)));
      kept.set(locale, known);
    }
    return known.has(value);
  };
}

const isCalendar = reader('calendar', 'ca', icu.ucal_getKeywordValuesForLocale);
const hasCollation = reader('collation', 'co', icu.ucol_getKeywordValuesForLocale);

// The two that have options of their own are none.
function isCollation(locale, value) {
  return value !== 'standard' && value !== 'search' && hasCollation(locale, value);
}

const isHourCycle = (locale, value) => value === 'h11' || value === 'h12' || value === 'h23' || value === 'h24';
const isCaseFirst = (locale, value) => value === 'upper' || value === 'lower' || value === 'false';
const isNumeric = (locale, value) => value === 'true' || value === 'false';

module.exports = { isCalendar, isCaseFirst, isCollation, isHourCycle, isNumeric };
