// SPDX-License-Identifier: Apache-2.0
//
// process.stdin when it is not a terminal: a Readable that reads the descriptor on the thread pool.
'use strict';

const { Readable } = require('stream');

const CHUNK = 65536;

class StdinStream extends Readable {
  constructor(fd) {
    super({ highWaterMark: CHUNK });
    this.fd = fd;
  }

  _read() {
    internalBinding('process_host')
      .readInput(this.fd, CHUNK)
      .then(
        (bytes) => {
          this.push(bytes.length === 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
        },
        (error) => this.destroy(error)
      );
  }
}

module.exports = StdinStream;
