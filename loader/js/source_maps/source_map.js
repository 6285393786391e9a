// SPDX-License-Identifier: Apache-2.0
//
// module.SourceMap: a source map of version 3 and where positions lead in it.
'use strict';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]));

// The numbers of one segment: base64 VLQ of 32 bits, the sign in the lowest bit. A zero that is negative stands for
// the lowest number.
function decode(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < segment.length; i++) {
    const digit = VALUES.get(segment.charCodeAt(i)) ?? 0;
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    const magnitude = value >>> 1;
    if (value & 1) numbers.push(magnitude === 0 ? -2147483648 : -magnitude);
    else numbers.push(magnitude);
    value = shift = 0;
  }
  return numbers;
}

const compareEntries = (a, b) => a[0] - b[0] || a[1] - b[1];

// Entries are [line, column, source, line in it, column in it, name], counted from zero; the last four may be missing.
class SourceMap {
  #payload;
  #entries;
  #lineLengths;

  constructor(payload, { lineLengths } = {}) {
    require('internal/validators').validateObject(payload, 'payload');
    this.#payload = {
      ...payload,
      sources: [...(payload.sources ?? [])],
      ...(Array.isArray(payload.sourcesContent) && { sourcesContent: [...payload.sourcesContent] }),
    };
    this.#lineLengths = lineLengths;
  }

  get payload() {
    return { ...this.#payload, sources: [...this.#payload.sources] };
  }

  get lineLengths() {
    return this.#lineLengths === undefined ? undefined : [...this.#lineLengths];
  }

  // The last entry at or before a place, both counted from zero.
  findEntry(lineOffset, columnOffset) {
    const entries = (this.#entries ??= this.#parse());
    let low = 0;
    let high = entries.length; // what is below `low` is not after the place, what is from `high` on is
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [line, column] = entries[middle];
      if (line < lineOffset || (line === lineOffset && column <= columnOffset)) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return {};
    const [generatedLine, generatedColumn, originalSource, originalLine, originalColumn, name] =
      entries[low - 1];
    return { generatedLine, generatedColumn, originalSource, originalLine, originalColumn, name };
  }

  // Where a place comes from, both counted from one.
  findOrigin(lineNumber, columnNumber) {
    const entry = this.findEntry(lineNumber - 1, columnNumber - 1);
    if (
      entry.originalSource === undefined ||
      entry.originalLine === undefined ||
      entry.originalColumn === undefined ||
      entry.generatedLine === undefined ||
      entry.generatedColumn === undefined
    ) {
      return {};
    }
    return {
      name: entry.name,
      fileName: entry.originalSource,
      lineNumber: lineNumber - entry.generatedLine + entry.originalLine,
      columnNumber: columnNumber - entry.generatedColumn + entry.originalColumn,
    };
  }

  #parse() {
    const entries = [];
    if (Array.isArray(this.#payload.sections)) {
      for (const { offset, map } of this.#payload.sections) addEntries(entries, map, offset.line, offset.column);
    } else addEntries(entries, this.#payload, 0, 0);
    return entries.sort(compareEntries);
  }
}

// The entries of one map, whose text begins at a place of the whole.
function addEntries(entries, map, firstLine, firstColumn) {
  const { mappings = '', names = [], sources = [] } = map;
  let sourceIndex = 0;
  let sourceLine = 0;
  let sourceColumn = 0;
  let nameIndex = 0;
  for (const [index, line] of mappings.split(';').entries()) {
    let column = index === 0 ? firstColumn : 0;
    if (line === '') continue;
    for (const segment of line.split(',')) {
      const numbers = decode(segment);
      if (numbers.length === 0) continue;
      column += numbers[0];
      const entry = [firstLine + index, column];
      if (numbers.length >= 4) {
        sourceIndex += numbers[1];
        sourceLine += numbers[2];
        sourceColumn += numbers[3];
        entry.push(sources[sourceIndex], sourceLine, sourceColumn);
        if (numbers.length >= 5) {
          nameIndex += numbers[4];
          entry.push(names[nameIndex]);
        }
      }
      entries.push(entry);
    }
  }
}

module.exports = { SourceMap };
