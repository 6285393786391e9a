// SPDX-License-Identifier: Apache-2.0
// Intl.Collator (ECMA-402, 10).
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, slotsOf } = require('internal/intl/classes');
const { isCaseFirst, isCollation, isNumeric } = require('internal/intl/keywords');
const { availableLocales, canonicalizeLocaleList, resolveLocale, toIcu } = require('internal/intl/locales');
const { coerceOptionsToObject, getBooleanOption, getMatcher, getOption, getTypeOption } = require('internal/intl/options');

const SERVICE = 'Intl.Collator';

// UColAttribute and UColAttributeValue
const ALTERNATE_HANDLING = 1;
const CASE_FIRST = 2;
const CASE_LEVEL = 3;
const NORMALIZATION_MODE = 4;
const STRENGTH = 5;
const NUMERIC_COLLATION = 7;
const OFF = 16;
const ON = 17;
const SHIFTED = 20;
const NON_IGNORABLE = 21;
const CASES = { __proto__: null, false: OFF, lower: 24, upper: 25 };
const STRENGTHS = { __proto__: null, base: 0, accent: 1, case: 0, variant: 2 };

const collators = new WeakMap();

// CreateCollator: what a Collator is made of.
function createCollator(locales, options) {
  const requested = canonicalizeLocaleList(locales);
  const source = coerceOptionsToObject(options, SERVICE);
  const usage = getOption(source, 'usage', ['sort', 'search'], 'sort', SERVICE);
  getMatcher(source, SERVICE);
  const collation = getTypeOption(source, 'collation', SERVICE);
  const numeric = getBooleanOption(source, 'numeric', undefined);
  const caseFirst = getOption(source, 'caseFirst', ['upper', 'lower', 'false'], undefined, SERVICE);
  const { base, values } = resolveLocale(availableLocales(), requested, {},
    { co: isCollation, kf: isCaseFirst, kn: isNumeric });
  const keywords = new Map(Object.entries(values).filter(([, value]) => value !== undefined));
  const state = { base, keywords, usage, collation: undefined, handle: undefined, bound: undefined };
  chooseCollation(state, collation);
  // ICU takes the kind of search as one more collation.
  const used = usage === 'search' ? 'search' : state.collation;
  const handle = icu.ucol_open(toIcu(used === 'default' ? base : `${base}-u-co-${used}`));
  state.handle = handle;
  const sortsNumbers = numeric ?? keywords.get('kn');
  if (sortsNumbers !== undefined) icu.ucol_setAttribute(handle, NUMERIC_COLLATION, `${sortsNumbers}` === 'true' ? ON : OFF);
  const first = caseFirst ?? keywords.get('kf');
  if (first !== undefined) icu.ucol_setAttribute(handle, CASE_FIRST, CASES[first]);
  icu.ucol_setAttribute(handle, NORMALIZATION_MODE, ON);
  setSensitivity(handle, getOption(source, 'sensitivity', Object.keys(STRENGTHS), undefined, SERVICE), usage);
  const ignores = getBooleanOption(source, 'ignorePunctuation', undefined); // Thai does by itself
  if (ignores !== undefined) icu.ucol_setAttribute(handle, ALTERNATE_HANDLING, ignores ? SHIFTED : NON_IGNORABLE);
  return state;
}

function chooseCollation(state, wanted) {
  const { base, keywords, usage } = state;
  if (usage === 'search' || (wanted !== undefined && wanted !== keywords.get('co'))) keywords.delete('co');
  if (usage === 'sort' && wanted !== undefined && isCollation(base, wanted)) keywords.set('co', wanted);
  state.collation = keywords.get('co') ?? 'default';
}

function setSensitivity(handle, sensitivity, usage) {
  if (sensitivity === undefined && usage === 'search') return;
  icu.ucol_setStrength(handle, STRENGTHS[sensitivity ?? 'variant']);
  if (sensitivity === 'case') icu.ucol_setAttribute(handle, CASE_LEVEL, ON);
}

function sensitivityOf(handle) {
  switch (icu.ucol_getAttribute(handle, STRENGTH)) {
    case 0: return icu.ucol_getAttribute(handle, CASE_LEVEL) === ON ? 'case' : 'base';
    case 1: return 'accent';
    default: return 'variant';
  }
}

// As V8 shows them: those of options are among them.
function tagOf({ base, keywords }) {
  const words = [...keywords].sort(([a], [b]) => (a < b ? -1 : 1));
  if (words.length === 0) return base;
  return `${base}-u${words.map(([key, value]) => `-${key}${value === 'true' ? '' : `-${value}`}`).join('')}`;
}

function Collator() {
  const made = createFrom(new.target ?? Collator, Collator);
  collators.set(made, createCollator(arguments[0], arguments[1]));
  return made;
}

defineClass(Collator, {
  resolvedOptions() {
    const state = slotsOf(collators, this, 'Intl.Collator.prototype.resolvedOptions');
    const { usage, collation, handle } = state;
    const caseFirst = icu.ucol_getAttribute(handle, CASE_FIRST);
    return {
      locale: tagOf(state),
      usage,
      sensitivity: sensitivityOf(handle),
      ignorePunctuation: icu.ucol_getAttribute(handle, ALTERNATE_HANDLING) === SHIFTED,
      collation,
      numeric: icu.ucol_getAttribute(handle, NUMERIC_COLLATION) === ON,
      caseFirst: Object.keys(CASES).find((name) => CASES[name] === caseFirst),
    };
  },
  get compare() {
    const state = slotsOf(collators, this, 'get Intl.Collator.prototype.compare');
    if (state.bound === undefined) {
      const { handle } = state;
      const { ucol_strcoll } = icu;
      const bound = (x, y) => ucol_strcoll(handle, `${x}`, `${y}`);
      Object.defineProperty(bound, 'name', { __proto__: null, value: '', configurable: true });
      state.bound = bound;
    }
    return state.bound;
  },
});

module.exports = { Collator, createCollator };
