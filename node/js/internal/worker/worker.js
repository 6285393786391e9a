// SPDX-License-Identifier: Apache-2.0
//
// class Worker, the parent's side of a thread. Two channels lead to it: one for the program (`postMessage`), one for the
// library (standard streams, errors). The end of the second one is the end of the thread.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_WORKER_NOT_RUNNING,
    ERR_WORKER_PATH,
    ERR_WORKER_UNSERIALIZABLE_ERROR,
  },
  codes,
} = require('internal/errors');
const { refusal, refuseAll } = require('internal/refuse');
const { validateNumber, validateObject, validateString } = require('internal/validators');
const ids = require('internal/async_ids');
const diagnostics = require('internal/diagnostics');
const { createMailbox } = require('internal/worker/mailbox');
const messaging = require('internal/worker/messaging');
const state = require('internal/worker/state');

const { adopt, detach } = internalBinding('messaging');
const kBuiltin = Symbol('kBuiltin'); // an option of our own: the program is a builtin, whose start() is called
const SHARE_ENV = Symbol.for('nodejs.worker_threads.SHARE_ENV');
const MEGABYTE = 2 ** 20;
const DEFAULT_LIMITS = {
  maxYoungGenerationSizeMb: 192,
  maxOldGenerationSizeMb: 4096,
  codeRangeSizeMb: 0,
  stackSizeMb: 4,
};

// { kind: 'file' | 'data' | 'eval', filename } of the first two arguments.
function entryOf(filename, options) {
  if (options[kBuiltin]) return { kind: 'builtin', filename };
  if (options.eval) {
    if (typeof filename !== 'string') {
      throw new ERR_INVALID_ARG_VALUE('options.eval', options.eval, "must be false when 'filename' is not a string");
    }
    return { kind: 'eval', filename };
  }
  const { isURL, fileURLToPath } = require('internal/url');
  if (isURL(filename) && filename.protocol === 'data:') return { kind: 'data', filename: `${filename}` };
  if (isURL(filename)) return { kind: 'file', filename: fileURLToPath(filename) };
  if (typeof filename !== 'string') throw new ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
  const path = require('path');
  if (!path.isAbsolute(filename) && !/^\.\.?[\\/]/.test(filename)) throw new ERR_WORKER_PATH(filename);
  return { kind: 'file', filename: path.resolve(filename) };
}

function environmentOf(env) {
  if (env === SHARE_ENV) return undefined;
  if (typeof env === 'object' || env === undefined) {
    const source = env ?? process.env;
    return Object.fromEntries(Object.keys(source).map((name) => [name, `${source[name]}`]));
  }
  throw new ERR_INVALID_ARG_TYPE(
    'options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env
  );
}

// What cannot be asked of one thread alone, or is no option at all.
function checkExecArgv(execArgv, env) {
  const { invalidForWorker } = require('internal/options');
  const wrong = invalidForWorker(execArgv);
  if (wrong.length > 0) throw new codes.ERR_WORKER_INVALID_EXEC_ARGV(wrong);
  if (env?.NODE_OPTIONS === undefined || env.NODE_OPTIONS === process.env.NODE_OPTIONS) return;
  const refused = invalidForWorker(env.NODE_OPTIONS.split(' ').filter((word) => word !== ''));
  if (refused.length === 0) return;
  throw new codes.ERR_WORKER_INVALID_EXEC_ARGV(
    refused.map((option) => `${option.replace(/=.*/s, '=')} is not allowed in NODE_OPTIONS`),
    'NODE_OPTIONS env variable'
  );
}

function limitsOf(asked) {
  const limits = { ...DEFAULT_LIMITS };
  const host = {};
  for (const name of Object.keys(limits)) if (typeof asked?.[name] === 'number') limits[name] = asked[name];
  // The engine's heap has no young generation: the old one's limit is the limit of all.
  const { maxOldGenerationSizeMb: most } = asked ?? {};
  if (typeof most === 'number') host.memory = Math.max(1, Math.floor(most * MEGABYTE)); // 0 is no limit for the engine
  if (typeof asked?.stackSizeMb === 'number') host.stack = Math.floor(asked.stackSizeMb * MEGABYTE);
  return { limits, host };
}

class Worker extends EventEmitter {
  #threadId = -1;
  #name = 'WorkerThread';
  #port; // the library's channel; undefined when the thread has ended
  #publicPort;
  #streams;
  #limits = {};
  #isOnline = false;
  #handle = { hasRef: () => this.#hasRef() }; // what async_hooks see of the worker
  #isRefed = true;
  #asked = new Map(); // questions that the worker has not answered, by number
  #lastQuestion = 0;

