// SPDX-License-Identifier: Apache-2.0
//
// Keys out of what a terminal sends: characters, control characters and escape sequences.
'use strict';

const ESCAPE = '\x1b';

// What comes between ESC and the end of a sequence, as xterm, gnome, rxvt, putty and Cygwin send it.
const NAMES = {
  'OP': 'f1', 'OQ': 'f2', 'OR': 'f3', 'OS': 'f4',
  '[P': 'f1', '[Q': 'f2', '[R': 'f3', '[S': 'f4',
  '[11~': 'f1', '[12~': 'f2', '[13~': 'f3', '[14~': 'f4',
  '[200~': 'paste-start', '[201~': 'paste-end',
  '[[A': 'f1', '[[B': 'f2', '[[C': 'f3', '[[D': 'f4', '[[E': 'f5',
  '[15~': 'f5', '[17~': 'f6', '[18~': 'f7', '[19~': 'f8', '[20~': 'f9', '[21~': 'f10', '[23~': 'f11', '[24~': 'f12',
  '[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left', '[E': 'clear', '[F': 'end', '[H': 'home',
  'OA': 'up', 'OB': 'down', 'OC': 'right', 'OD': 'left', 'OE': 'clear', 'OF': 'end', 'OH': 'home',
  '[1~': 'home', '[2~': 'insert', '[3~': 'delete', '[4~': 'end', '[5~': 'pageup', '[6~': 'pagedown',
  '[[5~': 'pageup', '[[6~': 'pagedown', '[7~': 'home', '[8~': 'end',
};
// rxvt has letters of its own for keys with a modifier.
const WITH_SHIFT = {
  '[a': 'up', '[b': 'down', '[c': 'right', '[d': 'left', '[e': 'clear',
  '[2$': 'insert', '[3$': 'delete', '[5$': 'pageup', '[6$': 'pagedown', '[7$': 'home', '[8$': 'end', '[Z': 'tab',
};
const WITH_CTRL = {
  'Oa': 'up', 'Ob': 'down', 'Oc': 'right', 'Od': 'left', 'Oe': 'clear',
  '[2^': 'insert', '[3^': 'delete', '[5^': 'pageup', '[6^': 'pagedown', '[7^': 'home', '[8^': 'end',
};

const isDigit = (char) => char >= '0' && char <= '9';

function charLengthLeft(text, index) {
  if (index <= 0) return 0;
  if (index > 1 && text.codePointAt(index - 2) >= 0x10000) return 2;
  return text.codePointAt(index - 1) >= 0x10000 ? 2 : 1;
}

function charLengthAt(text, index) {
  if (text.length <= index) return 1; // as if there were one to the right, for completion
  return text.codePointAt(index) >= 0x10000 ? 2 : 1;
}

// Reads what follows ESC [ or ESC O, one character a time: [its code, its modifier, the characters].
function* readSequence(first) {
  let text = first;
  let code = first;
  const next = function* () {
    const char = yield;
    text += char;
    return char;
  };
  let char = yield* next();
  if (first === 'O') {
    if (!isDigit(char)) return [code + char, 0, text];
    return [code + (yield* next()), char - 1, text];
  }
  if (char === '[') {
    code += char;
    char = yield* next();
  }
  const start = text.length - 1;
  for (let digits = 0; digits < 3 && isDigit(char); digits++) char = yield* next();
  if (char === ';') {
    char = yield* next();
    if (isDigit(char)) yield* next();
  }
  const command = text.slice(start);
  let match = /^(\d\d?|200|201)(?:;(\d))?([~^$])$/.exec(command);
  if (match !== null) return [code + match[1] + match[3], (match[2] ?? 1) - 1, text];
  match = /^(?:(?:\d;)?(\d))?([A-Za-z])$/.exec(command);
  if (match !== null) return [code + match[2], (match[1] ?? 1) - 1, text];
  return [code + command, 0, text];
}

function nameSequence(key, code, modifier) {
  key.ctrl = Boolean(modifier & 4);
  key.meta = Boolean(modifier & 10);
  key.shift = Boolean(modifier & 1);
  key.code = code;
  key.name = NAMES[code] ?? WITH_SHIFT[code] ?? WITH_CTRL[code] ?? 'undefined';
  if (WITH_SHIFT[code] !== undefined) key.shift = true;
  if (WITH_CTRL[code] !== undefined) key.ctrl = true;
}

const NAMED = { '\r': 'return', '\n': 'enter', '\t': 'tab', '\b': 'backspace', '\x7f': 'backspace', ' ': 'space' };
NAMED[ESCAPE] = 'escape';

function nameCharacter(key, char, escaped) {
  if (NAMED[char] !== undefined) {
    key.name = NAMED[char];
    key.meta = escaped;
  } else if (!escaped && char <= '\x1a') {
    key.name = String.fromCharCode(char.charCodeAt(0) + 'a'.charCodeAt(0) - 1);
    key.ctrl = true;
  } else if (/^[0-9A-Za-z]$/.test(char)) {
    key.name = char.toLowerCase();
    key.shift = /^[A-Z]$/.test(char);
    key.meta = escaped;
  } else if (escaped) {
    key.name = char.length > 0 ? undefined : 'escape'; // nothing followed in time
    key.meta = true;
  }
}

// A generator that takes characters (or '' for "nothing more comes") and calls `emit(text, key)` for each key.
function* decodeKeys(emit) {
  for (;;) {
    let char = yield;
    let sequence = char;
    let escaped = false;
    const key = { sequence: null, name: undefined, ctrl: false, meta: false, shift: false };
    if (char === ESCAPE) {
      escaped = true;
      sequence += char = yield;
      if (char === ESCAPE) sequence += char = yield; // two mean the same as one
    }
    if (escaped && (char === 'O' || char === '[')) {
      const [code, modifier, text] = yield* readSequence(char);
      sequence += text.slice(1);
      nameSequence(key, code, modifier);
    } else nameCharacter(key, char, escaped);
    key.sequence = sequence;
    if (sequence.length !== 0 && (key.name !== undefined || escaped)) emit(escaped ? undefined : sequence, key);
    else if (charLengthAt(sequence, 0) === sequence.length) emit(sequence, key);
  }
}

module.exports = { charLengthAt, charLengthLeft, decodeKeys, ESCAPE };
