// SPDX-License-Identifier: Apache-2.0
// Worker threads that serve one port. One that ends is replaced.
'use strict';

const { once } = require('events');
const { createServer } = require('net');
const { setTimeout: wait } = require('timers/promises');
const { inspect } = require('internal/util/inspect');
const { kBuiltin, Worker } = require('internal/worker/worker');

const PAUSE = 1000; // milliseconds before the successor of one that could not even start

const say = (text) => process.stderr.write(`edgejs serve: ${text}\n`);

// The address that is free. Workers share it with whoever allows that, so it is asked for without sharing first.
async function freeAddress(host, port) {
  const probe = createServer().listen({ host, port });
  await once(probe, 'listening');
  const address = probe.address();
  await once(probe.close(), 'close');
  return address;
}

class Crew {
  #settings;
  #memory;
  #workers = new Set();
  #isStopping = false;

  constructor(settings, memory) {
    this.#settings = settings;
    this.#memory = memory;
  }

  // { address, port } once `count` workers listen. Rejects when one cannot.
  async listen(count, { host, port }) {
    const address = await freeAddress(host, port);
    Object.assign(this.#settings, { host, port: address.port, reusePort: true });
    await Promise.all(Array.from({ length: count }, () => this.#start(true)));
    return address;
  }

  // Resolves when the worker listens. The end of one of the first, before that, is an error.
  #start(isFirst) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const worker = new Worker('internal/serve/worker', {
      [kBuiltin]: true,
      workerData: this.#settings,
      resourceLimits: this.#memory ? { maxOldGenerationSizeMb: this.#memory } : undefined,
    });
    const id = worker.threadId;
    let isListening = false;
    let reason;
    this.#workers.add(worker);
    worker.once('message', () => {
      isListening = true;
      resolve();
    });
    worker.once('error', (error) => {
      reason = error;
    });
    worker.once('exit', (code) => {
      this.#workers.delete(worker);
      if (isFirst && !isListening) reject(reason ?? new Error(`worker ${id} ended with code ${code} before it listened`));
      else if (!this.#isStopping) this.#replace(id, reason, code, isListening);
    });
    return promise;
  }

  async #replace(id, reason, code, hasListened) {
    const why = reason === undefined ? `with code ${code}` : `by ${inspect(reason)}`;
    say(`worker ${id} ended ${why}; what it had open is cut, another one takes its place`);
    if (!hasListened) await wait(PAUSE, undefined, { ref: false });
    if (!this.#isStopping) await this.#start(false);
  }

  async stop() {
    this.#isStopping = true;
    const ends = [...this.#workers].map((worker) => once(worker, 'exit'));
    for (const worker of this.#workers) worker.postMessage('stop');
    await Promise.all(ends);
  }
}

module.exports = { Crew };
