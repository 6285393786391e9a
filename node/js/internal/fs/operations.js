// SPDX-License-Identifier: Apache-2.0
// Every operation of `fs` once: how its arguments become a call of a host primitive, and how the
// primitive's result becomes Node's. From this the sync, callback and promise forms are made.
'use strict';

// What readFile read.
const bufferOf = (memory) => require('buffer').Buffer.from(memory);

const { validateBoolean, validateInteger, validateOneOf } = require('internal/validators');
const {
  assertEncoding,
  dataForHost,
  encodeName,
  getOptions,
  getValidatedFd,
  getValidatedPath,
  getValidMode,
  isFd,
  isTextEncoding,
  parseFileMode,
  stringToFlags,
  toUnixTimestamp,
  validateId,
} = require('internal/fs/utils');

// `arity` counts the arguments before a callback. `prepare` returns [primitive, ...arguments for it];
// `finish` gets the primitive's result and the caller's arguments, `signal` finds the AbortSignal in these.
const operations = { __proto__: null };

function define(host, name, arity, prepare, finish) {
  operations[name] = { host, name, arity, prepare, finish };
}

const onFiles = define.bind(null, 'fs');
const onTrees = define.bind(null, 'fs_tree');

function optionsWith(options, defaults) {
  const merged = getOptions(options, defaults);
  assertEncoding(merged.encoding);
  return merged;
}

function wantsBytes(options) {
  return !isTextEncoding(getOptions(options).encoding);
}

function named(result, path, options) {
  return encodeName(result, getOptions(options).encoding);
}

function pathOrFd(path) {
  return isFd(path) ? path : getValidatedPath(path);
}

// -- metadata

const stats = (result, path, options) => require('internal/fs/stats').statsFromHost(result, Boolean(options?.bigint));

for (const name of ['stat', 'lstat']) {
  onFiles(
    name,
    2,
    (path, options) => {
      return [name, getValidatedPath(path), Boolean(options?.bigint), Boolean(options?.throwIfNoEntry ?? true)];
    },
    stats,
  );
}
onFiles('fstat', 2, (fd, options) => ['fstat', getValidatedFd(fd), Boolean(options?.bigint)], stats);
onFiles(
  'statfs',
  2,
  (path, options) => ['statfs', getValidatedPath(path), Boolean(options?.bigint)],
  (result) => require('internal/fs/stats').statFsFromHost(result),
);
onFiles('access', 2, (path, mode) => ['access', getValidatedPath(path), getValidMode(mode)]);
onFiles('chmod', 2, (path, mode) => ['chmod', getValidatedPath(path), parseFileMode(mode, 'mode')]);
onFiles('fchmod', 2, (fd, mode) => ['fchmod', getValidatedFd(fd), parseFileMode(mode, 'mode')]);
for (const name of ['chown', 'lchown']) {
  onFiles(name, 3, (path, uid, gid) => [name, getValidatedPath(path), validateId(uid, 'uid'), validateId(gid, 'gid')]);
}
onFiles('fchown', 3, (fd, uid, gid) => ['fchown', getValidatedFd(fd), validateId(uid, 'uid'), validateId(gid, 'gid')]);
for (const name of ['utimes', 'lutimes']) {
  onFiles(name, 3, (path, atime, mtime) => [
    name,
    getValidatedPath(path),
    toUnixTimestamp(atime),
    toUnixTimestamp(mtime),
  ]);
}
onFiles('futimes', 3, (fd, atime, mtime) => [
  'futimes',
  getValidatedFd(fd),
  toUnixTimestamp(atime, 'atime'),
  toUnixTimestamp(mtime, 'mtime'),
]);

// -- descriptors

onFiles('open', 3, (path, flags, mode) => [
  'open',
  getValidatedPath(path),
  stringToFlags(flags),
  parseFileMode(mode, 'mode', 0o666),
]);
onFiles('close', 1, (fd) => ['close', getValidatedFd(fd)]);
onFiles('fsync', 1, (fd) => ['fsync', getValidatedFd(fd)]);
onFiles('fdatasync', 1, (fd) => ['fdatasync', getValidatedFd(fd)]);
onFiles('ftruncate', 2, (fd, length = 0) => {
  validateInteger(length, 'len');
  return ['ftruncate', getValidatedFd(fd), Math.max(0, length)];
});

// -- whole files

onFiles(
  'readFile',
  2,
  (path, options) => {
    const { encoding, flag } = optionsWith(options, { flag: 'r' });
    const file = pathOrFd(path);
    return [
      encoding === 'utf8' || encoding === 'utf-8' ? 'readFileUtf8' : 'readFile',
      file,
      stringToFlags(flag, 'options.flag'),
    ];
  },
  (result, path, options) => {
    if (typeof result === 'string') return result;
    const { encoding } = getOptions(options);
    const buffer = bufferOf(result);
    return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
  },
);

