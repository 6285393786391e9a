// SPDX-License-Identifier: Apache-2.0
'use strict';

const icu = require('internal/intl/icu');
const { chain, createFrom, defineClass, slotsOf, unwrap } = require('internal/intl/classes');
const {
  availableLocales, canonicalizeLocaleList, isNumberingSystem, numberingSystemOf, resolveLocale,
} = require('internal/intl/locales');
const { digitOptions, resolvedDigits, resolvedRounding, skeletonOf } = require('internal/intl/number_options');
const { coerceOptionsToObject, getMatcher, getOption, getTypeOption } = require('internal/intl/options');
const { numberParts, numberRangeParts } = require('internal/intl/parts');
const { isSimpleUnit } = require('internal/intl/units');

const kService = 'Intl.NumberFormat';
const formats = new WeakMap();

// -- Options
function unitOptions(options, slots) {
  slots.style = getOption(options, 'style', ['decimal', 'percent', 'currency', 'unit'], 'decimal', kService);
  const currency = getOption(options, 'currency', undefined, undefined, kService);
  if (currency === undefined) {
    if (slots.style === 'currency') throw new TypeError('Currency code is required with currency style.');
  } else if (!/^[a-z]{3}$/i.test(currency)) {
    throw new RangeError(`Invalid currency code : ${currency}`);
  }
  const displays = ['code', 'symbol', 'narrowSymbol', 'name'];
  const currencyDisplay = getOption(options, 'currencyDisplay', displays, 'symbol', kService);
  const currencySign = getOption(options, 'currencySign', ['standard', 'accounting'], 'standard', kService);
  const unit = getOption(options, 'unit', undefined, undefined, kService);
  if (unit === undefined) {
    if (slots.style === 'unit') throw new TypeError("Invalid unit argument for Intl.NumberFormat() ''");
  } else if (!isUnit(unit)) {
    throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`);
  }
  const unitDisplay = getOption(options, 'unitDisplay', ['short', 'narrow', 'long'], 'short', kService);
  if (slots.style === 'currency') {
    Object.assign(slots, { currency: currency.toUpperCase(), currencyDisplay, currencySign });
  } else if (slots.style === 'unit') {
    Object.assign(slots, { unit, unitDisplay });
  }
}

function isUnit(unit) {
  const [first, second, ...more] = unit.split('-per-');
  return more.length === 0 && isSimpleUnit(first) && (second === undefined || isSimpleUnit(second));
}

function defaultDigits({ style, notation, currency }) {
  if (style === 'currency' && notation === 'standard') {
    const digits = icu.ucurr_getDefaultFractionDigits(currency);
    return [digits, digits];
  }
  return [0, style === 'percent' ? 0 : 3];
}

// GetBooleanOrStringNumberFormatOption, for useGrouping
function groupingOption(options, fallback) {
  const value = options.useGrouping;
  if (value === undefined) return fallback;
  if (value === true) return 'always';
  if (!value) return false;
  const text = `${value}`;
  if (text === 'true' || text === 'false') return fallback;
  if (text !== 'min2' && text !== 'auto' && text !== 'always') {
    throw new RangeError(`Value ${text} out of range for ${kService} options property useGrouping`);
  }
  return text;
}

function initialize(locales, given) {
  const requested = canonicalizeLocaleList(locales);
  const options = coerceOptionsToObject(given, kService);
  getMatcher(options, kService);
  const nu = getTypeOption(options, 'numberingSystem', kService);
  const resolved = resolveLocale(availableLocales(), requested, { nu }, { nu: isNumberingSystem });
  const slots = { locale: resolved.locale, icuLocale: resolved.icu, nu: resolved.values.nu };
  unitOptions(options, slots);
  const notations = ['standard', 'scientific', 'engineering', 'compact'];
  slots.notation = getOption(options, 'notation', notations, 'standard', kService);
  slots.digits = digitOptions(options, ...defaultDigits(slots), slots.notation, kService);
  const compactDisplay = getOption(options, 'compactDisplay', ['short', 'long'], 'short', kService);
  if (slots.notation === 'compact') slots.compactDisplay = compactDisplay;
  slots.useGrouping = groupingOption(options, slots.notation === 'compact' ? 'min2' : 'auto');
  const signs = ['auto', 'never', 'always', 'exceptZero', 'negative'];
  slots.signDisplay = getOption(options, 'signDisplay', signs, 'auto', kService);
  slots.formatter = icu.unumf_openForSkeletonAndLocale(skeletonOf(slots), slots.icuLocale);
  slots.result = icu.unumf_openResult();
  return slots;
}

// -- Numbers: a Number, or the text of one that has more digits.
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

// ToIntlMathematicalValue
function toMathematical(value) {
  if (typeof value === 'number') return value;
  const primitive = typeof value === 'object' || typeof value === 'function' ? toPrimitive(value) : value;
  if (typeof primitive === 'bigint') return primitive.toString();
  if (typeof primitive !== 'string') return +primitive;
  const text = primitive.trim();
  const number = +text;
  return Number.isNaN(number) || number === 0 || !decimal.test(text) ? number : text.replace(/^\+/, '');
}

function toPrimitive(value) {
  if (value === null) return null;
  const exotic = value[Symbol.toPrimitive];
  if (exotic !== undefined && exotic !== null) {
    const result = Reflect.apply(exotic, value, ['number']);
    if (typeof result !== 'object' && typeof result !== 'function') return result;
    throw new TypeError('Cannot convert object to primitive value');
  }
  for (const name of ['valueOf', 'toString']) {
    const method = value[name];
    if (typeof method !== 'function') continue;
    const result = Reflect.apply(method, value, []);
    if ((typeof result !== 'object' || result === null) && typeof result !== 'function') return result;
  }
  throw new TypeError('Cannot convert object to primitive value');
}

// Puts a number into slots.result
function formatInto(slots, number) {
  if (typeof number === 'number') icu.unumf_formatDouble(slots.formatter, number, slots.result);
  else icu.unumf_formatDecimal(slots.formatter, number, slots.result);
}

function format(slots, value) {
  formatInto(slots, toMathematical(value));
  return icu.unumf_resultToString(slots.result);
}

function partsOf(slots, value) {
  const number = toMathematical(value);
  formatInto(slots, number);
  return numberParts(icu.unumf_resultAsValue(slots.result), +number, slots.style);
}

// -- Ranges
const kCollapseAuto = 0, kIdentityApproximately = 2;

// The UFormattedNumberRange of both ends, and these.
function formatRangeOf(slots, start, end) {
  if (start === undefined) throw new TypeError('Invalid start : undefined');
  if (end === undefined) throw new TypeError('Invalid end : undefined');
  const ends = [toMathematical(start), toMathematical(end)];
  for (const [index, each] of ends.entries()) {
    if (Number.isNaN(+each)) throw new RangeError(`Invalid ${index === 0 ? 'start' : 'end'} : NaN`);
  }
  slots.range ??= icu.unumrf_openForSkeletonWithCollapseAndIdentityFallback(
    skeletonOf(slots), kCollapseAuto, kIdentityApproximately, slots.icuLocale);
  const result = icu.unumrf_openResult();
  if (typeof ends[0] === 'number' && typeof ends[1] === 'number') {
    icu.unumrf_formatDoubleRange(slots.range, ends[0], ends[1], result);
  } else {
    icu.unumrf_formatDecimalRange(slots.range, textOf(ends[0]), textOf(ends[1]), result);
  }
  return { value: icu.unumrf_resultAsValue(result), ends };
}

const textOf = (number) => (Object.is(number, -0) ? '-0' : `${number}`);

// -- The class
function NumberFormat() {
  const format = createFrom(new.target ?? NumberFormat, NumberFormat);
  formats.set(format, initialize(arguments[0], arguments[1]));
  return new.target === undefined ? chain(NumberFormat, this, format) : format;
}

defineClass(NumberFormat, {
  resolvedOptions() {
    const slots = unwrap(formats, NumberFormat, this, 'Intl.NumberFormat.prototype.resolvedOptions');
    const { locale, style, digits } = slots;
    const result = { locale, numberingSystem: slots.nu ?? numberingSystemOf(slots.icuLocale), style };
    for (const name of ['currency', 'currencyDisplay', 'currencySign', 'unit', 'unitDisplay']) {
      if (slots[name] !== undefined) result[name] = slots[name];
    }
    Object.assign(result, resolvedDigits(digits), { useGrouping: slots.useGrouping, notation: slots.notation });
    if (slots.compactDisplay !== undefined) result.compactDisplay = slots.compactDisplay;
    return Object.assign(result, { signDisplay: slots.signDisplay }, resolvedRounding(digits));
  },
  formatToParts(value) {
    return partsOf(slotsOf(formats, this, 'Intl.NumberFormat.prototype.formatToParts'), value);
  },
  get format() {
    const slots = unwrap(formats, NumberFormat, this, 'get Intl.NumberFormat.prototype.format');
    return slots.bound ??= Object.defineProperty((value) => format(slots, value), 'name', { __proto__: null, value: '' });
  },
  formatRange(start, end) {
    const slots = slotsOf(formats, this, 'Intl.NumberFormat.prototype.formatRange');
    return icu.ufmtval_getString(formatRangeOf(slots, start, end).value);
  },
  formatRangeToParts(start, end) {
    const slots = slotsOf(formats, this, 'Intl.NumberFormat.prototype.formatRangeToParts');
    const { value, ends } = formatRangeOf(slots, start, end);
    return numberRangeParts(value, ends.map(Number), slots.style);
  },
});

// Number.prototype.toLocaleString: the last format of a locale alone is kept.
let lastLocale, last;
function formatNumber(number, locales, options) {
  if (options !== undefined || (locales !== undefined && typeof locales !== 'string')) {
    return format(initialize(locales, options), number);
  }
  if (last === undefined || lastLocale !== locales) {
    last = initialize(locales, undefined);
    lastLocale = locales;
  }
  return format(last, number);
}

module.exports = { NumberFormat, format, formatNumber, initialize, partsOf, toMathematical };
