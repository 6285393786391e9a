// SPDX-License-Identifier: Apache-2.0
//
// The text of a CommonJS module as a function.
'use strict';

const contextify = internalBinding('contextify');

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

const stripHashbang = (content) => (content.startsWith('#!') ? `//${content.slice(2)}` : content);

const known = new Map(); // file -> { content, body }, compiled in order to learn its format and not run yet

function compileBody(content, filename) {
  const before = known.get(filename);
  known.delete(filename);
  if (before?.content === content) return before.body;
  return contextify.compileFunction(stripHashbang(content), filename, PARAMETERS);
}

// True for text that is not CommonJS but parses as a module: the engine's own look at it only asks whether it does the latter.
function isModuleText(content, filename) {
  try {
    known.set(filename, { content, body: compileBody(content, filename) });
    return false;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return contextify.containsModuleSyntax(content);
  }
}

module.exports = { compileBody, isModuleText, stripHashbang };
