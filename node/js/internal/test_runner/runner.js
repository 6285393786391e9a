// SPDX-License-Identifier: Apache-2.0
//
// run(), and `--test`: finds test files and runs each in a process of its own, or all in this one.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { refusal } = require('internal/refuse');
const { createRoot, startWhenReady, useRoot } = require('internal/test_runner/harness');
const { patternOf } = require('internal/test_runner/filters');
const { kEmptyObject } = require('internal/util');
const { isRegExp } = require('internal/util/types');
const {
  validateAbortSignal,
  validateArray,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
  validateStringArray,
} = require('internal/validators');

const DEFAULT_PATTERN = (extensions) => `**/{test,test/**/*,test-*,*[._-]test}.{${extensions}}`;

// Test files by patterns, in the order of their names.
function findFiles(patterns, cwd) {
  const stripsTypes = getOptionValue('--strip-types') !== false;
  const given = patterns ?? [DEFAULT_PATTERN(stripsTypes ? 'js,mjs,cjs,ts,mts,cts' : 'js,mjs,cjs')];
  const { basename } = require('path');
  const exclude = patterns === undefined ? (name) => basename(name) === 'node_modules' : undefined;
  const found = require('fs').globSync(given, { __proto__: null, cwd, exclude });
  if (patterns !== undefined && found.length === 0) {
    require('internal/console/global').console.error(`Could not find '${patterns.join(', ')}'`);
    process.exit(1);
  }
  return found.sort();
}

function validatePatterns(patterns, name) {
  if (patterns === undefined || patterns === null) return null;
  const list = Array.isArray(patterns) ? patterns : [patterns];
  return list.map((pattern, i) => {
    if (isRegExp(pattern)) return pattern;
    if (typeof pattern === 'string') return patternOf(pattern, name);
    const where = Array.isArray(patterns) ? `${name}[${i}]` : name;
    throw new ERR_INVALID_ARG_TYPE(where, ['string', 'RegExp'], pattern);
  });
}

function validateShard(shard, watch) {
  validateObject(shard, 'options.shard');
  const { index, total } = shard;
  validateInteger(total, 'options.shard.total', 1);
  validateInteger(index, 'options.shard.index', 1, total);
  if (watch) throw new ERR_INVALID_ARG_VALUE('options.shard', watch, 'shards not supported with watch mode');
}

function validateIsolation({ isolation, execArgv, argv, env, forceExit, watch }) {
  validateOneOf(isolation, 'options.isolation', ['process', 'none']);
  if (forceExit !== undefined) validateBoolean(forceExit, 'options.forceExit');
  if (forceExit && watch) {
    throw new ERR_INVALID_ARG_VALUE('options.forceExit', forceExit, 'is not supported with watch mode');
  }
  validateStringArray(argv, 'options.argv');
  validateStringArray(execArgv, 'options.execArgv');
  if (env !== undefined) {
    validateObject(env, 'options.env');
    if (isolation === 'none') {
      throw new ERR_INVALID_ARG_VALUE('options.env', env, "is not supported with isolation='none'");
    }
  }
}

function readOptions(options) {
  const { argv = [], coverage = false, cwd = process.cwd(), execArgv = [], files, globalSetupPath, globPatterns, isolation = 'process',
    only, setup, shard, signal, watch } = options;
  if (files !== undefined) validateArray(files, 'options.files');
  if (watch !== undefined) validateBoolean(watch, 'options.watch');
  if (only !== undefined) validateBoolean(only, 'options.only');
  if (globPatterns !== undefined) validateArray(globPatterns, 'options.globPatterns');
  if (globPatterns?.length > 0 && files !== undefined) {
    throw new ERR_INVALID_ARG_VALUE('options.globPatterns', globPatterns, "is not supported when specifying 'options.files'");
  }
  validateString(cwd, 'options.cwd');
  if (shard !== undefined && shard !== null) validateShard(shard, watch);
  validateIsolation({ ...options, argv, execArgv, isolation });
  if (setup !== undefined && setup !== null) validateFunction(setup, 'options.setup');
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(coverage, 'options.coverage');
  if (globalSetupPath !== undefined) validateString(globalSetupPath, 'options.globalSetupPath');
  if (coverage) throw refusal("test.run() with the option 'coverage'");
  if (watch) throw refusal("test.run() with the option 'watch'");
  return {
    ...options, argv, cwd, execArgv, isolation,
    testNamePatterns: validatePatterns(options.testNamePatterns, 'options.testNamePatterns'),
    testSkipPatterns: validatePatterns(options.testSkipPatterns, 'options.testSkipPatterns'),
  };
}

function configFor(options) {
  return {
    __proto__: null,
    cwd: options.cwd,
    filtersByOnly: options.isolation === 'none', // when there is a test that says so
    isTestRunner: true,
    only: options.isolation === 'none' && options.only === true,
    testNamePatterns: options.isolation === 'none' ? options.testNamePatterns : null,
    testSkipPatterns: options.isolation === 'none' ? options.testSkipPatterns : null,
    updateSnapshots: options.updateSnapshots === true,
  };
}

