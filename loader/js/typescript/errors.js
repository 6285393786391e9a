// SPDX-License-Identifier: Apache-2.0
//
// Errors about TypeScript, which show the text they are about.
'use strict';

function lineOf(source, position) {
  let line = 1;
  for (let at = source.indexOf('\n'); at !== -1 && at < position; at = source.indexOf('\n', at + 1)) line++;
  return line;
}

// The lines around source[start, end): one line gets carets, several are marked at both ends.
function frame(source, start, end) {
  const lines = source.split('\n');
  const first = lineOf(source, start) - 1;
  const last = lineOf(source, end) - 1;
  const shown = lines.slice(Math.max(first - 1, 0), last + 2);
  if (shown.at(-1) === '' && last + 2 >= lines.length) shown.pop();
  const at = Math.min(first, 1); // where in `shown` it begins
  if (first === last) {
    const column = start - (source.lastIndexOf('\n', start - 1) + 1);
    shown.splice(at + 1, 0, `${' '.repeat(column)}${'^'.repeat(Math.max(end - start, 1))}`);
    return shown.join('\n');
  }
  const marked = new Set([at, at + last - first]);
  return shown.map((line, i) => `${marked.has(i) ? '  > ' : '    '}${line}`).join('\n');
}

function shownName(filename) {
  return filename.startsWith('/') ? require('internal/url').pathToFileURL(filename).href : filename;
}

// `code` is one of Node's two; the stack begins with the text.
function errorAt(code, message, filename, source, start, end = start + 1) {
  const error = new (require('internal/errors').codes[code])(message);
  const place = `${shownName(filename)}:${lineOf(source, start)}`;
  error.stack = `${place}\n${frame(source, start, end)}\n\n${error.stack}`;
  require('internal/process/uncaught').markDecorated(error);
  return error;
}

module.exports = { errorAt };
