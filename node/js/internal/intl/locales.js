// SPDX-License-Identifier: Apache-2.0
//
// Language tags: which are well formed, their canonical form (ICU's), lists of them, and the choice among ICU's locales.
'use strict';

const icu = require('internal/intl/icu');
const { coerceOptionsToObject, getMatcher, isObject } = require('internal/intl/options');

const tags = new WeakMap(); // Intl.Locale object -> its tag

// unicode_locale_id of UTS 35, without what is only for backward compatibility there.
const language = '(?:[a-z]{2,3}|[a-z]{5,8})';
const variant = '(?:[a-z0-9]{5,8}|\\d[a-z0-9]{3})';
const languageId = `${language}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\\d{3}))?(?:-${variant})*`;
const unicodeExtension = 'u(?:(?:-[a-z0-9]{3,8})+(?:-[a-z0-9][a-z](?:-[a-z0-9]{3,8})*)*|(?:-[a-z0-9][a-z](?:-[a-z0-9]{3,8})*)+)';
const field = '-[a-z]\\d(?:-[a-z0-9]{3,8})+';
const transformExtension = `t(?:-${languageId}(?:${field})*|(?:${field})+)`;
const otherExtension = '[0-9a-svwyz](?:-[a-z0-9]{2,8})+';
const wellFormed = new RegExp(
  `^${languageId}(?:-(?:${unicodeExtension}|${transformExtension}|${otherExtension}))*(?:-x(?:-[a-z0-9]{1,8})+)?$`,
);
// V8 has a text of its own for what goes wrong after the first singleton.
const begins = new RegExp(`^${languageId}(?:-[a-z\\d](?:-.*)?)?$`);
const variantForm = new RegExp(`^${variant}$`);

// No variant (of the tag, or of the one after -t-) and no extension stands there twice.
function repeats(tag) {
  const seen = new Set();
  let variants = new Set();
  let extension = '';
  for (const [index, part] of tag.split('-').entries()) {
    if (extension === 'x') return false;
    if (part.length === 1) {
      if (seen.has(part)) return true;
      seen.add(part);
      extension = part;
      variants = new Set();
    } else if (index > 0 && (extension === '' || extension === 't')) {
      if (extension === 't' && /^[a-z]\d$/.test(part)) extension = 'fields';
      else if (variantForm.test(part) && !(extension === 't' && tag.split('-')[index - 1] === 't')) {
        if (variants.has(part)) return true;
        variants.add(part);
      }
    }
  }
  return false;
}

const canonical = new Map();
const kKept = 200;

// IsStructurallyValidLanguageTag and CanonicalizeUnicodeLocaleId
function canonicalizeTag(tag) {
  const known = canonical.get(tag);
  if (known !== undefined) return known;
  const lower = tag.toLowerCase();
  if (/[^\0-\x7f]/.test(tag) || !wellFormed.test(lower) || repeats(lower)) {
    throw new RangeError(
      begins.test(lower) ? `Invalid language tag: ${tag}` : 'Incorrect locale information provided');
  }
  const locale = icu.ulocale_openForLanguageTag(lower);
  icu.ulocale_canonicalize(locale);
  const result = icu.uloc_toLanguageTag(icu.ulocale_getLocaleID(locale), 1);
  if (canonical.size === kKept) canonical.clear();
  canonical.set(tag, result);
  return result;
}

// CanonicalizeLocaleList
function canonicalizeLocaleList(locales) {
  if (locales === undefined) return [];
  if (typeof locales === 'string') return [canonicalizeTag(locales)];
  if (locales === null) throw new TypeError('Cannot convert undefined or null to object');
  if (tags.has(locales)) return [tags.get(locales)];
  const list = Object(locales);
  const result = new Set();
  const length = Math.min(Math.max(Math.trunc(+list.length) || 0, 0), Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < length; i++) {
    if (!(i in list)) continue;
    const item = list[i];
    if (typeof item !== 'string' && !isObject(item)) throw new TypeError('Language ID should be string or object.');
    result.add(tags.get(item) ?? canonicalizeTag(`${item}`));
  }
  return [...result];
}

// -- Available locales: ICU's, and those that it has with a script, without one: zh-TW for zh-Hant-TW.
function availableFrom(count, get) {
  const found = new Set();
  for (let i = 0; i < count; i++) {
    const tag = get(i).replaceAll('_', '-');
    if (tag === 'en-US-POSIX') continue;
    found.add(tag);
    const short = /^([a-z]+)-[A-Z][a-z]{3}(-[A-Z0-9]+)$/.exec(tag);
    if (short !== null) found.add(short[1] + short[2]);
  }
  return found;
}

let all;
const availableLocales = () => all ??= availableFrom(icu.uloc_countAvailable(), icu.uloc_getAvailable);

// DefaultLocale: that of the environment, as ICU reads LC_ALL, LC_MESSAGES and LANG.
let usual;
function defaultLocale() {
  if (usual === undefined) {
    const tag = icu.uloc_toLanguageTag(icu.uloc_getDefault(), 0);
    usual = tag === 'en-US-u-va-posix' || tag === 'c' || tag === 'und' ? 'en-US' : tag;
  }
  return usual;
}

