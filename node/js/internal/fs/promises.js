// SPDX-License-Identifier: Apache-2.0
// `fs/promises` and FileHandle.
'use strict';

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_STATE },
} = require('internal/errors');
const EventEmitter = require('events');
const { refuseAll, refuseAsync } = require('internal/refuse');
const { validateBoolean, validateObject } = require('internal/validators');
const { constants, getOptions } = require('internal/fs/utils');
const { promiseForm, start } = require('internal/fs/forms');
const { operations } = require('internal/fs/operations');
const transfer = require('internal/fs/transfer');
const { kDeserialize, kTransfer, markTransferMode } = require('internal/transferable');

const kFd = Symbol('kFd');
const kMoved = Symbol('kMoved'); // to another isolate
const kUsers = Symbol('kUsers'); // operations under way, and streams
const kClosing = Symbol('kClosing');
const kIsStreamed = Symbol('kIsStreamed');

function closedError(syscall, wasMoved) {
  const message = wasMoved ? 'The FileHandle has been transferred' : 'file closed';
  return Object.assign(new Error(message), { code: 'EBADF', syscall });
}

class FileHandle extends EventEmitter {
  constructor(fd) {
    super();
    this[kFd] = fd;
    this[kIsStreamed] = false;
    this[kClosing] = Promise.resolve();
    this[kUsers] = 0;
    markTransferMode(this, false, true);
  }

  get fd() {
    return this[kFd];
  }

  readLines(options) {
    return require('readline').createInterface({
      input: this.createReadStream(options),
      crlfDelay: Infinity,
    });
  }

  createReadStream(options) {
    const { ReadStream } = require('internal/fs/streams');
    return new ReadStream(undefined, { ...getOptions(options), fd: this });
  }

  // A byte stream, which ends with the handle; one for each handle.
  readableWebStream(options = { __proto__: null }) {
    validateObject(options, 'options');
    const { autoClose = false, type } = options;
    validateBoolean(autoClose, 'options.autoClose');
    if (this[kFd] === -1) throw new ERR_INVALID_STATE('The FileHandle is closed');
    if (this[kIsStreamed]) throw new ERR_INVALID_STATE('The FileHandle is locked');
    this[kIsStreamed] = true;
    this[kUsers]++; // to the end: a stream keeps it
    if (type !== undefined && type !== 'bytes') {
      process.emitWarning(
        'A non-"bytes" options.type has no effect. A byte-oriented steam is always created.',
        'ExperimentalWarning',
      );
    }
    return makeWebStream(this, autoClose);
  }

  createWriteStream(options) {
    const { WriteStream } = require('internal/fs/streams');
    return new WriteStream(undefined, { ...getOptions(options), fd: this });
  }

  // Descriptors are closed once, however often and early this is called.
  close() {
    if (this[kFd] !== -1) {
      const fd = this[kFd];
      this[kFd] = -1;
      this[kClosing] = start(operations.close, [fd]);
      this.emit('close');
    }
    return this[kClosing];
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }

  // To another isolate: the descriptor is closed there.
  [kTransfer]() {
    if (this[kUsers] > 0 || this[kFd] === -1) {
      throw new DOMException('Cannot transfer FileHandle while in use', 'DataCloneError');
    }
    const fd = this[kFd];
    this[kFd] = -1;
    this[kMoved] = true;
    return { data: { fd }, deserializeInfo: 'internal/fs/promises:FileHandle' };
  }

  [kDeserialize]({ fd }) {
    this[kFd] = fd;
  }
}

function makeWebStream(handle, autoClose) {
  const { ReadableStream } = require('stream/web');
  let isOver = false;
  const end = async (controller) => {
    isOver = true;
    controller.close();
    controller.byobRequest?.respond(0);
    if (autoClose) await handle.close();
  };
  return new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: 16 * 1024,
    start(controller) {
      handle.once('close', () => {
        if (!isOver) end(controller);
      });
    },
    async pull(controller) {
      const { view } = controller.byobRequest;
      const { bytesRead } = await handle.read(view, 0, view.byteLength);
      if (isOver) return;
      if (bytesRead === 0) await end(controller);
      else controller.byobRequest.respond(bytesRead);
    },
    async cancel() {
      isOver = true;
      if (autoClose) await handle.close();
    },
  });
}

function defineMethod(name, syscall, method) {
  Object.defineProperty(FileHandle.prototype, name, {
    __proto__: null,
    configurable: true,
    writable: true,
    value: {
      async [name](...args) {
        if (this[kFd] === -1) throw closedError(syscall, this[kMoved]);
        this[kUsers]++;
        try {
          return await method(this[kFd], ...args);
        } finally {
          this[kUsers]--;
        }
      },
    }[name],
  });
}

