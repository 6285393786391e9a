// SPDX-License-Identifier: Apache-2.0
// readline's Interface: lines out of a stream. A terminal edits its own lines (its cooked mode); keys, history
// and completion inside a line are not there.
'use strict';

const EventEmitter = require('events');
const {
  AbortError,
  codes: { ERR_INVALID_ARG_VALUE, ERR_USE_AFTER_CLOSE },
} = require('internal/errors');
const { validateAbortSignal, validateString } = require('internal/validators');

const kMinCrlfDelay = 100;
const lineEnd = /\r\n|\n|\r|\u2028|\u2029/;

class Interface extends EventEmitter {
  #decoder = null;
  #rest = '';
  #sawReturn = 0;
  #question = null;
  #prompt = '> ';
  #onData = (data) => this.#take(data);
  #onEnd = () => this.#finish();
  #abort = () => this.close();

  constructor(input, output, completer, terminal) {
    super();
    const options = input?.input === undefined ? { input, output, completer, terminal } : input;
    if (typeof options.input?.on !== 'function') throw new ERR_INVALID_ARG_VALUE('input', options.input);
    if (options.completer !== undefined && typeof options.completer !== 'function') {
      throw new ERR_INVALID_ARG_VALUE('completer', options.completer);
    }
    this.input = options.input;
    this.output = options.output;
    this.terminal = false;
    this.line = '';
    this.closed = false;
    this.paused = false;
    this.crlfDelay = options.crlfDelay ? Math.max(kMinCrlfDelay, options.crlfDelay) : kMinCrlfDelay;
    if (options.prompt !== undefined) this.#prompt = `${options.prompt}`;
    this.input.on('data', this.#onData);
    this.input.once('end', this.#onEnd);
    if (options.signal !== undefined) this.#watch(options.signal);
    this.input.resume();
  }

  #watch(signal) {
    validateAbortSignal(signal, 'options.signal');
    if (signal.aborted) {
      process.nextTick(this.#abort);
      return;
    }
    signal.addEventListener('abort', this.#abort, { once: true });
    this.once('close', () => signal.removeEventListener('abort', this.#abort));
  }

  // The decoder keeps the bytes of a character that a chunk cuts in two.
  #text(data) {
    if (typeof data === 'string') return data;
    if (this.#decoder === null) {
      const { StringDecoder } = require('string_decoder');
      this.#decoder = new StringDecoder('utf8');
    }
    return this.#decoder.write(data);
  }

  #take(data) {
    let text = this.#text(data);
    if (text === '') return;
    if (this.#sawReturn > 0 && Date.now() - this.#sawReturn <= this.crlfDelay && text[0] === '\n') text = text.slice(1);
    this.#sawReturn = text.endsWith('\r') ? Date.now() : 0;
    const lines = (this.#rest + text).split(lineEnd);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (this.#question !== null) {
      const answer = this.#question;
      this.#question = null;
      answer(line);
    } else {
      this.emit('line', line);
    }
  }

  #finish() {
    if (this.#rest !== '') {
      const last = this.#rest;
      this.#rest = '';
      this.#line(last);
    }
    this.close();
  }

  getPrompt() {
    return this.#prompt;
  }

  setPrompt(prompt) {
    this.#prompt = `${prompt}`;
  }

  prompt() {
    this.#assertOpen();
    if (this.paused) this.resume();
    this.output?.write(this.#prompt);
  }

  question(query, options, callback) {
    if (typeof options === 'function') [options, callback] = [undefined, options];
    this.#assertOpen();
    validateString(query, 'query');
    if (options?.signal !== undefined) {
      validateAbortSignal(options.signal, 'options.signal');
      if (options.signal.aborted) return;
    }
    if (typeof callback !== 'function') return;
    if (this.#question !== null) {
      this.prompt();
      return;
    }
    this.#question = callback;
    options?.signal?.addEventListener(
      'abort',
      () => {
        if (this.#question === callback) this.#question = null;
      },
      { once: true },
    );
    if (this.paused) this.resume();
    this.output?.write(query);
  }

  // Text as if it had been typed.
  write(data) {
    this.#assertOpen();
    if (this.paused) this.resume();
    if (data !== null && data !== undefined) this.#take(data);
  }

  pause() {
    this.#assertOpen();
    if (this.paused) return undefined;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  }

  resume() {
    this.#assertOpen();
    if (!this.paused) return this;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  }

  close() {
    if (this.closed) return;
    this.input.removeListener('data', this.#onData);
    this.input.removeListener('end', this.#onEnd);
    if (!this.paused) this.pause();
    this.closed = true;
    this.emit('close');
  }

  #assertOpen() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
  }

  // Lines that come before the loop asks for them wait.
  [Symbol.asyncIterator]() {
    const { on } = require('events');
    const lines = on(this, 'line', { close: ['close'] });
    const iterator = (async function* () {
      for await (const [line] of lines) yield line;
    })();
    const finish = iterator.return.bind(iterator);
    iterator.return = (value) => {
      this.close();
      return finish(value);
    };
    return iterator;
  }
}

function asPromise(rl, query, options) {
  return new Promise((resolve, reject) => {
    const signal = options?.signal;
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    const onAbort = () => reject(new AbortError(undefined, { cause: signal.reason }));
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    Reflect.apply(Interface.prototype.question, rl, [
      query,
      options,
      (answer) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(answer);
      },
    ]);
  });
}

Object.defineProperty(Interface.prototype.question, Symbol.for('nodejs.util.promisify.custom'), {
  __proto__: null,
  enumerable: false,
  value: function question(query, options) {
    return asPromise(this, query, options);
  },
});

class PromiseInterface extends Interface {
  question(query, options) {
    return asPromise(this, query, options);
  }
}

module.exports = { Interface, PromiseInterface };
