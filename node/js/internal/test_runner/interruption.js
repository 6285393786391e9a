// SPDX-License-Identifier: Apache-2.0
//
// Tells which tests ran when the run was interrupted.
'use strict';

function running(test, found = []) {
  for (const subtest of test.subtests) {
    if (subtest.finished || subtest.startTime === null) continue;
    const inside = running(subtest);
    if (inside.length > 0) found.push(...inside);
    else found.push({ __proto__: null, name: subtest.name, nesting: subtest.nesting, ...subtest.loc });
  }
  return found;
}

function reportInterrupted(root) {
  const tests = running(root);
  if (tests.length > 0) root.reporter.interrupted(tests);
}

module.exports = { reportInterrupted };
