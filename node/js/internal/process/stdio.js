// SPDX-License-Identifier: Apache-2.0
//
// process.stdout, stderr and stdin: streams that are made when they are first looked at.
'use strict';

const { guessHandleType } = internalBinding('stdio');

const made = { __proto__: null };

function makeOutput(fd) {
  let stream;
  if (guessHandleType(fd) === 'TTY') {
    stream = new (require('tty').WriteStream)(fd);
    stream._type = 'tty';
  } else {
    stream = new (require('internal/process/sync_write_stream'))(fd);
    stream._type = guessHandleType(fd) === 'FILE' ? 'fs' : 'pipe';
  }
  stream.fd = fd;
  stream._isStdio = true;
  // stdout and stderr are never closed: `end` only marks them destroyed.
  stream.destroySoon = stream.destroy;
  stream._destroy = function _destroy(error, callback) {
    callback(error);
    this._undestroy(); // what is written later still shows
    process.nextTick(() => this.emit('close'));
  };
  return stream;
}

// Reads while it flows: a pause lets the program end.
function makePipeInput() {
  const { PipeStream } = require('internal/streams/pipe');
  const { Pipe } = internalBinding('streams');
  const isChannel = process.channel?.fd === 0; // whose messages are not ours to read
  const handle = isChannel ? process[require('internal/child_process/channel').kChannelHandle] : new Pipe(false);
  if (!isChannel) handle.open(0);
  const stream = new PipeStream(handle, { writable: false, manualStart: true });
  stream.fd = 0;
  stream.on('pause', () => {
    if (!stream._handle?.reading) return;
    stream._handle.reading = false;
    stream._handle.readStop();
    stream._readableState.reading = false;
  });
  return stream;
}

function makeInput() {
  if (guessHandleType(0) === 'TTY') return new (require('tty').ReadStream)(0);
  if (guessHandleType(0) === 'PIPE') return makePipeInput();
  return new (require('internal/streams/input').InputStream)(0);
}

function define(name, make) {
  Object.defineProperty(process, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => (made[name] ??= make()),
    set(value) {
      made[name] = value;
    },
  });
}

function defineStreams() {
  define('stdout', () => makeOutput(1));
  define('stdin', makeInput);
  define('stderr', () => makeOutput(2));
}

module.exports = {
  defineStreams,
  // The stream when somebody has already asked for it: until then console writes past it.
  made: (name) => made[name],
  // A worker's streams go to its parent.
  replace(streams) {
    Object.assign(made, streams);
  },
};
