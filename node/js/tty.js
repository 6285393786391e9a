// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_FD, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { SystemError } = require('internal/system_error');
const { InputStream } = require('internal/streams/input');
const { Writable } = require('stream');

const stdio = internalBinding('stdio');

const kMaxFd = 2147483647;

function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= kMaxFd && stdio.isatty(fd);
}

function assertTerminal(fd) {
  if (fd >> 0 !== fd || fd < 0) throw new ERR_INVALID_FD(fd);
  if (!stdio.isatty(fd)) {
    throw new SystemError('ERR_TTY_INIT_FAILED', 'TTY initialization failed', {
      errno: -22,
      code: 'EINVAL',
      message: 'invalid argument',
      syscall: 'uv_tty_init',
    });
  }
}

class ReadStream extends InputStream {
  #writer;

  constructor(fd, options) {
    assertTerminal(fd);
    super(fd, { highWaterMark: 0, ...options });
    this.isRaw = false;
    this.isTTY = true;
  }

  _destroy(error, callback) {
    if (this.isRaw) this.setRawMode(false);
    super._destroy(error, callback);
  }

  // Node's is a socket: what is written to it goes to the same terminal.
  write(chunk, encoding, callback) {
    return this.#terminal().write(chunk, encoding, callback);
  }

  end(...last) {
    this.#terminal().end(...last);
    return this;
  }

  #terminal() {
    this.#writer ??= new WriteStream(this.fd).on('error', (error) => this.destroy(error));
    return this.#writer;
  }

  setRawMode(flag) {
    internalBinding('tty_host').setRawMode(this.fd, Boolean(flag));
    this.isRaw = Boolean(flag);
    return this;
  }
}

class WriteStream extends Writable {
  constructor(fd) {
    assertTerminal(fd);
    super({ decodeStrings: false, emitClose: false });
    this.fd = fd;
    this._type = 'tty';
    this.isTTY = true;
  }

  _write(chunk, encoding, callback) {
    const isPlain = typeof chunk !== 'string' || encoding === 'utf8' || encoding === 'utf-8';
    try {
      stdio.write(this.fd, isPlain ? chunk : require('buffer').Buffer.from(chunk, encoding));
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  getWindowSize() {
    return stdio.getWindowSize(this.fd) ?? [0, 0];
  }

  get columns() {
    return this.getWindowSize()[0];
  }

  get rows() {
    return this.getWindowSize()[1];
  }

  getColorDepth(env = process.env) {
    return require('internal/util/colors').getColorDepth(env);
  }

  hasColors(count, env) {
    if (env === undefined && (count === undefined || (typeof count === 'object' && count !== null))) {
      [count, env] = [16, count];
    } else if (!Number.isInteger(count)) {
      if (typeof count !== 'number') throw new ERR_INVALID_ARG_TYPE('count', 'number', count);
      throw new ERR_OUT_OF_RANGE('count', 'an integer', count);
    } else if (count < 2) {
      throw new ERR_OUT_OF_RANGE('count', '>= 2 && <= 9007199254740991', count);
    }
    return count <= 2 ** this.getColorDepth(env);
  }

  cursorTo(x, y, callback) {
    return require('internal/readline/cursor').cursorTo(this, x, y, callback);
  }

  moveCursor(dx, dy, callback) {
    return require('internal/readline/cursor').moveCursor(this, dx, dy, callback);
  }

  clearLine(direction, callback) {
    return require('internal/readline/cursor').clearLine(this, direction, callback);
  }

  clearScreenDown(callback) {
    return require('internal/readline/cursor').clearScreenDown(this, callback);
  }
}

// Both are called without `new` by old programs.
const callable = (Class) =>
  new Proxy(Class, {
    apply: (target, receiver, args) => Reflect.construct(target, args),
  });

module.exports = { isatty, ReadStream: callable(ReadStream), WriteStream: callable(WriteStream) };
