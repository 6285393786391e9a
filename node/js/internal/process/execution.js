// SPDX-License-Identifier: Apache-2.0
//
// How a program runs and ends: -e, the 'exit' event, and errors that nobody caught.
'use strict';

const frames = require('internal/async_context_frame');
const { captureCallback } = require('internal/process/methods');

let hasBuiltins = false;

// A script of the command line may name builtins without requiring them.
function defineBuiltins() {
  if (hasBuiltins) return;
  hasBuiltins = true;
  const { isPublic, loadPublic, publicIds } = require('internal/builtins');
  for (const id of publicIds()) {
    if (id.startsWith('_') || /[/:]/.test(id) || id in globalThis || !isPublic(id)) continue;
    const define = (value) =>
      Object.defineProperty(globalThis, id, {
        __proto__: null,
        configurable: true,
        enumerable: false,
        value,
        writable: true,
      });
    Object.defineProperty(globalThis, id, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get: () => loadPublic(id), // stays: a script may have made it unchangeable
      set: define,
    });
  }
}

// The folder of the program stands for one that is gone.
function workingDirectory() {
  try {
    return process.cwd();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return require('internal/modules/paths').dirname(process.execPath);
  }
}

function runScript(name, source, print) {
  const { Module } = require('internal/modules/cjs/loader');
  const directory = workingDirectory();
  const module = new Module(name);
  module.filename = `${directory === '/' ? '' : directory}/${name}`;
  module.paths = Module._nodeModulePaths(directory);
  // A script sees these as globals: it has no function around it.
  globalThis.__filename = name;
  globalThis.__dirname = '.';
  globalThis.module = module;
  globalThis.exports = module.exports;
  globalThis.require = require('internal/modules/cjs/require').makeRequireFunction(Module, module);
  defineBuiltins();
  require('internal/process/uncaught').keepSource(name, source);
  const result = internalBinding('contextify').runInThisContext(source, name, 0);
  if (print) process.on('exit', () => require('internal/console/global').console.log(result));
  return result;
}

// -c: compiles without running. What an ES module imports is not looked at.
function checkSyntax(path, source, isModule) {
  require('internal/process/uncaught').keepSource(path, source);
  if (!isModule) {
    const { compileFunction, containsModuleSyntax } = internalBinding('contextify');
    const body = source.startsWith('#!') ? `//${source.slice(2)}` : source;
    try {
      compileFunction(body, path, ['exports', 'require', 'module', '__filename', '__dirname']);
      return;
    } catch (error) {
      if (!containsModuleSyntax(source)) throw error;
    }
  }
  require('internal/modules/esm/main').checkText(source, path);
}

function checkFile(file) {
  const { prepareLoading, isModuleFile } = require('internal/modules/run_main');
  const { Module } = require('internal/modules/cjs/loader');
  const path = Module._resolveFilename(require('path').resolve(file), null, true);
  prepareLoading();
  checkSyntax(path, internalBinding('files').readFileUtf8(path, 0), isModuleFile(path));
}

function runInput(source) {
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--check')) checkSyntax('[stdin]', source, getOptionValue('--input-type') === 'module');
  else evalScript('[stdin]', source, false);
}

function startRepl(code) {
  require('internal/modules/run_main').prepareLoading();
  require('internal/repl/start').start(code);
}

function evalScript(name, source, print) {
  require('internal/modules/run_main').prepareLoading();
  const text = require('internal/process/eval_text').readText(source, name);
  source = text.source;
  if (text.isModule) {
    if (print) throw new (require('internal/errors').codes.ERR_EVAL_ESM_CANNOT_PRINT)();
    return require('internal/modules/esm/main').runText(source);
  }
  const { needsModuleLoader } = require('internal/modules/run_main');
  if (!needsModuleLoader()) return runScript(name, source, print);
  return require('internal/modules/esm/main').runAfterPreload(() => runScript(name, source, print));
}

const UNSETTLED = 13; // exit code: a top-level await of the main module was never answered
let warnUnsettled; // set while the main module waits

function setUnsettled(warn) {
  warnUnsettled = warn;
}

// Emits 'exit' unless it was, and returns the code to end with.
function emitExit(code) {
  if (code !== undefined) process.exitCode = code;
  else if (warnUnsettled !== undefined && !process._exiting && process.exitCode === undefined) {
    process.exitCode = UNSETTLED;
    warnUnsettled();
  }
  if (!process._exiting) {
    process._exiting = true;
    try {
      process.emit('exit', process.exitCode ?? 0);
    } catch (error) {
      internalBinding('errors').triggerUncaughtException(error, false);
    }
  }
  return Number(process.exitCode ?? 0);
}

function emitToHandlers(error, fromPromise) {
  const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
  process.emit('uncaughtExceptionMonitor', error, origin);
  const capture = captureCallback();
  if (capture !== null) {
    capture(error);
    return true;
  }
  return process.emit('uncaughtException', error, origin);
}

// Codes of the main program; a worker's is 1.
let handlerThrew = 7;
let mayAbort = true;

// A worker tells its parent in place of printing, and does not end the process.
let reportFatal = (error) => require('internal/process/uncaught').printUncaught(error);
function setFatalReport(report) {
  reportFatal = report;
  handlerThrew = 1;
  mayAbort = false;
}

function aborts() {
  return mayAbort && require('internal/options').getOptionValue('--abort-on-uncaught-exception');
}

const UNCALLABLE = 6; // somebody replaced process._fatalException by what is no function

let reportUncaught; // writes a report, once one is wanted
function setUncaughtReport(write) {
  reportUncaught = write;
}

function end(error, code) {
  process.exitCode = code;
  try {
    if (!process._exiting) {
      process._exiting = true;
      process.emit('exit', code);
    }
  } catch {
    // An 'exit' listener that throws cannot change how the program ends, as in Node.
  }
  reportFatal(error);
  reportUncaught?.(error);
  if (aborts()) internalBinding('process_methods').abort();
  // Not process.reallyExit, which users replace. The isolate ends here, with what an 'exit' listener made of the code.
  internalBinding('process_methods').reallyExit(Number(process.exitCode ?? code));
}

// The end of every error that nobody caught. True when a listener took it; else the error is printed and the isolate
// ends with code 1, or 7 when a listener threw. Listeners run in the async context of what threw.
function fatalException(error, fromPromise) {
  if (typeof process._fatalException !== 'function') {
    require('internal/process/uncaught').printUncaught(error);
    internalBinding('process_methods').reallyExit(UNCALLABLE);
  }
  if (captureCallback() === null && aborts()) {
    reportFatal(error);
    process.abort();
  }
  try {
    if (emitToHandlers(error, fromPromise)) {
      // Ticks that the listener queued must run even if the loop has nothing else to do.
      require('timers').setImmediate(() => {});
      require('internal/async_ids').track?.unwind();
      return true;
    }
  } catch (second) {
    end(second, handlerThrew);
  } finally {
    frames.exchange(undefined);
  }
  end(error, 1);
  return false;
}

module.exports = {
  checkFile,
  emitExit,
  emitToHandlers,
  evalScript,
  fatalException,
  runInput,
  setFatalReport,
  setUncaughtReport,
  setUnsettled,
  startRepl,
};
