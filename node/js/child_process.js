// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  AbortError,
  codes: { ERR_CHILD_PROCESS_IPC_REQUIRED, ERR_CHILD_PROCESS_STDIO_MAXBUFFER },
} = require('internal/errors');
const {
  validateAbortSignal,
  validateArray,
  validateFunction,
  validateObject,
  validateString,
} = require('internal/validators');
const { ChildProcess, describeFailure } = require('internal/child_process');
const {
  checkNoNull,
  convertToValidSignal,
  hostOptions,
  isGiven,
  normalizeSpawnArguments,
  signalName,
  stringToBytes,
  validateKillSignal,
  validateMaxBuffer,
  validateTimeout,
} = require('internal/child_process/arguments');
const { getValidStdio, stdioFromWord } = require('internal/child_process/stdio');

const kMaxBuffer = 1024 * 1024;

const lazyBuffer = () => require('buffer').Buffer;

// -- spawn

function abortChild(child, killSignal, reason) {
  if (!child) return;
  try {
    if (child.kill(killSignal)) child.emit('error', new AbortError(undefined, { cause: reason }));
  } catch (error) {
    child.emit('error', error);
  }
}

function watchSignal(child, signal, killSignal) {
  const onAbort = () => abortChild(child, killSignal, signal.reason);
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  child.once('exit', () => signal.removeEventListener('abort', onAbort));
}

function watchTimeout(child, timeout, killSignal) {
  const timer = setTimeout(() => child.kill(killSignal), timeout);
  child.once('exit', () => clearTimeout(timer));
}

function spawn(file, args, options) {
  const normalized = normalizeSpawnArguments(file, args, options);
  const timeout = validateTimeout(normalized.timeout);
  if (normalized.signal !== undefined) validateAbortSignal(normalized.signal, 'options.signal');
  const killSignal = validateKillSignal(normalized.killSignal);
  const child = new ChildProcess();
  child.spawn(normalized);
  if (timeout > 0) watchTimeout(child, timeout, killSignal);
  if (normalized.signal !== undefined) watchSignal(child, normalized.signal, killSignal);
  return child;
}

// -- exec and execFile: spawn and collect

// (file[, args][, options][, callback])
function normalizeExecFile(file, args, options, callback) {
  if (Array.isArray(args)) {
    args = [...args];
  } else if (args !== null && typeof args === 'object') {
    [args, options, callback] = [undefined, args, options];
  } else if (typeof args === 'function') {
    [args, options, callback] = [undefined, undefined, args];
  }
  if (typeof options === 'function') [options, callback] = [undefined, options];
  else if (isGiven(options)) validateObject(options, 'options');
  if (isGiven(callback)) validateFunction(callback, 'callback');
  return { file, args: args ?? [], options: { __proto__: null, ...options }, callback };
}

function normalizeExec(command, options, callback) {
  validateString(command, 'command');
  if (typeof options === 'function') [options, callback] = [undefined, options];
  options = { __proto__: null, ...options };
  options.shell = typeof options.shell === 'string' ? options.shell : true;
  return { file: command, options, callback };
}

// Gathers one output stream up to `limit` bytes.
class Collector {
  constructor(stream, encoding, limit, onOverflow) {
    this.stream = stream;
    this.chunks = [];
    this.length = 0;
    if (encoding) stream.setEncoding(encoding);
    stream.on('data', (chunk) => {
      const room = limit - this.length;
      this.length += this.isText ? lazyBuffer().byteLength(chunk, stream.readableEncoding) : chunk.length;
      if (this.length <= limit) {
        this.chunks.push(chunk);
        return;
      }
      this.chunks.push(chunk.slice(0, room));
      onOverflow();
    });
  }

  // A user may have set an encoding too.
  get isText() {
    return this.stream.readableEncoding !== null;
  }

  result() {
    return this.isText ? this.chunks.join('') : lazyBuffer().concat(this.chunks);
  }
}

