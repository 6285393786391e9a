// SPDX-License-Identifier: Apache-2.0
// ReadableStream.prototype.tee(): one source for two branches, each with the pace of the faster one.
'use strict';

const { Deferred, kState, resolvedWith, then } = require('internal/webstreams/util');
const { isReadableStream, isReadableStreamBYOBReader, readableStreamCancel } = require('internal/webstreams/operations');
const {
  ReadableStreamBYOBReader,
  readableStreamBYOBReaderRead,
  ReadableStreamDefaultReader,
  readableStreamDefaultReaderRead,
  releaseReader,
} = require('internal/webstreams/readers');
const controllers = require('internal/webstreams/default_controller');
const bytes = require('internal/webstreams/byte_controller');
const { createReadableByteStream, createReadableStream } = require('internal/webstreams/readable');

function readableStreamTee(stream, clonesForSecond = false) {
  const isByteStream = stream[kState].controller[kState].kind === 'ReadableByteStreamController';
  return isByteStream ? teeBytes(stream) : teeChunks(stream, clonesForSecond);
}

// What other standards call ReadableStreamTee: the second branch may get copies.
function ReadableStreamTee(stream, cloneForBranch2 = false) {
  if (!isReadableStream(stream)) {
    const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
  }
  require('internal/validators').validateBoolean(cloneForBranch2, 'cloneForBranch2');
  return readableStreamTee(stream, cloneForBranch2);
}

// The source is cancelled when both branches are, with both reasons.
class Cancellation {
  #stream;
  #reasons = [undefined, undefined];
  canceled = [false, false];
  result = new Deferred();

  constructor(stream) {
    this.#stream = stream;
  }

