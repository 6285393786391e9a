// SPDX-License-Identifier: Apache-2.0
//
// What ICU formatted, in parts: a text and the regions that ICU names in it.
'use strict';

const icu = require('internal/intl/icu');

const kDate = 1, kNumber = 2, kList = 3, kRelative = 4;
const kListSpan = 0x1003, kDateSpan = 0x1005, kNumberSpan = 0x1002;

// [{ category, field, start, end }] of a UFormattedValue
function regionsOf(value) {
  const position = icu.ucfpos_open();
  const regions = [];
  while (icu.ufmtval_nextPosition(value, position)) {
    const [, start, end] = icu.ucfpos_getIndexes(position);
    regions.push({
      category: icu.ucfpos_getCategory(position), field: icu.ucfpos_getField(position), start, end,
    });
  }
  return regions;
}

// [{ region or undefined, start, end }]: each piece belongs to the smallest region around it.
function flatten(length, regions) {
  const owner = new Array(length).fill(undefined);
  for (const region of regions.toSorted((a, b) => (b.end - b.start) - (a.end - a.start))) {
    owner.fill(region, region.start, region.end);
  }
  const pieces = [];
  for (let start = 0, end; start < length; start = end) {
    for (end = start + 1; end < length && owner[end] === owner[start];) end++;
    pieces.push({ region: owner[start], start, end });
  }
  return pieces;
}

const kTypes = ['integer', 'fraction', 'decimal', 'exponentSeparator', 'exponentMinusSign', 'exponentInteger', 'group',
  'currency', 'percentSign', 'permill', 'sign', 'unit', 'compact', 'approximatelySign'];

// The type of a part of a number, for a field of UNumberFormatFields.
function numberType(field, text, style) {
  const type = kTypes[field];
  if (type === 'sign') return text.includes('+') || text.includes('\uff0b') ? 'plusSign' : 'minusSign';
  if (type === 'percentSign' && style === 'unit') return 'unit';
  return type;
}

// A number's integer part is a word when it is no finite one.
const typeOfValue = (number) => (Number.isNaN(number) ? 'nan' : Number.isFinite(number) ? 'integer' : 'infinity');

function numberParts(value, number, style) {
  const text = icu.ufmtval_getString(value);
  const regions = regionsOf(value).filter(({ category }) => category === kNumber);
  return flatten(text.length, regions).map(({ region, start, end }) => {
    const piece = text.slice(start, end);
    let type = region === undefined ? 'literal' : numberType(region.field, piece, style);
    if (type === 'integer') type = typeOfValue(number);
    return { type, value: piece };
  });
}

const kSources = ['startRange', 'endRange'];

// `numbers` are both ends.
function numberRangeParts(value, numbers, style) {
  const text = icu.ufmtval_getString(value);
  const all = regionsOf(value);
  const spans = all.filter(({ category }) => category === kNumberSpan);
  const parts = [];
  for (const { region, start, end } of flatten(text.length, all.filter(({ category }) => category === kNumber))) {
    const span = spans.find((each) => each.start <= start && end <= each.end);
    const piece = text.slice(start, end);
    let type = region === undefined ? 'literal' : numberType(region.field, piece, style);
    if (type === 'integer') type = typeOfValue(numbers[span === undefined ? 0 : span.field]);
    parts.push({ type, value: piece, source: span === undefined ? 'shared' : kSources[span.field] });
  }
  return parts;
}

module.exports = {
  flatten, kDate, kDateSpan, kList, kListSpan, kNumber, kRelative, numberParts, numberRangeParts, regionsOf,
};
