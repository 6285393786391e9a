// SPDX-License-Identifier: Apache-2.0
//
// Where a module waits at its top level: a guess from its text, since the engine does not say.
'use strict';

const { urlToPath } = require('internal/modules/esm/urls');

const SKIPPED = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[^])*`|\/\/.*|\/\*[^]*?\*\//g;

// Does the code before a brace make it the start of a function's body?
function opensFunction(before) {
  const code = before.trimEnd();
  if (code.endsWith('=>')) return true;
  if (!code.endsWith(')')) return false; // a block, a class or an object
  let depth = 0;
  let at = code.length - 1;
  for (; at >= 0; at--) {
    if (code[at] === ')') depth++;
    else if (code[at] === '(' && --depth === 0) break;
  }
  return !/\b(?:if|for|while|switch|catch|with)(?:\s+await)?\s*$/.test(code.slice(0, at));
}

function placeOf(text, index) {
  const lineStart = text.lastIndexOf('\n', index - 1) + 1;
  return {
    line: text.slice(0, index).split('\n').length,
    column: index - lineStart,
    text: text.slice(lineStart).split('\n', 1)[0],
  };
}

// The text of a module; undefined for one that is in no file, as a data: URL.
function textOf({ source, url }) {
  if (source !== undefined) return source;
  return url.startsWith('file:') ? internalBinding('module_files').readFileUtf8(urlToPath(url)) : undefined;
}

// { line, column, text } of the first await that is not inside of a function.
function findAwait(job) {
  const text = textOf(job);
  if (text === undefined) return undefined;
  const code = text.replace(SKIPPED, (part) => part.replace(/[^\n]/g, ' '));
  const open = []; // for each brace: is it a function's
  for (const { 0: found, index } of code.matchAll(/[{}]|\bawait\b/g)) {
    if (found === '{') open.push(opensFunction(code.slice(0, index)));
    else if (found === '}') open.pop();
    else if (!open.includes(true)) return placeOf(text, index);
  }
  return undefined;
}

module.exports = { findAwait };
