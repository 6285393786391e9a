// SPDX-License-Identifier: Apache-2.0
//
// Whether more lines could make a program of what does not parse yet.
'use strict';

const { kAsync, Script } = require('internal/vm/script');

class Recoverable extends SyntaxError {
  constructor(err) {
    super();
    this.err = err;
  }
}

// What text ends inside of: 'template', 'comment', 'string' (continued by a backslash), or nothing.
function openAtEnd(code) {
  const nesting = []; // '`' for a template, '{' for braces in one of its holes
  const pattern = /\\[^]|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(\*\/)?|(["'])(?:\\[^]|(?!\2)[^\\\n])*(\2)?|[`{}]|\$\{|[^]/g;
  for (let match; (match = pattern.exec(code)) !== null; ) {
    const [text, commentEnd, quote, stringEnd] = match;
    if (nesting.at(-1) === '`') {
      // In a template only its end, holes and escapes count; look again behind one character of anything else.
      if (text === '`') nesting.pop();
      else if (text === '${') nesting.push('{');
      else if (text.length > 1 && text[0] !== '\\') pattern.lastIndex = match.index + 1;
      continue;
    }
    if (text.startsWith('/*') && commentEnd === undefined) return 'comment';
    if (quote !== undefined && stringEnd !== quote) return text.endsWith('\\\n') ? 'string' : undefined;
    if (text === '`') nesting.push('`');
    else if (text === '{' && nesting.length > 0) nesting.push('{');
    else if (text === '}' && nesting.at(-1) === '{') nesting.pop();
  }
  return nesting.includes('`') ? 'template' : undefined;
}

function isRecoverable(error, code) {
  if (error === null || typeof error !== 'object' || error.name !== 'SyntaxError') return false;
  return error.message === 'Unexpected end of input' || openAtEnd(code) !== undefined;
}

// Parses without running.
function isValidSyntax(code) {
  for (const isAsync of [false, true]) {
    try {
      new Script(code, { [kAsync]: isAsync });
      return true;
    } catch (error) {
      if (isRecoverable(error, code)) return true;
    }
  }
  return false;
}

module.exports = { isRecoverable, isValidSyntax, Recoverable };
