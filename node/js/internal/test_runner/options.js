// SPDX-License-Identifier: Apache-2.0
//
// What the command line says about tests, and where results go.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { kReporter, runIn } = require('internal/test_runner/current');
const { patternOf } = require('internal/test_runner/filters');

const BUILTIN_REPORTERS = new Set(['dot', 'junit', 'lcov', 'spec', 'tap']);

function patterns(option) {
  const given = getOptionValue(option);
  return given === undefined ? null : given.map((text) => patternOf(text, option));
}

function destinationOf(name) {
  if (name === 'stdout') return process.stdout;
  if (name === 'stderr') return process.stderr;
  return require('fs').createWriteStream(name);
}

async function loadReporter(name) {
  if (BUILTIN_REPORTERS.has(name)) {
    const reporter = require('test/reporters')[name];
    return name === 'spec' || name === 'lcov' ? new reporter() : reporter;
  }
  const { importFrom } = require('internal/test_runner/imports');
  const module = await importFrom(name, process.cwd());
  let reporter = module.default;
  if (reporter?.default !== undefined) reporter = reporter.default;
  if (reporter?.prototype && Object.getOwnPropertyDescriptor(reporter.prototype, 'constructor')) {
    reporter = new reporter();
  }
  if (!reporter) {
    throw new ERR_INVALID_ARG_VALUE('Reporter', name, 'is not a valid reporter');
  }
  return reporter;
}

// Pipes the stream of events through each reporter to where its text goes.
function setupReporters(names, destinations) {
  return (events) =>
    runIn(kReporter, async () => {
      const { compose } = require('stream');
      const reporters = [];
      for (const name of names) reporters.push(await loadReporter(name));
      reporters.forEach((reporter, i) => {
        const text = compose(events, reporter);
        const destination = destinationOf(destinations[i]);
        const isStandard = destination === process.stdout || destination === process.stderr; // these stay open
        const [stream, last] = isStandard ? [text, 'end'] : [destination, 'close'];
        events.readers.push(new Promise((resolve) => stream.once(last, resolve)));
        text.pipe(destination);
      });
    });
}

function readReporters() {
  if (process.env.NODE_TEST_CONTEXT === 'child-v8') {
    return (events) => require('internal/test_runner/wire').writeEvents(events, process.stdout);
  }
  if (process.env.NODE_TEST_CONTEXT === 'child') return setupReporters(['tap'], ['stdout']);
  const reporters = [...(getOptionValue('--test-reporter') ?? [])];
  const destinations = [...(getOptionValue('--test-reporter-destination') ?? [])];
  if (reporters.length === 0 && destinations.length === 0) reporters.push('spec');
  if (reporters.length === 1 && destinations.length === 0) destinations.push('stdout');
  if (reporters.length !== destinations.length) {
    throw new ERR_INVALID_ARG_VALUE(
      '--test-reporter',
      reporters,
      "must match the number of specified '--test-reporter-destination'"
    );
  }
  return setupReporters(reporters, destinations);
}

let config;

// The configuration of the tests of this process.
function readOptions() {
  config ??= {
    __proto__: null,
    cwd: process.cwd(),
    forceExit: getOptionValue('--test-force-exit') === true,
    globalSetupPath: getOptionValue('--test-global-setup'),
    isTestRunner: getOptionValue('--test') === true,
    only: getOptionValue('--test-only') === true,
    setup: readReporters(),
    testNamePatterns: patterns('--test-name-pattern'),
    testSkipPatterns: patterns('--test-skip-pattern'),
    timeout: Number(getOptionValue('--test-timeout') ?? Infinity),
    updateSnapshots: getOptionValue('--test-update-snapshots') === true,
  };
  return config;
}

module.exports = { readOptions, setupReporters };
