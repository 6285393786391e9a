// SPDX-License-Identifier: Apache-2.0
//
// The first builtin that runs in an isolate. It gives the other builtins their `require`, puts the
// globals in place (nearly all of them lazy) and exports what the core calls. Start-up time is paid
// by every program, so whatever a one-line script does not need is loaded on first use.
'use strict';

const { compile, defineLazyGlobal, has, setLazyGlobals, setZoneNamer } = internalBinding('builtins');
const cache = new Map();

const DEPS = 'internal/deps/';

function load(id, requireForModule) {
  const builtin = { id, exports: {}, loaded: false };
  cache.set(id, builtin);
  try {
    compile(id)(builtin.exports, requireForModule, builtin, process, internalBinding);
  } catch (error) {
    cache.delete(id); // a builtin that failed to load is tried again, not handed out half made
    throw error;
  }
  builtin.loaded = true;
  return builtin.exports;
}

// The internal require: takes the id of a builtin, with or without `node:`.
function requireBuiltin(id) {
  if (id.startsWith('node:')) id = id.slice(5);
  const builtin = cache.get(id);
  if (builtin !== undefined) return builtin.exports;
  if (!has(id)) throw new Error(`No such built-in module: ${id}`);
  return load(id, id.startsWith(DEPS) ? requireInDependency.bind(undefined, id) : requireBuiltin);
}
requireBuiltin.has = has;
requireBuiltin.loadedIds = () => [...cache.keys()];

// npm packages that were compiled in: `./x` and `../x` are relative to the requiring file, other
// names are packages of the same kind, or builtins.
function requireInDependency(from, request) {
  // `process/` and the like: a package of that name, which a builtin stands for.
  if (!request.startsWith('.')) {
    const main = `${DEPS}${request}/dist/commonjs/index`;
    return requireBuiltin(has(main) ? main : request.replace(/\/$/, ''));
  }
  const parts = from.split('/').slice(0, -1);
  for (const part of request.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  const path = parts.join('/').replace(/\.js$/, '');
  return requireBuiltin(has(path) ? path : `${path}/index`);
}

// Whichever of `names` is asked for first loads the builtin, and then all of them are plain values.
function defineLazy(target, id, names, enumerable) {
  const pending = new Set(names);
  const define = (name, value) => {
    pending.delete(name);
    Object.defineProperty(target, name, {
      __proto__: null, configurable: true, enumerable, value, writable: true,
    });
  };
  for (const name of names) {
    const accessor = { // a literal names its functions as Node's are named
      get [name]() {
        const value = requireBuiltin(id)[name];
        for (const each of [...pending]) define(each, requireBuiltin(id)[each]);
        return value;
      },
      set [name](value) {
        define(name, value);
      },
    };
    const { get, set } = Object.getOwnPropertyDescriptor(accessor, name);
    Object.defineProperty(target, name, { __proto__: null, configurable: true, enumerable, get, set });
  }
}
requireBuiltin.defineLazy = defineLazy;

// [builtin, names, enumerable on globalThis as in Node]
const LAZY_GLOBALS = [
  ['internal/console/global', ['console'], false],
  ['buffer', ['Buffer', 'Blob', 'File'], false],
  ['internal/url', ['URL', 'URLSearchParams'], false],
  ['internal/urlpattern', ['URLPattern'], false],
  ['internal/abort_controller', ['AbortController', 'AbortSignal'], false],
  ['internal/event_target', ['Event', 'EventTarget', 'CustomEvent'], false],
  ['internal/encoding', ['TextEncoder', 'TextDecoder'], false],
  ['stream/web', ['TransformStream', 'TransformStreamDefaultController', 'WritableStream',
    'WritableStreamDefaultController', 'WritableStreamDefaultWriter', 'ReadableStream',
    'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest',
    'ReadableByteStreamController', 'ReadableStreamDefaultController', 'ByteLengthQueuingStrategy',
    'CountQueuingStrategy'], false],
  ['internal/webstreams/encoding', ['TextEncoderStream', 'TextDecoderStream'], false],
  ['internal/webstreams/compression', ['CompressionStream', 'DecompressionStream'], false],
  ['internal/performance', ['Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure',
    'PerformanceObserver', 'PerformanceObserverEntryList', 'PerformanceResourceTiming'], false],
  ['internal/webassembly/namespace', ['WebAssembly'], false],
  ['internal/intl/intl', ['Intl'], false],
  ['internal/navigator', ['Navigator'], false],
  ['internal/worker/messaging', ['MessageChannel', 'MessagePort'], false],
  ['internal/worker/broadcast_channel', ['BroadcastChannel'], false],
  ['timers', ['clearImmediate', 'setImmediate', 'clearInterval', 'clearTimeout', 'setInterval',
    'setTimeout'], true],
  ['internal/process/microtasks', ['queueMicrotask'], true],
  ['internal/worker/messaging', ['structuredClone'], true],
  ['internal/crypto/webcrypto', ['crypto'], true],
  ['internal/crypto/webcrypto', ['Crypto', 'SubtleCrypto', 'CryptoKey'], false],
  ['internal/base64', ['atob', 'btoa'], true],
  ['internal/performance', ['performance'], true],
  ['internal/fetch/fetch', ['fetch'], true],
  ['internal/deps/undici/lib/web/fetch/formdata', ['FormData'], false],
  ['internal/deps/undici/lib/web/fetch/headers', ['Headers'], false],
  ['internal/fetch/messages', ['Request', 'Response'], false],
  ['internal/deps/undici/lib/web/websocket/events', ['MessageEvent', 'CloseEvent'], false],
  ['internal/fetch/websocket', ['WebSocket'], false],
  ['internal/navigator', ['navigator'], true],
];

// Symbols that the language has by now and the engine does not.
function setUpSymbols() {
  for (const name of ['dispose', 'asyncDispose']) {
    if (Symbol[name] === undefined) {
      Object.defineProperty(Symbol, name, {
        __proto__: null, configurable: false, enumerable: false, value: Symbol(`Symbol.${name}`), writable: false,
      });
    }
  }
}

// A global that cannot be assigned.
function defineGetter(name, id, isForAnyone) {
  const { get } = Object.getOwnPropertyDescriptor({
    get [name]() {
      if (!isForAnyone && this !== globalThis && this !== undefined && this !== null) {
        const { ERR_INVALID_THIS } = requireBuiltin('internal/errors').codes;
        throw new ERR_INVALID_THIS('nullish or must be the global object');
      }
      return requireBuiltin(id)[name];
    },
  }, name);
  Object.defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, get });
}

