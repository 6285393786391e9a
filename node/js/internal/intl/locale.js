// SPDX-License-Identifier: Apache-2.0
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, requireNew, slotsOf } = require('internal/intl/classes');
const { canonicalType, canonicalizeTag, keywordsOf, splitExtension, tags, toIcu } = require('internal/intl/locales');
const { coerceOptionsToObject, getBooleanOption, getOption, isObject } = require('internal/intl/options');

const kService = 'locale';
const kIncorrect = 'Incorrect locale information provided';
const kDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

// { language, script, region, variants } of a tag, and `rest`: its extensions but the Unicode one
function partsOf(tag) {
  const form =
    /^([a-z]{2,8})(?:-([a-z]{4})(?=-|$))?(?:-([a-z]{2}|\d{3})(?=-|$))?((?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)(.*)$/i;
  const found = form.exec(tag);
  const [, language, script, region, variants, rest] = found;
  return { language, script, region, variants: variants.slice(1), rest };
}

const joined = ({ language, script, region, variants }) => [language, script, region, variants].filter(Boolean).join('-');

function subtag(options, name, form) {
  const value = getOption(options, name, undefined, undefined, kService);
  if (value !== undefined && !form.test(value)) throw new RangeError(kIncorrect);
  return value;
}

function hasTwins(variants) {
  const all = variants.toLowerCase().split('-');
  return new Set(all).size !== all.length;
}

// UpdateLanguageId
function updateLanguage(tag, options) {
  const [plain, extension] = splitExtension(tag);
  const parts = partsOf(plain);
  parts.language = subtag(options, 'language', /^(?:[a-z]{2,3}|[a-z]{5,8})$/i) ?? parts.language;
  parts.script = subtag(options, 'script', /^[a-z]{4}$/i) ?? parts.script;
  parts.region = subtag(options, 'region', /^(?:[a-z]{2}|\d{3})$/i) ?? parts.region;
  const form = /^(?:[a-z\d]{5,8}|\d[a-z\d]{3})(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*$/i;
  parts.variants = subtag(options, 'variants', form) ?? parts.variants;
  if (hasTwins(parts.variants)) throw new RangeError(kIncorrect);
  return canonicalizeTag(joined(parts) + insertExtension(parts.rest, extension));
}

// A Unicode extension goes before a private use one.
function insertExtension(rest, extension) {
  const at = rest.startsWith('-x-') ? 0 : rest.indexOf('-x-');
  return at === -1 ? rest + extension : rest.slice(0, at) + extension + rest.slice(at);
}

function typeOption(options, name) {
  return subtag(options, name, /^[a-z\d]{3,8}(?:-[a-z\d]{3,8})*$/i)?.toLowerCase();
}

// WeekdayToString
function weekdayOption(options) {
  const value = options.firstDayOfWeek;
  if (value === undefined) return undefined;
  const text = `${value}`;
  const day = /^[0-7]$/.test(text) ? kDays[text] : text;
  if (!/^[a-z\d]{3,8}(?:-[a-z\d]{3,8})*$/i.test(day)) throw new RangeError(kIncorrect);
  return day.toLowerCase();
}

function keywordOptions(options) {
  const ca = typeOption(options, 'calendar');
  const co = typeOption(options, 'collation');
  const fw = weekdayOption(options);
  const hc = getOption(options, 'hourCycle', ['h11', 'h12', 'h23', 'h24'], undefined, kService);
  const kf = getOption(options, 'caseFirst', ['upper', 'lower', 'false'], undefined, kService);
  const kn = getBooleanOption(options, 'numeric', undefined);
  const nu = typeOption(options, 'numberingSystem');
  return { ca, co, fw, hc, kf, kn: kn === undefined ? undefined : `${kn}`, nu };
}

function applyKeywords(tag, wanted) {
  const [plain, extension] = splitExtension(tag);
  const keywords = keywordsOf(extension);
  for (const key in wanted) {
    if (wanted[key] !== undefined) keywords.set(key, wanted[key] === 'true' ? '' : canonicalType(key, wanted[key]));
  }
  const attributes = /^-u((?:-[a-z\d]{3,8})*)/i.exec(extension)?.[1] ?? '';
  let written = attributes;
  for (const key of [...keywords.keys()].sort()) {
    written += keywords.get(key) === '' ? `-${key}` : `-${key}-${keywords.get(key)}`;
  }
  const parts = partsOf(plain);
  const whole = joined(parts) + insertExtension(parts.rest, written === '' ? '' : `-u${written}`);
  return canonicalizeTag(whole);
}

const slots = new WeakMap(); // Locale -> { tag, keywords }

function makeLocale(tag, newTarget = Locale) {
  const locale = createFrom(newTarget, Locale);
  slots.set(locale, { tag, keywords: keywordsOf(splitExtension(tag)[1]) });
  tags.set(locale, tag);
  return locale;
}

function Locale(tag) {
  requireNew(new.target, 'Locale');
  if (typeof tag !== 'string' && !isObject(tag)) {
    throw new TypeError("First argument to Intl.Locale constructor can't be empty or missing");
  }
  const given = tags.get(tag) ?? canonicalizeTag(`${tag}`);
  const options = coerceOptionsToObject(arguments[1], kService);
  return makeLocale(applyKeywords(updateLanguage(given, options), keywordOptions(options)), new.target);
}

const of = (locale, name) => slotsOf(slots, locale, `Intl.Locale.prototype.${name}`);

// -- What a locale has
const asIcu = ({ tag }) => toIcu(tag);

function preferred({ keywords, tag }, key, list) {
  const own = keywords.get(key);
  return own === undefined ? list(toIcu(tag)) : [own];
}

const calendarsOf = (locale) => icu.listOf(icu.ucal_getKeywordValuesForLocale('calendar', locale, 1))
  .map((type) => canonicalType('ca', type));
const collationsOf = (locale) => icu.listOf(icu.ucol_getKeywordValuesForLocale('collation', locale, 1))
  .map((type) => canonicalType('co', type)).filter((type) => type !== 'standard' && type !== 'search').sort();
const hourCyclesOf = (locale) => [['h11', 'h12', 'h23', 'h24'][icu.udatpg_getDefaultHourCycle(icu.udatpg_open(locale))]];

function timeZonesOf(self) {
  const { region } = partsOf(splitExtension(self.tag)[0]);
  if (region === undefined) return undefined;
  const kCanonical = 1; // UCAL_ZONE_TYPE_CANONICAL
  return icu.listOf(icu.ucal_openTimeZoneIDEnumeration(kCanonical, region)).sort();
}

function weekInfoOf(self) {
  const calendar = icu.ucal_open(null, asIcu(self), 0);
  const kFirstDay = 1; // UCAL_FIRST_DAY_OF_WEEK
  const fromSunday = (day) => (day === 1 ? 7 : day - 1);
  const weekend = [];
  for (let day = 1; day <= 7; day++) {
    const icuDay = day === 7 ? 1 : day + 1;
    if (icu.ucal_getDayOfWeekType(calendar, icuDay) !== 0) weekend.push(day);
  }
  return { firstDay: fromSunday(icu.ucal_getAttribute(calendar, kFirstDay)), weekend };
}

function likely(self, change) {
  const [plain, extension] = splitExtension(self.tag);
  const parts = partsOf(plain);
  const base = parts.language === 'und' && parts.script === undefined && parts.region === undefined
    ? 'und' : joined({ ...parts, variants: '' });
  const changed = icu.uloc_toLanguageTag(change(toIcu(base)), 0);
  const variants = parts.variants === '' ? '' : `-${parts.variants}`;
  return makeLocale(canonicalizeTag(changed + variants + insertExtension(parts.rest, extension)));
}

defineClass(Locale, {
  toString() {
    return of(this, 'toString').tag;
  },
  maximize() {
    return likely(of(this, 'maximize'), icu.uloc_addLikelySubtags);
  },
  minimize() {
    return likely(of(this, 'minimize'), icu.uloc_minimizeSubtags);
  },
  getCalendars() {
    return preferred(of(this, 'getCalendars'), 'ca', calendarsOf);
  },
  getCollations() {
    return preferred(of(this, 'getCollations'), 'co', collationsOf);
  },
  getHourCycles() {
    return preferred(of(this, 'getHourCycles'), 'hc', hourCyclesOf);
  },
  getNumberingSystems() {
    return preferred(of(this, 'getNumberingSystems'), 'nu', (locale) => [icu.unumsys_getName(icu.unumsys_open(locale))]);
  },
  getTimeZones() {
    return timeZonesOf(of(this, 'getTimeZones'));
  },
  getTextInfo() {
    return { direction: icu.uloc_isRightToLeft(asIcu(of(this, 'getTextInfo'))) ? 'rtl' : 'ltr' };
  },
  getWeekInfo() {
    return weekInfoOf(of(this, 'getWeekInfo'));
  },
  get language() {
    const { language } = partsOf(splitExtension(of(this, 'language').tag)[0]);
    return language === 'und' ? undefined : language;
  },
  get script() {
    return partsOf(splitExtension(of(this, 'script').tag)[0]).script;
  },
  get region() {
    return partsOf(splitExtension(of(this, 'region').tag)[0]).region;
  },
  get variants() {
    return partsOf(splitExtension(of(this, 'variants').tag)[0]).variants || undefined;
  },
  get baseName() {
    return joined(partsOf(splitExtension(of(this, 'baseName').tag)[0]));
  },
  get calendar() {
    return of(this, 'calendar').keywords.get('ca');
  },
  get caseFirst() {
    return of(this, 'caseFirst').keywords.get('kf');
  },
  get collation() {
    return of(this, 'collation').keywords.get('co');
  },
  get firstDayOfWeek() {
    return of(this, 'firstDayOfWeek').keywords.get('fw');
  },
  get hourCycle() {
    return of(this, 'hourCycle').keywords.get('hc');
  },
  get numeric() {
    const value = of(this, 'numeric').keywords.get('kn');
    return value === '' || value === 'true';
  },
  get numberingSystem() {
    return of(this, 'numberingSystem').keywords.get('nu');
  },
}, null);

module.exports = { Locale };
