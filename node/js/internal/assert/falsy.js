// SPDX-License-Identifier: Apache-2.0
// What assert(value) says of a value that is not true: the call as it is written in the source.
'use strict';

const kFallback = 'false == true';
// What is called: names with dots or indices, up to the opening bracket.
const call = /[\p{ID_Start}$_](?:[\p{ID_Continue}$.]|\[[^\]]*\])*\s*\(/gu;
const kArgumentLines = 3;
const checks = /(?:^|\.)(?:assert|ok|strict)$/;

// From the opening bracket to the one that closes it; brackets in strings do not count.
function endOfCall(source, start) {
  let depth = 0;
  let quote = '';
  for (let i = start; i < source.length; i++) {
    const character = source[i];
    if (quote !== '') {
      if (character === '\\') i++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'" || character === '`') {
      quote = character;
    } else if (character === '(') {
      depth++;
    } else if (character === ')' && --depth === 0) {
      return i + 1;
    }
  }
  return -1;
}

// Where `fn` was called: { path, row, column }.
function callerOf(fn) {
  const site = { stack: '' };
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(site, fn);
  Error.stackTraceLimit = stackTraceLimit;
  const [, file, row, column] = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/m.exec(site.stack) ?? [];
  if (file === undefined) return undefined;
  const path = file.startsWith('file:') ? require('internal/url').fileURLToPath(file) : file;
  return { path, row: Number(row), column: Number(column) };
}

// The call in a line that a position is in or behind: a check if there is one, the innermost.
function findCall(line, position) {
  const calls = [...line.matchAll(call)].map((found) => {
    const end = endOfCall(line, found.index);
    return { start: found.index, end: end === -1 ? line.length : end, callee: found[0].replace(/\s*\($/, '') };
  });
  const around = calls.filter(({ start, end }) => start <= position && position <= end);
  const candidates = around.length > 0 ? around : calls;
  return candidates.findLast(({ callee }) => checks.test(callee)) ?? candidates.at(-1);
}

// The call of `fn` as it is written, when its source can be read; else the plain comparison.
function describeCall(fn) {
  const caller = callerOf(fn);
  const fs = require('fs');
  if (caller === undefined || !fs.existsSync(caller.path)) return kFallback;
  const lines = fs.readFileSync(caller.path, 'utf8').split('\n');
  // The engine may name a line further down, where an argument is.
  let row = caller.row - 1;
  let found = lines[row] === undefined ? undefined : findCall(lines[row], caller.column - 1);
  for (let up = 1; up <= kArgumentLines && row > 0 && !checks.test(found?.callee); up++) {
    found = findCall(lines[--row], Infinity) ?? found;
  }
  if (found === undefined) return kFallback;
  const line = lines[row];
  return `The expression evaluated to a falsy value:\n\n  ${line.slice(found.start, found.end)}\n`;
}

// assert.ok as `stackStartFn`, called with `args`.
function innerOk(stackStartFn, args) {
  const [value, message] = args;
  if (value) return;
  if (message instanceof Error || require('internal/util/types').isNativeError(message)) throw message;
  const { AssertionError } = require('internal/assert/assertion_error');
  const generated =
    args.length === 0
      ? 'No value argument passed to `assert.ok()`'
      : (message ?? describeCall(stackStartFn));
  const error = new AssertionError({ actual: value, expected: true, message: generated, operator: '==', stackStartFn });
  error.generatedMessage = message === undefined || message === null;
  throw error;
}

module.exports = { innerOk };