const idOf = { __proto__: null }; // name of a lazy value -> its builtin

// The same on another object than the global one, for a name that no global has. Until it is asked for, it is a data
// property too.
requireBuiltin.defineLazyValue = (target, id, name) => {
  idOf[name] = id;
  defineLazyGlobal(name, false, target);
};

function setUpGlobals() {
  Object.defineProperty(globalThis, Symbol.toStringTag, {
    __proto__: null, configurable: true, value: 'global', writable: false,
  });
  Object.defineProperty(globalThis, 'process', {
    __proto__: null, configurable: true, value: process, writable: true,
  });
  globalThis.global = globalThis;
  for (const [id, names, enumerable] of LAZY_GLOBALS) {
    for (const name of names) {
      delete globalThis[name]; // the engine's own: the order of the keys is Node's
      idOf[name] = id;
      if (name === 'Buffer' || name === 'performance') defineLazy(globalThis, id, [name], enumerable);
      else if (name === 'crypto' || name === 'navigator') defineGetter(name, id, name === 'navigator');
      else defineLazyGlobal(name, enumerable);
    }
  }
  setLazyGlobals((name) => requireBuiltin(idOf[name])[name]);
}

setUpSymbols();
setUpGlobals();
requireBuiltin('internal/intl/install').install(globalThis);
setZoneNamer((time) => requireBuiltin('internal/intl/zone_names').zoneNameAt(time));
requireBuiltin('internal/call_site').completeCallSites();
const { setUpTasks } = requireBuiltin('internal/process/task_queues');
setUpTasks();

let execution;
function lazyExecution() {
  return execution ??= requireBuiltin('internal/process/execution');
}

module.exports = {
  // Fills `process` from what the core knows. Called once, before any other member.
  prepare(config) {
    requireBuiltin('internal/process/setup').setUpProcess(config);
  },
  // Runs a file as the program's entry point; `process.argv` was set by prepare.
  runMain(file) {
    return requireBuiltin('internal/modules/run_main').runMain(file);
  },
  // The program of a worker thread: its parent says through a port what it is. Limits come in between.
  prepareWorker() {
    requireBuiltin('internal/worker/main').prepareWorker();
  },
  runWorker() {
    return requireBuiltin('internal/worker/main').runWorker();
  },
  // -e and -p: evaluates `source` as a script in the working directory and returns its value.
  evalScript(source, { print = false, filename = '[eval]', isProgram = false } = {}) {
    if (isProgram) process._eval = source; // fork() leaves it out
    return lazyExecution().evalScript(filename, source, print);
  },
  // A program that comes through standard input.
  runInput(source) {
    return lazyExecution().runInput(source);
  },
  // --watch: runs the program in a child, again and again.
  watch() {
    return requireBuiltin('internal/watch_mode').watch();
  },
  // -c: throws what is wrong with the syntax of a file.
  checkFile(file) {
    return lazyExecution().checkFile(file);
  },
  // --test
  runTests() {
    return requireBuiltin('internal/test_runner/runner').runFromCommandLine();
  },
  // edgejs serve
  serve(file, settings) {
    return requireBuiltin('internal/serve/main').serve(file, settings);
  },
  // -i, or no program and a terminal.
  startRepl(code) {
    return lazyExecution().startRepl(code);
  },
  // What `require(id)` gives in a file of folder `directory`.
  requireFrom(directory, id) {
    return requireBuiltin('internal/modules/run_main').requireFrom(directory, id);
  },
  emitBeforeExit() {
    requireBuiltin('internal/async_ids').track?.tellDestroyed();
    process.emit('beforeExit', process.exitCode ?? 0);
  },
  // Emits 'exit' once and returns the code that the program ends with.
  emitExit(code) {
    return lazyExecution().emitExit(code);
  },
  // True when a handler took the error. Otherwise it is printed as Node prints it and the isolate ends.
  fatalException(error, fromPromise) {
    return lazyExecution().fatalException(error, fromPromise);
  },
  inspect(value, options) {
    return requireBuiltin('internal/util/inspect').inspect(value, options);
  },
  require: requireBuiltin,
};
