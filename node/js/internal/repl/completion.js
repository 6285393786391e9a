// SPDX-License-Identifier: Apache-2.0
//
// What could follow at the prompt: commands, modules of require() and import(), members, globals and keywords.
'use strict';

const KEYWORDS = ['async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'debugger', 'default', 'delete', 'do',
  'else', 'export', 'false', 'finally', 'for', 'if', 'import', 'in', 'instanceof', 'let', 'new', 'null', 'return',
  'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield'];

const MODULE = /\b(?:require|import)\s*\(\s*['"`](([\w@./:-]+\/)?(?:[\w@./:-]*))(?![^'"`])$/;
// A file that a function of fs is to be called with.
const FILE = /\bfs(?:\.promises)?\.\w+\(\s*["'](.*)$/;
// A name, or members of something that can be looked at without calling anything.
const EXPRESSION = /(?:[a-zA-Z_$][\w$]*|'[^']*'|"[^"]*"|\])(?:\??\.[a-zA-Z_$][\w$]*|\[(?:\d+|'[^']*'|"[^"]*")\])*\??\.?$|^$/;

const isIdentifier = (name) => /^[a-zA-Z_$][\w$]*$/.test(name);

// A proxy may refuse. What Object.prototype has for old programs is not offered.
function namesOf(object) {
  try {
    return Object.getOwnPropertyNames(object).filter((name) => isIdentifier(name) && !/^__(?:define|lookup)/.test(name));
  } catch {
    return [];
  }
}

// Names along the prototypes, a group for each object: the nearest last, as they are shown.
function memberGroups(object) {
  const groups = [];
  for (let from = object; from !== null && from !== undefined; from = Object.getPrototypeOf(from)) {
    groups.push(namesOf(from));
    if (groups.length > 10) break;
  }
  return groups;
}

// Builtin modules, with and without `node:`.
function modules() {
  const names = require('repl').builtinModules;
  return [names, names.map((name) => (name.startsWith('node:') ? name : `node:${name}`))];
}

// Does looking at `chain` run a getter? Then nothing is offered.
function valueOf(repl, chain) {
  const parts = chain.split(/\??\./);
  let value;
  let first = true;
  for (const part of parts) {
    if (first) {
      first = false;
      value = lookUp(repl, part);
      continue;
    }
    if (value === null || value === undefined) return undefined;
    const descriptor = findDescriptor(Object(value), part);
    if (descriptor?.get !== undefined) return undefined;
    value = value[part];
  }
  return value;
}

function findDescriptor(object, name) {
  for (let from = object; from !== null; from = Object.getPrototypeOf(from)) {
    const descriptor = Object.getOwnPropertyDescriptor(from, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

// A variable, a literal: names that `let` and `const` made are in no object, so the context is asked.
function lookUp(repl, text) {
  const { Script } = require('internal/vm/script');
  try {
    const script = new Script(text, { filename: 'completion' });
    return repl.useGlobal ? script.runInThisContext() : script.runInContext(repl.context);
  } catch {
    return undefined; // there is no such variable
  }
}

function globalsAndKeywords(repl) {
  const { realmFor } = require('internal/vm/contexts');
  const { globalOf, lexicalNames } = internalBinding('realms');
  const realm = repl.useGlobal ? undefined : realmFor(repl.context);
  return [lexicalNames(realm), ...memberGroups(globalOf(realm)), KEYWORDS];
}

function files(typed) {
  const fs = require('fs');
  const path = require('path');
  const list = (folder) => fs.readdirSync(folder === '' ? '.' : folder);
  try {
    return finish([list(typed)], '');
  } catch {
    // Not a folder: the beginning of a name in one.
  }
  const beginning = path.basename(typed);
  try {
    return finish([list(path.dirname(typed))], beginning);
  } catch {
    return [[], beginning]; // there is nothing to look into
  }
}

function complete(repl, line) {
  const command = /^\s*\.(\w*)$/.exec(line);
  if (command !== null) return finish([Object.keys(repl.commands)], command[1]);
  const module = MODULE.exec(line);
  if (module !== null) return finish(modules(), module[1]);
  const file = FILE.exec(line);
  if (file !== null) return files(file[1]);
  const [expression] = EXPRESSION.exec(line) ?? [];
  if (expression === undefined || (expression === '' && line !== '')) return [[], ''];
  const dot = expression.lastIndexOf('.');
  if (dot === -1) return finish(globalsAndKeywords(repl), expression);
  const chain = expression.slice(0, dot).replace(/\?$/, '');
  const value = valueOf(repl, chain);
  if (value === null || value === undefined) return [[], expression];
  const prefix = expression.slice(0, dot + 1);
  const groups = memberGroups(Object(value)).map((names) => names.map((name) => prefix + name));
  return finish(groups, expression);
}

// Groups that have something to offer, whatever the case of letters, each sorted, with an empty entry between; a name is in its nearest group only.
function finish(groups, beginning) {
  const seen = new Set(['']);
  const found = [];
  const lower = beginning.toLowerCase();
  for (const group of groups) {
    const names = group.filter((name) => name.toLowerCase().startsWith(lower) && !seen.has(name)).sort();
    for (const name of names) seen.add(name);
    if (names.length === 0) continue;
    if (found.length > 0) found.unshift('');
    found.unshift(...names);
  }
  return [found, beginning];
}

module.exports = { complete };
