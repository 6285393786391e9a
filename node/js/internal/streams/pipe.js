// SPDX-License-Identifier: Apache-2.0
// A stream over a handle of `internalBinding('streams')`, which it owns: an end of a child's stdio, or our own stdin.
'use strict';

const { Duplex } = require('stream');
const ids = require('internal/async_ids');
const { ErrnoException } = require('internal/errors');

const UV_EOF = -4095;
const UV_ENOTCONN = -107;

class PipeStream extends Duplex {
  #resource; // what async_hooks see of the handle

  // `handle` is an open Pipe. `manualStart`: nothing is read before somebody reads.
  constructor(handle, { readable = true, writable = true, manualStart = false } = {}) {
    super({ readable, writable, allowHalfOpen: false, decodeStrings: true });
    this._handle = handle;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    handle.reading = false;
    this.#resource = ids.track?.open('PIPEWRAP', handle);
    const take = (bytes, status) => this.#take(bytes, status);
    handle.onread = this.#resource === undefined ? take : (...args) => this.#resource.run(take, ...args);
    if (readable && !manualStart) this.read(0);
  }

  #take(bytes, status) {
    const handle = this._handle;
    if (handle === null) return;
    if (bytes === undefined) {
      handle.reading = false;
      if (status !== UV_EOF) {
        this.destroy(new ErrnoException(status, 'read'));
        return;
      }
      this.push(null);
      if (this.readableLength === 0) this.read(0); // 'end' comes without anybody reading
      return;
    }
    this.bytesRead += bytes.length;
    if (this.push(bytes)) return;
    handle.reading = false;
    handle.readStop();
  }

  _read() {
    const handle = this._handle;
    if (handle === null || handle.reading) return;
    handle.reading = true;
    const status = handle.readStart();
    if (status !== 0) this.destroy(new ErrnoException(status, 'read'));
  }

  _write(chunk, encoding, callback) {
    const done = (status) => {
      if (status < 0) {
        callback(new ErrnoException(status, 'write'));
        return;
      }
      this.bytesWritten += chunk.length;
      callback();
    };
    const status = this._handle.write(chunk, 0, done);
    if (status !== 1) done(status);
  }

  _final(callback) {
    const status = this._handle.shutdown(() => callback());
    if (status === UV_ENOTCONN) callback();
    else if (status < 0) callback(new ErrnoException(status, 'shutdown'));
  }

  _destroy(error, callback) {
    const handle = this._handle;
    this._handle = null;
    if (handle === null) callback(error);
    else handle.close(() => this.#closed(error, callback));
  }

  #closed(error, callback) {
    if (this.#resource === undefined) {
      callback(error);
      return;
    }
    this.#resource.run(callback, error);
    this.#resource.close();
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', this.destroy);
  }

  ref() {
    this._handle?.ref();
    return this;
  }

  unref() {
    this._handle?.unref();
    return this;
  }
}

module.exports = { PipeStream };
