// SPDX-License-Identifier: Apache-2.0
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, requireNew, slotsOf } = require('internal/intl/classes');
const { availableLocales, canonicalizeLocaleList, resolveLocale } = require('internal/intl/locales');
const { digitOptions, digitSkeleton, resolvedDigits, resolvedRounding } = require('internal/intl/number_options');
const { coerceOptionsToObject, getMatcher, getOption } = require('internal/intl/options');

const kService = 'Intl.PluralRules';
const kCategories = ['zero', 'one', 'two', 'few', 'many', 'other'];
const rules = new WeakMap();

function initialize(locales, given) {
  const requested = canonicalizeLocaleList(locales);
  const options = coerceOptionsToObject(given, kService);
  getMatcher(options, kService);
  const type = getOption(options, 'type', ['cardinal', 'ordinal'], 'cardinal', kService);
  const digits = digitOptions(options, 0, 3, 'standard', kService);
  const resolved = resolveLocale(availableLocales(), requested, {}, {});
  const skeleton = digitSkeleton(digits);
  return {
    locale: resolved.locale, icuLocale: resolved.icu, type, digits, skeleton,
    rules: icu.uplrules_openForType(resolved.icu, type === 'ordinal' ? 1 : 0),
    formatter: icu.unumf_openForSkeletonAndLocale(skeleton, resolved.icu),
    result: icu.unumf_openResult(),
  };
}

function select(slots, number) {
  if (!Number.isFinite(number)) return 'other';
  icu.unumf_formatDouble(slots.formatter, number, slots.result);
  return icu.uplrules_selectFormatted(slots.rules, slots.result);
}

function selectRange(slots, start, end) {
  slots.range ??= icu.unumrf_openForSkeletonWithCollapseAndIdentityFallback(slots.skeleton, 0, 2, slots.icuLocale);
  const result = icu.unumrf_openResult();
  icu.unumrf_formatDoubleRange(slots.range, start, end, result);
  return icu.uplrules_selectForRange(slots.rules, result);
}

function PluralRules() {
  requireNew(new.target, 'PluralRules');
  const made = createFrom(new.target, PluralRules);
  rules.set(made, initialize(arguments[0], arguments[1]));
  return made;
}

defineClass(PluralRules, {
  resolvedOptions() {
    const slots = slotsOf(rules, this, 'Intl.PluralRules.prototype.resolvedOptions');
    const has = icu.listOf(icu.uplrules_getKeywords(slots.rules));
    return {
      locale: slots.locale,
      type: slots.type,
      ...resolvedDigits(slots.digits),
      pluralCategories: kCategories.filter((name) => has.includes(name)),
      ...resolvedRounding(slots.digits),
    };
  },
  select(value) {
    return select(slotsOf(rules, this, 'Intl.PluralRules.prototype.select'), +value);
  },
  selectRange(start, end) {
    const slots = slotsOf(rules, this, 'Intl.PluralRules.prototype.selectRange');
    if (start === undefined) throw new TypeError('Invalid startRange : undefined');
    if (end === undefined) throw new TypeError('Invalid endRange : undefined');
    const from = +start, to = +end;
    if (Number.isNaN(from)) throw new RangeError('Invalid startRange : NaN');
    if (Number.isNaN(to)) throw new RangeError('Invalid endRange : NaN');
    return selectRange(slots, from, to);
  },
});

module.exports = { PluralRules };
