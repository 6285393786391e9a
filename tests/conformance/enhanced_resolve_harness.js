// SPDX-License-Identifier: Apache-2.0
// Runs one entry of the table in enhanced-resolve's test/exportsField.test.js or test/importsField.test.js: the test file
// is given a processExportsField and processImportsField that ask this runtime. Node tries the first valid target only.
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');

const [file, number] = process.argv.slice(2);
const folder = path.join(process.env.NODE_TEST_DIR ?? fs.mkdtempSync('/tmp/enhanced-resolve-'), 'app');
let entry = -1;
let failure;

// require.resolve with these conditions, added to none.
function resolveWith(from, request, conditions) {
  const hooks = Module.registerHooks({
    resolve: (specifier, context, next) => next(specifier, { ...context, conditions: [...conditions] }),
  });
  try {
    return Module.createRequire(from).resolve(request);
  } finally {
    hooks.deregister();
  }
}

function write(directory, packageJson) {
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify(packageJson));
}

// The target that `request` leads to. No file is there, and the error of looking for one names it.
function target(directory, from, request, conditions) {
  try {
    return [resolveWith(from, request, conditions)];
  } catch (error) {
    if (error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' || error.code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED') return [];
    const [, found] = /^Cannot find module '(.*)'/.exec(error.message) ?? [];
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return [found.startsWith(`${directory}/`) ? `.${found.slice(directory.length)}` : found];
  }
}

const processors = {
  processExportsField: (exports) => (request, conditions) => {
    const directory = path.join(folder, 'node_modules', 'pkg');
    write(directory, { exports });
    return [target(directory, path.join(folder, 'index.js'), request.replace(/^\./, 'pkg'), conditions)];
  },
  processImportsField: (imports) => (request, conditions) => {
    write(folder, { imports });
    return [target(folder, path.join(folder, 'index.js'), request, conditions)];
  },
};

// The tests of the plugin, which come after the table, are of webpack's resolver alone.
let describes = 0;
const runner = {
  describe(name, run) {
    if (describes++ === 0) run();
  },
  it(name, run) {
    if (++entry !== Number(number)) return;
    try {
      run();
    } catch (error) {
      failure = error;
    }
  },
};

const load = Module._load;
Module._load = function (request, parent, isMain) {
  if (parent?.filename === file) {
    if (request === './_runner') return runner;
    if (request === '../lib/util/entrypoints') return processors;
    if (request === 'assert') return firstTargetAssert;
    if (request.startsWith('../lib/')) return {};
  }
  return load.call(this, request, parent, isMain);
};

const assert = require('assert');
// Of several targets, Node takes the first.
const firstTargetAssert = Object.assign(assert.bind(), assert, {
  deepStrictEqual: (actual, expected) => assert.deepStrictEqual(actual, expected.slice(0, 1)),
  // Texts of errors are each resolver's own.
  throws: (run) => assert.throws(run, Error),
});

require(file);
if (failure !== undefined) throw failure;
assert(entry >= Number(number), `there are ${entry + 1} entries`);
