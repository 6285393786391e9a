// SPDX-License-Identifier: Apache-2.0
//
// Turns the plain object that the core made into `process`.
'use strict';

const { defineLazy } = require;
const EventEmitter = require('events');
const methods = require('internal/process/methods');
const { nextTick, processTicksAndRejections } = require('internal/process/task_queues');

// What internal/process/extras has, in Node's order.
const EXTRAS = ['_rawDebug', '_linkedBinding', '_getActiveRequests', '_getActiveHandles', 'getActiveResourcesInfo',
  '_kill', 'loadEnvFile', 'cpuUsage', 'threadCpuUsage', 'resourceUsage', 'constrainedMemory', 'availableMemory',
  'kill', 'execve', 'ref', 'unref', 'openStdin', 'getuid', 'geteuid', 'getgid', 'getegid', 'getgroups'];
const MORE_EXTRAS = ['setSourceMapsEnabled', 'umask', 'initgroups', 'setgroups', 'setegid', 'seteuid', 'setgid',
  'setuid'];

function defineValue(name, value, { enumerable = true, writable = true } = {}) {
  Object.defineProperty(process, name, { __proto__: null, configurable: true, enumerable, value, writable });
}

function definePrototype() {
  // `process` inherits from an object whose constructor is called `process`, which inherits from
  // EventEmitter.prototype. Calling it does nothing, as in Node: copies of `process` are made by calling the
  // constructors of its prototypes one by one.
  const constructor = { process: function() {} }.process;
  const prototype = Object.create(EventEmitter.prototype, {
    constructor: { __proto__: null, configurable: true, writable: true, value: constructor },
  });
  constructor.prototype = prototype;
  Object.setPrototypeOf(process, prototype);
  Object.defineProperty(process, Symbol.toStringTag, {
    __proto__: null, configurable: true, value: 'process', writable: true,
  });
  EventEmitter.call(process);
}

// process.exitCode takes an integer, a string of one, null or undefined.
function defineExitCode() {
  let exitCode;
  Object.defineProperty(process, 'exitCode', {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get: () => exitCode,
    set(value) {
      if (value !== null && value !== undefined) {
        if (typeof value === 'string' && value !== '' && Number.isInteger(Number(value))) value = Number(value);
        require('internal/validators').validateInteger(value, 'code');
      }
      exitCode = value;
    },
  });
}

function defineTitle(title) {
  let current = title;
  Object.defineProperty(process, 'title', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => current,
    set(value) {
      current = String(value);
      internalBinding('process_host').setTitle(current);
    },
  });
}

function defineArguments({ argv, execArgv, execPath, originalArgv }) {
  process.argv = argv;
  process.execArgv = execArgv;
  process.execPath = execPath;
  defineValue('argv0', originalArgv ?? argv[0], { writable: false });
  defineValue('_exiting', false, { enumerable: false });
  defineValue('_preload_modules', []);
}

// A process that fork() started finds its end of the channel open.
function setUpChannel() {
  const environment = internalBinding('environment');
  const fd = environment.get('NODE_CHANNEL_FD');
  if (fd === undefined) return;
  const mode = environment.get('NODE_CHANNEL_SERIALIZATION_MODE') || 'json';
  delete process.env.NODE_CHANNEL_FD;
  delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
  require('child_process')._forkChild(Number(fd), mode);
  require('internal/watch_mode').reportDependencies();
  if (environment.get('NODE_UNIQUE_ID') === undefined || process.argv[1] === undefined) return;
  require('cluster')._setupWorker();
  delete process.env.NODE_UNIQUE_ID;
}

// Printing warnings is a listener like any other, the first one, so that it can be removed.
function setUpWarnings() {
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--warnings') === false || internalBinding('environment').get('NODE_NO_WARNINGS') === '1') return;
  process.on('warning', function onWarning(warning) {
    require('internal/process/warning').print(warning);
  });
}

// With these a program can get around what it may not do.
const RISKY = ['--allow-addons', '--allow-child-process', '--allow-inspector', '--allow-wasi', '--allow-worker'];

