// SPDX-License-Identifier: Apache-2.0
//
// The global object Intl (ECMA-402): its classes are in the files beside this one and load when they are asked for.
'use strict';

const { hide } = require('internal/intl/classes');

const CLASSES = {
  '__proto__': null,
  'internal/intl/date_time_format': 'DateTimeFormat',
  'internal/intl/number_format': 'NumberFormat',
  'internal/intl/collator': 'Collator',
  'internal/intl/plural_rules': 'PluralRules',
  'internal/intl/relative_time_format': 'RelativeTimeFormat',
  'internal/intl/list_format': 'ListFormat',
  'internal/intl/locale': 'Locale',
  'internal/intl/display_names': 'DisplayNames',
  'internal/intl/segmenter': 'Segmenter',
  'internal/intl/duration_format': 'DurationFormat',
};

const Intl = {};
hide(Intl, {
  getCanonicalLocales(locales) {
    return require('internal/intl/locales').canonicalizeLocaleList(locales);
  },
  supportedValuesOf(key) {
    return require('internal/intl/values').supportedValuesOf(key);
  },
});
for (const id of Object.keys(CLASSES)) {
  if (require.has(id)) require.defineLazyValue(Intl, id, CLASSES[id]);
}
Object.defineProperty(Intl, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'Intl' });

module.exports = { Intl };
