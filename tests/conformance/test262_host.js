// SPDX-License-Identifier: Apache-2.0
//
// Runs one test of test262 in this isolate: harness, `$262`, scripts and modules. The value of this file is a function
// that takes the builtins' `require` and a collection of garbage, and returns { run, result }; test262_worker.py calls them.
(function (require, collectGarbage) {
  'use strict';

  const fs = require('fs');
  const path = require('path');
  const vm = require('vm');
  const { Worker, MessageChannel, receiveMessageOnPort } = require('worker_threads');

  const outcome = { error: null, phase: null, said: null };
  const modules = new Map(); // file and type -> vm.Module
  const { transfer } = ArrayBuffer.prototype;

  function failed(error, phase) {
    if (outcome.phase !== null) return;
    outcome.phase = phase;
    outcome.error = { name: error?.constructor?.name ?? '', text: describe(error) };
  }

  function describe(error) {
    try {
      return String(error);
    } catch {
      return 'an error that cannot be shown';
    }
  }

  // --- Modules: vm's, with files of the suite behind them ---------------------------------------------------------

  const importing = { importModuleDynamically };

  function load(file, type) {
    const key = `${type} ${file}`;
    if (!modules.has(key)) modules.set(key, make(file, type));
    return modules.get(key);
  }

  function make(file, type) {
    if (type === undefined) return new vm.SourceTextModule(fs.readFileSync(file, 'utf8'), { identifier: file, ...importing });
    const bytes = fs.readFileSync(file);
    const text = bytes.toString('utf8');
    const values = {
      json: () => JSON.parse(text),
      text: () => text,
      bytes: () => new Uint8Array(new Uint8Array(bytes).buffer.transferToImmutable()),
    };
    if (values[type] === undefined) throw new TypeError(`Import attribute "type" with value "${type}" is not supported`);
    const value = values[type]();
    return new vm.SyntheticModule(['default'], function () { this.setExport('default', value); }, { identifier: file });
  }

  function resolve(specifier, { identifier }, { attributes = {} } = {}) {
    return load(path.resolve(path.dirname(identifier), specifier), attributes.type);
  }

  // What each module becomes. One that is in the middle of its graph's evaluation waits for the graph.
  const evaluations = new Map();
  let graph;

  async function evaluate(module) {
    if (module.status === 'unlinked') await module.link(resolve);
    if (module.status === 'linking' || module.status === 'evaluating') await graph;
    else await module.evaluate();
    return module;
  }

  function evaluated(module) {
    if (!evaluations.has(module)) evaluations.set(module, evaluate(module));
    return evaluations.get(module);
  }

  let testFile;
  async function importModuleDynamically(specifier, referrer, attributes) {
    return evaluated(resolve(specifier, { identifier: referrer?.identifier ?? testFile }, { attributes }));
  }

  async function runModule(file, source) {
    const module = new vm.SourceTextModule(source, { identifier: file, ...importing });
    modules.set(`undefined ${file}`, module);
    try {
      await module.link(resolve);
    } catch (error) {
      failed(error, 'resolution');
      return;
    }
    graph = module.evaluate();
    evaluations.set(module, graph.then(() => module));
    await graph;
  }

  // --- $262 -----------------------------------------------------------------------------------------------------------

  function realm(global, evalScript) {
    return {
      global,
      evalScript,
      createRealm() {
        const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
        const inner = vm.runInContext('globalThis', context);
        const made = realm(inner, (code) => vm.runInContext(code, context, importing));
        define(inner, { $262: made, print });
        return made;
      },
      detachArrayBuffer: (buffer) => void Reflect.apply(transfer, buffer, []),
      gc: collectGarbage,
      agent,
    };
  }

  function define(global, names) {
    for (const [name, value] of Object.entries(names)) {
      Object.defineProperty(global, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
    }
  }

  function print(text) {
    if (typeof text === 'string' && text.startsWith('Test262:')) outcome.said ??= text;
  }

  // --- Agents: worker threads. All ports are read synchronously, because a test may block. ------------------------------

  const AGENT = `
    const { workerData: { reports, broadcasts, received } } = require('worker_threads');
    const { receiveMessageOnPort } = require('worker_threads');
    globalThis.$262 = { agent: {
      receiveBroadcast(callback) {
        let message;
        while ((message = receiveMessageOnPort(broadcasts)) === undefined) Atomics.wait(received, 1, 0, 1);
        Atomics.add(received, 0, 1);
        Atomics.notify(received, 0);
        callback(...message.message);
      },
      report: (value) => reports.postMessage(String(value)),
      sleep: (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
      leaving() {},
      monotonicNow: () => performance.now(),
    } };
  `;
  const agents = [];
  const agent = {
    start(script) {
      const reports = new MessageChannel();
      const broadcasts = new MessageChannel();
      const received = new Int32Array(new SharedArrayBuffer(8));
      const worker = new Worker(AGENT + script, {
        eval: true,
        workerData: { reports: reports.port2, broadcasts: broadcasts.port2, received },
        transferList: [reports.port2, broadcasts.port2],
      });
      worker.on('error', (error) => failed(error, 'runtime'));
      worker.unref();
      agents.push({ worker, reports: reports.port1, broadcasts: broadcasts.port1, received });
    },
    broadcast(...message) {
      for (const { broadcasts, received } of agents) {
        const before = Atomics.load(received, 0);
        broadcasts.postMessage(message);
        Atomics.wait(received, 0, before);
      }
    },
    getReport() {
      for (const { reports } of agents) {
        const found = receiveMessageOnPort(reports);
        if (found !== undefined) return found.message;
      }
      return null;
    },
    sleep: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
    monotonicNow: () => performance.now(),
  };

  // --- A test -----------------------------------------------------------------------------------------------------------

  function run({ file, source, includes, isModule }) {
    testFile = file;
    process.on('unhandledRejection', () => {});
    process.on('uncaughtException', (error) => failed(error, 'runtime'));
    define(globalThis, { $262: realm(globalThis, (code) => vm.runInThisContext(code, importing)), print });
    for (const [filename, code] of includes) vm.runInThisContext(code, { filename });
    if (isModule) {
      let started;
      try {
        started = runModule(file, source);
      } catch (error) {
        failed(error, 'parse');
        return;
      }
      started.catch((error) => failed(error, error instanceof SyntaxError && modules.size < 2 ? 'parse' : 'runtime'));
      return;
    }
    let script;
    try {
      script = new vm.Script(source, { filename: file, ...importing });
    } catch (error) {
      failed(error, 'parse');
      return;
    }
    try {
      script.runInThisContext();
    } catch (error) {
      failed(error, 'runtime');
    }
  }

  return {
    run,
    result() {
      for (let i = 0; i < agents.length; i++) agents[i].worker.terminate(); // the test may have broken iteration
      return outcome;
    },
  };
})
