// SPDX-License-Identifier: Apache-2.0
//
// What the text of the command line or standard input is: a script or an ES module, with types or without.
'use strict';

const { compileFunction, containsModuleSyntax } = internalBinding('contextify');
const { getOptionValue } = require('internal/options');

function isScript(source, name) {
  try {
    compileFunction(source, name, []);
    return true;
  } catch {
    return false; // whoever runs it shows what is wrong
  }
}

// `source` as JavaScript if that makes it run, undefined if it is no TypeScript either.
function withoutTypes(source, name) {
  if (getOptionValue('--strip-types') === false) return undefined;
  try {
    return require('internal/modules/typescript').stripText(source, name);
  } catch (error) {
    if (!/TYPESCRIPT_SYNTAX$/.test(error.code)) throw error;
    return undefined; // the mistake is shown as one of JavaScript
  }
}

// { source, isModule }: text that can only be an ES module is one, unless --input-type says what it is.
function readText(source, name) {
  const type = getOptionValue('--input-type');
  if (type === 'module' || type === 'commonjs') return { source, isModule: type === 'module' };
  if (type === 'module-typescript' || type === 'commonjs-typescript') {
    const stripped = require('internal/modules/typescript').stripText(source, name);
    return { source: stripped, isModule: type === 'module-typescript' };
  }
  if (type !== undefined) throw require('internal/refuse').refusal(`--input-type=${type}`);
  if (isScript(source, name)) return { source, isModule: false };
  if (containsModuleSyntax(source)) return { source, isModule: true };
  const stripped = withoutTypes(source, name);
  if (stripped === undefined) return { source, isModule: false };
  if (isScript(stripped, name)) return { source: stripped, isModule: false };
  return containsModuleSyntax(stripped) ? { source: stripped, isModule: true } : { source, isModule: false };
}

module.exports = { readText };