  constructor(filename, options = {}) {
    super();
    checkOptions(options);
    const entry = entryOf(filename, options);
    const env = environmentOf(options.env);
    if (options.execArgv !== undefined || options.env?.NODE_OPTIONS !== undefined) {
      checkExecArgv(options.execArgv ?? [], options.env === SHARE_ENV ? undefined : options.env);
    }
    if (options.name !== undefined) {
      validateString(options.name, 'options.name');
      this.#name = options.name;
    }
    const { limits, host } = limitsOf(options.resourceLimits);
    this.#limits = limits;
    this.#start({ ...entry, env, resourceLimits: limits }, options, host);
    if (entry.kind !== 'builtin') process.nextTick(() => process.emit('worker', this));
    diagnostics.publish?.('worker_threads', { worker: this });
  }

  #start(message, options, limits) {
    const host = internalBinding('workers');
    this.#threadId = host.newThreadId();
    const [library, mailbox] = unseen(() => [new messaging.MessageChannel(), createMailbox(this.#threadId)]);
    this.#port = library.port1;
    ids.track?.init(this.#handle, 'WORKER');
    const program = new messaging.MessageChannel();
    try {
      library.port1.postMessage({
        ...message,
        environmentData: state.environmentData,
        mailbox,
        publicPort: program.port2,
        stdin: Boolean(options.stdin),
        workerData: options.workerData,
      }, [program.port2, mailbox, ...(options.transferList ?? [])]);
    } catch (error) {
      for (const port of [library.port1, program.port1, mailbox]) port.close();
      throw error;
    }
    const config = {
      argv: [process.execPath, ...(options.argv ?? []).map(String)],
      execArgv: options.execArgv === undefined ? process.execArgv : [...options.execArgv],
      worker: { port: detach(library.port2), name: this.#name },
    };
    try {
      host.start(this.#threadId, config, limits);
    } catch (error) {
      for (const port of [adopt(config.worker.port), library.port1, program.port1]) port.close();
      throw error;
    }
    this.#publicPort = program.port1;
    this.#listen();
    this.#makeStreams(options);
  }

  #listen() {
    this.#publicPort.on('message', (message) => this.emit('message', message));
    this.#publicPort.on('messageerror', (error) => this.emit('messageerror', error));
    messaging.followEmitter(this.#publicPort, this, 'message');
    this.#port.on('message', (message) => this.#take(message));
    this.#port.on('close', () => this.#end());
    this.#port.ref();
  }

  #makeStreams({ stdin, stdout, stderr }) {
    const { ReadableWorkerStdio, WritableWorkerStdio } = require('internal/worker/stdio');
    this.#streams = {
      stdin: stdin ? new WritableWorkerStdio(this.#port, 'stdin', false) : null,
      stdout: new ReadableWorkerStdio(this.#port, 'stdout', false),
      stderr: new ReadableWorkerStdio(this.#port, 'stderr', false),
    };
    if (!stdout) pipeWithoutWarning(this.#streams.stdout, process.stdout);
    if (!stderr) pipeWithoutWarning(this.#streams.stderr, process.stderr);
  }

  #take(message) {
    const { handleStdio } = require('internal/worker/stdio');
    if (handleStdio(message, this.#streams)) return;
    switch (message.type) {
      case 'online':
        this.#isOnline = true;
        this.emit('online');
        break;
      case 'error':
        this.emit('error', require('internal/worker/errors').deserializeError(message.error));
        break;
      case 'answer':
        this.#asked.get(message.question)(message.answer);
        this.#asked.delete(message.question);
        break;
      case 'unserializable':
        this.emit('error', new ERR_WORKER_UNSERIALIZABLE_ERROR());
        break;
    }
  }

  #end() {
    const [code, errorCode, reason] = internalBinding('workers').join(this.#threadId);
    messaging.drainMessagePort(this.#publicPort);
    this.removeAllListeners('message');
    this.removeAllListeners('messageerror');
    this.#publicPort.close();
    this.#port = undefined;
    for (const answer of this.#asked.values()) answer(Promise.reject(new ERR_WORKER_NOT_RUNNING()));
    this.#threadId = -1;
    this.#name = null;
    this.#limits = {};
    const { stdout, stderr } = this.#streams;
    if (!stdout.readableEnded) stdout.push(null);
    if (!stderr.readableEnded) stderr.push(null);
    if (errorCode !== undefined) this.emit('error', new codes[errorCode](reason));
    this.emit('exit', code);
    process.nextTick(() => {
      this.#isRefed = undefined;
      ids.track?.emitDestroy(this.#handle[ids.kAsyncId]);
    });
  }

  #hasRef() {
    return this.#isRefed;
  }

  postMessage(...args) {
    if (this.#port === undefined) return;
    this.#publicPort.postMessage(...args);
  }

  terminate() {
    if (this.#port === undefined) return Promise.resolve();
    internalBinding('workers').stop(this.#threadId);
    this.ref();
    return new Promise((resolve) => {
      this.once('exit', resolve);
    });
  }

  // What only the worker's own thread can tell; it answers when its event loop turns.
  #ask(what) {
    if (this.#port === undefined || !this.#isOnline) return Promise.reject(new ERR_WORKER_NOT_RUNNING());
    return new Promise((resolve) => {
      const question = ++this.#lastQuestion;
      this.#asked.set(question, resolve);
      this.#port.postMessage({ type: 'ask', question, what });
    });
  }

  cpuUsage(previous) {
    if (previous) {
      validateObject(previous, 'prevValue');
      for (const name of ['user', 'system']) validateTime(previous[name], `prevValue.${name}`);
    }
    return this.#ask('cpuUsage').then(({ user, system }) =>
      (previous ? { user: user - previous.user, system: system - previous.system } : { user, system }));
  }

  getHeapStatistics() {
    return this.#ask('heapStatistics');
  }

  getHeapSnapshot(options) {
    if (options !== undefined) validateObject(options, 'options');
    if (this.#port === undefined) return Promise.reject(new ERR_WORKER_NOT_RUNNING());
    return Promise.reject(refusal('Worker.getHeapSnapshot'));
  }

  // How busy its loop is, as performance.eventLoopUtilization tells of this thread's.
  get performance() {
    const times = () =>
      (this.#isOnline && this.#port !== undefined ? internalBinding('workers').loopTimes(this.#threadId) : undefined);
    const { utilization } = require('internal/event_loop_utilization');
    return { eventLoopUtilization: (newer, older) => utilization(times, newer, older) };
  }

  async [Symbol.asyncDispose]() {
    await this.terminate();
  }

  ref() {
    if (this.#port === undefined) return;
    this.#isRefed = true;
    this.#port.ref();
    this.#publicPort.ref();
  }

  unref() {
    if (this.#port === undefined) return;
    this.#isRefed = false;
    this.#port.unref();
    this.#publicPort.unref();
  }

  get threadId() {
    return this.#threadId;
  }

  get threadName() {
    return this.#name;
  }

  get stdin() {
    return this.#streams.stdin;
  }

  get stdout() {
    return this.#streams.stdout;
  }

  get stderr() {
    return this.#streams.stderr;
  }

  get resourceLimits() {
    return { ...this.#limits };
  }
}

// Runs `make` without telling async_hooks of the ports that only the library knows.
function unseen(make) {
  return ids.track === undefined ? make() : ids.track.hidden(make);
}

function validateTime(value, name) {
  validateNumber(value, name);
  if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) return;
  throw new codes.ERR_OUT_OF_RANGE(name, `>= 0 && <= ${Number.MAX_SAFE_INTEGER}`, value);
}

Object.assign(Worker.prototype, refuseAll('Worker', ['startCpuProfile', 'startHeapProfile']));

function checkOptions(options) {
  validateObject(options, 'options');
  if (options.argv !== undefined && options.argv !== null) validateArrayLike(options.argv, 'options.argv');
  if (options.execArgv !== undefined && options.execArgv !== null) validateArrayLike(options.execArgv, 'options.execArgv');
  if (options.resourceLimits !== undefined) validateObject(options.resourceLimits, 'options.resourceLimits');
}

function validateArrayLike(value, name) {
  if (!Array.isArray(value)) throw new ERR_INVALID_ARG_TYPE(name, 'Array', value);
}

// Many workers may share one stream.
function pipeWithoutWarning(source, destination) {
  const sourceMax = source._maxListeners;
  const destinationMax = destination._maxListeners;
  source.setMaxListeners(Infinity);
  destination.setMaxListeners(Infinity);
  source.pipe(destination);
  source._maxListeners = sourceMax;
  destination._maxListeners = destinationMax;
}

module.exports = { kBuiltin, SHARE_ENV, Worker };
