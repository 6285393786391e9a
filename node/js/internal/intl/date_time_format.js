// SPDX-License-Identifier: Apache-2.0
// Intl.DateTimeFormat (ECMA-402, 11). Formats are ICU's; steps and words are V8's where the standard leaves a choice.
'use strict';

const { formatDate, formatParts, formatRange, formatRangeParts } = require('internal/intl/date_formats');
const { COMPONENTS, NO_STYLE, STYLES, componentsOf, defaultHourCycle, lettersOf, patternFor, patternForStyles } =
  require('internal/intl/date_patterns');
const icu = require('internal/intl/icu');
const { chain, createFrom, defineClass, slotsOf, unwrap } = require('internal/intl/classes');
const { isCalendar, isHourCycle } = require('internal/intl/keywords');
const { availableLocales, canonicalizeLocaleList, isNumberingSystem, numberingSystemOf, resolveLocale } =
  require('internal/intl/locales');
const { coerceOptionsToObject, getBooleanOption, getMatcher, getNumberOption, getOption, getTypeOption } =
  require('internal/intl/options');
const { defaultZone, findZone } = require('internal/intl/time_zones');

const SERVICE = 'Intl.DateTimeFormat';
const DATE_FIELDS = ['weekday', 'year', 'month', 'day'];
const TIME_FIELDS = ['dayPeriod', 'hour', 'minute', 'second', 'fractionalSecondDigits'];
const PATTERN = -2; // UDAT_PATTERN
const BEGINNING_OF_TIME = -(2 ** 53); // the Gregorian calendar is in use from here on
const EVEN = 0; // UCAL_DEFAULT

const formats = new WeakMap(); // DateTimeFormat -> what it is made of

// A calendar of ICU's without the change of 1582. One for iso8601, whose changes ICU keeps from C, counts as the
// Gregorian one does but for weeks, which no option shows.
function openCalendar(locale, zone) {
  const calendar = icu.ucal_open(zone.id, locale.replace('calendar=iso8601', 'calendar=gregorian'), EVEN);
  if (icu.ucal_getType(calendar) === 'gregorian') icu.ucal_setGregorianChange(calendar, BEGINNING_OF_TIME);
  return calendar;
}

const CALENDAR_NAMES = { '__proto__': null, 'gregorian': 'gregory', 'ethiopic-amete-alem': 'ethioaa' };

function nameOfCalendar(locale) {
  const type = icu.ucal_getType(icu.ucal_open(null, locale, EVEN));
  return CALENDAR_NAMES[type] ?? type;
}

// The options that the locale is chosen by.
function negotiate(locales, options) {
  const requested = canonicalizeLocaleList(locales);
  const source = coerceOptionsToObject(options, SERVICE);
  getMatcher(source, SERVICE);
  const ca = getTypeOption(source, 'calendar', SERVICE);
  const nu = getTypeOption(source, 'numberingSystem', SERVICE);
  const hour12 = getBooleanOption(source, 'hour12', undefined);
  const hourCycle = getOption(source, 'hourCycle', ['h11', 'h12', 'h23', 'h24'], undefined, SERVICE);
  const resolved = resolveLocale(availableLocales(), requested, { ca, nu },
    { ca: isCalendar, hc: isHourCycle, nu: isNumberingSystem });
  return { source, resolved, locale: resolved.icu, hour12, hourCycle };
}

// [[HourCycle]] of a format that has hours.
function chooseHourCycle({ resolved, locale, hour12, hourCycle }) {
  const usual = defaultHourCycle(locale);
  if (hour12 === undefined) return hourCycle ?? resolved.values.hc ?? usual;
  const isTwelve = usual === 'h11' || usual === 'h12';
  if (!hour12) return isTwelve ? 'h23' : usual;
  if (isTwelve) return usual;
  return /-JP\b/.test(resolved.base) ? 'h11' : 'h12';
}

function readZone(source) {
  const given = source.timeZone;
  if (given === undefined) return defaultZone();
  const zone = findZone(`${given}`);
  if (zone === undefined) throw new RangeError(`Invalid time zone specified: ${given}`);
  return zone;
}

// { skeleton, given }: the components that were asked for
function readComponents(source, hourCycle) {
  let skeleton = '';
  const given = new Set();
  for (const component of COMPONENTS) {
    const [name, values] = component;
    const value = values === null ? getNumberOption(source, name, 1, 3, undefined)
      : getOption(source, name, values, undefined, SERVICE);
    if (value === undefined) continue;
    skeleton += lettersOf(component, value, hourCycle);
    given.add(name);
  }
  return { skeleton, given };
}

// What is formatted when nothing was asked for.
function defaultComponents(given, required, defaults, hourCycle) {
  const asked = [...(required === 'time' ? [] : DATE_FIELDS), ...(required === 'date' ? [] : TIME_FIELDS)];
  if (asked.some((name) => given.has(name))) return '';
  const hours = lettersOf(COMPONENTS.find(([name]) => name === 'hour'), 'numeric', hourCycle);
  return (defaults === 'time' ? '' : 'yMd') + (defaults === 'date' ? '' : `${hours}ms`);
}

