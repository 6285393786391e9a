// SPDX-License-Identifier: Apache-2.0
'use strict';

function define(name, get) {
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, get });
}

define('dot', () => require('internal/test_runner/reporter/dot'));
define('junit', () => require('internal/test_runner/reporter/junit'));
// Classes that may be called without `new`.
module.exports.spec = function spec(...args) {
  const { SpecReporter } = require('internal/test_runner/reporter/spec');
  return new SpecReporter(...args);
};
define('tap', () => require('internal/test_runner/reporter/tap'));
module.exports.lcov = function lcov(...args) {
  const { LcovReporter } = require('internal/test_runner/reporter/lcov');
  return new LcovReporter(...args);
};
