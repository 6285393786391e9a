// SPDX-License-Identifier: Apache-2.0
//
// package.json files, read once.
'use strict';

const fs = internalBinding('module_files');
const { dirname } = require('internal/modules/paths');

const cache = new Map(); // path of a package.json -> what it says, or undefined when there is none

function parse(path, text, base) {
  let data;
  try {
    data = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    data = undefined; // Node does not say what is wrong with the text either
  }
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    const {
      codes: { ERR_INVALID_PACKAGE_CONFIG },
    } = require('internal/errors');
    throw new ERR_INVALID_PACKAGE_CONFIG(path, base);
  }
  Object.setPrototypeOf(data, null);
  return {
    path,
    directory: dirname(path),
    data,
    name: typeof data.name === 'string' ? data.name : undefined,
    main: typeof data.main === 'string' ? data.main : undefined,
    type: data.type === 'commonjs' || data.type === 'module' ? data.type : 'none',
    exports: typeof data.exports === 'string' || typeof data.exports === 'object' ? data.exports : undefined,
    imports: data.imports !== null && typeof data.imports === 'object' ? data.imports : undefined,
  };
}

// One that may not be read is none, as in Node: the search for a package's scope goes up to where nothing is allowed.
function mayRead(path) {
  return process.permission === undefined || process.permission.has('fs.read', path);
}

// The package.json of folder `directory`, undefined when it has none.
function readPackage(directory, base) {
  const path = directory === '/' ? '/package.json' : `${directory}/package.json`;
  if (cache.has(path)) return cache.get(path);
  const isThere = fs.internalModuleStat(path) === 0 && mayRead(path);
  const found = isThere ? parse(path, fs.readFileUtf8(path), base) : undefined;
  cache.set(path, found);
  return found;
}

// The package.json that governs file `path`: of its folder or the nearest one above, not across node_modules.
function readPackageScope(path) {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    if (directory.endsWith('/node_modules')) return undefined;
    const found = readPackage(directory);
    if (found !== undefined) return found;
    if (directory === '/' || directory === '.') return undefined; // `.` ends the name of a module that is no file
  }
}

module.exports = { readPackage, readPackageScope };
