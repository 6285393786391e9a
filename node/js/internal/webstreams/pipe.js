// SPDX-License-Identifier: Apache-2.0
// ReadableStream.prototype.pipeTo(). Errors and closing travel both ways, and nothing ends before what was
// read has been written.
'use strict';

const {
  codes: { ERR_INVALID_STATE },
} = require('internal/errors');
const { Deferred, kState, markHandled, noop, resolvedWith, then } = require('internal/webstreams/util');
const { readableStreamCancel } = require('internal/webstreams/operations');
const {
  ReadableStreamDefaultReader,
  readableStreamDefaultReaderRead,
  releaseReader,
} = require('internal/webstreams/readers');
const {
  closeQueuedOrInFlight,
  releaseWriter,
  writableStreamAbort,
  WritableStreamDefaultWriter,
  writerCloseWithErrorPropagation,
  writerWrite,
} = require('internal/webstreams/writable');

class Pipe {
  #source;
  #destination;
  #options;
  #reader;
  #writer;
  #abort;
  #isShuttingDown = false;
  #currentWrite = resolvedWith(undefined);
  #result = new Deferred();

  constructor(source, destination, options) {
    this.#source = source;
    this.#destination = destination;
    this.#options = options;
    this.#reader = new ReadableStreamDefaultReader(source);
    this.#writer = new WritableStreamDefaultWriter(destination);
    source[kState].disturbed = true;
  }

  run() {
    const { signal } = this.#options;
    if (signal !== undefined) {
      this.#abort = () => this.#abortBoth(signal.reason);
      if (signal.aborted) {
        this.#abort();
        return this.#result.promise;
      }
      signal.addEventListener('abort', this.#abort);
    }
    this.#watchErrors();
    this.#watchClosing();
    markHandled(this.#loop());
    return this.#result.promise;
  }

  #abortBoth(reason) {
    const { preventAbort, preventCancel } = this.#options;
    const actions = [];
    if (!preventAbort && this.#destination[kState].state === 'writable') {
      actions.push(() => writableStreamAbort(this.#destination, reason));
    }
    if (!preventCancel && this.#source[kState].state === 'readable') {
      actions.push(() => readableStreamCancel(this.#source, reason));
    }
    this.#shutdown(() => Promise.all(actions.map((action) => action())), { error: reason });
  }

  #watchErrors() {
    const { preventAbort, preventCancel } = this.#options;
    whenErrored(this.#source, this.#reader, (error) => {
      this.#shutdown(preventAbort ? undefined : () => writableStreamAbort(this.#destination, error), { error });
    });
    whenErrored(this.#destination, this.#writer, (error) => {
      this.#shutdown(preventCancel ? undefined : () => readableStreamCancel(this.#source, error), { error });
    });
  }

  #watchClosing() {
    const { preventCancel, preventClose } = this.#options;
    whenClosed(this.#source, this.#reader, () => {
      this.#shutdown(preventClose ? undefined : () => writerCloseWithErrorPropagation(this.#writer));
    });
    if (closeQueuedOrInFlight(this.#destination) || this.#destination[kState].state === 'closed') {
      const error = new ERR_INVALID_STATE.TypeError('Destination WritableStream is closed');
      this.#shutdown(preventCancel ? undefined : () => readableStreamCancel(this.#source, error), { error });
    }
  }

  async #loop() {
    while (!(await this.#step()));
  }

  // True when there is nothing more to do.
  async #step() {
    if (this.#isShuttingDown) return true;
    await this.#writer[kState].ready.promise;
    if (this.#isShuttingDown) return true;
    return new Promise((resolve, reject) => {
      readableStreamDefaultReaderRead(this.#reader, {
        chunkSteps: (chunk) => {
          // A microtask later: enqueue() on one side must not run write() on the other.
          this.#currentWrite = then(resolvedWith(undefined), () => this.#write(chunk));
          resolve(false);
        },
        closeSteps: () => resolve(true),
        errorSteps: reject,
      });
    });
  }

  #write(chunk) {
    if (this.#writer[kState].stream === undefined) return undefined; // the pipe has ended
    return then(writerWrite(this.#writer, chunk), undefined, noop);
  }

  #whenWritten() {
    const waitedFor = this.#currentWrite;
    return then(waitedFor, () => (waitedFor === this.#currentWrite ? undefined : this.#whenWritten()));
  }

  // `failure`: { error } when the pipe fails with that, unless `action` fails by itself.
  #shutdown(action, failure) {
    if (this.#isShuttingDown) return;
    this.#isShuttingDown = true;
    const proceed = () => {
      if (action === undefined) this.#finalize(failure);
      else {
        then(
          action(),
          () => this.#finalize(failure),
          (error) => this.#finalize({ error }),
        );
      }
    };
    const { state } = this.#destination[kState];
    if (state === 'writable' && !closeQueuedOrInFlight(this.#destination)) then(this.#whenWritten(), proceed);
    else proceed();
  }

  #finalize(failure) {
    releaseWriter(this.#writer);
    releaseReader(this.#reader);
    if (this.#abort !== undefined) this.#options.signal.removeEventListener('abort', this.#abort);
    if (failure === undefined) this.#result.resolve();
    else this.#result.reject(failure.error);
  }
}

function whenErrored(stream, lock, action) {
  const { state, storedError } = stream[kState];
  if (state === 'errored') action(storedError);
  else then(lock[kState].closed.promise, undefined, action);
}

function whenClosed(stream, lock, action) {
  if (stream[kState].state === 'closed') action();
  else then(lock[kState].closed.promise, action, noop);
}

function readableStreamPipeTo(source, destination, options) {
  return new Pipe(source, destination, options).run();
}

module.exports = { readableStreamPipeTo };
