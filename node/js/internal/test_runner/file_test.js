// SPDX-License-Identifier: Apache-2.0
//
// A test file that runs in a process of its own: its tests take its place in the results.
'use strict';

const {
  kCancelledByParent,
  kSubtestsFailed,
  kTestAborted,
  kTestCodeFailure,
  kTestTimeout,
  testFailure,
} = require('internal/test_runner/failures');
const { Test } = require('internal/test_runner/test');
const { EventReader } = require('internal/test_runner/wire');

// Lines of a file's own summary, which the whole run has once.
const SUMMARY = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) \S+$/;
const CANCELLED = new Set([kCancelledByParent, kTestAborted, kTestTimeout]);

class FileTest extends Test {
  #held = []; // events that came before it was the file's turn
  #children = 0;
  failedChildren = false;
  reader = new EventReader(
    (event) => this.addEvent(event),
    (message) => this.addEvent({ __proto__: null, type: 'test:stdout', data: { __proto__: null, file: this.name, message } })
  );

  addEvent(event) {
    if (event.data.nesting === 0 && (event.type === 'test:pass' || event.type === 'test:fail')) {
      this.#children++;
      if (event.type === 'test:fail' && event.data.todo === undefined) this.failedChildren = true;
    }
    if (this.isTurn()) {
      this.#drain();
      this.#handle(event);
    } else this.#held.push(event);
  }

  #drain() {
    for (const event of this.#held.splice(0)) this.#handle(event);
  }

  // A file is reported itself when it has no tests, or fails for more than they do.
  #isReplaced() {
    return this.#children > 0 && (this.error === null || this.error.failureType === kSubtestsFailed);
  }

  #handle({ type, data }) {
    const isTop = data.nesting === 0;
    if (isTop && type === 'test:plan') return;
    if (isTop && type === 'test:diagnostic' && SUMMARY.test(data.message)) return;
    if (type === 'test:pass' || type === 'test:fail') {
      const { harness } = this.root;
      if (isTop) data.testNumber = harness.counters.topLevel + 1;
      harness.count({
        cancelled: CANCELLED.has(data.details.error?.failureType),
        isTodo: data.todo !== undefined,
        nesting: data.nesting,
        passed: type === 'test:pass',
        reportedType: data.details.type,
        skipped: data.skip !== undefined,
      });
    }
    this.reporter.message(type, data);
  }

  reportStart() {}

  reportResult() {
    this.#drain();
    if (this.#isReplaced()) return;
    this.testNumber = this.root.harness.counters.topLevel + 1;
    super.reportStart();
    super.reportResult();
  }
}

const LEFT_OUT = new Set(['--test', '--watch']);
const LEFT_OUT_WITH_VALUE = ['--test-reporter', '--test-reporter-destination', '--test-concurrency', '--test-shard',
  '--test-global-setup', '--test-isolation', '--experimental-test-isolation'];

// The options of this process that those of its files get, too.
function inheritedOptions(args) {
  return args.filter(
    (arg, i) =>
      !LEFT_OUT.has(arg) &&
      !LEFT_OUT_WITH_VALUE.some((name) => arg === name || arg.startsWith(`${name}=`) || args[i - 1] === name)
  );
}

function argumentsFor(path, { argv, execArgv, forceExit, only, testNamePatterns, testSkipPatterns, timeout, updateSnapshots }) {
  const args = [...inheritedOptions(process.execArgv), ...execArgv];
  for (const pattern of testNamePatterns ?? []) args.push(`--test-name-pattern=${pattern}`);
  for (const pattern of testSkipPatterns ?? []) args.push(`--test-skip-pattern=${pattern}`);
  if (forceExit) args.push('--test-force-exit');
  if (only) args.push('--test-only');
  if (updateSnapshots) args.push('--test-update-snapshots');
  if (timeout !== undefined && timeout !== null && timeout !== Infinity) args.push(`--test-timeout=${timeout}`);
  return [...args, path, ...argv];
}

function linesOf(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

function startFile(root, path, options) {
  const { resolve } = require('path');
  const { once } = require('events');
  const { finished } = require('stream/promises');
  const { spawn } = require('child_process');
  const loc = { __proto__: null, line: 1, column: 1, file: resolve(options.cwd, path) };
  const test = root.createSubtest(FileTest, path, { signal: options.signal }, run, { __proto__: null, loc });

  async function run({ signal }) {
    const env = { ...(options.env ?? process.env), NODE_TEST_CONTEXT: 'child-v8', NODE_TEST_WORKER_ID: `${options.workerId}` };
    const child = spawn(process.execPath, argumentsFor(path, options), {
      cwd: options.cwd, env, signal, stdio: ['pipe', 'pipe', 'pipe'],
    });
    let failure;
    child.on('error', (error) => {
      failure = error;
    });
    child.stdout.on('data', (chunk) => test.reader.push(chunk));
    linesOf(child.stderr, (line) => {
      test.addEvent({ __proto__: null, type: 'test:stderr', data: { __proto__: null, file: path, message: `${line}\n` } });
    });
    const [[code, signalName]] = await Promise.all([
      once(child, 'exit', { signal }),
      finished(child.stdout, { signal }),
    ]);
    test.reader.end();
    if (code === 0 && signalName === null) return;
    failure ??= Object.assign(testFailure('test failed', test.failedChildren ? kSubtestsFailed : kTestCodeFailure), {
      exitCode: code,
      signal: signalName,
      stack: undefined,
    });
    throw failure;
  }
  return test.start();
}

module.exports = { startFile };