// BestAvailableLocale: the tag, or what is left when parts of its end are dropped.
function bestAvailable(available, tag) {
  for (let candidate = tag; ;) {
    if (available.has(candidate)) return candidate;
    let end = candidate.lastIndexOf('-');
    if (end === -1) return undefined;
    if (end >= 2 && candidate[end - 2] === '-') end -= 2;
    candidate = candidate.slice(0, end);
  }
}

// [tag without its Unicode extension, the extension or '']
function splitExtension(tag) {
  const private_ = tag.startsWith('x-') ? 0 : tag.indexOf('-x-');
  const public_ = private_ === -1 ? tag : tag.slice(0, private_);
  const found = /-u(?:-[a-z0-9]{2,8})+/i.exec(public_);
  if (found === null) return [tag, ''];
  return [tag.slice(0, found.index) + tag.slice(found.index + found[0].length), found[0]];
}

// The keywords of `-u-attribute-key-type-type`; the first of each key counts.
function keywordsOf(extension) {
  const keywords = new Map();
  const parts = extension.split('-').slice(2);
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length !== 2) continue;
    const key = parts[i];
    const start = i + 1;
    while (i + 1 < parts.length && parts[i + 1].length > 2) i++;
    if (!keywords.has(key)) keywords.set(key, parts.slice(start, i + 1).join('-'));
  }
  return keywords;
}

// The canonical form of a type: `islamicc` is `islamic-civil`.
function canonicalType(key, type) {
  if (type === '') return type;
  return icu.uloc_toUnicodeLocaleType(key, type) ?? type;
}

// ResolveLocale. `keys` has for each relevant key, in alphabetical order, a function that tells whether a locale has a
// value for it; `options` what the program asked for. The result: `locale`, the tag to show; `base`, it without an
// extension; `values` of keys, undefined where the locale's own is to be used; `icu`, a locale for ICU with all that.
function resolveLocale(available, requested, options, keys) {
  let base, extension = '';
  for (const tag of requested) {
    const [plain, itsExtension] = splitExtension(tag);
    base = bestAvailable(available, plain);
    if (base !== undefined) {
      extension = itsExtension;
      break;
    }
  }
  base ??= bestAvailable(available, splitExtension(defaultLocale())[0]) ?? 'en-US';
  const keywords = extension === '' ? undefined : keywordsOf(extension);
  const values = { __proto__: null };
  let shown = '', whole = '';
  for (const key of Object.keys(keys)) {
    const has = keys[key];
    let value, word = '';
    if (keywords?.has(key)) {
      const asked = keywords.get(key) || 'true';
      if (has(base, asked)) {
        value = asked;
        word = `-${key}${asked === 'true' ? '' : `-${asked}`}`;
      }
    }
    let wanted = options[key];
    if (typeof wanted === 'string') wanted = canonicalType(key, wanted.toLowerCase()) || 'true';
    if (wanted !== undefined && wanted !== value && has(base, wanted)) {
      value = wanted;
      word = '';
    }
    values[key] = value;
    shown += word;
    if (value !== undefined) whole += `-${key}-${value}`;
  }
  return {
    base,
    locale: shown === '' ? base : `${base}-u${shown}`,
    values,
    get icu() { return toIcu(whole === '' ? base : `${base}-u${whole}`); },
  };
}

// A tag as ICU's own identifier
function toIcu(tag) {
  return /^[a-z]+$/.test(tag) ? tag : icu.uloc_forLanguageTag(tag)[0];
}

// FilterLocales behind supportedLocalesOf
function supportedLocales(available, locales, options, service) {
  const requested = canonicalizeLocaleList(locales);
  if (options !== undefined) getMatcher(coerceOptionsToObject(options, service), service);
  return requested.filter((tag) => bestAvailable(available, splitExtension(tag)[0]) !== undefined);
}

// -- Numbering systems
const ofName = new Map();
function isNumberingSystem(_locale, name) {
  if (!ofName.has(name)) ofName.set(name, isSimple(name));
  return ofName.get(name);
}

function isSimple(name) {
  if (name === 'native' || name === 'traditio' || name === 'finance') return false;
  try {
    return !icu.unumsys_isAlgorithmic(icu.unumsys_openByName(name));
  } catch {
    return false; // ICU has none of that name
  }
}

// That of a locale, given as ICU has it
const numberingSystemOf = (locale) => icu.unumsys_getName(icu.unumsys_open(locale));

module.exports = {
  availableFrom,
  availableLocales,
  bestAvailable,
  canonicalType,
  canonicalizeLocaleList,
  canonicalizeTag,
  defaultLocale,
  isNumberingSystem,
  keywordsOf,
  numberingSystemOf,
  resolveLocale,
  splitExtension,
  supportedLocales,
  tags,
  toIcu,
};
