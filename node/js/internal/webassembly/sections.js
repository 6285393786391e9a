// SPDX-License-Identifier: Apache-2.0
//
// What of a module's binary format the host does not tell: custom sections, and the indices of exported functions.
'use strict';

class Reader {
  constructor(bytes, at, end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  // An unsigned LEB128 number.
  number() {
    let result = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      result += (byte & 127) * factor;
      if (byte < 128) return result;
    }
  }

  name() {
    const { TextDecoder } = require('internal/encoding');
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

const CUSTOM = 0;
const EXPORT = 7;

// Calls `each` with a reader of every section of kind `wanted` of a valid module.
function forSections(bytes, wanted, each) {
  const reader = new Reader(bytes, 8, bytes.length);
  while (reader.at < reader.end) {
    const kind = bytes[reader.at++];
    const size = reader.number();
    if (kind === wanted) each(new Reader(bytes, reader.at, reader.at + size));
    reader.at += size;
  }
}

function customSections(bytes, wanted) {
  const found = [];
  forSections(bytes, CUSTOM, (section) => {
    if (section.name() === wanted) found.push(bytes.slice(section.at, section.end).buffer);
  });
  return found;
}

// In the order of the exports: the index of each, among those of its kind.
function exportIndices(bytes) {
  const found = [];
  forSections(bytes, EXPORT, (section) => {
    for (let left = section.number(); left > 0; left--) {
      section.name();
      section.at++; // the kind
      found.push(section.number());
    }
  });
  return found;
}

module.exports = { customSections, exportIndices };
