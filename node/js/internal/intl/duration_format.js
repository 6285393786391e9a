// SPDX-License-Identifier: Apache-2.0
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, requireNew, slotsOf } = require('internal/intl/classes');
const {
  availableLocales, canonicalizeLocaleList, isNumberingSystem, numberingSystemOf, resolveLocale,
} = require('internal/intl/locales');
const { getMatcher, getNumberOption, getOption, getOptionsObject, getTypeOption } = require('internal/intl/options');
const { durationRecord, fractionalText } = require('internal/intl/durations');
const lists = require('internal/intl/list_format');
const numbers = require('internal/intl/number_format');

const kService = 'Intl.DurationFormat';
const kUnits = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds', 'microseconds',
  'nanoseconds'];
const [kHours, kMinutes, kSeconds, kMilliseconds, kNanoseconds] = [4, 5, 6, 7, 9];
const words = ['long', 'short', 'narrow'];
const digits = ['numeric', '2-digit'];
const formats = new WeakMap();

// GetDurationUnitOptions
function unitOptions(options, index, baseStyle, previous) {
  const unit = kUnits[index];
  const styles = index < kHours ? words : index < kMilliseconds ? [...words, ...digits] : [...words, 'numeric'];
  let style = getOption(options, unit, styles, undefined, kService);
  let displayDefault = 'always';
  if (style === undefined) {
    if (baseStyle === 'digital') {
      if (index < kHours || index > kSeconds) displayDefault = 'auto';
      style = index < kHours ? 'short' : 'numeric';
    } else if (['fractional', 'numeric', '2-digit'].includes(previous)) {
      if (index !== kMinutes && index !== kSeconds) displayDefault = 'auto';
      style = 'numeric';
    } else {
      displayDefault = 'auto';
      style = baseStyle;
    }
  }
  if (style === 'numeric' && index >= kMilliseconds) {
    style = 'fractional';
    displayDefault = 'auto';
  }
  const display = getOption(options, `${unit}Display`, ['auto', 'always'], displayDefault, kService);
  check(unit, style, display, previous);
  if ((index === kMinutes || index === kSeconds) && (previous === 'numeric' || previous === '2-digit')) style = '2-digit';
  return { unit, style, display };
}

// ValidateDurationUnitStyle
function check(unit, style, display, previous) {
  const refuse = () => {
    throw new RangeError(`Value ${style} out of range for ${kService} options property ${unit}`);
  };
  if (display === 'always' && style === 'fractional') refuse();
  if (previous === 'fractional' && style !== 'fractional') refuse();
  const isDigits = style === 'numeric' || style === '2-digit';
  if ((previous === 'numeric' || previous === '2-digit') && !isDigits && style !== 'fractional') refuse();
}

function initialize(locales, given) {
  const requested = canonicalizeLocaleList(locales);
  const options = getOptionsObject(given);
  getMatcher(options, kService);
  const nu = getTypeOption(options, 'numberingSystem', kService);
  const resolved = resolveLocale(availableLocales(), requested, { nu }, { nu: isNumberingSystem });
  const style = getOption(options, 'style', [...words, 'digital'], 'short', kService);
  const slots = {
    locale: resolved.locale, base: resolved.base, icuLocale: resolved.icu, style,
    nu: resolved.values.nu ?? numberingSystemOf(resolved.icu), units: [], formats: new Map(),
  };
  let previous = '';
  for (const index of kUnits.keys()) {
    const unit = unitOptions(options, index, style, previous);
    slots.units.push(unit);
    if (index >= kHours && index < kNanoseconds) previous = unit.style;
  }
  slots.fractionalDigits = getNumberOption(options, 'fractionalDigits', 0, 9, undefined);
  return slots;
}

// -- Formatting. A number is the text of one when it has more digits than a Number.
function numberFormat(slots, options) {
  const key = JSON.stringify(options);
  if (!slots.formats.has(key)) {
    slots.formats.set(key, numbers.initialize(slots.base, { ...options, numberingSystem: slots.nu }));
  }
  return slots.formats.get(key);
}

const withUnit = (parts, unit) => parts.map((part) => ({ ...part, unit }));

// The text between hours and minutes
function separatorOf({ icuLocale, nu }) {
  for (const system of [nu, 'latn']) {
    try {
      let bundle = icu.ures_open(null, icuLocale);
      for (const key of ['NumberElements', system, 'symbols']) bundle = icu.ures_getByKey(bundle, key);
      return icu.ures_getStringByKey(bundle, 'timeSeparator');
    } catch (error) {
      if (error.code !== 'U_MISSING_RESOURCE_ERROR') throw error;
    }
  }
  return ':';
}

