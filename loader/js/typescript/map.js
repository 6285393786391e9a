// SPDX-License-Identifier: Apache-2.0
//
// The source map of a transformed text, from where its tokens have come to be.
'use strict';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

// Base64 VLQ: the sign in the lowest bit, five bits a digit, the lowest first.
function encode(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

// Walks forward only: positions are asked for in ascending order.
class Places {
  constructor(text) {
    this.starts = lineStarts(text);
    this.line = 0;
  }

  at(position) {
    while (this.line + 1 < this.starts.length && this.starts[this.line + 1] <= position) this.line++;
    return [this.line, position - this.starts[this.line]];
  }
}

// `expanded` is `source` with its namespaces rewritten, which keeps lines and moves columns; it has `tokens`, and
// mappings[i] is where token i is in `code`.
function makeMap(source, expanded, tokens, code, mappings, filename) {
  const made = new Places(code);
  const original = new Places(expanded);
  const lines = [[]];
  let last = [0, 0, 0]; // column in the code, line and column in the source
  mappings.forEach((position, i) => {
    if (position === undefined || tokens[i] === undefined) return;
    const [line, column] = made.at(position);
    const [sourceLine, sourceColumn] = original.at(tokens[i].start);
    while (lines.length <= line) {
      lines.push([]);
      last = [0, last[1], last[2]];
    }
    lines[line].push(
      encode(column - last[0]) + encode(0) + encode(sourceLine - last[1]) + encode(sourceColumn - last[2])
    );
    last = [column, sourceLine, sourceColumn];
  });
  return {
    version: 3,
    sources: [filename],
    sourcesContent: [source],
    names: [],
    mappings: lines.map((segments) => segments.join(',')).join(';'),
  };
}

module.exports = { makeMap };
