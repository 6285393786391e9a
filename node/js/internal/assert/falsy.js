// SPDX-License-Identifier: Apache-2.0
// What assert(value) says of a value that is not true: the call as it is written in the source.
'use strict';

const kFallback = 'false == true';
const call = /\b(?:\w+\.)*assert(?:\.\w+)*\s*\(/g;

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

// The caller of `fn`, when its source can be read; else the plain comparison.
function describeCall(fn) {
  const site = { stack: '' };
  Error.captureStackTrace(site, fn);
  const match = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/m.exec(
    site.stack.split('\n').find((line) => line.startsWith('    at ')) ?? '',
  );
  if (match === null) return kFallback;
  const path = match[1].startsWith('file:') ? require('internal/url').fileURLToPath(match[1]) : match[1];
  const fs = require('fs');
  if (!fs.existsSync(path)) return kFallback;
  const lines = fs
    .readFileSync(path, 'utf8')
    .split('\n')
    .slice(Number(match[2]) - 1);
  const source = lines.join('\n');
  const starts = [...lines[0].matchAll(call)].map((found) => found.index);
  const start = starts.filter((index) => index < Number(match[3])).at(-1) ?? starts[0];
  if (start === undefined) return kFallback;
  const end = endOfCall(source, start);
  if (end === -1) return kFallback;
  const [first, ...rest] = source.slice(start, end).split('\n');
  const shown = [first, ...rest.map((line) => line.slice(Math.min(start, line.search(/\S|$/))))].join('\n  ');
  return `The expression evaluated to a falsy value:\n\n  ${shown}\n`;
}

// assert.ok as `stackStartFn`, called with `args`.
function innerOk(stackStartFn, args) {
  const [value, message] = args;
  if (value) return;
  if (message instanceof Error) throw message;
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
