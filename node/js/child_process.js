// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  AbortError,
  codes: { ERR_CHILD_PROCESS_STDIO_MAXBUFFER, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateAbortSignal, validateFunction, validateObject, validateString } = require('internal/validators');
const { refuse } = require('internal/refuse');
const {
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
} = require('internal/child_process');

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
  return { file, args: args ?? [], options: { ...options }, callback };
}

function normalizeExec(command, options, callback) {
  validateString(command, 'command');
  if (typeof options === 'function') [options, callback] = [undefined, options];
  options = { ...options };
  options.shell = typeof options.shell === 'string' ? options.shell : true;
  return { file: command, options, callback };
}

// Gathers one output stream up to `limit` bytes or characters.
class Collector {
  constructor(stream, encoding, limit, onOverflow) {
    this.chunks = [];
    this.length = 0;
    this.encoding = encoding;
    if (encoding) stream.setEncoding(encoding);
    stream.on('data', (chunk) => {
      const room = limit - this.length;
      this.length += chunk.length;
      if (chunk.length <= room) {
        this.chunks.push(chunk);
        return;
      }
      this.chunks.push(chunk.slice(0, room));
      onOverflow();
    });
  }

  result() {
    return this.encoding ? this.chunks.join('') : lazyBuffer().concat(this.chunks);
  }
}

class Execution {
  constructor(file, args, options, callback) {
    this.options = options;
    this.callback = callback;
    this.fault = null;
    this.killed = false;
    this.done = false;
    this.child = spawn(file, args, { ...options, signal: undefined, timeout: undefined });
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
  return (...args) => {
    let child;
    const promise = new Promise((resolve, reject) => {
      child = run(...args, (error, stdout, stderr) => {
        if (error) reject(Object.assign(error, { stdout, stderr }));
        else resolve({ stdout, stderr });
      });
    });
    promise.child = child;
    return promise;
  };
}

for (const run of [exec, execFile]) {
  Object.defineProperty(run, Symbol.for('nodejs.util.promisify.custom'), {
    __proto__: null,
    enumerable: false,
    value: promisified(run),
  });
}

// -- sync forms

function inputBytes(options) {
  const { input } = options;
  if (!isGiven(input)) return undefined;
  if (ArrayBuffer.isView(input)) return input;
  if (typeof input === 'string')
    return lazyBuffer().from(input, options.encoding === 'buffer' ? 'utf8' : options.encoding);
  throw new ERR_INVALID_ARG_TYPE('options.stdio[0]', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
}

function runSync(normalized) {
  const stdio = normalizeStdio(normalized.stdio);
  const input = inputBytes(normalized);
  try {
    return internalBinding('spawn_host').run({
      ...hostOptions(normalized, stdio),
      input,
      killSignal: validateKillSignal(normalized.killSignal) ?? convertToValidSignal('SIGTERM'),
      maxBuffer: Number.isFinite(normalized.maxBuffer) ? normalized.maxBuffer : undefined,
      timeout: validateTimeout(normalized.timeout),
    });
  } catch (error) {
    if (error.errno === undefined) throw error;
    return { pid: 0, fault: -error.errno };
  }
}

function spawnSync(file, args, options) {
  const normalized = { maxBuffer: kMaxBuffer, ...normalizeSpawnArguments(file, args, options) };
  validateMaxBuffer(normalized.maxBuffer);
  const { pid, code, signal, stdout, stderr, fault } = runSync(normalized);
  const Buffer = lazyBuffer();
  const { encoding } = normalized;
  const shown = (bytes) => {
    if (bytes === undefined) return null;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
  };
  const output = pid === 0 ? null : [null, shown(stdout), shown(stderr)];
  const result = {
    status: code ?? null,
    signal: signal ?? null,
    output,
    pid,
    stdout: output?.[1],
    stderr: output?.[2],
  };
  if (!isGiven(fault)) return result;
  const name = require('util').getSystemErrorName(-fault);
  return { error: describeFailure({ errno: -fault, code: name }, normalized, 'spawnSync'), ...result };
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

module.exports = {
  _forkChild: refuse('child_process._forkChild'),
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  fork: refuse('child_process.fork'),
  spawn,
  spawnSync,
};
