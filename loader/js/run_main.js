// SPDX-License-Identifier: Apache-2.0
//
// How a program starts: a file, or a folder that something is required from.
'use strict';

const { Module, createRequireFromPath } = require('internal/modules/cjs/loader');
const { resolve } = require('internal/modules/paths');

let prepared = false;

// Options that act before the program, -r among them; once.
function prepareLoading() {
  if (prepared) return;
  prepared = true;
  const { applyOptions, getOptionValue } = require('internal/options');
  applyOptions();
  const preload = getOptionValue('--require');
  if (preload !== undefined) Module._preloadModules(preload);
}

function runMain(file = process.argv[1]) {
  const path = resolve(file);
  process.argv[1] = path;
  prepareLoading();
  return Module.runMain(path);
}

const requires = new Map(); // folder -> its require

function requireFrom(directory, id) {
  prepareLoading();
  let required = requires.get(directory);
  if (required === undefined) {
    required = createRequireFromPath(`${resolve(directory)}/`);
    requires.set(directory, required);
  }
  return required(id);
}

module.exports = { prepareLoading, requireFrom, runMain };
