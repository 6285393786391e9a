// SPDX-License-Identifier: Apache-2.0
//
// Stacks that name the files which people wrote.
'use strict';

const { embeddedSource, findSourceMap } = require('internal/modules/source_maps/registry');

const FRAME = /^ {4}at (?:(async |new )?(.*) \()?((?:file:\/\/)?\/.+?):(\d+):(\d+)\)?$/;

// How a stack names a source: files by path.
function shownSource(url) {
  return url.startsWith('file:') ? require('internal/url').fileURLToPath(url) : url;
}

function parseFrame(line) {
  const [, prefix = '', name, file, row, column] = FRAME.exec(line) ?? [];
  if (file === undefined) return undefined;
  const map = findSourceMap(file);
  if (map === undefined) return undefined;
  return { prefix, name, file, entry: map.findEntry(row - 1, column - 1) };
}

// The frames of a stack, a text of lines. A function's original name is that of the place where its caller, the next
// frame, calls it.
function mapStack(frames) {
  const lines = frames.split('\n');
  const parsed = lines.map(parseFrame);
  return lines
    .map((line, i) => {
      const frame = parsed[i];
      if (frame?.entry.originalSource === undefined) return line;
      const { originalSource, originalLine, originalColumn } = frame.entry;
      const caller = parsed[i + 1];
      const isOther = caller !== undefined && caller.file === frame.file && lines[i + 1] !== line;
      const original = isOther ? caller.entry.name : undefined;
      const name = original || frame.name || '<anonymous>';
      const place = `${shownSource(originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
      return `    at ${frame.prefix}${name} (${place})`;
    })
    .join('\n');
}

// The text of a file that a stack names, when a map has it.
function sourceText(name) {
  return embeddedSource(name.startsWith('/') ? require('internal/url').pathToFileURL(name).href : name);
}

module.exports = { mapStack, sourceText };