class Execution {
  constructor(file, args, options, callback) {
    this.options = options;
    this.callback = callback;
    this.fault = null;
    this.killed = false;
    this.done = false;
    this.child = spawn(file, args, { __proto__: null, ...options, signal: undefined, timeout: undefined });
    this.command = [file, ...args].join(' ');
    this.#collect();
    this.child.once('close', (code, signal) => this.#finish(code, signal));
    this.child.once('error', (error) => {
      this.fault = error;
      this.child.stdout?.destroy();
      this.child.stderr?.destroy();
      this.#finish();
    });
    if (options.timeout > 0) this.timer = setTimeout(() => this.#kill(), options.timeout);
    if (options.signal !== undefined) watchSignal(this.child, options.signal, options.killSignal);
  }

  #collect() {
    const { encoding, maxBuffer } = this.options;
    const textEncoding = lazyBuffer().isEncoding(encoding) ? encoding : null;
    const overflow = (name) => () => {
      this.fault ??= new ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name);
      this.#kill();
    };
    const { stdout, stderr } = this.child;
    if (stdout) this.stdout = new Collector(stdout, textEncoding, maxBuffer, overflow('stdout'));
    if (stderr) this.stderr = new Collector(stderr, textEncoding, maxBuffer, overflow('stderr'));
  }

  #kill() {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.killed = true;
    try {
      this.child.kill(this.options.killSignal);
    } catch (error) {
      this.fault ??= error;
      this.#finish();
    }
  }

  #finish(code, signal) {
    if (this.done) return;
    this.done = true;
    clearTimeout(this.timer);
    if (!this.callback) return;
    const stdout = this.stdout?.result() ?? '';
    const stderr = this.stderr?.result() ?? '';
    if (this.fault === null && code === 0 && signal === null) {
      this.callback(null, stdout, stderr);
      return;
    }
    this.callback(this.#describe(code, signal, stderr), stdout, stderr);
  }

  #describe(code, signal, stderr) {
    const error =
      this.fault ??
      Object.assign(new Error(`Command failed: ${this.command}\n${stderr}`), {
        code: code < 0 ? require('util').getSystemErrorName(code) : code,
        killed: this.child.killed || this.killed,
        signal,
      });
    error.cmd = this.command;
    return error;
  }
}

function execFile(...given) {
  const { file, args, options, callback } = normalizeExecFile(...given);
  const merged = {
    __proto__: null,
    encoding: 'utf8',
    timeout: 0,
    maxBuffer: kMaxBuffer,
    killSignal: 'SIGTERM',
    cwd: null,
    env: null,
    shell: false,
    ...options,
  };
  validateTimeout(merged.timeout);
  validateMaxBuffer(merged.maxBuffer);
  validateKillSignal(merged.killSignal);
  if (merged.signal !== undefined) validateAbortSignal(merged.signal, 'options.signal');
  return new Execution(file, args, merged, callback).child;
}

function exec(...given) {
  const { file, options, callback } = normalizeExec(...given);
  return execFile(file, options, callback);
}

// util.promisify(exec): { stdout, stderr }, with the child beside the promise.
function promisified(run) {
  const later = (...args) => {
    let resolve, reject;
    const promise = new Promise((...settle) => ([resolve, reject] = settle));
    promise.child = run(...args, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { stdout, stderr }));
      else resolve({ stdout, stderr });
    });
    return promise;
  };
  return Object.defineProperty(later, 'name', { __proto__: null, configurable: true, value: run.name });
}

for (const run of [exec, execFile]) {
  Object.defineProperty(run, Symbol.for('nodejs.util.promisify.custom'), {
    __proto__: null,
    enumerable: false,
    value: promisified(run),
  });
}

// -- sync forms

// What the host needs of each of stdio.
function syncItem(item, i, { input, stdio, encoding }) {
  if (item.type === 'fd') return item.fd;
  if (item.type === 'wrap') return item.handle.fd;
  const given = (i === 0 && input) || stdio?.[i]?.input;
  if (item.type === 'ignore' && !isGiven(given)) return null;
  const { readable = i === 0, writable = i !== 0 } = item;
  return {
    readable,
    writable,
    input: isGiven(given) ? stringToBytes(given, encoding, `options.stdio[${i}]`) : undefined,
  };
}

