// SPDX-License-Identifier: Apache-2.0
//
// Where a module waits at its top level.
'use strict';

const { urlToPath } = require('internal/modules/esm/urls');

// { line, column, text }: a guess, since the engine does not say. The first await that is not inside of a function,
// told by braces, of the first module that waits.
function findAwait(job) {
  if (job.source === undefined && !job.url.startsWith('file:')) return undefined;
  const text = job.source ?? internalBinding('module_files').readFileUtf8(urlToPath(job.url));
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const code = line.replace(/'[^']*'|"[^"]*"|`[^`]*`|\/\/.*/g, (skipped) => ' '.repeat(skipped.length));
    const column = code.search(/\bawait\b/);
    if (depth === 0 && column !== -1) return { line: index + 1, column, text: line };
    for (const char of code) {
      if (char === '{') depth++;
      else if (char === '}') depth--;
    }
  }
  return undefined;
}

module.exports = { findAwait };
