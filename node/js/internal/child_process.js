// SPDX-License-Identifier: Apache-2.0
// ChildProcess, and what every function of `child_process` does to its arguments first.
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_SIGNAL },
} = require('internal/errors');
const { validateArray, validateBoolean, validateObject, validateString } = require('internal/validators');
const { refusal, refuse } = require('internal/refuse');

function signalNumbers() {
  return require('os').constants.signals;
}

// A signal's number; 0 only asks whether the process is there.
function convertToValidSignal(signal) {
  const numbers = signalNumbers();
  if (typeof signal === 'number' && (signal === 0 || Object.values(numbers).includes(signal))) return signal;
  if (typeof signal === 'string') {
    const number = numbers[signal.toUpperCase()];
    if (number !== undefined) return number;
  }
  throw new ERR_UNKNOWN_SIGNAL(signal);
}

function validateKillSignal(signal) {
  if (typeof signal === 'string' || typeof signal === 'number') return convertToValidSignal(signal);
  if (signal === null || signal === undefined) return undefined;
  throw new ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
}

function validateTimeout(timeout) {
  if (timeout === null || timeout === undefined) return 0;
  if (!(Number.isInteger(timeout) && timeout >= 0))
    throw new ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', timeout);
  return timeout;
}

function validateMaxBuffer(maxBuffer) {
  if (maxBuffer === null || maxBuffer === undefined) return;
  if (!(typeof maxBuffer === 'number' && maxBuffer >= 0)) {
    throw new ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer);
  }
}

function checkNoNull(value, name) {
  if (typeof value === 'string' && value.includes('\u0000')) {
    throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
  }
}

const isGiven = (value) => value !== undefined && value !== null;

// 'pipe' | 'ignore' | 'inherit' | a descriptor, for each of stdin, stdout and stderr.
function stdioItem(item, i) {
  if (item === null || item === undefined) return i < 3 ? 'pipe' : 'ignore';
  if (item === 'pipe' || item === 'overlapped') return 'pipe';
  if (item === 'ignore') return 'ignore';
  if (item === 'inherit') return i;
  if (item === 'ipc') throw refusal("child_process with stdio 'ipc'");
  if (typeof item === 'number') return item;
  if (typeof item?.fd === 'number') return item.fd;
  throw new ERR_INVALID_ARG_VALUE('stdio', item);
}

function normalizeStdio(stdio = 'pipe') {
  let list = stdio;
  if (typeof stdio === 'string') {
    if (!['ignore', 'overlapped', 'pipe', 'inherit'].includes(stdio)) throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
    list = [stdio, stdio, stdio];
  } else if (!Array.isArray(stdio)) {
    throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
  }
  const items = Array.from({ length: Math.max(3, list.length) }, (_, i) => stdioItem(list[i], i));
  if (items.slice(3).some((item) => item !== 'ignore')) throw refusal('child_process with stdio beyond stderr');
  return items.slice(0, 3);
}

function environment(options) {
  const source = options.env || process.env;
  const pairs = {};
  for (const key in source) {
    // inherited ones too, as in Node
    const value = source[key];
    if (value === undefined) continue;
    checkNoNull(key, `options.env['${key}']`);
    checkNoNull(`${value}`, `options.env['${key}']`);
    pairs[key] = `${value}`;
  }
  return pairs;
}

function throughShell(command, options) {
  if (typeof options.shell === 'boolean') {
    if (!options.shell) return undefined;
  } else if (!options.shell) {
    return undefined;
  }
  return typeof options.shell === 'string' ? options.shell : '/bin/sh';
}

function checkIds(options) {
  const { uid, gid, argv0, detached, shell, windowsHide, windowsVerbatimArguments } = options;
  if (isGiven(detached)) validateBoolean(detached, 'options.detached');
  if (isGiven(uid) && uid !== (uid | 0)) throw new ERR_INVALID_ARG_TYPE('options.uid', 'int32', uid);
  if (isGiven(gid) && gid !== (gid | 0)) throw new ERR_INVALID_ARG_TYPE('options.gid', 'int32', gid);
  if (isGiven(shell) && typeof shell !== 'boolean' && typeof shell !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], shell);
  }
  if (isGiven(argv0)) {
    validateString(argv0, 'options.argv0');
    checkNoNull(argv0, 'options.argv0');
  }
  if (isGiven(windowsHide)) validateBoolean(windowsHide, 'options.windowsHide');
  if (isGiven(windowsVerbatimArguments)) validateBoolean(windowsVerbatimArguments, 'options.windowsVerbatimArguments');
}

// (file[, args][, options]) as the host wants it, `args` with argv[0] in front.
function normalizeSpawnArguments(file, args, options) {
  validateString(file, 'file');
  checkNoNull(file, 'file');
  if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  if (Array.isArray(args)) {
    args = [...args];
  } else if (!isGiven(args)) {
    args = [];
  } else if (typeof args !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
  } else {
    options = args;
    args = [];
  }
  args = args.map((arg) => `${arg}`);
  args.forEach((arg, i) => checkNoNull(arg, `args[${i}]`));
  if (options === undefined) options = {};
  else validateObject(options, 'options');
  let { cwd } = options;
  if (isGiven(cwd)) {
    cwd = require('internal/fs/utils').getValidatedPath(cwd, 'options.cwd');
    if (typeof cwd !== 'string') cwd = require('buffer').Buffer.from(cwd).toString();
  }
  checkIds(options);
  const shell = throughShell(file, options);
  let { argv0 } = options;
  if (shell !== undefined) {
    args = ['-c', [file, ...args].join(' ')];
    file = shell;
    argv0 ??= shell;
  }
  return {
    ...options,
    args: [argv0 ?? file, ...args],
    cwd,
    detached: Boolean(options.detached),
    env: environment(options),
    file,
    gid: options.gid,
    shell,
    uid: options.uid,
  };
}