function runSync(options) {
  const { items } = getValidStdio(options.stdio || 'pipe', true);
  return internalBinding('processes').spawnSync({
    __proto__: null,
    ...hostOptions(options, items.map((item, i) => syncItem(item, i, options))),
    killSignal: options.killSignal ?? convertToValidSignal('SIGTERM'),
    maxBuffer: Number.isFinite(options.maxBuffer) ? options.maxBuffer : -1,
    timeout: options.timeout,
  });
}

function spawnSync(file, args, options) {
  options = { __proto__: null, maxBuffer: kMaxBuffer, ...normalizeSpawnArguments(file, args, options) };
  options.timeout = validateTimeout(options.timeout);
  validateMaxBuffer(options.maxBuffer);
  options.killSignal = validateKillSignal(options.killSignal);
  const { pid, status, signal, output, error } = runSync(options);
  const { encoding } = options;
  const isText = encoding && encoding !== 'buffer';
  const shown = output.map((bytes) => (bytes !== null && isText ? bytes.toString(encoding) : bytes));
  const result = {
    status: pid === 0 || signal !== 0 ? null : status,
    signal: signalName(signal),
    output: pid === 0 ? null : shown,
    pid,
    stdout: pid === 0 ? undefined : shown[1],
    stderr: pid === 0 ? undefined : shown[2],
  };
  return error === 0 ? result : { error: describeFailure(error, options, 'spawnSync'), ...result };
}

function checkExecSync(result, args, command) {
  const { error, ...rest } = result;
  if (error) return Object.assign(error, rest);
  if (result.status === 0) return undefined;
  let message = `Command failed: ${command ?? args.join(' ')}`;
  if (result.stderr && result.stderr.length > 0) message += `\n${result.stderr.toString()}`;
  return Object.assign(new Error(message), result);
}

// What the child writes to stderr shows there, unless the caller said where it goes.
function runForOutput(file, args, options, command) {
  const inherits = !options.stdio;
  const result = spawnSync(file, args, options);
  if (inherits && result.stderr && result.stderr.length > 0) process.stderr.write(result.stderr);
  const error = checkExecSync(result, [options.argv0 ?? file, ...args], command);
  if (error) throw error;
  return result.stdout;
}

function execFileSync(...given) {
  const { file, args, options } = normalizeExecFile(...given);
  return runForOutput(file, args, options);
}

function execSync(command, options) {
  const normalized = normalizeExec(command, options);
  return runForOutput(normalized.file, [], normalized.options, command);
}

// -- fork: a child that runs edgejs, with a channel to it

function withoutEval(execArgv) {
  // The child would run the text of -e instead of its module.
  const at = process._eval === undefined ? -1 : execArgv.lastIndexOf(process._eval);
  return at > 0 ? execArgv.toSpliced(at - 1, 2) : execArgv;
}

// (modulePath[, args][, options])
function fork(modulePath, args, options) {
  modulePath = require('internal/fs/utils').getValidatedPath(modulePath, 'modulePath');
  if (!isGiven(args)) {
    args = [];
  } else if (typeof args === 'object' && !Array.isArray(args)) {
    [args, options] = [[], args];
  } else {
    validateArray(args, 'args');
  }
  if (isGiven(options)) validateObject(options, 'options');
  options = { __proto__: null, ...options, shell: false };
  options.execPath ||= process.execPath;
  checkNoNull(options.execPath, 'options.execPath');
  const execArgv = options.execArgv || withoutEval(process.execArgv);
  execArgv.forEach((arg, i) => checkNoNull(arg, `options.execArgv[${i}]`));
  if (typeof options.stdio === 'string') options.stdio = stdioFromWord(options.stdio, 'ipc');
  else if (!Array.isArray(options.stdio)) options.stdio = stdioFromWord(options.silent ? 'pipe' : 'inherit', 'ipc');
  else if (!options.stdio.includes('ipc')) throw new ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
  return spawn(options.execPath, [...execArgv, modulePath, ...args], options);
}

// Called at the start of a process that fork() started.
function _forkChild(fd, mode) {
  require('internal/child_process/channel').setUpChild(fd, mode);
}

module.exports = {
  _forkChild,
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  fork,
  spawn,
  spawnSync,
};
