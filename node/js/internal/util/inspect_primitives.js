// SPDX-License-Identifier: Apache-2.0
//
// How util.inspect shows strings, numbers and other primitives.
'use strict';

const MIN_LINE_WIDTH = 16; // shorter strings are never split

const NAMED = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };
// Control characters, the backslash, and surrogates that are not in a pair.
const SPECIAL =
  /[\x00-\x1f\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const SPECIAL_ALL = new RegExp(SPECIAL, 'g');

function escapeCharacter(character) {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.toUpperCase().padStart(2, '0')}` : `\\u${digits}`;
}

function escapeControls(text) {
  return SPECIAL.test(text) ? text.replace(SPECIAL_ALL, escapeCharacter) : text;
}

// In single quotes; in others when the text has single ones and not those.
function quote(text) {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  const escaped = escapeControls(text);
  return mark === "'" ? `'${escaped.replaceAll("'", "\\'")}'` : mark + escaped + mark;
}

const groupThousands = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, '_');

function formatNumber(style, number, withSeparator) {
  if (!withSeparator) return style(Object.is(number, -0) ? '-0' : `${number}`, 'number');
  const text = String(number);
  const integer = Math.trunc(number);
  if (integer === number) {
    if (!Number.isFinite(number) || text.includes('e')) return style(text, 'number');
    return style(Object.is(number, -0) ? '-0' : groupThousands(text), 'number');
  }
  if (Number.isNaN(number) || text.includes('e')) return style(text, 'number');
  const point = text.indexOf('.');
  const fraction = text.slice(point + 1).replace(/(\d{3})(?=\d)/g, '$1_');
  return style(`${groupThousands(text.slice(0, point))}.${fraction}`, 'number');
}

function formatBigInt(style, bigint, withSeparator) {
  const text = String(bigint);
  return style(`${withSeparator ? groupThousands(text) : text}n`, 'bigint');
}

function formatString(style, text, ctx) {
  let trailer = '';
  if (text.length > ctx.maxStringLength) {
    const remaining = text.length - ctx.maxStringLength;
    text = text.slice(0, ctx.maxStringLength);
    trailer = `... ${remaining} more character${remaining > 1 ? 's' : ''}`;
  }
  if (
    ctx.compact !== true &&
    text.length > MIN_LINE_WIDTH &&
    text.length > ctx.breakLength - ctx.indentationLvl - 4 &&
    text.includes('\n')
  ) {
    const lines = text.split(/(?<=\n)/);
    return (
      lines.map((line) => style(quote(line), 'string')).join(` +\n${' '.repeat(ctx.indentationLvl + 2)}`) +
      trailer
    );
  }
  return style(quote(text), 'string') + trailer;
}

function formatPrimitive(style, value, ctx) {
  switch (typeof value) {
    case 'string':
      return formatString(style, value, ctx);
    case 'number':
      return formatNumber(style, value, ctx.numericSeparator);
    case 'bigint':
      return formatBigInt(style, value, ctx.numericSeparator);
    case 'boolean':
      return style(`${value}`, 'boolean');
    case 'undefined':
      return style('undefined', 'undefined');
    default:
      return style(value.toString(), 'symbol');
  }
}

module.exports = { escapeControls, formatBigInt, formatNumber, formatPrimitive, quote };
