// SPDX-License-Identifier: Apache-2.0
//
// process.report: diagnostic reports. The host knows the machine and writes the files; what is JavaScript's is gathered here.
'use strict';

const {
  codes: { ERR_SYNTHETIC, ERR_UNKNOWN_SIGNAL },
} = require('internal/errors');
const { validateBoolean, validateObject, validateString } = require('internal/validators');
const host = internalBinding('report_host');

function threadId() {
  return require('worker_threads').threadId;
}

// What every report of this thread has in its header.
function base() {
  const { glibcVersion } = internalBinding('process_host');
  return {
    threadId: threadId(),
    cwd: process.cwd(),
    commandLine: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    nodejsVersion: process.version,
    glibcVersionRuntime: glibcVersion(),
    wordSize: 64,
    arch: process.arch,
    platform: process.platform,
    componentVersions: { ...process.versions },
    release: { ...process.release },
  };
}

function networkInterfaces() {
  const found = [];
  for (const [name, addresses] of Object.entries(require('os').networkInterfaces())) {
    for (const { internal, mac, address, netmask, family, scopeid } of addresses) {
      found.push({ name, internal, mac, address, netmask, family, ...(family === 'IPv6' ? { scopeid } : {}) });
    }
  }
  return found;
}

// The stack in lines, without their indentation; of what is no error only how it is shown.
function stackOf(error) {
  if (typeof error !== 'object' || error === null) return { message: String(error), errorProperties: {} };
  const [message, ...stack] = String(error.stack ?? error).split('\n').map((line) => line.trim());
  const errorProperties = {};
  for (const name of Object.keys(error)) {
    if (name !== 'stack' && name !== 'message') errorProperties[name] = String(error[name]);
  }
  return { message, stack, errorProperties };
}

function heap() {
  const statistics = require('v8').getHeapStatistics();
  return {
    totalMemory: statistics.total_heap_size,
    executableMemory: statistics.total_heap_size_executable,
    totalCommittedMemory: statistics.total_physical_size,
    availableMemory: statistics.total_available_size,
    totalGlobalHandlesMemory: statistics.total_global_handles_size,
    usedGlobalHandlesMemory: statistics.used_global_handles_size,
    usedMemory: statistics.used_heap_size,
    memoryLimit: statistics.heap_size_limit,
    mallocedMemory: statistics.malloced_memory,
    externalMemory: statistics.external_memory,
    peakMallocedMemory: statistics.peak_malloced_memory,
    nativeContextCount: statistics.number_of_native_contexts,
    detachedContextCount: statistics.number_of_detached_contexts,
    doesZapGarbage: statistics.does_zap_garbage,
    heapSpaces: {},
  };
}

function partsOf(event, trigger, error) {
  return {
    event,
    trigger,
    base: base(),
    networkInterfaces: host.get('excludeNetwork') ? [] : networkInterfaces(),
    sections: {
      javascriptStack: stackOf(error),
      javascriptHeap: heap(),
      libuv: internalBinding('loop_handles').list(),
    },
  };
}

function synthetic() {
  const error = new ERR_SYNTHETIC();
  error.code = 'ERR_SYNTHETIC';
  return error;
}

function writeFor(event, trigger, error, file = '') {
  return host.write(partsOf(event, trigger, error), file);
}

function writeReport(file, error) {
  if (typeof file === 'object' && file !== null) {
    error = file;
    file = undefined;
  } else if (file !== undefined) {
    validateString(file, 'file');
  }
  if (error === undefined) error = synthetic();
  else validateObject(error, 'err');
  return writeFor('JavaScript API', 'API', error, file ?? '');
}

function getReport(error) {
  if (error === undefined) error = synthetic();
  else validateObject(error, 'err');
  const parts = partsOf('JavaScript API', 'GetReport', error);
  return Object.assign(host.build(parts), { libuv: parts.sections.libuv }); // a null would come back undefined
}

// -- when one is written by itself

const onSignal = (signal) => writeFor('Signal', signal, new ERR_SYNTHETIC());

let signal = 'SIGUSR2';
let isOnSignal = false;
let isOnUncaught = false;

function listen() {
  if (isOnSignal) process.on(signal, onSignal);
}

function stopListening() {
  process.removeListener(signal, onSignal);
}

const report = { writeReport, getReport };

function define(name, validate, get, set) {
  Object.defineProperty(report, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get,
    set(value) {
      validate(value, name);
      set(value);
    },
  });
}

for (const [name, validate] of [
  ['directory', validateString],
  ['filename', validateString],
  ['compact', validateBoolean],
  ['excludeNetwork', validateBoolean],
]) {
  define(name, validate, () => host.get(name), (value) => host.set(name, value));
}
define('signal', validateSignal, () => signal, (value) => {
  stopListening();
  signal = value;
  listen();
});
define('reportOnFatalError', validateBoolean, () => host.get('reportOnFatalError'), (value) => {
  host.introduce(base()); // nobody can be asked then
  host.set('reportOnFatalError', value);
});
define('reportOnSignal', validateBoolean, () => isOnSignal, (value) => {
  stopListening();
  isOnSignal = value;
  listen();
});
define('reportOnUncaughtException', validateBoolean, () => isOnUncaught, (value) => {
  isOnUncaught = value;
  const write = value ? (error) => writeFor('Exception', 'Exception', error) : undefined;
  require('internal/process/execution').setUncaughtReport(write);
});
define('excludeEnv', validateBoolean, () => host.get('excludeEnv'), (value) => host.set('excludeEnv', value));

function validateSignal(value, name) {
  validateString(value, name);
  const { signals } = require('os').constants;
  if (signals[value] !== undefined) return;
  if (signals[value.toUpperCase()] !== undefined) value += ' (signals must use all capital letters)';
  throw new ERR_UNKNOWN_SIGNAL(value);
}

// What the options of the command line say.
function applyOptions() {
  const { getOptionValue } = require('internal/options');
  for (const [option, name] of [
    ['--diagnostic-dir', 'directory'],
    ['--report-dir', 'directory'],
    ['--report-filename', 'filename'],
    ['--report-compact', 'compact'],
    ['--report-exclude-network', 'excludeNetwork'],
    ['--report-exclude-env', 'excludeEnv'],
    ['--report-signal', 'signal'],
    ['--report-on-signal', 'reportOnSignal'],
    ['--report-on-fatalerror', 'reportOnFatalError'],
    ['--report-uncaught-exception', 'reportOnUncaughtException'],
  ]) {
    const value = getOptionValue(option);
    if (value !== undefined) report[name] = value;
  }
}

module.exports = { applyOptions, report };
