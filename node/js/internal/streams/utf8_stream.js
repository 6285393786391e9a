// SPDX-License-Identifier: Apache-2.0
// fs.Utf8Stream: writes text to a file in few large pieces, as loggers want it. What is written is collected until there
// are `minLength` of it, or a flush, and goes out in pieces of at most `maxWrite`.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_OPERATION_FAILED },
} = require('internal/errors');
const EventEmitter = require('events');
const path = require('path');
const {
  parseFileMode,
  validateBoolean,
  validateFunction,
  validateObject,
  validateOneOf,
  validateUint32,
} = require('internal/validators');

const kMaxWrite = 16 * 1024;
const kRetryAfter = 100; // milliseconds, when the other side is busy

// How text and bytes are collected, and what is left of a piece of which `n` bytes were written.
const MODES = {
  __proto__: null,
  utf8: {
    empty: '',
    encoding: ['utf8'],
    check(data) {
      if (typeof data !== 'string') throw new ERR_INVALID_ARG_TYPE('data', 'string', data);
    },
    join: (first, second) => first + second,
    rest(text, n) {
      const written = Buffer.from(text).subarray(0, n);
      const cut = internalBinding('bytes').incompleteUtf8(written); // a character that is cut is written again
      return text.slice(written.toString('utf8', 0, written.length - cut).length);
    },
  },
  buffer: {
    empty: Buffer.alloc(0),
    encoding: [],
    check(data) {
      if (!Buffer.isBuffer(data)) throw new ERR_INVALID_ARG_TYPE('data', 'Buffer', data);
    },
    join: (first, second) => Buffer.concat([first, second]),
    rest: (bytes, n) => bytes.subarray(n),
  },
};