// Each file in turn defines its tests; then they run. One without tests counts as a test itself.
async function runHere(root, files, cwd) {
  const { resolve } = require('path');
  const { pathToFileURL } = require('internal/url');
  const { importFrom } = require('internal/test_runner/imports');
  const { Test } = require('internal/test_runner/test');
  for (const file of files) {
    const path = resolve(cwd, file);
    const before = root.subtests.length;
    let failure;
    root.entryFile = path;
    try {
      await importFrom(`${pathToFileURL(path)}`, cwd);
    } catch (error) {
      failure = { error };
    }
    if (root.subtests.length > before) continue; // an error after its tests is lost, as in Node
    const loc = { __proto__: null, line: 1, column: 1, file: path };
    const test = root.createSubtest(Test, file, kEmptyObject, () => {}, { __proto__: null, loc });
    if (failure !== undefined) test.fail(failure.error);
    startWhenReady(test);
  }
}

async function start(root, files, options) {
  const { harness } = root;
  harness.keepAlive();
  if (options.isolation === 'none') {
    process.env.NODE_TEST_WORKER_ID = '1';
    useRoot(root);
  }
  await options.setup?.(root.reporter);
  if (options.globalSetupPath !== undefined) {
    const { runGlobalSetup } = require('internal/test_runner/global_setup');
    await runGlobalSetup(options.globalSetupPath, options.cwd, harness);
  }
  await options.preload?.(); // whose hooks are the root's
  harness.bootstrap = null;
  if (options.isolation === 'none') {
    await runHere(root, files, options.cwd);
    await harness.whenReady();
    await root.subtestsPromise?.promise;
  } else {
    const { startFile } = require('internal/test_runner/file_test');
    const started = files.map((file, i) => startFile(root, file, { ...options, workerId: (i % root.concurrency) + 1 }));
    await Promise.all(started);
  }
  harness.letGo();
  if (options.isolation === 'process') await harness.end(); // else at the end of what tests have started
  if (options.forceExit) await harness.exit();
}

function run(given = kEmptyObject) {
  validateObject(given, 'options');
  const options = readOptions(given);
  const { concurrency, globPatterns, shard, signal, timeout } = options;
  const root = createRoot(configFor(options), {
    concurrency: options.isolation === 'none' ? 1 : (concurrency ?? true),
    signal,
    timeout,
  });
  if (process.env.NODE_TEST_CONTEXT !== undefined) {
    process.emitWarning('node:test run() is being called recursively within a test file. skipping running files.');
    root.postRun();
    return root.reporter;
  }
  const patterns = globPatterns?.length > 0 ? globPatterns : undefined;
  let files = options.files ?? findFiles(patterns, options.cwd);
  if (shard) files = files.filter((_, i) => i % shard.total === shard.index - 1);
  root.harness.bootstrap = Promise.resolve();
  start(root, files, options).catch((error) => {
    process.nextTick(() => {
      throw error;
    });
  });
  return root.reporter;
}

// --test-shard=INDEX/TOTAL
function parseShard(text) {
  if (text === undefined) return undefined;
  const [, index, total] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined) {
    throw new ERR_INVALID_ARG_VALUE('--test-shard', text, 'must be in the form of <index>/<total>');
  }
  if (Number(index) < 1 || Number(index) > Number(total)) {
    throw new ERR_OUT_OF_RANGE('options.shard.index', `>= 1 && <= ${total}`, Number(index));
  }
  return { __proto__: null, index: Number(index), total: Number(total) };
}

// `edgejs --test [PATTERN ...]`
function runFromCommandLine() {
  const { prepareLoading, preloadModules } = require('internal/modules/run_main');
  const { readOptions: readCommandLine } = require('internal/test_runner/options');
  const isolation = getOptionValue('--test-isolation') ?? 'process';
  prepareLoading({ preload: isolation === 'process' });
  const config = readCommandLine();
  const options = {
    concurrency: isolation === 'none' ? 1 : (getOptionValue('--test-concurrency') ?? true),
    cwd: process.cwd(),
    forceExit: getOptionValue('--test-force-exit') === true,
    globalSetupPath: getOptionValue('--test-global-setup'),
    globPatterns: process.argv.slice(1),
    isolation,
    only: config.only,
    preload: isolation === 'none' ? preloadModules : undefined,
    setup: config.setup,
    shard: parseShard(getOptionValue('--test-shard')),
    testNamePatterns: isolation === 'none' ? config.testNamePatterns : undefined,
    testSkipPatterns: isolation === 'none' ? config.testSkipPatterns : undefined,
    timeout: config.timeout,
    updateSnapshots: config.updateSnapshots,
  };
  require('internal/util/debuglog').debuglog('test_runner')('test runner configuration: %O', options);
  run(options).on('test:summary', (data) => {
    if (!data.success && data.file === undefined) process.exitCode = 1;
  });
}

module.exports = { run, runFromCommandLine };
