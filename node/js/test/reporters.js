// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refuse } = require('internal/refuse');

function define(name, get) {
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, get });
}

define('dot', () => require('internal/test_runner/reporter/dot'));
define('junit', () => require('internal/test_runner/reporter/junit'));
// A class that may be called without `new`.
function spec(...args) {
  const { SpecReporter } = require('internal/test_runner/reporter/spec');
  return new SpecReporter(...args);
}
module.exports.spec = spec;
define('tap', () => require('internal/test_runner/reporter/tap'));
module.exports.lcov = refuse('test/reporters.lcov');