function isBusy(error) {
  return error.code === 'EAGAIN' || error.code === 'EBUSY';
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function validateOptions(options) {
  validateObject(options, 'options');
  const {
    append = true,
    contentMode = 'utf8',
    fsync = false,
    maxLength = 0,
    maxWrite = kMaxWrite,
    minLength = 0,
    mkdir = false,
    mode,
    periodicFlush = 0,
    retryEAGAIN = () => true,
    sync = false,
  } = options;
  validateUint32(minLength, 'options.minLength');
  validateUint32(maxLength, 'options.maxLength');
  validateUint32(maxWrite, 'options.maxWrite');
  validateUint32(periodicFlush, 'options.periodicFlush');
  for (const [name, value] of Object.entries({ append, fsync, mkdir, sync })) validateBoolean(value, `options.${name}`);
  validateFunction(retryEAGAIN, 'options.retryEAGAIN');
  validateOneOf(contentMode, 'options.contentMode', ['buffer', 'utf8']);
  if (mode !== undefined) parseFileMode(mode, 'options.mode');
  if (minLength >= maxWrite) {
    throw new ERR_INVALID_ARG_VALUE('minLength', minLength, `should be smaller than maxWrite (${maxWrite})`);
  }
  return { append, contentMode, fsync, maxLength, maxWrite, minLength, mkdir, mode, periodicFlush, retryEAGAIN, sync };
}

class Utf8Stream extends EventEmitter {
  #fs;
  #options;
  #content;
  #fd = -1;
  #file = null;
  #pieces = []; // what waits
  #current; // what is being written
  #length = 0; // of both
  #highWaterMark;
  #isWriting = false;
  #isOpening = false;
  #isReopening = false;
  #isEnding = false;
  #isDestroyed = false;
  #isDrainScheduled = false;
  #pendingFlushes = 0;
  #timer;

  constructor(options = { __proto__: null }) {
    super();
    const checked = validateOptions(options);
    this.#options = checked;
    this.#fs = { ...require('fs'), ...options.fs };
    this.#content = MODES[checked.contentMode];
    this.#current = this.#content.empty;
    this.#highWaterMark = Math.max(checked.minLength, kMaxWrite + 3);
    const target = options.fd ?? options.dest;
    if (typeof target === 'number') {
      this.#fd = target;
      process.nextTick(() => this.emit('ready'));
    } else if (typeof target === 'string') {
      this.#open(target);
    } else {
      throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'string'], target);
    }
    if (checked.periodicFlush > 0) {
      this.#timer = setInterval(() => this.flush(), checked.periodicFlush);
      this.#timer.unref();
    }
    this.on('newListener', (name) => {
      if (name === 'drain') this.#isDrainScheduled = false;
    });
  }

  // -- opening

  #open(file) {
    const { append, mkdir, mode, sync } = this.#options;
    const flags = append ? 'a' : 'w';
    this.#isOpening = true;
    this.#isWriting = true;
    this.#isDrainScheduled = false;
    if (sync) {
      this.#openSync(file, flags);
      return;
    }
    const opened = (error, fd) => this.#opened(error, file, fd);
    const open = () => this.#fs.open(file, flags, mode, opened);
    if (!mkdir) open();
    else this.#fs.mkdir(path.dirname(file), { recursive: true }, (error) => (error ? opened(error) : open()));
  }

  #openSync(file, flags) {
    const { mkdir, mode } = this.#options;
    let fd;
    try {
      if (mkdir) this.#fs.mkdirSync(path.dirname(file), { recursive: true });
      fd = this.#fs.openSync(file, flags, mode);
    } catch (error) {
      this.#opened(error);
      throw error;
    }
    this.#opened(null, file, fd);
  }

  #opened(error, file, fd) {
    const { minLength, sync } = this.#options;
    this.#isReopening = this.#isOpening = this.#isWriting = false;
    if (error) {
      const tell = () => {
        if (!sync || this.listenerCount('error') > 0) this.emit('error', error);
      };
      if (sync) process.nextTick(tell);
      else tell();
      return;
    }
    this.#fd = fd;
    this.#file = file;
    if (sync) process.nextTick(() => this.emit('ready'));
    else this.emit('ready');
    if (this.#isDestroyed) return;
    if ((!this.#isWriting && this.#length > minLength) || this.#pendingFlushes > 0) this.#writeNext();
  }

  // -- writing

  write(data) {
    this.#assertAlive();
    this.#content.check(data);
    const { maxLength, maxWrite, minLength } = this.#options;
    const length = this.#length + data.length;
    if (maxLength > 0 && length > maxLength) {
      this.emit('drop', data);
      return this.#length < this.#highWaterMark;
    }
    const last = this.#pieces.length - 1;
    if (last < 0 || this.#pieces[last].length + data.length > maxWrite) this.#pieces.push(data);
    else this.#pieces[last] = this.#content.join(this.#pieces[last], data);
    this.#length = length;
    if (!this.#isWriting && length >= minLength) this.#writeNext();
    return this.#length < this.#highWaterMark;
  }

  #writeNext() {
    this.#isWriting = true;
    if (this.#current.length === 0) this.#current = this.#pieces.shift() ?? this.#content.empty;
    this.#writeCurrent();
  }

  #writeCurrent() {
    if (!this.#options.sync) {
      this.#fs.write(this.#fd, this.#current, ...this.#content.encoding, (error, n) => this.#wrote(error, n));
      return;
    }
    let n;
    try {
      n = this.#fs.writeSync(this.#fd, this.#current, ...this.#content.encoding);
    } catch (error) {
      this.#wrote(error);
      return;
    }
    this.#wrote(null, n);
  }

  // Takes what was written off `piece`: what is left of it.
  #release(piece, n) {
    const rest = this.#content.rest(piece, n);
    this.#length = Math.max(this.#length - (piece.length - rest.length), 0);
    return rest;
  }

  #wrote(error, n) {
    if (error) {
      this.#failed(error);
      return;
    }
    this.emit('write', n);
    this.#current = this.#release(this.#current, n);
    if (this.#current.length > 0) {
      this.#writeCurrent();
      return;
    }
    if (this.#options.fsync) this.#fs.fsyncSync(this.#fd);
    if (this.#isReopening) {
      this.#isWriting = this.#isReopening = false;
      this.reopen();
    } else if (this.#length > this.#options.minLength) {
      this.#writeNext();
    } else if (this.#isEnding) {
      if (this.#length > 0) this.#writeNext();
      else {
        this.#isWriting = false;
        this.#close();
      }
    } else {
      this.#isWriting = false;
      this.#drained();
    }
  }

  #failed(error) {
    const { retryEAGAIN, sync } = this.#options;
    if (!isBusy(error) || !retryEAGAIN(error, this.#current.length, this.#length - this.#current.length)) {
      this.#isWriting = false;
      this.emit('error', error);
    } else if (sync) {
      sleep(kRetryAfter);
      this.#writeCurrent();
    } else {
      setTimeout(() => this.#writeCurrent(), kRetryAfter);
    }
  }

  #drained() {
    if (!this.#options.sync) {
      this.emit('drain');
      return;
    }
    if (this.#isDrainScheduled) return;
    this.#isDrainScheduled = true;
    process.nextTick(() => {
      if (this.listenerCount('drain') === 0) return;
      this.#isDrainScheduled = false;
      this.emit('drain');
    });
  }

  // -- flushing

  flush(callback) {
    if (callback !== undefined && callback !== null) validateFunction(callback, 'cb');
    if (this.#isDestroyed) {
      const error = new ERR_INVALID_STATE('Utf8Stream is destroyed');
      if (!callback) throw error;
      callback(error);
      return;
    }
    if (this.#options.minLength <= 0) {
      callback?.();
      return;
    }
    if (callback) this.#callWhenDrained(callback);
    if (this.#isWriting) return;
    if (this.#pieces.length === 0) this.#pieces.push(this.#content.empty);
    this.#writeNext();
  }

  #callWhenDrained(callback) {
    this.#pendingFlushes++;
    const onDrain = () => {
      this.off('error', onError);
      const done = (error) => {
        this.#pendingFlushes--;
        callback(error);
      };
      if (this.#options.fsync) done(); // each write was synced
      else this.#fs.fsync(this.#fd, done);
    };
    const onError = (error) => {
      this.#pendingFlushes--;
      this.off('drain', onDrain);
      callback(error);
    };
    this.once('drain', onDrain);
    this.once('error', onError);
  }

  flushSync() {
    this.#assertAlive();
    if (this.#fd < 0) throw new ERR_INVALID_STATE('Invalid file descriptor');
    if (!this.#isWriting && this.#current.length > 0) {
      this.#pieces.unshift(this.#current);
      this.#current = this.#content.empty;
    }
    while (this.#pieces.length > 0) {
      const rest = this.#writePieceSync(this.#pieces[0]);
      if (rest.length === 0) this.#pieces.shift();
      else this.#pieces[0] = rest;
    }
    try {
      this.#fs.fsyncSync(this.#fd);
    } catch {
      // A pipe or a terminal cannot be synced; what was written is written.
    }
  }

  #writePieceSync(piece) {
    try {
      return this.#release(piece, this.#fs.writeSync(this.#fd, piece, ...this.#content.encoding));
    } catch (error) {
      if (!isBusy(error) || !this.#options.retryEAGAIN(error, piece.length, this.#length - piece.length)) throw error;
      sleep(kRetryAfter);
      return piece;
    }
  }

  // -- another file, and the end

  reopen(file) {
    this.#assertAlive();
    if (this.#isOpening) {
      this.once('ready', () => this.reopen(file));
      return;
    }
    if (this.#isEnding) return;
    if (this.#file === null) {
      throw new ERR_OPERATION_FAILED('Unable to reopen a file descriptor, you must pass a file to SonicBoom');
    }
    if (file) this.#file = file;
    this.#isReopening = true;
    if (this.#isWriting) return;
    const before = this.#fd;
    this.once('ready', () => {
      if (before === this.#fd) return;
      this.#fs.close(before, (error) => {
        if (error) this.emit('error', error);
      });
    });
    this.#open(this.#file);
  }

  end() {
    this.#assertAlive();
    if (this.#isOpening) {
      this.once('ready', () => this.end());
      return;
    }
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (this.#isWriting) return;
    if (this.#length > 0 && this.#fd >= 0) this.#writeNext();
    else this.#close();
  }

  destroy() {
    if (!this.#isDestroyed) this.#close();
  }

  #close() {
    if (this.#fd === -1) {
      this.once('ready', () => this.#close());
      return;
    }
    clearInterval(this.#timer);
    this.#isDestroyed = true;
    this.#pieces = [];
    const done = (error) => {
      if (error) {
        this.emit('error', error);
        return;
      }
      if (this.#isEnding && !this.#isWriting) this.emit('finish');
      this.emit('close');
    };
    const close = () => {
      if (this.#fd === 1 || this.#fd === 2) done();
      else this.#fs.close(this.#fd, done);
    };
    if (this.#options.fsync) close(); // each write was synced
    else this.#fs.fsync(this.#fd, close); // what cannot be synced is closed all the same
  }

  #assertAlive() {
    if (this.#isDestroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
  }

  get file() {
    return this.#file;
  }

  get fd() {
    return this.#fd;
  }

  get writing() {
    return this.#isWriting;
  }

  static optionOf(stream, name) {
    return stream.#options[name];
  }

  [Symbol.dispose]() {
    this.destroy();
  }
}

const { optionOf } = Utf8Stream;
delete Utf8Stream.optionOf;
for (const name of [
  'append',
  'contentMode',
  'fsync',
  'maxLength',
  'minLength',
  'mkdir',
  'mode',
  'periodicFlush',
  'sync',
]) {
  Object.defineProperty(Utf8Stream.prototype, name, {
    __proto__: null,
    configurable: true,
    get() {
      return optionOf(this, name);
    },
  });
}

module.exports = Utf8Stream;
