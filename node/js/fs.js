// SPDX-License-Identifier: Apache-2.0
// `fs`: most functions are made from the table in internal/fs/operations. Written out are those whose
// signatures are their own, and the few that programs call so often that every step counts.
'use strict';

const ids = require('internal/async_ids');
const { validateFunction } = require('internal/validators');
const {
  constants,
  getOptions,
  getValidatedFd,
  getValidatedPath,
  makeCallback,
  parseFileMode,
  stringToFlags,
  toUnixTimestamp,
} = require('internal/fs/utils');
const { callbackForm, rename, request, splitCallback, start, syncForm } = require('internal/fs/forms');
const { operations } = require('internal/fs/operations');

const host = require('internal/fs/host');

const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');

const fs = module.exports;

const both = [
  'access',
  'appendFile',
  'chmod',
  'chown',
  'copyFile',
  'fchmod',
  'fchown',
  'fdatasync',
  'fstat',
  'fsync',
  'ftruncate',
  'futimes',
  'lchown',
  'link',
  'lstat',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'open',
  'readFile',
  'readlink',
  'realpath',
  'rename',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'unlink',
  'utimes',
  'writeFile',
];
for (const name of both) {
  fs[name] = callbackForm(name);
  fs[`${name}Sync`] = syncForm(name);
}
fs.realpathSync = rename(syncForm('realpathNow'), 'realpathSync');
fs.realpath.native = rename(callbackForm('realpathNative'), 'native');
fs.realpathSync.native = rename(syncForm('realpathNative'), 'native');

// -- whole files, while somebody watches resources

const readAtOnce = fs.readFile;
fs.readFile = function readFile(path, options, callback) {
  if (!ids.track?.hasHooks()) return readAtOnce(path, options, callback);
  callback = makeCallback(typeof options === 'function' ? options : callback);
  if (typeof options === 'function') options = undefined;
  operations.readFile.prepare(path, options); // checks them
  const given = { flag: 'r', ...getOptions(options) };
  return require('internal/fs/read_file').readFileInSteps(fs, path, given, callback);
};

// -- the hot ones

const readSlowly = fs.readFileSync;
fs.readFileSync = function readFileSync(path, options) {
  if (typeof path === 'string' && !path.includes('\u0000')) {
    if (options === 'utf8' || options === 'utf-8') return host.files.readFileUtf8(path, 0);
    if (options === undefined) return require('buffer').Buffer.from(host.files.readFile(path, 0));
  }
  return readSlowly(path, options);
};

let statsFromHost;
for (const name of ['stat', 'lstat']) {
  fs[`${name}Sync`] = rename(
    (path, options) => {
      statsFromHost ??= require('internal/fs/stats').statsFromHost;
      const bigint = options?.bigint === true;
      return statsFromHost(host.files[name](getValidatedPath(path), bigint, options?.throwIfNoEntry !== false), bigint);
    },
    `${name}Sync`,
    2,
  );
}

fs.openSync = function openSync(path, flags, mode) {
  return host.files.open(getValidatedPath(path), stringToFlags(flags), parseFileMode(mode, 'mode', 0o666));
};

fs.closeSync = function closeSync(fd) {
  host.files.close(getValidatedFd(fd));
};

const warnOfExists = require('internal/util').deprecate(
  () => {},
  'Passing invalid argument types to fs.existsSync is deprecated',
  'DEP0187',
);

fs.existsSync = function existsSync(path) {
  try {
    path = getValidatedPath(path);
  } catch (error) {
    if (error?.code === 'ERR_INVALID_ARG_TYPE') warnOfExists();
    return false; // what cannot be a path names nothing, as in Node
  }
  return host.files.exists(path);
};

// -- descriptors

fs.close = function close(fd, callback) {
  const done =
    callback === undefined
      ? (error) => {
          if (error) throw error;
        }
      : makeCallback(callback);
  request(() => start(operations.close, [fd]), done);
};

function transferForm(later, count, values) {
  return (...args) => {
    getValidatedFd(args[0]);
    const callback = makeCallback(args[args.length - 1]);
    request(
      () => later(...args.slice(0, -1)),
      (error, result) => (error ? callback(error) : callback(null, result[count], result[values])),
    );
  };
}

for (const [name, count, values] of [
  ['read', 'bytesRead', 'buffer'],
  ['readv', 'bytesRead', 'buffers'],
  ['write', 'bytesWritten', 'buffer'],
  ['writev', 'bytesWritten', 'buffers'],
]) {
  const transfer = require('internal/fs/transfer');
  const later = transfer[`${name}Later`];
  fs[name] = rename(transferForm(later, count, values), name);
  fs[`${name}Sync`] = rename(transfer[`${name}Now`], `${name}Sync`);
  Object.defineProperty(fs[name], kCustomPromisify, { __proto__: null, value: async (...args) => later(...args) });
}

// -- own signatures

