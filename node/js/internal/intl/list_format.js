// SPDX-License-Identifier: Apache-2.0
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, requireNew, slotsOf } = require('internal/intl/classes');
const { availableLocales, canonicalizeLocaleList, resolveLocale } = require('internal/intl/locales');
const { getMatcher, getOption, getOptionsObject } = require('internal/intl/options');
const { kList, regionsOf } = require('internal/intl/parts');

const kService = 'Intl.ListFormat';
const kTypes = ['conjunction', 'disjunction', 'unit']; // UListFormatterType
const kWidths = ['long', 'short', 'narrow']; // UListFormatterWidth
const kElement = 1; // ULISTFMT_ELEMENT_FIELD
const formats = new WeakMap();

function initialize(locales, given) {
  const requested = canonicalizeLocaleList(locales);
  const options = getOptionsObject(given);
  getMatcher(options, kService);
  const resolved = resolveLocale(availableLocales(), requested, {}, {});
  const type = getOption(options, 'type', kTypes, 'conjunction', kService);
  const style = getOption(options, 'style', kWidths, 'long', kService);
  return {
    locale: resolved.locale, type, style,
    formatter: icu.ulistfmt_openForType(resolved.icu, kTypes.indexOf(type), kWidths.indexOf(style)),
  };
}

// StringListFromIterable
function stringsOf(iterable) {
  if (iterable === undefined) return [];
  const strings = [];
  for (const item of iterable) {
    if (typeof item !== 'string') throw new TypeError(`Iterable yielded ${String(item)} which is not a string`);
    strings.push(item);
  }
  return strings;
}

const format = (slots, strings) => (strings.length === 0 ? '' : icu.ulistfmt_format(slots.formatter, strings));

function partsOf(slots, strings) {
  if (strings.length === 0) return [];
  const result = icu.ulistfmt_openResult();
  icu.ulistfmt_formatStringsToResult(slots.formatter, strings, result);
  const value = icu.ulistfmt_resultAsValue(result);
  const text = icu.ufmtval_getString(value);
  return regionsOf(value).filter(({ category }) => category === kList).map(({ field, start, end }) =>
    ({ type: field === kElement ? 'element' : 'literal', value: text.slice(start, end) }));
}

function ListFormat() {
  requireNew(new.target, 'ListFormat');
  const made = createFrom(new.target, ListFormat);
  formats.set(made, initialize(arguments[0], arguments[1]));
  return made;
}

defineClass(ListFormat, {
  resolvedOptions() {
    const { locale, type, style } = slotsOf(formats, this, 'Intl.ListFormat.prototype.resolvedOptions');
    return { locale, type, style };
  },
  format(list) {
    return format(slotsOf(formats, this, 'Intl.ListFormat.prototype.format'), stringsOf(list));
  },
  formatToParts(list) {
    return partsOf(slotsOf(formats, this, 'Intl.ListFormat.prototype.formatToParts'), stringsOf(list));
  },
});

module.exports = { initialize, ListFormat, partsOf };
