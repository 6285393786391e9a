// SPDX-License-Identifier: Apache-2.0
//
// Node's command-line options, read from process.execArgv and NODE_OPTIONS on first use.
'use strict';

const ALIASES = {
  '__proto__': null,
  '-C': '--conditions',
  '-e': '--eval',
  '-p': '--print',
  '-r': '--require',
  '--experimental-require-module': '--require-module',
  '--experimental-strip-types': '--strip-types',
  '--loader': '--experimental-loader',
  '--no-experimental-require-module': '--no-require-module',
  '--no-experimental-strip-types': '--no-strip-types',
};
// Options that take a value and may be given several times.
const LISTS = new Set([
  '--require',
  '--conditions',
  '--import',
  '--env-file',
  '--disable-warning',
  '--experimental-loader',
  '--test-name-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-skip-pattern',
]);
// Options whose value may be the next argument.
const WITH_VALUE = new Set([
  ...LISTS,
  '--unhandled-rejections',
  '--input-type',
  '--stack-trace-limit',
  '--trace-require-module',
  '--title',
  '--max-http-header-size',
  '--dns-result-order',
  '--test-concurrency',
  '--test-global-setup',
  '--test-isolation',
  '--experimental-test-isolation',
  '--test-random-seed',
  '--test-rerun-failures',
  '--test-shard',
  '--test-timeout',
]);

let values;

function words(text) {
  const found = [];
  let word = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '\\' && i + 1 < text.length) word += text[++i];
    else if (char === '"') quoted = !quoted;
    else if (char === ' ' && !quoted) {
      if (word !== '') found.push(word);
      word = '';
    } else word += char;
  }
  if (word !== '') found.push(word);
  return found;
}

function read(args) {
  for (let i = 0; i < args.length; i++) {
    const equals = args[i].startsWith('--') ? args[i].indexOf('=') : -1;
    let name = equals === -1 ? args[i] : args[i].slice(0, equals);
    name = name.replaceAll('_', '-');
    name = ALIASES[name] ?? name;
    let value = true;
    if (equals !== -1) value = args[i].slice(equals + 1);
    else if (WITH_VALUE.has(name)) value = args[++i];
    else if (name.startsWith('--no-')) {
      name = `--${name.slice(5)}`;
      value = false;
    }
    if (LISTS.has(name)) (values[name] ??= []).push(value);
    else values[name] = value;
  }
}

// The value of an option: a string, true or false, an array for the ones that repeat, undefined
// when it was not given.
function getOptionValue(name) {
  if (values === undefined) {
    values = { __proto__: null };
    const fromEnvironment = internalBinding('environment').get('NODE_OPTIONS');
    if (fromEnvironment) read(words(fromEnvironment));
    read(process.execArgv);
  }
  return values[name];
}

// Settings of the whole process, which a thread cannot have for itself.
const OF_PROCESS = ['--expose-gc', '--title', '--v8-pool-size', '--abort-on-uncaught-exception', '--cpu-prof'];

// Those of `args` that a worker may not be given: of the process, or unknown.
function invalidForWorker(args) {
  const wrong = [];
  for (let i = 0; i < args.length; i++) {
    const name = args[i].replace(/=.*/s, '').replaceAll('_', '-').replace(/^--no-/, '--');
    const known = process.allowedNodeEnvironmentFlags.has(name) || WITH_VALUE.has(ALIASES[name] ?? name);
    if (OF_PROCESS.includes(name) || !known) wrong.push(args[i]);
    else if (!args[i].includes('=') && WITH_VALUE.has(ALIASES[name] ?? name)) i++;
  }
  return wrong;
}

// What options change before a program starts.
function applyOptions() {
  if (getOptionValue('--expose-gc')) globalThis.gc = internalBinding('process_methods').collectGarbage;
  const limit = getOptionValue('--stack-trace-limit');
  if (limit !== undefined) Error.stackTraceLimit = Number(limit);
  if (getOptionValue('--force-node-api-uncaught-exceptions-policy')) {
    internalBinding('addons').forceUncaughtExceptionsPolicy(true);
  }
}

module.exports = { applyOptions, getOptionValue, invalidForWorker };