  cancel(branch, reason) {
    this.canceled[branch] = true;
    this.#reasons[branch] = reason;
    if (this.canceled[1 - branch]) this.result.resolve(readableStreamCancel(this.#stream, [...this.#reasons]));
    return this.result.promise;
  }

  get isOpen() {
    return !this.canceled[0] || !this.canceled[1];
  }
}

function teeChunks(stream, clonesForSecond) {
  const reader = new ReadableStreamDefaultReader(stream);
  const cancellation = new Cancellation(stream);
  const branches = [];
  const controllerOf = (branch) => branches[branch][kState].controller;
  let reading = false;
  let readAgain = false;

  function give(chunk) {
    readAgain = false;
    let chunks = [chunk, chunk];
    if (clonesForSecond && !cancellation.canceled[1]) {
      try {
        chunks = [chunk, structuredClone(chunk)];
      } catch (error) {
        for (const branch of [0, 1]) controllers.errorController(controllerOf(branch), error);
        cancellation.result.resolve(readableStreamCancel(stream, error));
        return;
      }
    }
    for (const branch of [0, 1]) {
      if (!cancellation.canceled[branch]) controllers.enqueue(controllerOf(branch), chunks[branch]);
    }
    reading = false;
    if (readAgain) pull();
  }

  function pull() {
    if (reading) {
      readAgain = true;
      return resolvedWith(undefined);
    }
    reading = true;
    readableStreamDefaultReaderRead(reader, {
      // A microtask later: a branch's own pending reads are settled first.
      chunkSteps: (chunk) => then(resolvedWith(undefined), () => give(chunk)),
      closeSteps() {
        reading = false;
        for (const branch of [0, 1]) {
          if (!cancellation.canceled[branch]) controllers.close(controllerOf(branch));
        }
        if (cancellation.isOpen) cancellation.result.resolve();
      },
      errorSteps() {
        reading = false;
      },
    });
    return resolvedWith(undefined);
  }

  for (const branch of [0, 1]) {
    branches[branch] = createReadableStream({
      start() {},
      pull,
      cancel: (reason) => cancellation.cancel(branch, reason),
    });
  }
  then(reader[kState].closed.promise, undefined, (error) => {
    for (const branch of [0, 1]) controllers.errorController(controllerOf(branch), error);
    if (cancellation.isOpen) cancellation.result.resolve();
  });
  return branches;
}

// A branch may be read with memory of its reader: then the source fills that memory, and the other branch gets a copy.
class ByteTee {
  #stream;
  #reader;
  #cancellation;
  #reading = false;
  #readAgain = [false, false];
  branches;

  constructor(stream) {
    this.#stream = stream;
    this.#reader = new ReadableStreamDefaultReader(stream);
    this.#cancellation = new Cancellation(stream);
    this.branches = [0, 1].map((branch) =>
      createReadableByteStream({
        start() {},
        pull: () => this.#pull(branch),
        cancel: (reason) => this.#cancellation.cancel(branch, reason),
      }),
    );
    this.#forwardError(this.#reader);
  }

  #controller(branch) {
    return this.branches[branch][kState].controller;
  }

  #forwardError(reader) {
    then(reader[kState].closed.promise, undefined, (error) => {
      if (reader !== this.#reader) return;
      for (const branch of [0, 1]) bytes.errorController(this.#controller(branch), error);
      if (this.#cancellation.isOpen) this.#cancellation.result.resolve();
    });
  }

  #switchTo(Reader) {
    releaseReader(this.#reader);
    this.#reader = new Reader(this.#stream);
    this.#forwardError(this.#reader);
  }

  #pull(branch) {
    if (this.#reading) {
      this.#readAgain[branch] = true;
      return resolvedWith(undefined);
    }
    this.#reading = true;
    const request = bytes.getBYOBRequest(this.#controller(branch));
    if (request === null) this.#pullWithDefaultReader();
    else this.#pullWithBYOBReader(request[kState].view, branch);
    return resolvedWith(undefined);
  }

  #pullAgain() {
    this.#reading = false;
    const again = this.#readAgain.indexOf(true);
    if (again !== -1) this.#pull(again);
  }

  // A copy for the second branch; when that cannot be had, both fail.
  #clone(chunk) {
    try {
      const { buffer, byteOffset, byteLength } = chunk;
      return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
    } catch (error) {
      for (const branch of [0, 1]) bytes.errorController(this.#controller(branch), error);
      this.#cancellation.result.resolve(readableStreamCancel(this.#stream, error));
      return undefined;
    }
  }

  #pullWithDefaultReader() {
    if (isReadableStreamBYOBReader(this.#reader)) this.#switchTo(ReadableStreamDefaultReader);
    readableStreamDefaultReaderRead(this.#reader, {
      chunkSteps: (chunk) => then(resolvedWith(undefined), () => this.#giveBoth(chunk)),
      closeSteps: () => {
        this.#reading = false;
        this.#closeBranches();
        for (const branch of [0, 1]) this.#respondNothing(branch);
        if (this.#cancellation.isOpen) this.#cancellation.result.resolve();
      },
      errorSteps: () => {
        this.#reading = false;
      },
    });
  }

  #giveBoth(chunk) {
    this.#readAgain = [false, false];
    const { canceled } = this.#cancellation;
    let second = chunk;
    if (!canceled[0] && !canceled[1]) {
      second = this.#clone(chunk);
      if (second === undefined) return;
    }
    if (!canceled[0]) bytes.enqueue(this.#controller(0), chunk);
    if (!canceled[1]) bytes.enqueue(this.#controller(1), second);
    this.#pullAgain();
  }

  #pullWithBYOBReader(view, branch) {
    if (!isReadableStreamBYOBReader(this.#reader)) this.#switchTo(ReadableStreamBYOBReader);
    readableStreamBYOBReaderRead(this.#reader, view, 1, {
      chunkSteps: (chunk) => then(resolvedWith(undefined), () => this.#giveFilled(chunk, branch)),
      closeSteps: (chunk) => {
        this.#reading = false;
        this.#closeBranches();
        if (chunk !== undefined) this.#respondClosed(chunk, branch);
        if (this.#cancellation.isOpen) this.#cancellation.result.resolve();
      },
      errorSteps: () => {
        this.#reading = false;
      },
    });
  }

  #giveFilled(chunk, branch) {
    this.#readAgain = [false, false];
    const { canceled } = this.#cancellation;
    const other = 1 - branch;
    if (!canceled[other]) {
      const copy = this.#clone(chunk);
      if (copy === undefined) return;
      if (!canceled[branch]) bytes.respondWithNewView(this.#controller(branch), chunk);
      bytes.enqueue(this.#controller(other), copy);
    } else if (!canceled[branch]) {
      bytes.respondWithNewView(this.#controller(branch), chunk);
    }
    this.#pullAgain();
  }

  #closeBranches() {
    for (const branch of [0, 1]) {
      if (!this.#cancellation.canceled[branch]) bytes.close(this.#controller(branch));
    }
  }

  #respondNothing(branch) {
    const controller = this.#controller(branch);
    if (controller[kState].pendingPullIntos.length > 0) bytes.respond(controller, 0);
  }

  #respondClosed(chunk, branch) {
    if (!this.#cancellation.canceled[branch]) bytes.respondWithNewView(this.#controller(branch), chunk);
    if (!this.#cancellation.canceled[1 - branch]) this.#respondNothing(1 - branch);
  }
}

function teeBytes(stream) {
  return new ByteTee(stream).branches;
}

module.exports = { ReadableStreamTee, readableStreamTee };
