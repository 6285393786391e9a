// SPDX-License-Identifier: Apache-2.0
//
// Intl.supportedValuesOf
'use strict';

const icu = require('internal/intl/icu');
const { canonicalType, isNumberingSystem } = require('internal/intl/locales');
const { UNITS } = require('internal/intl/units');

const kCommonOrInUse = 1 | 8; // UCURR_COMMON, UCURR_NON_DEPRECATED
// V8's list is ICU's but for these.
const MORE_CURRENCIES = ['SVC', 'XDR', 'XSU', 'ZWL'];
const FEWER_CURRENCIES = ['VEF'];
const kCanonicalZones = 1; // UCAL_ZONE_TYPE_CANONICAL

const types = (key, legacy) => legacy.map((type) => canonicalType(key, type));

const VALUES = {
  __proto__: null,
  calendar: () => types('ca', icu.listOf(icu.ucal_getKeywordValuesForLocale('calendar', 'und', 0))),
  collation: () => types('co', icu.listOf(icu.ucol_getKeywordValues('collation')))
    .filter((type) => type !== 'standard' && type !== 'search'),
  currency: () => icu.listOf(icu.ucurr_openISOCurrencies(kCommonOrInUse)).concat(MORE_CURRENCIES)
    .filter((code) => !FEWER_CURRENCIES.includes(code)),
  numberingSystem: () => icu.listOf(icu.unumsys_openAvailableNames()).filter((name) => isNumberingSystem('', name)),
  timeZone: () => icu.listOf(icu.ucal_openTimeZoneIDEnumeration(kCanonicalZones, null))
    .filter((zone) => /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//.test(zone)),
  unit: () => UNITS,
};

function supportedValuesOf(key) {
  const text = `${key}`;
  if (VALUES[text] === undefined) throw new RangeError(`Invalid key : ${text}`);
  return [...new Set(VALUES[text]())].sort();
}

module.exports = { supportedValuesOf };
