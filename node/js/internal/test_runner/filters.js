// SPDX-License-Identifier: Apache-2.0
//
// Which tests run: --test-name-pattern, --test-skip-pattern and --test-only.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');

// A pattern of the command line: text, or /text/flags.
function patternOf(text, option) {
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/.exec(text) ?? [undefined, text, ''];
  try {
    return new RegExp(body, flags);
  } catch (error) {
    throw new ERR_INVALID_ARG_VALUE(option, text, `is an invalid regular expression.${error && ` ${error.message}`}`);
  }
}

// The names of a test and of those around it, outermost first, with spaces between them.
function fullNameOf(test, separator = ' ') {
  const names = [];
  for (let at = test; at !== null && at.parent !== null; at = at.parent) names.unshift(at.name);
  return names.join(separator);
}

// Does a pattern fit a test's name, its full name, or the name of something around it?
function matches(test, patterns) {
  for (let at = test; at !== null && at.parent !== null; at = at.parent) {
    if (patterns.some((pattern) => pattern.exec(at.name) !== null)) return true;
  }
  const full = fullNameOf(test);
  return full !== '' && patterns.some((pattern) => pattern.exec(full) !== null);
}

function isExcludedByName(test, { testNamePatterns, testSkipPatterns }) {
  if (testNamePatterns !== null && !matches(test, testNamePatterns)) return true;
  return testSkipPatterns !== null && matches(test, testSkipPatterns);
}

// Tells what is around a test that it has something to run.
function markName(test) {
  for (let at = test.parent; at !== null && at.filteredByName; at = at.parent) at.filteredByName = false;
}

function markOnly(test) {
  const { parent, root } = test;
  parent.runOnlySubtests = true;
  if (parent !== root && parent.startTime !== null) return;
  for (let at = parent; at !== null && !at.hasOnlyTests; at = at.parent) at.hasOnlyTests = true;
}

// Whether a test is left out, asked when it is to be started. One that failed already never is.
function isFiltered(test) {
  if (test.error !== null) return false;
  if (test.filteredByName) return true;
  if (!test.root.harness.isFilteringByOnly || test.only || test.hasOnlyTests) return false;
  return test.parent.runOnlySubtests || test.parent.hasOnlyTests || test.only === false;
}

module.exports = { fullNameOf, isExcludedByName, isFiltered, markName, markOnly, patternOf };
