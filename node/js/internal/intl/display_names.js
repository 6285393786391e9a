// SPDX-License-Identifier: Apache-2.0
// Intl.DisplayNames (ECMA-402, 12).
'use strict';

const { createFrom, defineClass, requireNew, slotsOf } = require('internal/intl/classes');
const { generatorOf } = require('internal/intl/date_patterns');
const icu = require('internal/intl/icu');
const { availableLocales, canonicalizeLocaleList, canonicalizeTag, resolveLocale, toIcu } = require('internal/intl/locales');
const { getMatcher, getOption, getOptionsObject } = require('internal/intl/options');

const SERVICE = 'Intl.DisplayNames';
const TYPES = ['language', 'region', 'script', 'currency', 'calendar', 'dateTimeField'];
const STYLES = ['long', 'short', 'narrow']; // in the order of UDateTimePGDisplayWidth

// UDisplayContext
const STANDARD_NAMES = 0;
const DIALECT_NAMES = 1;
const CAPITALIZATION_NONE = 0x100;
const LENGTH_FULL = 0x200;
const LENGTH_SHORT = 0x201;
const SUBSTITUTE = 0x300;
const NO_SUBSTITUTE = 0x301;

// UDateTimePatternField
const FIELDS = {
  __proto__: null, era: 0, year: 1, quarter: 2, month: 3, weekOfYear: 4, weekday: 6, day: 9, dayPeriod: 10, hour: 11,
  minute: 12, second: 13, timeZoneName: 15,
};
const LEGACY_CALENDARS = { __proto__: null, gregory: 'gregorian', ethioaa: 'ethiopic-amete-alem' };

const displayNames = new WeakMap();

function DisplayNames(locales, options) {
  requireNew(new.target, 'DisplayNames');
  const object = createFrom(new.target, DisplayNames);
  const requested = canonicalizeLocaleList(locales);
  if (options === undefined) throw new TypeError('invalid_argument');
  const source = getOptionsObject(options);
  getMatcher(source, SERVICE);
  const { base } = resolveLocale(availableLocales(), requested, {}, {});
  const style = getOption(source, 'style', STYLES, 'long', SERVICE);
  const type = getOption(source, 'type', TYPES, undefined, SERVICE);
  if (type === undefined) throw new TypeError('invalid_argument');
  const fallback = getOption(source, 'fallback', ['code', 'none'], 'code', SERVICE);
  const display = getOption(source, 'languageDisplay', ['dialect', 'standard'], 'dialect', SERVICE);
  const names = type === 'dateTimeField' ? undefined : icu.uldn_openForContext(toIcu(base), [
    style === 'long' ? LENGTH_FULL : LENGTH_SHORT,
    type === 'language' && display === 'dialect' ? DIALECT_NAMES : STANDARD_NAMES,
    CAPITALIZATION_NONE,
    fallback === 'code' ? SUBSTITUTE : NO_SUBSTITUTE,
  ]);
  displayNames.set(object, { locale: base, style, type, fallback, display, names });
  return object;
}

function check(isValid) {
  if (!isValid) throw new RangeError('invalid_argument');
}

// What ICU has no name for is an error there.
function nameOr(find) {
  try {
    return find() || undefined;
  } catch (error) {
    if (error.code !== 'U_ILLEGAL_ARGUMENT_ERROR') throw error;
    return undefined;
  }
}

const LANGUAGE = /^(?!root)(?:[a-z]{2,3}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*$/i;

// Type of DisplayNames -> (state, code) => name
const finders = {
  __proto__: null,
  language({ names }, code) {
    check(LANGUAGE.test(code));
    const tag = canonicalizeTag(code);
    return icu.uldn_localeDisplayName(names, tag);
  },
  region({ names }, code) {
    check(/^(?:[a-z]{2}|\d{3})$/i.test(code));
    return icu.uldn_regionDisplayName(names, code);
  },
  script({ names }, code) {
    check(/^[a-z]{4}$/i.test(code));
    return icu.uldn_scriptDisplayName(names, code);
  },
  currency({ names, fallback }, code) {
    check(/^[a-z]{3}$/i.test(code));
    const name = icu.uldn_keyValueDisplayName(names, 'currency', code);
    return fallback === 'none' && name === code ? undefined : name;
  },
  calendar({ names }, code) {
    check(/^[a-z\d]{3,8}(?:-[a-z\d]{3,8})*$/i.test(code));
    return icu.uldn_keyValueDisplayName(names, 'calendar', LEGACY_CALENDARS[code] ?? code);
  },
  dateTimeField({ locale, style }, code) {
    check(code in FIELDS);
    return icu.udatpg_getFieldDisplayName(generatorOf(toIcu(locale)), FIELDS[code], STYLES.indexOf(style));
  },
};

defineClass(DisplayNames, {
  of(code) {
    const state = slotsOf(displayNames, this, 'Intl.DisplayNames.prototype.of');
    const text = `${code}`;
    return nameOr(() => finders[state.type](state, text));
  },
  resolvedOptions() {
    const { locale, style, type, fallback, display } = slotsOf(displayNames, this, 'Intl.DisplayNames.prototype.resolvedOptions');
    const options = { locale, style, type, fallback };
    if (type === 'language') options.languageDisplay = display;
    return options;
  },
});

module.exports = { DisplayNames };
