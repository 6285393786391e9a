// SPDX-License-Identifier: Apache-2.0
//
// How many columns text takes in a terminal.
'use strict';

// CSI and OSC sequences, as the package ansi-regex knows them.
const ANSI = new RegExp('[\\u001B\\u009B][[\\]()#;?]*' +
  '(?:(?:(?:(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]+)*|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]*)*)?' +
  '(?:\\u0007|\\u001B\\u005C|\\u009C))|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~]))', 'g');

function stripVTControlCharacters(text) {
  return text.includes('\u001B') || text.includes('\u009B') ? text.replace(ANSI, '') : text;
}

// East Asian Wide and Fullwidth blocks, and the emoji.
const WIDE = [[0x1100, 0x115f], [0x2329, 0x232a], [0x2e80, 0x3247], [0x3250, 0x4dbf], [0x4e00, 0xa4c6],
  [0xa960, 0xa97c], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe10, 0xfe19], [0xfe30, 0xfe6b], [0xff01, 0xff60],
  [0xffe0, 0xffe6], [0x1b000, 0x1b001], [0x1f200, 0x1f251], [0x1f300, 0x1f64f], [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd]];
const ZERO = [[0x0000, 0x001f], [0x007f, 0x009f], [0x0300, 0x036f], [0x200b, 0x200f], [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f], [0xfe20, 0xfe2f], [0xe0100, 0xe01ef]];

const within = (code, ranges) => ranges.some(([low, high]) => code >= low && code <= high);

function getStringWidth(text, removeControlChars = true) {
  if (removeControlChars) text = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0);
    if (code >= 0x1100 && within(code, WIDE)) width += 2;
    else if (!within(code, ZERO)) width++;
  }
  return width;
}

module.exports = { getStringWidth, stripVTControlCharacters };
