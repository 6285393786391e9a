// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  validateArray,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUndefined,
} = require('internal/validators');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_WASI_ALREADY_STARTED, ERR_WASI_NOT_STARTED },
} = require('internal/errors');
const { errno } = require('internal/wasi/constants');

require('internal/process/warning').emitExperimentalWarning('WASI');

const MODULES = { __proto__: null, preview1: 'wasi_snapshot_preview1', unstable: 'wasi_unstable' };
const kExit = Symbol('exit');

// The number that a call returns for what it threw.
function numberOf(error) {
  if (typeof error === 'number') return error;
  if (error instanceof RangeError && error.code === undefined) return errno.EOVERFLOW; // of the DataView
  const known = errno[error?.code];
  if (known === undefined) throw error;
  return known;
}

function readOptions(options) {
  const { args = [], env = {}, preopens = {}, returnOnExit = true, stdin = 0, stdout = 1, stderr = 2 } = options;
  validateArray(args, 'options.args');
  validateObject(env, 'options.env');
  validateObject(preopens, 'options.preopens');
  for (const [fd, name] of [[stdin, 'stdin'], [stdout, 'stdout'], [stderr, 'stderr']])
    validateInt32(fd, `options.${name}`, 0);
  validateBoolean(returnOnExit, 'options.returnOnExit');
  return {
    args: args.map((each) => `${each}`),
    env: Object.entries(env).filter(([, value]) => value !== undefined).map(([key, value]) => `${key}=${value}`),
    preopens: Object.entries(preopens).map(([name, real]) => [name, `${real}`]),
    returnOnExit,
    standard: [stdin, stdout, stderr],
  };
}

const isArgument = (value) => typeof value === 'bigint' || Number.isInteger(value);

function openFiles(Files, standard, preopens) {
  try {
    return new Files(standard, preopens);
  } catch (error) {
    const number = errno[error.code];
    if (number === undefined) throw error;
    const code = `UVWASI_${error.code}`;
    throw Object.assign(new Error(`${code}, uvwasi_init`), { errno: number, code, syscall: 'uvwasi_init' });
  }
}

class WASI {
  #module;
  #exitCode = 0;
  #started = false;
  #instance;
  #state;

  constructor(options = {}) {
    validateObject(options, 'options');
    validateString(options.version, 'options.version');
    this.#module = MODULES[options.version];
    if (this.#module === undefined)
      throw new ERR_INVALID_ARG_VALUE('options.version', options.version, 'unsupported WASI version');
    const { args, env, preopens, returnOnExit, standard } = readOptions(options);
    if (process.permission !== undefined) internalBinding('permissions').require('wasi');
    const { Files } = require('internal/wasi/files');
    const files = openFiles(Files, standard, preopens);
    this.#state = { args, env, files, isUnstable: options.version === 'unstable', memory: undefined };
    this.wasiImport = this.#imports(returnOnExit);
  }

  #imports(returnOnExit) {
    const { calls } = require('internal/wasi/calls');
    const { pathCalls } = require('internal/wasi/path_calls');
    const imports = {};
    for (const [name, call] of Object.entries({ ...calls, ...pathCalls })) imports[name] = this.#import(call);
    imports.proc_exit = returnOnExit
      ? (code) => {
          this.#exitCode = code;
          throw kExit;
        }
      : (code) => process.exit(code);
    return imports;
  }

  #import(call) {
    return (...args) => {
      const state = this.#state;
      if (state.memory === undefined) throw new ERR_WASI_NOT_STARTED();
      if (args.length < call.length - 1 || !args.every(isArgument)) return errno.EINVAL;
      try {
        // Numbers of 32 bits have a sign in JavaScript, and none here.
        call(state, ...args.map((each) => (typeof each === 'number' ? each >>> 0 : each)));
        return errno.SUCCESS;
      } catch (error) {
        return numberOf(error);
      }
    };
  }

  finalizeBindings(instance, { memory = instance?.exports?.memory } = {}) {
    if (this.#started) throw new ERR_WASI_ALREADY_STARTED();
    validateObject(instance, 'instance');
    validateObject(instance.exports, 'instance.exports');
    if (!(memory instanceof WebAssembly.Memory)) {
      throw Object.assign(
        new TypeError('"instance.exports.memory" property must be a WebAssembly.Memory object'),
        { code: 'ERR_INVALID_ARG_TYPE' }
      );
    }
    const { View } = require('internal/wasi/memory');
    this.#state.memory = new View(memory);
    this.#instance = instance;
    this.#started = true;
  }

  // Must not return, in Wasm's eyes, after proc_exit.
  start(instance) {
    this.finalizeBindings(instance);
    const { _start, _initialize } = this.#instance.exports;
    validateFunction(_start, 'instance.exports._start');
    validateUndefined(_initialize, 'instance.exports._initialize');
    try {
      _start();
    } catch (error) {
      if (error !== kExit) throw error;
    }
    return this.#exitCode;
  }

  initialize(instance) {
    this.finalizeBindings(instance);
    const { _start, _initialize } = this.#instance.exports;
    validateUndefined(_start, 'instance.exports._start');
    if (_initialize === undefined) return;
    validateFunction(_initialize, 'instance.exports._initialize');
    _initialize();
  }

  getImportObject() {
    return { [this.#module]: this.wasiImport };
  }
}

module.exports = { WASI };
