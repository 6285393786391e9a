// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  codes: { ERR_INVALID_URI },
} = require('internal/errors');

const QueryString = module.exports;

// Bytes of a string with its `%XX` decoded; a broken escape stays as it is.
function unescapeBuffer(text, decodeSpaces = false) {
  const { Buffer } = require('buffer');
  const plain = decodeSpaces ? text.replaceAll('+', ' ') : text;
  const binary = plain.replace(/%([0-9a-f]{2})/gi, (whole, digits) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(binary, 'latin1');
}

function qsUnescape(text, decodeSpaces) {
  try {
    return decodeURIComponent(text);
  } catch {
    // not UTF-8: take the bytes as they are
    return QueryString.unescapeBuffer(text, decodeSpaces).toString();
  }
}

function qsEscape(value) {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? String(value) : `${value}`;
  return encodeURIComponent(text.isWellFormed() ? text : pairSurrogates(text));
}

// Node takes what follows half a character for its other half, whatever it is.
function pairSurrogates(text) {
  return text.replace(/[\ud800-\udfff]([^])?/g, (pair, next) => {
    if (next === undefined) throw new ERR_INVALID_URI();
    return String.fromCodePoint(0x10000 + (((pair.charCodeAt(0) & 0x3ff) << 10) | (next.charCodeAt(0) & 0x3ff)));
  });
}

function primitiveText(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : '';
  if (typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  return '';
}

function stringify(object, separator, equals, options) {
  separator ||= '&';
  equals ||= '=';
  const custom = options?.encodeURIComponent;
  const encode = typeof custom === 'function' ? custom : QueryString.escape;
  if (object === null || typeof object !== 'object') return '';
  const fields = [];
  for (const key of Object.keys(object)) {
    const prefix = encode(primitiveText(key)) + equals;
    const value = object[key];
    const values = Array.isArray(value) ? value : [value];
    for (const item of values) fields.push(prefix + encode(primitiveText(item)));
  }
  return fields.join(separator);
}

function parse(text, separator, equals, options) {
  const found = { __proto__: null };
  if (typeof text !== 'string' || text.length === 0) return found;
  separator = separator ? `${separator}` : '&';
  equals = equals ? `${equals}` : '=';
  const { decodeURIComponent: custom } = options ?? {};
  const maxKeys = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000;
  const decode = typeof custom === 'function' ? custom : QueryString.unescape;
  const plusDecoded = (part) => decodeWith(decode, part.replaceAll('+', '%20'), custom);
  const fields = text.split(separator);
  for (const field of maxKeys > 0 ? fields.slice(0, maxKeys) : fields) {
    if (field === '') continue;
    const at = field.indexOf(equals);
    const key = plusDecoded(at === -1 ? field : field.slice(0, at));
    const value = at === -1 ? '' : plusDecoded(field.slice(at + equals.length));
    if (found[key] === undefined) found[key] = value;
    else if (Array.isArray(found[key])) found[key].push(value);
    else found[key] = [found[key], value];
  }
  return found;
}

function decodeWith(decode, part, custom) {
  if (decode === qsUnescape && !/%[0-9a-f]{2}/i.test(part)) return part;
  try {
    return decode(part);
  } catch {
    // the caller's decoder gave up; Node falls back to its own
    return qsUnescape(part, true);
  }
}

Object.assign(QueryString, {
  unescapeBuffer,
  unescape: qsUnescape,
  escape: qsEscape,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
});