for (const [name, operation, syscall] of [
  ['chmod', 'fchmod', 'fchmod'],
  ['chown', 'fchown', 'fchown'],
  ['datasync', 'fdatasync', 'fdatasync'],
  ['stat', 'fstat', 'fstat'],
  ['sync', 'fsync', 'fsync'],
  ['truncate', 'ftruncate', 'ftruncate'],
  ['utimes', 'futimes', 'futime'],
]) {
  defineMethod(name, syscall, (fd, ...args) => start(operations[operation], [fd, ...args]));
}
Object.assign(FileHandle.prototype, refuseAll('FileHandle', ['getAsyncId']));
defineMethod('read', 'read', (fd, ...args) => transfer.readLater(fd, ...args));
defineMethod('readv', 'read', (fd, ...args) => transfer.readvLater(fd, ...args));
defineMethod('write', 'write', (fd, buffer, ...args) => {
  return buffer?.byteLength === 0 ? { bytesWritten: 0, buffer } : transfer.writeLater(fd, buffer, ...args);
});
defineMethod('writev', 'write', (fd, ...args) => transfer.writevLater(fd, ...args));
defineMethod('readFile', 'read', (fd, options) => readFile(fd, options));
defineMethod('writeFile', 'write', (fd, data, options) => writeFile(fd, data, options));
defineMethod('appendFile', 'write', (fd, data, options) => writeFile(fd, data, options));

// -- functions

const plain = Object.fromEntries(
  [
    'access',
    'chmod',
    'chown',
    'copyFile',
    'lchown',
    'link',
    'lstat',
    'lutimes',
    'mkdir',
    'mkdtemp',
    'readlink',
    'rename',
    'rmdir',
    'stat',
    'statfs',
    'symlink',
    'unlink',
    'utimes',
  ].map((name) => [name, promiseForm(name)]),
);

function descriptorOf(file) {
  return file instanceof FileHandle ? file.fd : file;
}

function throwIfAborted(signal) {
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
}

async function open(path, flags, mode) {
  return new FileHandle(await start(operations.open, [path, flags, mode]));
}

// Numbers are descriptors only inside: the public functions take paths and FileHandles.
function publicFile(file) {
  if (typeof file === 'number') throw new ERR_INVALID_ARG_TYPE('path', ['string', 'Buffer', 'URL'], file);
  return descriptorOf(file);
}

async function readFile(file, options) {
  return start(operations.readFile, [file, options]);
}

// Strings, views and, chunk by chunk, what iterables yield.
async function writeFile(file, data, options) {
  const { signal, encoding } = getOptions(options);
  const iterator =
    typeof data === 'string' || ArrayBuffer.isView(data)
      ? undefined
      : (data?.[Symbol.asyncIterator] ?? data?.[Symbol.iterator]);
  if (iterator === undefined) {
    await start(operations.writeFile, [file, data, options]);
    return;
  }
  throwIfAborted(signal);
  const { flag = 'w', mode } = getOptions(options);
  const handle = typeof file === 'number' ? undefined : await open(file, flag, mode);
  try {
    throwIfAborted(signal);
    for await (const chunk of data) {
      throwIfAborted(signal);
      await start(operations.writeFile, [handle?.fd ?? file, chunk, { encoding: encoding ?? 'utf8', signal }]);
    }
  } finally {
    await handle?.close();
  }
}

async function truncate(path, length = 0) {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(length);
  } finally {
    await handle.close();
  }
}

async function mkdtempDisposable(prefix, options) {
  const path = await plain.mkdtemp(prefix, options);
  const full = require('path').resolve(path);
  const remove = () => rm(full, { maxRetries: 0, recursive: true, force: true, retryDelay: 0 });
  return {
    __proto__: null,
    path,
    remove,
    [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: remove,
  };
}

async function rm(path, options) {
  return require('internal/fs/rm').rmLater(path, options);
}

const promises = {
  ...plain,
  ...refuseAll('fs.promises', ['lchmod'], refuseAsync), // of macOS only
  glob(pattern, options) {
    return require('internal/fs/glob').globLater(pattern, options);
  },
  watch(filename, options) {
    return require('internal/fs/watchers').watchLater(filename, options);
  },
  async appendFile(path, data, options) {
    const given = getOptions(options, { encoding: 'utf8', mode: 0o666 });
    return writeFile(publicFile(path), data, { ...given, flag: given.flag ?? 'a' });
  },
  async cp(source, destination, options) {
    return require('internal/fs/cp').cpLater(source, destination, options);
  },
  mkdtempDisposable,
  open,
  async opendir(path, options) {
    return require('internal/fs/dir').opendirLater(path, options);
  },
  async readFile(path, options) {
    return readFile(publicFile(path), options);
  },
  async readdir(path, options) {
    if (options?.recursive) return require('internal/fs/dir').readTree(path, options);
    return start(operations.readdir, [path, options]);
  },
  async realpath(path, options) {
    return start(operations.realpathNative, [path, options]);
  },
  rm,
  truncate,
  async writeFile(path, data, options) {
    return writeFile(publicFile(path), data, options);
  },
};

Object.defineProperty(promises, 'constants', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: constants,
});

module.exports = { FileHandle, kUsers, promises };
