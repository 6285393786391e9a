// SPDX-License-Identifier: Apache-2.0
//
// Bodies of requests and responses whose stream is made when somebody asks for it. Most never have one: their bytes are
// known, or are read as a whole.
'use strict';

// A stream that was read to its end.
function readStream() {
  const stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.close() });
  stream.cancel(); // makes it a disturbed one
  return stream;
}

class LateBody {
  #stream;
  #isTaken = false;

  // Whether nobody has asked for the stream or the bytes.
  get untouched() {
    return this.#stream === undefined && !this.#isTaken;
  }

  get stream() {
    return (this.#stream ??= this.#isTaken ? readStream() : this.makeStream());
  }

  set stream(stream) {
    this.#stream = stream;
  }

  // Tells all bytes, as a Buffer, to `done`, or an error to `failed`.
  take(done, failed) {
    this.#isTaken = true;
    this.readWhole(done, failed);
  }
}

// The text or bytes `source`, which nobody else changes.
class WholeBody extends LateBody {
  constructor(source) {
    super();
    this.source = source;
  }

  get length() {
    return typeof this.source === 'string' ? Buffer.byteLength(this.source) : this.source.length;
  }

  bytes() {
    return Buffer.from(this.source); // a copy
  }

  makeStream() {
    return new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        if (this.source.length > 0) controller.enqueue(new Uint8Array(this.bytes()));
        controller.close();
      },
    });
  }

  readWhole(done) {
    done(this.bytes());
  }
}

module.exports = { LateBody, WholeBody };
