// SPDX-License-Identifier: Apache-2.0
//
// The stream of events that reporters read: each is emitted as an event of its own too.
'use strict';

const { Readable } = require('stream');

class TestsStream extends Readable {
  #buffer = [];
  #canPush = true;
  readers = []; // promises: of each reporter, that it has written its last text

  constructor() {
    super({ __proto__: null, objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER });
  }

  _read() {
    this.#canPush = true;
    while (this.#buffer.length > 0) {
      if (!this.#tryPush(this.#buffer.shift())) return;
    }
  }

  // Keeps what no reader asked for yet.
  #tryPush(message) {
    if (this.#canPush) this.#canPush = this.push(message);
    else this.#buffer.push(message);
    return this.#canPush;
  }

  // One event: emitted to listeners, then pushed.
  message(type, data) {
    this.emit(type, data);
    this.#tryPush({ __proto__: null, type, data });
  }

  fail(nesting, loc, testNumber, name, details, directive, extra) {
    this.message('test:fail', { __proto__: null, name, nesting, testNumber, details, ...loc, ...directive, ...extra });
  }

  ok(nesting, loc, testNumber, name, details, directive, extra) {
    this.message('test:pass', { __proto__: null, name, nesting, testNumber, details, ...loc, ...directive, ...extra });
  }

  complete(nesting, loc, testNumber, name, details, directive, extra) {
    this.message('test:complete', {
      __proto__: null, name, nesting, testNumber, details, ...loc, ...directive, ...extra,
    });
  }

  plan(nesting, loc, count) {
    this.message('test:plan', { __proto__: null, nesting, count, ...loc });
  }

  enqueue(nesting, loc, name, type) {
    this.message('test:enqueue', { __proto__: null, nesting, name, type, ...loc });
  }

  dequeue(nesting, loc, name, type) {
    this.message('test:dequeue', { __proto__: null, nesting, name, type, ...loc });
  }

  start(nesting, loc, name) {
    this.message('test:start', { __proto__: null, nesting, name, ...loc });
  }

  diagnostic(nesting, loc, message, level = 'info') {
    this.message('test:diagnostic', { __proto__: null, nesting, message, level, ...loc });
  }

  summary(nesting, file, success, counts, duration_ms) {
    this.message('test:summary', { __proto__: null, success, counts, duration_ms, file });
  }

  interrupted(tests) {
    this.message('test:interrupted', { __proto__: null, tests });
  }

  end() {
    this.#tryPush(null);
  }
}

module.exports = { TestsStream };
