// SPDX-License-Identifier: Apache-2.0
//
// fs.readFile while somebody watches asynchronous resources: each step is a request, made in the callback of the one
// before, as in Node. Otherwise the host reads a whole file in one go.
'use strict';

const { AbortError } = require('internal/errors');

const kChunk = 512 * 1024;

class Reading {
  #callback;
  #chunks = [];
  #encoding;
  #fd;
  #fs;
  #isOurs = false; // then it is closed in the end
  #left = 0; // bytes of a file whose size is known
  #signal;

  constructor(fs, { encoding, signal }, callback) {
    this.#fs = fs;
    this.#encoding = encoding;
    this.#signal = signal;
    this.#callback = callback;
  }

  open(path, flag) {
    this.#fs.open(path, flag, 0o666, (error, fd) => {
      if (error) {
        this.#callback(error);
        return;
      }
      this.#isOurs = true;
      this.readFrom(fd);
    });
  }

  readFrom(fd) {
    this.#fd = fd;
    if (this.#isAborted()) return;
    this.#fs.fstat(fd, (error, stats) => {
      if (error) {
        this.#close(error);
        return;
      }
      this.#left = stats.isFile() ? stats.size : 0;
      this.#read(this.#left > 0);
    });
  }

  #isAborted() {
    if (!this.#signal?.aborted) return false;
    this.#close(new AbortError(undefined, { cause: this.#signal.reason }));
    return true;
  }

  #read(knowsSize) {
    if (this.#isAborted()) return;
    const { Buffer } = require('buffer');
    const length = knowsSize ? Math.min(kChunk, this.#left) : kChunk;
    this.#fs.read(this.#fd, Buffer.allocUnsafeSlow(length), 0, length, -1, (error, count, buffer) => {
      if (error) {
        this.#close(error);
        return;
      }
      this.#chunks.push(buffer.subarray(0, count));
      this.#left -= count;
      if (count === 0 || (knowsSize && this.#left === 0)) this.#close(null);
      else this.#read(knowsSize);
    });
  }

  #close(error) {
    if (this.#isOurs) this.#fs.close(this.#fd, (closeError) => this.#finish(error ?? closeError));
    else process.nextTick(() => this.#finish(error));
  }

  #finish(error) {
    if (error) {
      this.#callback(error);
      return;
    }
    const { Buffer } = require('buffer');
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#callback(null, this.#encoding && this.#encoding !== 'buffer' ? bytes.toString(this.#encoding) : bytes);
  }
}

function readFileInSteps(fs, path, options, callback) {
  const reading = new Reading(fs, options, callback);
  if (typeof path === 'number') reading.readFrom(path);
  else reading.open(path, options.flag);
}

module.exports = { readFileInSteps };
