// SPDX-License-Identifier: Apache-2.0
// ChildProcess: a handle of the host, with streams, a channel and events.
'use strict';

const EventEmitter = require('events');
const ids = require('internal/async_ids');
const diagnostics = require('internal/diagnostics');
const { ErrnoException } = require('internal/errors');
const { validateArray, validateObject, validateOneOf, validateString } = require('internal/validators');
const { convertToValidSignal, hostOptions, isGiven, signalName } = require('internal/child_process/arguments');
const { getValidStdio } = require('internal/child_process/stdio');

// Errnos of a program that cannot be started: an event, as if it had started and failed. What is wrong with the
// call throws.
const START_ERRORS = ['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT'];

const kIsUsedAsStdio = Symbol('kIsUsedAsStdio'); // on a stream whose pipe another child has

// Node's words for a program that did not start: `spawn x ENOENT`.
function describeFailure(errno, { file, args }, call = 'spawn') {
  const error = new ErrnoException(errno, `${call} ${file}`);
  error.path = file;
  error.spawnargs = args.slice(1);
  return error;
}

function takeFromReader({ handle, stream }) {
  handle.reading = false;
  handle.readStop();
  if (typeof stream.pause !== 'function') return;
  stream.pause();
  stream.readableFlowing = false;
  stream._readableState.reading = false;
  stream[kIsUsedAsStdio] = true;
}

class ChildProcess extends EventEmitter {
  #resource; // what async_hooks see of the handle

  constructor() {
    super();
    this._closesNeeded = 1; // the end of the process, of each stream that it writes, and of the channel
    this._closesGot = 0;
    this.connected = false;
    this.signalCode = null;
    this.exitCode = null;
    this.killed = false;
    this.spawnfile = null;
    const { Process } = internalBinding('processes');
    this._handle = new Process();
    this.#resource = ids.track?.open('PROCESSWRAP', this._handle);
    const end = (code, signal) => this.#end(code, signalName(signal));
    this._handle.onexit = this.#resource === undefined ? end : (...args) => this.#resource.run(end, ...args);
    diagnostics.publish?.('child_process', { process: this });
  }

  spawn(options) {
    validateObject(options, 'options');
    const { items, channelFd } = getValidStdio(options.stdio || 'pipe', false);
    validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
    const { serialization = 'json' } = options;
    if (isGiven(options.envPairs) || options.envPairs === null) validateArray(options.envPairs, 'options.envPairs');
    const envPairs = [...(options.envPairs ?? [])];
    if (channelFd !== -1) {
      envPairs.push(`NODE_CHANNEL_FD=${channelFd}`, `NODE_CHANNEL_SERIALIZATION_MODE=${serialization}`);
    }
    validateString(options.file, 'options.file');
    this.spawnfile = options.file;
    if (options.args !== undefined) validateArray(options.args, 'options.args');
    this.spawnargs = options.args ?? [];
    const tracing = diagnostics.tracing?.('child_process.spawn');
    tracing?.start.publish({ process: this, options });
    const status = this.#start({ __proto__: null, ...options, args: this.spawnargs, envPairs }, items, tracing);
    this.#attach(items, status === 0);
    if (channelFd !== -1) {
      const { setUpChannel } = require('internal/child_process/channel');
      setUpChannel(this, items[channelFd].handle, serialization, () => this.#close());
    }
    return status;
  }

  #start(options, items, tracing) {
    const forHost = { pipe: ({ handle }) => handle, wrap: ({ handle }) => handle.fd, fd: ({ fd }) => fd, ignore: () => null };
    const status = this._handle.spawn(hostOptions(options, items.map((item) => forHost[item.type](item))));
    if (status === 0) {
      this.pid = this._handle.pid;
      tracing?.end.publish({ process: this });
      process.nextTick(() => this.emit('spawn'));
      return status;
    }
    const error = describeFailure(status, options);
    tracing?.error.publish({ process: this, error });
    if (START_ERRORS.includes(error.code)) {
      process.nextTick(() => this.#failToStart(status, error));
      return status;
    }
    for (const { type, handle } of items) if (type === 'pipe') handle.close();
    this._handle = null;
    throw new ErrnoException(status, 'spawn');
  }

  #attach(items, isRunning) {
    this.stdio = items.map((item, i) => {
      if (item.type === 'wrap') takeFromReader(item);
      if (item.isChannel) this._closesNeeded++;
      if (item.type !== 'pipe' || item.isChannel) return null;
      const { PipeStream } = require('internal/streams/pipe');
      const stream = new PipeStream(item.handle, { readable: i > 0, manualStart: !isRunning });
      if (i > 0 && isRunning) {
        this._closesNeeded++;
        stream.once('close', () => this.#close());
      }
      return stream;
    });
    [this.stdin, this.stdout, this.stderr] = this.stdio;
  }

  #failToStart(status, error) {
    this.exitCode = status;
    this._handle = null;
    for (const stream of this.stdio) stream?.destroy();
    this.emit('error', error);
    this.#close();
  }

  #end(code, signal) {
    if (signal !== null) this.signalCode = signal;
    else this.exitCode = code;
    this.stdin?.destroy();
    this._handle.close();
    this._handle = null;
    this.#resource?.close();
    this.emit('exit', this.exitCode, this.signalCode);
    // Output that nobody reads must not hold up 'close'.
    process.nextTick(() => {
      for (const stream of this.stdio) if (stream?.readable && !stream[kIsUsedAsStdio]) stream.resume();
    });
    this.#close();
  }

  #close() {
    if (++this._closesGot === this._closesNeeded) this.emit('close', this.exitCode, this.signalCode);
  }

  kill(signal) {
    const number = signal === 0 ? 0 : convertToValidSignal(signal === undefined ? 'SIGTERM' : signal);
    const status = this._handle === null || this.pid === undefined ? undefined : this._handle.kill(number);
    if (status === 0) {
      this.killed = true;
      return true;
    }
    if (status !== undefined) {
      const error = new ErrnoException(status, 'kill');
      if (error.code === 'EINVAL' || error.code === 'ENOSYS') throw error;
      if (error.code !== 'ESRCH') this.emit('error', error);
    }
    return false;
  }

  ref() {
    this._handle?.ref();
  }

  unref() {
    this._handle?.unref();
  }

  [Symbol.dispose]() {
    if (!this.killed) this.kill();
  }
}

module.exports = { ChildProcess, describeFailure };
