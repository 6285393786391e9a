// SPDX-License-Identifier: Apache-2.0
//
// The last events of a run: how many tests there were, and what the harness has to say.
'use strict';

const LINES = [['tests', 'tests'], ['suites', 'suites'], ['pass', 'passed'], ['fail', 'failed'],
  ['cancelled', 'cancelled'], ['skipped', 'skipped'], ['todo', 'todo']];

function reportSummary(root) {
  const { diagnostics, harness, loc, nesting, reporter } = root;
  const { counters } = harness;
  if (root.subtests.length > 0) reporter.plan(nesting, loc, counters.topLevel);
  harness.snapshotManager?.writeSnapshotFiles();
  for (const message of diagnostics) reporter.diagnostic(nesting, loc, message);
  const duration = root.duration();
  for (const [word, counter] of LINES) reporter.diagnostic(nesting, loc, `${word} ${counters[counter]}`);
  reporter.diagnostic(nesting, loc, `duration_ms ${duration}`);
  reporter.summary(nesting, loc?.file, harness.success, counters, duration);
  if (harness.watching) {
    harness.resetCounters();
    root.diagnostics = [];
  } else reporter.end();
}

module.exports = { reportSummary };
