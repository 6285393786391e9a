// SPDX-License-Identifier: Apache-2.0
//
// The methods of `process` that many programs call. The rare ones are in internal/process/extras.
'use strict';

const binding = internalBinding('process_methods');

let workingDirectory;

function setUpWorkingDirectory(directory) {
  workingDirectory = directory;
}

function validateHrtime(previous) {
  const { validateArray } = require('internal/validators');
  validateArray(previous, 'time');
  if (previous.length !== 2) {
    const {
      codes: { ERR_OUT_OF_RANGE },
    } = require('internal/errors');
    throw new ERR_OUT_OF_RANGE('time', 2, previous.length);
  }
}

function hrtime(previous) {
  const [seconds, nanoseconds] = binding.hrtimeParts();
  if (previous === undefined) return [seconds, nanoseconds];
  validateHrtime(previous);
  let whole = seconds - previous[0];
  let rest = nanoseconds - previous[1];
  if (rest < 0) {
    whole--;
    rest += 1e9;
  }
  return [whole, rest];
}
hrtime.bigint = function bigint() {
  return binding.hrtime();
};

function memoryUsage() {
  const [heapTotal, heapUsed] = binding.heap();
  return { rss: binding.rss(), heapTotal, heapUsed, external: 0, arrayBuffers: 0 };
}
memoryUsage.rss = function rss() {
  return binding.rss();
};

let captureCallback = null;

// --trace-exit: who ends the program.
function traceExit() {
  const at = {};
  Error.captureStackTrace(at, members.exit);
  const frames = at.stack.slice(at.stack.indexOf('\n'));
  const code = process.exitCode ?? 0;
  const text = `(node:${process.pid}) WARNING: Exited the environment with code ${code}${frames}\n`;
  internalBinding('stdio').write(2, text);
}

const members = {
  // True when a listener took the error.
  _fatalException(error, fromPromise) {
    return require('internal/process/execution').emitToHandlers(error, fromPromise);
  },
  abort() {
    binding.abort();
  },
  binding(name) {
    const {
      codes: { ERR_ACCESS_DENIED, ERR_INVALID_MODULE },
    } = require('internal/errors');
    if (process.permission !== undefined) throw new ERR_ACCESS_DENIED('process.binding');
    throw new ERR_INVALID_MODULE(String(name));
  },
  chdir(directory) {
    require('internal/validators').validateString(directory, 'directory');
    internalBinding('process_host').chdir(directory);
    workingDirectory = undefined;
  },
  cwd() {
    return (workingDirectory ??= internalBinding('process_host').cwd());
  },
  dlopen(...args) {
    internalBinding('addons').dlopen(...args);
  },
  emitWarning(warning, type, code, ctor) {
    require('internal/process/warning').emitWarning(warning, type, code, ctor);
  },
  exit(code) {
    if (arguments.length !== 0) process.exitCode = code;
    if (require('internal/options').getOptionValue('--trace-exit')) traceExit();
    if (!process._exiting) {
      process._exiting = true;
      process.emit('exit', process.exitCode ?? 0);
    }
    process.reallyExit(process.exitCode ?? 0);
  },
  getBuiltinModule(id) {
    require('internal/validators').validateString(id, 'id');
    const { isPublic, loadPublic } = require('internal/builtins');
    const name = id.startsWith('node:') ? id.slice(5) : id;
    return isPublic(id) ? loadPublic(name) : undefined;
  },
  hasUncaughtExceptionCaptureCallback() {
    return captureCallback !== null;
  },
  hrtime,
  memoryUsage,
  reallyExit(code) {
    binding.reallyExit(Number(code ?? 0));
  },
  setUncaughtExceptionCaptureCallback(callback) {
    if (callback === null) {
      captureCallback = null;
      return;
    }
    const { codes } = require('internal/errors');
    if (typeof callback !== 'function') {
      throw new codes.ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
    }
    if (captureCallback !== null) throw new codes.ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
    captureCallback = callback;
  },
  uptime() {
    return binding.uptime();
  },
};

module.exports = {
  captureCallback: () => captureCallback,
  members,
  setUpWorkingDirectory,
};