function prepareWrite(path, data, options, flagByDefault) {
  const { encoding, mode, flag, flush } = optionsWith(options, { encoding: 'utf8', mode: 0o666, flag: flagByDefault });
  if (flush !== undefined && flush !== null) validateBoolean(flush, 'options.flush');
  const bytes = dataForHost(data, encoding);
  const file = pathOrFd(path);
  return ['writeFile', file, bytes, stringToFlags(flag ?? flagByDefault), parseFileMode(mode, 'mode', 0o666), Boolean(flush)];
}

onFiles('writeFile', 3, (path, data, options) => prepareWrite(path, data, options, 'w'));
onFiles('appendFile', 3, (path, data, options) => prepareWrite(path, data, options, 'a'));

operations.readFile.signal = (path, options) => options?.signal;
operations.writeFile.signal = operations.appendFile.signal = (path, data, options) => options?.signal;

// -- names

const twoPaths = (first, second) => (one, two) => [getValidatedPath(one, first), getValidatedPath(two, second)];
const renamePaths = twoPaths('oldPath', 'newPath');
const linkPaths = twoPaths('existingPath', 'newPath');
const copyPaths = twoPaths('src', 'dest');

onFiles('rename', 2, (oldPath, newPath) => ['rename', ...renamePaths(oldPath, newPath)]);
onFiles('link', 2, (existingPath, newPath) => ['link', ...linkPaths(existingPath, newPath)]);
onFiles('unlink', 1, (path) => ['unlink', getValidatedPath(path)]);
onFiles('symlink', 3, (target, path, type) => {
  validateOneOf(type, 'type', ['dir', 'file', 'junction', null, undefined]);
  return ['symlink', getValidatedPath(target, 'target'), getValidatedPath(path)];
});
onFiles('readlink', 2, (path, options) => ['readlink', getValidatedPath(path), wantsBytes(options)], named);
onFiles('realpath', 2, (path, options) => ['realpath', getValidatedPath(path), wantsBytes(options)], named);
onFiles('realpathNow', 2, (path, options) => ['realpathNow', getValidatedPath(path), wantsBytes(options)], named);
onFiles('realpathNative', 2, (path, options) => ['realpathNative', getValidatedPath(path), wantsBytes(options)], named);

// -- trees

onTrees('copyFile', 3, (src, dest, mode) => ['copyFile', ...copyPaths(src, dest), getValidMode(mode)]);
onTrees('mkdir', 2, (path, options) => {
  let mode = 0o777;
  let recursive = false;
  if (typeof options === 'number' || typeof options === 'string') {
    mode = parseFileMode(options, 'mode');
  } else if (options) {
    if (options.recursive !== undefined) {
      recursive = options.recursive;
      validateBoolean(recursive, 'options.recursive');
    }
    if (options.mode !== undefined) mode = parseFileMode(options.mode, 'options.mode');
  }
  return [recursive ? 'mkdirRecursive' : 'mkdir', getValidatedPath(path), mode];
});
let warnedOfTemplate = false;
function warnOfTemplate(prefix) {
  if (warnedOfTemplate || !String(prefix).endsWith('X')) return;
  warnedOfTemplate = true;
  process.emitWarning(
    'mkdtemp() templates ending with X are not portable. For details see: https://nodejs.org/api/fs.html',
  );
}

onTrees(
  'mkdtemp',
  2,
  (prefix, options) => {
    const path = getValidatedPath(prefix, 'prefix');
    warnOfTemplate(path);
    return ['mkdtemp', path, wantsBytes(options)];
  },
  named,
);
onTrees('rmdir', 2, (path, options) => {
  const recursive = options !== undefined && require('internal/fs/rm').validateRmdirOptions(options).recursive;
  return [recursive ? 'removeTree' : 'rmdir', getValidatedPath(path)];
});

onTrees(
  'readdir',
  2,
  (path, options) => {
    const { recursive, withFileTypes, encoding } = optionsWith(options);
    if (recursive !== undefined && recursive !== null) validateBoolean(recursive, 'options.recursive');
    const primitive = withFileTypes ? 'readdirKinds' : 'readdir';
    return [primitive, getValidatedPath(path), !isTextEncoding(encoding)];
  },
  (result, path, options) => {
    const { withFileTypes, encoding } = getOptions(options);
    if (!withFileTypes) return encoding === undefined ? result : result.map((name) => encodeName(name, encoding));
    const { Dirent } = require('internal/fs/stats');
    const parent = getValidatedPath(path);
    const [names, kinds] = result;
    return names.map((name, i) => new Dirent(encodeName(name, encoding), kinds[i], parent));
  },
);

module.exports = { operations };
