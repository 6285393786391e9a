// SPDX-License-Identifier: Apache-2.0
// A Readable over a descriptor that is not ours to close: a terminal, or a standard stream of the process.
// It reads while it flows; a pause takes the pending read back, so that the program may end.
'use strict';

const { Readable } = require('stream');

const kChunk = 64 * 1024;

class InputStream extends Readable {
  #isReading = false;

  constructor(fd, options) {
    super({ highWaterMark: kChunk, ...options });
    this.fd = fd;
  }

  _read() {
    if (this.#isReading) return;
    this.#isReading = true;
    internalBinding('pipes')
      .read(this.fd, kChunk)
      .then(
        (bytes) => this.#take(bytes),
        (error) => this.destroy(error),
      );
  }

  #take(bytes) {
    this.#isReading = false;
    if (this.destroyed) return;
    if (bytes === undefined) {
      if (this.readableFlowing) this._read(); // resumed before the pause had come through
      return;
    }
    const { Buffer } = require('buffer');
    this.push(bytes.length === 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  }

  #cancel() {
    if (this.#isReading) internalBinding('pipes').cancel(this.fd);
  }

  pause() {
    super.pause();
    this.#cancel();
    return this;
  }

  resume() {
    super.resume();
    if (!this.#isReading && !this.readableEnded) this._read();
    return this;
  }

  _destroy(error, callback) {
    this.#cancel();
    callback(error);
  }

  // Not to keep the program alive is not to read.
  unref() {
    return this.pause();
  }

  ref() {
    return this;
  }
}

module.exports = { InputStream };
