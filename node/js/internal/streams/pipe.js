// SPDX-License-Identifier: Apache-2.0
// Streams over a pipe's descriptor, which they own: the ends of a child's stdin, stdout and stderr.
'use strict';

const { Readable, Writable } = require('stream');

const kChunk = 64 * 1024;

function release(stream) {
  const { fd } = stream;
  if (fd === -1) return;
  stream.fd = -1;
  internalBinding('pipes').close(fd);
}

class PipeReader extends Readable {
  constructor(fd) {
    super({ highWaterMark: kChunk });
    this.fd = fd;
    this.bytesRead = 0;
  }

  _read() {
    internalBinding('pipes')
      .read(this.fd, kChunk)
      .then(
        (bytes) => {
          if (this.destroyed || bytes === undefined) return;
          this.bytesRead += bytes.length;
          this.push(
            bytes.length === 0 ? null : require('buffer').Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
          );
        },
        (error) => this.destroy(error),
      );
  }

  _destroy(error, callback) {
    release(this);
    callback(error);
  }
}

class PipeWriter extends Writable {
  constructor(fd) {
    super({ decodeStrings: true });
    this.fd = fd;
    this.bytesWritten = 0;
  }

  _write(chunk, encoding, callback) {
    internalBinding('pipes')
      .write(this.fd, chunk)
      .then(() => {
        this.bytesWritten += chunk.length;
        callback();
      }, callback);
  }

  _final(callback) {
    release(this);
    callback();
  }

  _destroy(error, callback) {
    release(this);
    callback(error);
  }
}

module.exports = { PipeReader, PipeWriter };
