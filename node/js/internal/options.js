// SPDX-License-Identifier: Apache-2.0
//
// Node's command-line options, read from process.execArgv and NODE_OPTIONS on first use. The table of all of them is the
// host's (node/option_table.py).
'use strict';

// The variables that are options.
const VARIABLES = ['NODE_OPTIONS', 'NODE_PENDING_DEPRECATION', 'NODE_PRESERVE_SYMLINKS', 'NODE_PRESERVE_SYMLINKS_MAIN',
  'NODE_REDIRECT_WARNINGS'];

let values;
let hasNone = false;
let fromEnvironment = true;

// A runtime inside a Python program does not listen to the environment.
function ignoreEnvironment() {
  fromEnvironment = false;
}

// The value of an option: a string, a number, true or false, an array for the ones that repeat, undefined when it was not
// given.
function getOptionValue(name) {
  if (values === undefined) {
    const { get } = internalBinding('environment');
    const hasVariables = fromEnvironment && VARIABLES.some((variable) => get(variable) !== undefined);
    hasNone = process.execArgv.length === 0 && !hasVariables;
    values = hasNone ? {} : internalBinding('options').values(process.execArgv, fromEnvironment);
  }
  return values[name];
}

// Settings of the whole process, which a thread cannot have for itself.
const OF_PROCESS = ['--expose-gc', '--title', '--v8-pool-size', '--abort-on-uncaught-exception', '--cpu-prof'];

// Those of `args` that a worker may not be given: of the process, or unknown.
function invalidForWorker(args) {
  return internalBinding('options').invalid(args, OF_PROCESS);
}

// What options change before a program starts.
function applyOptions() {
  getOptionValue('');
  if (hasNone) return;
  if (getOptionValue('--experimental-eventsource')) exposeEventSource();
  if (getOptionValue('--experimental-websocket') === false) delete globalThis.WebSocket;
  if (getOptionValue('--expose-gc')) globalThis.gc = require('internal/perf/gc').gc;
  const limit = getOptionValue('--stack-trace-limit');
  if (limit !== undefined) Error.stackTraceLimit = limit;
  if (getOptionValue('--force-node-api-uncaught-exceptions-policy')) {
    internalBinding('addons').forceUncaughtExceptionsPolicy(true);
  }
  const title = getOptionValue('--title');
  if (title !== undefined) process.title = title;
  checkPermissionOptions();
  if (Object.keys(values).some((name) => name.startsWith('--report') || name === '--diagnostic-dir')) {
    require('internal/process/report').applyOptions();
  }
  const proto = getOptionValue('--disable-proto');
  if (proto === 'delete') delete Object.prototype.__proto__;
  else if (proto === 'throw') forbidProto();
}

function exposeEventSource() {
  Object.defineProperty(globalThis, 'EventSource', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: require('internal/deps/undici/lib/web/eventsource/eventsource').EventSource,
    writable: true,
  });
}

const PERMISSIONS = ['--allow-addons', '--allow-child-process', '--allow-env', '--allow-fs-read', '--allow-fs-write',
  '--allow-inspector', '--allow-net', '--allow-wasi', '--allow-worker'];
function checkPermissionOptions() {
  if (getOptionValue('--permission') || !PERMISSIONS.some((name) => getOptionValue(name) !== undefined)) return;
  throw new (require('internal/errors').codes.ERR_MISSING_OPTION)('--permission');
}

function forbidProto() {
  const { ERR_PROTO_ACCESS } = require('internal/errors').codes;
  const refuse = () => {
    throw new ERR_PROTO_ACCESS();
  };
  Object.defineProperty(Object.prototype, '__proto__', { __proto__: null, configurable: false, get: refuse, set: refuse });
}

module.exports = { applyOptions, getOptionValue, ignoreEnvironment, invalidForWorker };