function checkStyles({ dateStyle, timeStyle }, given, required) {
  if (given.size > 0) throw new TypeError('Invalid option : option');
  if (required === 'date' && timeStyle !== undefined) throw new TypeError('Invalid option : timeStyle');
  if (required === 'time' && dateStyle !== undefined) throw new TypeError('Invalid option : dateStyle');
}

function openStyled(locale, zone, { dateStyle, timeStyle }, hourCycle) {
  const styled = icu.udat_open(STYLES[timeStyle] ?? NO_STYLE, STYLES[dateStyle] ?? NO_STYLE, locale, zone.id, null);
  const pattern = patternForStyles(locale, styled, timeStyle, hourCycle);
  return pattern === undefined ? styled : icu.udat_open(PATTERN, PATTERN, locale, zone.id, pattern);
}

// CreateDateTimeFormat: what a DateTimeFormat is made of.
function createFormat(locales, options, required, defaults) {
  const negotiated = negotiate(locales, options);
  const { source, locale, resolved } = negotiated;
  const hourCycle = chooseHourCycle(negotiated);
  const zone = readZone(source);
  const { skeleton, given } = readComponents(source, hourCycle);
  getOption(source, 'formatMatcher', ['basic', 'best fit'], 'best fit', SERVICE);
  const styles = {
    dateStyle: getOption(source, 'dateStyle', Object.keys(STYLES), undefined, SERVICE),
    timeStyle: getOption(source, 'timeStyle', Object.keys(STYLES), undefined, SERVICE),
  };
  const hasStyle = styles.dateStyle !== undefined || styles.timeStyle !== undefined;
  const hasHours = hasStyle ? styles.timeStyle !== undefined : given.has('hour');
  const shownCycle = hasHours ? hourCycle : undefined;
  let format;
  if (hasStyle) {
    checkStyles(styles, given, required);
    format = openStyled(locale, zone, styles, shownCycle);
  } else {
    const whole = skeleton + defaultComponents(given, required, defaults, hourCycle);
    format = icu.udat_open(PATTERN, PATTERN, locale, zone.id, patternFor(locale, whole, shownCycle));
  }
  icu.udat_setCalendar(format, openCalendar(locale, zone));
  const isExplicit = negotiated.hour12 !== undefined || negotiated.hourCycle !== undefined;
  let tag = resolved.locale;
  if (isExplicit && resolved.values.hc !== shownCycle) tag = tag.replace(/-hc-h\d\d/, '').replace(/-u$/, '');
  return {
    format, locale, zone, ...styles, hourCycle: shownCycle, tag,
    openCalendar: () => openCalendar(locale, zone), interval: undefined, bound: undefined,
  };
}

function DateTimeFormat() {
  const made = createFrom(new.target ?? DateTimeFormat, DateTimeFormat);
  formats.set(made, createFormat(arguments[0], arguments[1], 'any', 'date'));
  return new.target === undefined ? chain(DateTimeFormat, this, made) : made;
}

function timeOf(value) {
  const time = +value;
  if (!(Math.abs(time) <= 8.64e15)) throw new RangeError('Invalid time value');
  return Math.trunc(time) + 0;
}

function rangeOf(start, end) {
  if (start === undefined || end === undefined) throw new TypeError('Invalid time value');
  const times = [+start, +end];
  return times.map(timeOf);
}

defineClass(DateTimeFormat, {
  resolvedOptions() {
    const state = unwrap(formats, DateTimeFormat, this, 'Intl.DateTimeFormat.prototype.resolvedOptions');
    const { hourCycle, dateStyle, timeStyle } = state;
    const hasStyle = dateStyle !== undefined || timeStyle !== undefined;
    const options = {
      locale: state.tag,
      calendar: nameOfCalendar(state.locale),
      numberingSystem: numberingSystemOf(state.locale),
      timeZone: state.zone.name,
      hourCycle,
      hour12: hourCycle === undefined ? undefined : hourCycle === 'h11' || hourCycle === 'h12',
      ...(hasStyle ? undefined : componentsOf(icu.udat_toPattern(state.format, 0))),
      dateStyle,
      timeStyle,
    };
    for (const name of Object.keys(options)) if (options[name] === undefined) delete options[name];
    return options;
  },
  formatToParts(date) {
    const state = slotsOf(formats, this, 'Intl.DateTimeFormat.prototype.formatToParts');
    return formatParts(state, date === undefined ? Date.now() : timeOf(date));
  },
  get format() {
    const state = unwrap(formats, DateTimeFormat, this, 'get Intl.DateTimeFormat.prototype.format');
    if (state.bound === undefined) {
      const { format } = state;
      const bound = (date) => formatDate(format, date === undefined ? Date.now() : timeOf(date));
      Object.defineProperty(bound, 'name', { __proto__: null, value: '', configurable: true });
      state.bound = bound;
    }
    return state.bound;
  },
  formatRange(startDate, endDate) {
    const state = slotsOf(formats, this, 'Intl.DateTimeFormat.prototype.formatRange');
    return formatRange(state, ...rangeOf(startDate, endDate));
  },
  formatRangeToParts(startDate, endDate) {
    const state = slotsOf(formats, this, 'Intl.DateTimeFormat.prototype.formatRangeToParts');
    return formatRangeParts(state, ...rangeOf(startDate, endDate));
  },
});

module.exports = { DateTimeFormat, createFormat };
