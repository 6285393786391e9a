// SPDX-License-Identifier: Apache-2.0
//
// A Writable over a file descriptor that writes at once, as Node's stdout does for files and pipes.
'use strict';

const { Writable } = require('stream');
const { write } = internalBinding('stdio');

class SyncWriteStream extends Writable {
  constructor(fd) {
    super({ autoDestroy: true, decodeStrings: false, emitClose: false });
    this.fd = fd;
    this.readable = false;
  }

  _write(chunk, encoding, callback) {
    const data =
      typeof chunk === 'string' && encoding !== 'utf8' && encoding !== 'utf-8'
        ? Buffer.from(chunk, encoding)
        : chunk;
    try {
      write(this.fd, data);
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }
}

module.exports = SyncWriteStream;
