// SPDX-License-Identifier: Apache-2.0
// Options of Intl.DateTimeFormat as patterns of UTS 35, by way of ICU's pattern generator, as V8 makes them.
'use strict';

const icu = require('internal/intl/icu');

const MATCH_HOUR_LENGTH = 1 << 11; // UDATPG_MATCH_HOUR_FIELD_LENGTH
const CYCLES = ['h11', 'h12', 'h23', 'h24']; // in the order of UDateFormatHourCycle
const LETTERS = { __proto__: null, h11: 'K', h12: 'h', h23: 'H', h24: 'k' };
const CYCLE_OF = { __proto__: null, K: 'h11', h: 'h12', H: 'h23', k: 'h24' };
const STYLES = { __proto__: null, full: 0, long: 1, medium: 2, short: 3 };
const NO_STYLE = -1; // UDAT_NONE
const LONG_SHORT = ['narrow', 'long', 'short'];
const DIGITS = ['2-digit', 'numeric'];

// [option, its values, [letters of the skeleton or pattern, value]], the longest letters first
const COMPONENTS = [
  ['weekday', LONG_SHORT, [['EEEEE', 'narrow'], ['EEEE', 'long'], ['EEE', 'short'], ['ccccc', 'narrow'],
    ['cccc', 'long'], ['ccc', 'short']]],
  ['era', LONG_SHORT, [['GGGGG', 'narrow'], ['GGGG', 'long'], ['GGG', 'short']]],
  ['year', DIGITS, [['yy', '2-digit'], ['y', 'numeric']]],
  ['month', [...LONG_SHORT, ...DIGITS], [['MMMMM', 'narrow'], ['MMMM', 'long'], ['MMM', 'short'], ['MM', '2-digit'],
    ['M', 'numeric'], ['LLLLL', 'narrow'], ['LLLL', 'long'], ['LLL', 'short'], ['LL', '2-digit'], ['L', 'numeric']]],
  ['day', DIGITS, [['dd', '2-digit'], ['d', 'numeric']]],
  ['dayPeriod', LONG_SHORT, [['BBBBB', 'narrow'], ['bbbbb', 'narrow'], ['BBBB', 'long'], ['bbbb', 'long'],
    ['B', 'short'], ['b', 'short']]],
  ['hour', DIGITS, [['HH', '2-digit'], ['H', 'numeric'], ['hh', '2-digit'], ['h', 'numeric'], ['kk', '2-digit'],
    ['k', 'numeric'], ['KK', '2-digit'], ['K', 'numeric']]],
  ['minute', DIGITS, [['mm', '2-digit'], ['m', 'numeric']]],
  ['second', DIGITS, [['ss', '2-digit'], ['s', 'numeric']]],
  ['fractionalSecondDigits', null, null],
  ['timeZoneName', ['long', 'short', 'longOffset', 'shortOffset', 'longGeneric', 'shortGeneric'],
    [['zzzz', 'long'], ['z', 'short'], ['OOOO', 'longOffset'], ['O', 'shortOffset'], ['vvvv', 'longGeneric'],
      ['v', 'shortGeneric']]],
];

// The letters of one component in a skeleton.
function lettersOf(component, value, hourCycle) {
  const [name, , letters] = component;
  if (name === 'fractionalSecondDigits') return 'S'.repeat(value);
  if (name === 'hour') return LETTERS[hourCycle].repeat(value === '2-digit' ? 2 : 1);
  return letters.find((pair) => pair[1] === value)[0];
}

// The components that are in a pattern, as resolvedOptions() shows them.
function componentsOf(pattern) {
  const found = { __proto__: null };
  for (const [name, , letters] of COMPONENTS) {
    if (letters === null) {
      const digits = Math.min(pattern.split('S').length - 1, 3);
      if (digits > 0) found[name] = digits;
      continue;
    }
    const pair = letters.find((each) => pattern.includes(each[0]));
    if (pair !== undefined) found[name] = pair[1];
  }
  return found;
}

const generators = new Map(); // locale -> UDateTimePatternGenerator; making one takes milliseconds

function generatorOf(locale) {
  let generator = generators.get(locale);
  if (generator === undefined) {
    if (generators.size >= 32) generators.clear();
    generators.set(locale, generator = icu.udatpg_open(locale));
  }
  return generator;
}

function defaultHourCycle(locale) {
  return CYCLES[icu.udatpg_getDefaultHourCycle(generatorOf(locale))];
}

// Text in quotes stays; a day right before the hour gets a space.
function withHourCycle(pattern, hourCycle) {
  if (hourCycle === undefined) return pattern;
  return pattern.replace(/'[^']*'|(d?)[HhKk]/g, (found, day) =>
    (found[0] === "'" ? found : `${day}${day === '' ? '' : ' '}${LETTERS[hourCycle]}`));
}

function hourCycleOf(pattern) {
  const letter = /[KhHk]/.exec(pattern.replace(/'[^']*'/g, ''));
  return letter === null ? undefined : CYCLE_OF[letter[0]];
}

function patternFor(locale, skeleton, hourCycle) {
  const best = icu.udatpg_getBestPatternWithOptions(generatorOf(locale), skeleton, MATCH_HOUR_LENGTH);
  return withHourCycle(best, hourCycle);
}

function skeletonOf(pattern) {
  return icu.udatpg_getSkeleton(null, pattern);
}

// A pattern for dateStyle and timeStyle, undefined when the locale's own format, which may write numbers in other
// ways, has the right hours.
function patternForStyles(locale, format, timeStyle, hourCycle) {
  if (timeStyle === undefined) return undefined;
  const pattern = icu.udat_toPattern(format, 0);
  if (hourCycleOf(pattern) === hourCycle) return undefined;
  // Day periods are left out: ICU puts in those that the hours want.
  const skeleton = skeletonOf(pattern).replace(/[abB]/g, '').replace(/[hHkK]/g, LETTERS[hourCycle]);
  return patternFor(locale, skeleton, hourCycle);
}

module.exports = {
  COMPONENTS, NO_STYLE, STYLES, componentsOf, defaultHourCycle, generatorOf, lettersOf, patternFor, patternForStyles,
  skeletonOf,
};