fs.exists = function exists(path, callback) {
  validateFunction(callback, 'cb');
  try {
    path = getValidatedPath(path);
  } catch {
    process.nextTick(callback, false); // as in existsSync
    return;
  }
  request(
    () => host.submit('fs', 'exists', path),
    (error, found) => callback(found === true), // what may not be looked at is not there
  );
};
Object.defineProperty(fs.exists, kCustomPromisify, {
  __proto__: null,
  value: function exists(path) {
    return new Promise((resolve) => fs.exists(path, resolve));
  },
});

fs.truncateSync = function truncateSync(path, length = 0) {
  const fd = fs.openSync(path, 'r+');
  try {
    fs.ftruncateSync(fd, length ?? 0);
  } finally {
    fs.closeSync(fd);
  }
};

fs.truncate = function truncate(path, length, callback) {
  if (typeof length === 'function') [length, callback] = [0, length];
  require('internal/validators').validateInteger(length === undefined ? 0 : length, 'len');
  makeCallback(callback);
  getValidatedPath(path);
  request(() => require('internal/fs/promises').promises.truncate(path, length ?? 0), callback);
};

const readNames = syncForm('readdir');
fs.readdirSync = function readdirSync(path, options) {
  return options?.recursive === true
    ? require('internal/fs/dir').readTreeSync(path, options)
    : readNames(path, options);
};

fs.readdir = function readdir(path, options, callback) {
  callback = makeCallback(typeof options === 'function' ? options : callback);
  if (typeof options === 'function') options = undefined;
  const list = () =>
    options?.recursive === true
      ? require('internal/fs/dir').readTree(path, options)
      : start(operations.readdir, [path, options]);
  request(list, callback);
};

function definePair(name, arity, load) {
  fs[`${name}Sync`] = rename((...args) => load()[`${name}Sync`](...args), `${name}Sync`, arity);
  fs[name] = rename(
    (...args) => {
      const [own, callback] = splitCallback(args, arity);
      validateFunction(callback, name === 'opendir' ? 'callback' : 'cb');
      request(() => load()[`${name}Later`](...own), callback);
    },
    name,
    arity + 1,
  );
}
definePair('rm', 2, () => require('internal/fs/rm'));
definePair('cp', 3, () => require('internal/fs/cp'));
definePair('opendir', 2, () => require('internal/fs/dir'));

fs.mkdtempDisposableSync = function mkdtempDisposableSync(prefix, options) {
  const path = fs.mkdtempSync(prefix, options);
  const full = require('path').resolve(path);
  const remove = () => fs.rmSync(full, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: remove };
};

// -- streams

fs.createReadStream = function createReadStream(path, options) {
  return new fs.ReadStream(path, options);
};

fs.createWriteStream = function createWriteStream(path, options) {
  return new fs.WriteStream(path, options);
};

// -- watching

for (const [name, arity] of [
  ['watch', 3],
  ['watchFile', 3],
  ['unwatchFile', 2],
]) {
  fs[name] = rename((...args) => require('internal/fs/watchers')[name](...args), name, arity);
}

// -- patterns

fs.glob = function glob(pattern, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  makeCallback(callback);
  request(() => Array.fromAsync(require('internal/fs/glob').globLater(pattern, options)), callback);
};

fs.globSync = function globSync(pattern, options) {
  return require('internal/fs/glob').globSync(pattern, options);
};

// -- blobs

fs.openAsBlob = function openAsBlob(path, options = { __proto__: null }) {
  const { validateObject, validateString } = require('internal/validators');
  validateObject(options, 'options');
  const { type = '' } = options;
  validateString(type, 'options.type');
  const file = getValidatedPath(path);
  if (process.permission !== undefined) internalBinding('permissions').require('fs.read', file); // at once, no rejection
  return fs.promises
    .stat(file, { bigint: true })
    .then((stats) => require('internal/blob').createBlobFromFilePath(file, stats, type));
};

// Names that only macOS fills.
fs.lchmod = undefined;
fs.lchmodSync = undefined;

// -- what loads when it is asked for

function lazy(name, load, enumerable = true) {
  Object.defineProperty(fs, name, {
    __proto__: null,
    configurable: true,
    enumerable,
    get() {
      const value = load();
      Object.defineProperty(fs, name, { __proto__: null, configurable: true, enumerable, value, writable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(fs, name, { __proto__: null, configurable: true, enumerable, value, writable: true });
    },
  });
}

for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) lazy(name, () => constants()[name], false);
lazy('constants', constants);
lazy('Dirent', () => require('internal/fs/stats').Dirent);
lazy('Stats', () => require('internal/fs/stats').DeprecatedStats);
lazy('Dir', () => require('internal/fs/dir').Dir);
lazy('ReadStream', () => require('internal/fs/streams').ReadStream);
lazy('WriteStream', () => require('internal/fs/streams').WriteStream);
lazy('FileReadStream', () => require('internal/fs/streams').ReadStream);
lazy('FileWriteStream', () => require('internal/fs/streams').WriteStream);

lazy('Utf8Stream', () => require('internal/streams/utf8_stream'));
lazy('promises', () => require('internal/fs/promises').promises);

fs._toUnixTimestamp = toUnixTimestamp;
