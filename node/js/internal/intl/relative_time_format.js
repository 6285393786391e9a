// SPDX-License-Identifier: Apache-2.0
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, requireNew, slotsOf } = require('internal/intl/classes');
const {
  availableLocales, canonicalizeLocaleList, isNumberingSystem, numberingSystemOf, resolveLocale,
} = require('internal/intl/locales');
const { coerceOptionsToObject, getMatcher, getOption, getTypeOption } = require('internal/intl/options');
const { numberParts } = require('internal/intl/parts');

const kService = 'Intl.RelativeTimeFormat';
const kWidths = ['long', 'short', 'narrow']; // UDateRelativeDateTimeFormatterStyle
const kUnits = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']; // URelativeDateTimeUnit
const kNoCapitals = 256; // UDISPCTX_CAPITALIZATION_NONE
const [kDecimal, kLeastGrouping, kOfLocale] = [1, 22, -2]; // UNUM_DECIMAL, UNUM_MINIMUM_GROUPING_DIGITS and its _AUTO
const formats = new WeakMap();

function initialize(locales, given) {
  const requested = canonicalizeLocaleList(locales);
  const options = coerceOptionsToObject(given, kService);
  getMatcher(options, kService);
  const nu = getTypeOption(options, 'numberingSystem', kService);
  const resolved = resolveLocale(availableLocales(), requested, { nu }, { nu: isNumberingSystem });
  const style = getOption(options, 'style', kWidths, 'long', kService);
  const numeric = getOption(options, 'numeric', ['always', 'auto'], 'always', kService);
  const numbers = icu.unum_open(kDecimal, null, resolved.icu);
  icu.unum_setAttribute(numbers, kLeastGrouping, kOfLocale);
  return {
    locale: resolved.locale, icuLocale: resolved.icu, style, numeric, nu: resolved.values.nu,
    formatter: icu.ureldatefmt_open(resolved.icu, numbers, kWidths.indexOf(style), kNoCapitals),
  };
}

// [UFormattedValue, the number, the unit]
function formatted(slots, value, unit, method) {
  const number = +value;
  const text = `${unit}`;
  const singular = text.endsWith('s') ? text.slice(0, -1) : text;
  const index = kUnits.indexOf(singular);
  if (index === -1) {
    throw new RangeError(`Invalid unit argument for Intl.RelativeTimeFormat.prototype.${method}() '${text}'`);
  }
  if (!Number.isFinite(number)) {
    throw new RangeError(`Value need to be finite number for Intl.RelativeTimeFormat.prototype.${method}()`);
  }
  const result = icu.ureldatefmt_openResult();
  const isNumeric = slots.numeric === 'always';
  (isNumeric ? icu.ureldatefmt_formatNumericToResult : icu.ureldatefmt_formatToResult)(
    slots.formatter, number, index, result);
  return [icu.ureldatefmt_resultAsValue(result), number, singular];
}

function RelativeTimeFormat() {
  requireNew(new.target, 'RelativeTimeFormat');
  const format = createFrom(new.target, RelativeTimeFormat);
  formats.set(format, initialize(arguments[0], arguments[1]));
  return format;
}

defineClass(RelativeTimeFormat, {
  resolvedOptions() {
    const slots = slotsOf(formats, this, 'Intl.RelativeTimeFormat.prototype.resolvedOptions');
    return {
      locale: slots.locale,
      style: slots.style,
      numeric: slots.numeric,
      numberingSystem: slots.nu ?? numberingSystemOf(slots.icuLocale),
    };
  },
  format(value, unit) {
    const slots = slotsOf(formats, this, 'Intl.RelativeTimeFormat.prototype.format');
    return icu.ufmtval_getString(formatted(slots, value, unit, 'format')[0]);
  },
  formatToParts(value, unit) {
    const slots = slotsOf(formats, this, 'Intl.RelativeTimeFormat.prototype.formatToParts');
    const [result, number, singular] = formatted(slots, value, unit, 'formatToParts');
    return numberParts(result, number, 'decimal')
      .map((part) => (part.type === 'literal' ? part : { ...part, unit: singular }));
  },
});

module.exports = { RelativeTimeFormat };