// The plain object that crosses to the host.
function hostOptions(options, stdio) {
  const { file, args, env, cwd, detached, uid, gid } = options;
  return { file, args, env, cwd: cwd ?? undefined, detached, uid: uid ?? undefined, gid: gid ?? undefined, stdio };
}

class ChildProcess extends EventEmitter {
  #pending = 1; // the end of the process, and of each of its streams
  #released = false;

  constructor() {
    super();
    this.connected = false;
    this.signalCode = null;
    this.exitCode = null;
    this.killed = false;
    this.spawnfile = null;
    this.stdin = this.stdout = this.stderr = null;
    this.stdio = [];
  }

  spawn(options) {
    validateObject(options, 'options');
    validateString(options.file, 'options.file');
    if (isGiven(options.envPairs)) validateArray(options.envPairs, 'options.envPairs');
    const stdio = normalizeStdio(options.stdio);
    this.spawnfile = options.file;
    this.spawnargs = options.args ?? [];
    let started;
    try {
      started = internalBinding('spawn_host').spawn(hostOptions(options, stdio));
    } catch (error) {
      this.#failToStart(error, options, stdio);
      return error.errno;
    }
    this.pid = started.pid;
    this.#attach(started.descriptors, stdio);
    this.#wait();
    process.nextTick(() => this.emit('spawn'));
    return 0;
  }

  #attach(descriptors, stdio) {
    const { PipeReader, PipeWriter } = stdio.includes('pipe') ? require('internal/streams/pipe') : {};
    this.stdio = descriptors.map((fd, i) => {
      if (fd === undefined) return null;
      const stream = i === 0 ? new PipeWriter(fd) : new PipeReader(fd);
      if (i > 0) {
        this.#pending++;
        stream.once('close', () => this.#settle());
      }
      return stream;
    });
    [this.stdin, this.stdout, this.stderr] = this.stdio;
  }

  // A program that cannot be started is an event, as if it had started and failed; what is wrong with the call throws.
  #failToStart(error, options, stdio) {
    const expected = ['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT'];
    if (!expected.includes(error.code)) throw describeFailure(error, options);
    const { PassThrough } = stdio.includes('pipe') ? require('stream') : {};
    this.stdio = stdio.map((item) => (item === 'pipe' ? new PassThrough() : null));
    [this.stdin, this.stdout, this.stderr] = this.stdio;
    process.nextTick(() => {
      this.exitCode = error.errno;
      for (const stream of this.stdio) stream?.destroy();
      this.emit('error', describeFailure(error, options));
      this.emit('close', error.errno, null);
    });
  }

  async #wait() {
    const ending = await internalBinding('spawn_host').wait(this.pid);
    if (ending === undefined) return; // released by unref()
    const [code = null, signal = null] = ending;
    process.nextTick(() => this.#end(code, signal));
  }

  #end(code, signal) {
    if (signal !== null) this.signalCode = signal;
    else this.exitCode = code;
    this.stdin?.destroy();
    this.emit('exit', this.exitCode, this.signalCode);
    // Output that nobody reads must not hold up 'close'.
    process.nextTick(() => {
      for (const stream of [this.stdout, this.stderr]) if (stream?.readable) stream.resume();
    });
    this.#settle();
  }

  #settle() {
    if (--this.#pending === 0) this.emit('close', this.exitCode, this.signalCode);
  }

  kill(signal) {
    const number = signal === 0 ? 0 : convertToValidSignal(signal === undefined ? 'SIGTERM' : signal);
    if (this.pid === undefined || this.exitCode !== null || this.signalCode !== null) return false;
    if (!internalBinding('spawn_host').kill(this.pid, number)) return false;
    if (number !== 0) this.killed = true;
    return true;
  }

  // An unreferenced child does not keep the program alive, and its end is not told.
  unref() {
    if (this.#released || this.pid === undefined) return;
    this.#released = true;
    internalBinding('spawn_host').release(this.pid);
  }

  ref() {
    if (!this.#released) return;
    this.#released = false;
    this.#wait();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    if (!this.killed) this.kill();
  }
}

Object.assign(ChildProcess.prototype, {
  send: refuse('ChildProcess.send'),
  disconnect: refuse('ChildProcess.disconnect'),
});

// Node's words for a program that did not start: `spawn x ENOENT`.
function describeFailure({ errno, code }, { file, args }, call = 'spawn') {
  const syscall = `${call} ${file}`;
  const error = new Error(`${syscall} ${code}`);
  return Object.assign(error, { errno, code, syscall, path: file, spawnargs: args.slice(1) });
}

module.exports = {
  ChildProcess,
  convertToValidSignal,
  describeFailure,
  hostOptions,
  isGiven,
  normalizeSpawnArguments,
  normalizeStdio,
  validateKillSignal,
  validateMaxBuffer,
  validateTimeout,
};