function warnOfPermissions() {
  const { getOptionValue } = require('internal/options');
  for (const flag of RISKY) {
    if (!getOptionValue(flag)) continue;
    process.emitWarning(
      `The flag ${flag} must be used with extreme caution. It could invalidate the permission model.`,
      'SecurityWarning',
    );
  }
  for (const flag of ['--allow-fs-read', '--allow-fs-write']) {
    if (!getOptionValue(flag)?.some((path) => path.includes(','))) continue;
    process.emitWarning(
      `The ${flag} CLI flag has changed. Passing a comma-separated list of paths is no longer valid. Documentation can ` +
        'be found at https://nodejs.org/api/permissions.html#file-system-permissions',
      'Warning',
    );
  }
}

function setUpPermission() {
  const { has } = internalBinding('permissions');
  const permission = {
    has(scope, reference) {
      const { validateString } = require('internal/validators');
      validateString(scope, 'scope');
      if (reference === undefined || reference === null) return has(scope);
      if (!ArrayBuffer.isView(reference)) validateString(reference, 'reference');
      return has(scope, reference);
    },
  };
  defineValue('permission', Object.freeze(permission), { writable: false });
}

let completed = 0; // seconds since the isolate began

function setUpProcess(config) {
  definePrototype();
  process.version = `v${config.versions.node}`;
  const versions = { ...config.versions };
  Object.defineProperty(versions, 'sqlite', {
    __proto__: null,
    enumerable: true,
    get: () => internalBinding('sqlite_host').version(), // of Python's, asked when somebody wants to know
  });
  Object.defineProperty(versions, 'openssl', {
    __proto__: null,
    enumerable: true,
    get: () => internalBinding('crypto.hashes').opensslVersion(),
  });
  for (const name of ['cldr', 'icu', 'tz', 'unicode']) {
    Object.defineProperty(versions, name, {
      __proto__: null,
      enumerable: true,
      get: () => require('internal/intl/versions')[name], // of ICU, which this loads
    });
  }
  defineValue('versions', Object.freeze(versions), { writable: false });
  defineValue('arch', config.arch, { writable: false });
  defineValue('platform', config.platform, { writable: false });
  defineArguments(config);
  defineValue('pid', config.pid, { writable: false });
  defineValue('ppid', config.ppid, { writable: false });
  defineValue('debugPort', 9229);
  if (config.worker !== undefined) require('internal/worker/state').config = config.worker;
  defineExitCode();
  if (config.farm !== undefined) require('internal/modules/paths').setFarm(...config.farm);
  defineTitle(config.title);
  methods.setUpWorkingDirectory(config.cwd);
  for (const name of Object.keys(methods.members)) defineValue(name, methods.members[name]);
  process.nextTick = nextTick;
  defineValue('_tickCallback', processTicksAndRejections, { enumerable: false });
  defineLazy(process, 'internal/process/env', ['env'], true);
  defineLazy(process, 'internal/process/info', ['config', 'features', 'release', 'allowedNodeEnvironmentFlags'], true);
  defineLazy(process, 'internal/process/report', ['report'], true);
  defineLazy(process, 'internal/process/finalization', ['finalization'], true);
  defineLazy(process, 'internal/process/extras', EXTRAS, true);
  Object.defineProperty(process, 'sourceMapsEnabled', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => require('internal/modules/hooks').keepSourceMap !== undefined,
  });
  defineLazy(process, 'internal/process/extras', MORE_EXTRAS, true);
  require('internal/process/stdio').defineStreams();
  const { startListeningIfSignal, stopListeningIfSignal } = require('internal/process/signal');
  process.on('newListener', startListeningIfSignal);
  process.on('removeListener', stopListeningIfSignal);
  Object.defineProperty(process, 'moduleLoadList', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => require.loadedIds().map((id) => `NativeModule ${id}`),
  });
  if (config.embedded) require('internal/options').ignoreEnvironment();
  else if (config.worker === undefined) setUpChannel();
  setUpWarnings();
  if (require('internal/options').getOptionValue('--experimental-webstorage')) {
    require('internal/web_storage').setUpWebStorage();
  }
  if (!config.restricted) return;
  setUpPermission();
  internalBinding('code_cache').turnOff(); // the user's folder: the program's own may still be chosen
  if (config.worker === undefined && !config.embedded) warnOfPermissions();
}

module.exports = {
  // When JavaScript was ready, in ms since the isolate began.
  bootstrapComplete: () => completed * 1000,
  setUpProcess(config) {
    setUpProcess(config);
    completed = internalBinding('process_methods').uptime();
  },
};
