// SPDX-License-Identifier: Apache-2.0
//
// --test-global-setup: a module whose functions run before and after all tests.
'use strict';

const { importFrom } = require('internal/test_runner/imports');
const { validateFunction } = require('internal/validators');

async function runGlobalSetup(path, cwd, harness) {
  const module = await importFrom(require('path').resolve(cwd, path), cwd);
  const { globalSetup = module.default?.globalSetup, globalTeardown = module.default?.globalTeardown } = module;
  if (globalSetup !== undefined) {
    validateFunction(globalSetup, 'globalSetupFunction');
    await globalSetup();
  }
  if (globalTeardown !== undefined) {
    validateFunction(globalTeardown, 'globalTeardownFunction');
    harness.teardown = globalTeardown;
  }
}

module.exports = { runGlobalSetup };
