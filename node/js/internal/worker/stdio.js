// SPDX-License-Identifier: Apache-2.0
//
// Standard streams that go through a port: what a worker writes its parent reads, and the other way round for stdin.
// The reader asks for more; only then is a write complete.
'use strict';

const { Readable, Writable } = require('stream');

const STDIO = 'stdio'; // { stream, chunks: [{ chunk, encoding }] }, a null chunk at the end
const WANTS_MORE = 'stdioWantsMore'; // { stream }

const waiting = new WeakMap(); // port -> how many of its streams wait for the other side

// A stream that waits keeps the loop alive.
function addWaiting(port, change) {
  const before = waiting.get(port) ?? 0;
  waiting.set(port, before + change);
  if (before === 0 && change > 0) port.ref();
  if (before + change === 0) port.unref();
}

class ReadableWorkerStdio extends Readable {
  #port;
  #name;
  #started = false;
  #holdsLoop;

  // `holdsLoop`: whether a read that waits keeps the loop alive.
  constructor(port, name, holdsLoop) {
    super();
    this.#port = port;
    this.#name = name;
    this.#holdsLoop = holdsLoop;
    this.on('end', () => {
      if (this.#started && this.#holdsLoop) addWaiting(port, -1);
    });
  }

  _read() {
    if (!this.#started && this.#holdsLoop) addWaiting(this.#port, 1);
    this.#started = true;
    this.#port.postMessage({ type: WANTS_MORE, stream: this.#name });
  }

  take(chunks) {
    for (const { chunk, encoding } of chunks) this.push(chunk, encoding);
  }
}

class WritableWorkerStdio extends Writable {
  #port;
  #name;
  #callback;
  #holdsLoop;

  // `holdsLoop`: whether a write that is not taken yet keeps the loop alive.
  constructor(port, name, holdsLoop) {
    super({ decodeStrings: false });
    this.#port = port;
    this.#name = name;
    this.#holdsLoop = holdsLoop;
  }

  _writev(chunks, callback) {
    this.#port.postMessage({
      type: STDIO,
      stream: this.#name,
      chunks: chunks.map(({ chunk, encoding }) => ({ chunk: typeof chunk === 'string' ? chunk : new Uint8Array(chunk), encoding })),
    });
    if (process._exiting) {
      callback();
      return;
    }
    this.#callback = callback;
    if (this.#holdsLoop) addWaiting(this.#port, 1);
  }

  _final(callback) {
    this.#port.postMessage({ type: STDIO, stream: this.#name, chunks: [{ chunk: null, encoding: '' }] });
    callback();
  }

  takeRequest() {
    const callback = this.#callback;
    if (callback === undefined) return;
    this.#callback = undefined;
    callback();
    if (this.#holdsLoop) addWaiting(this.#port, -1);
  }
}

// Handles a message for one of `streams`; false when it is about something else.
function handleStdio(message, streams) {
  if (message.type === STDIO) streams[message.stream]?.take(message.chunks);
  else if (message.type === WANTS_MORE) streams[message.stream]?.takeRequest();
  else return false;
  return true;
}

module.exports = { handleStdio, ReadableWorkerStdio, WritableWorkerStdio };