const separator = (slots) => ({ type: 'literal', value: slots.separator ??= separatorOf(slots) });

function fractionOptions({ fractionalDigits }) {
  return {
    maximumFractionDigits: fractionalDigits ?? 9,
    minimumFractionDigits: fractionalDigits ?? 0,
    roundingMode: 'trunc',
  };
}

// FormatNumericUnits: hours, minutes and seconds with separators
function numericUnits(slots, record, first, state) {
  const parts = [];
  const seconds = fractionalText(record, kSeconds);
  const shows = [kHours, kMinutes, kSeconds].map((index) => {
    const isZero = index === kSeconds ? +seconds === 0 : record[index] === 0;
    return first <= index && (!isZero || slots.units[index].display !== 'auto');
  });
  shows[1] ||= first <= kMinutes && shows[0] && shows[2];
  for (const [i, index] of [kHours, kMinutes, kSeconds].entries()) {
    if (!shows[i]) continue;
    if (parts.length > 0) parts.push(separator(slots));
    const options = { useGrouping: false };
    if (slots.units[index].style === '2-digit') options.minimumIntegerDigits = 2;
    let value = record[index];
    if (index === kSeconds) {
      value = seconds;
      Object.assign(options, fractionOptions(slots));
    }
    parts.push(...oneUnit(slots, value, options, kUnits[index].slice(0, -1), state));
  }
  return parts;
}

// Only the first unit of a negative duration has its sign.
function oneUnit(slots, value, options, unit, state) {
  if (!state.signed) {
    options = { ...options, signDisplay: 'never' };
  } else {
    state.signed = false;
    if (+value === 0 && state.negative) value = -0;
  }
  return withUnit(numbers.partsOf(numberFormat(slots, options), value), unit);
}

// PartitionDurationFormatPattern
function partition(slots, record) {
  const groups = [];
  const state = { signed: true, negative: record.some((value) => value < 0) };
  for (let index = 0; index < kUnits.length; index++) {
    const { unit, style, display } = slots.units[index];
    if (style === 'numeric' || style === '2-digit') {
      const parts = numericUnits(slots, record, index, state);
      if (parts.length === 0) break;
      // Seconds alone: V8 joins them to what is before, where the specification has one more item.
      if (index === kSeconds && groups.length > 0) groups.at(-1).push(separator(slots), ...parts);
      else groups.push(parts);
      break;
    }
    let value = record[index];
    const isLast = index >= kSeconds && slots.units[index + 1]?.style === 'fractional';
    const singular = unit.slice(0, -1);
    const options = { style: 'unit', unit: singular, unitDisplay: style };
    if (isLast) {
      value = fractionalText(record, index);
      Object.assign(options, fractionOptions(slots));
    }
    if (style !== 'fractional' && (+value !== 0 || display !== 'auto')) {
      groups.push(oneUnit(slots, value, options, singular, state));
    }
    if (isLast) break;
  }
  return joined(slots, groups);
}

// ListFormatParts
function joined(slots, groups) {
  const style = slots.style === 'digital' ? 'short' : slots.style;
  slots.list ??= lists.initialize(slots.base, { type: 'unit', style });
  const texts = groups.map((parts) => parts.map(({ value }) => value).join(''));
  const left = groups.values();
  return lists.partsOf(slots.list, texts).flatMap((part) => (part.type === 'element' ? left.next().value : [part]));
}

function DurationFormat() {
  requireNew(new.target, 'DurationFormat');
  const format = createFrom(new.target, DurationFormat);
  formats.set(format, initialize(arguments[0], arguments[1]));
  return format;
}

defineClass(DurationFormat, {
  resolvedOptions() {
    const slots = slotsOf(formats, this, 'Intl.DurationFormat.prototype.resolvedOptions');
    const result = { locale: slots.locale, numberingSystem: slots.nu, style: slots.style };
    for (const { unit, style, display } of slots.units) {
      result[unit] = style === 'fractional' ? 'numeric' : style;
      result[`${unit}Display`] = display;
    }
    if (slots.fractionalDigits !== undefined) result.fractionalDigits = slots.fractionalDigits;
    return result;
  },
  format(duration) {
    const slots = slotsOf(formats, this, 'Intl.DurationFormat.prototype.format');
    return partition(slots, durationRecord(duration)).map(({ value }) => value).join('');
  },
  formatToParts(duration) {
    const slots = slotsOf(formats, this, 'Intl.DurationFormat.prototype.formatToParts');
    return partition(slots, durationRecord(duration));
  },
});

module.exports = { DurationFormat };
