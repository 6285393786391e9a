// SPDX-License-Identifier: Apache-2.0
//
// Standard streams of a runtime whose Python program gave its own: functions that write, or give what is next to read.
'use strict';

const { Readable, Writable } = require('stream');
const { replace } = require('internal/process/stdio');

function makeOutput(fd, write) {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, callback) {
      try {
        write(typeof chunk === 'string' && encoding !== 'utf8' ? Buffer.from(chunk, encoding) : chunk);
      } catch (error) {
        callback(error);
        return;
      }
      callback();
    },
  });
  stream.fd = fd;
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  stream._destroy = function _destroy(error, callback) {
    callback(error);
    this._undestroy(); // what is written later still shows
  };
  return stream;
}

// `read(size)` gives bytes or text, and nothing of it at the end.
function makeInput(read) {
  const stream = new Readable({
    read(size) {
      const data = read(size);
      this.push(data === undefined || data === null || data.length === 0 ? null : data);
    },
  });
  stream.fd = 0;
  return stream;
}

module.exports = {
  setUp({ stdin, stdout, stderr }) {
    const streams = {};
    if (stdin !== undefined) streams.stdin = makeInput(stdin);
    if (stdout !== undefined) streams.stdout = makeOutput(1, stdout);
    if (stderr !== undefined) streams.stderr = makeOutput(2, stderr);
    replace(streams);
    if (stderr !== undefined) require('internal/process/uncaught').setOutput(stderr);
  },
};
