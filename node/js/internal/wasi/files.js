// SPDX-License-Identifier: Apache-2.0
//
// What a WASI program has open: descriptors, each with its rights, and paths that cannot lead out of the folders it
// was given. Failures are thrown as numbers.
'use strict';

const fs = require('fs');
const path = require('path');
const { errno, FILE_TYPE, FLAG, OPEN, RIGHT, RIGHTS } = require('internal/wasi/constants');

const MOST_LINKS = 32;

function typeOf(stats) {
  if (stats.isDirectory()) return FILE_TYPE.DIRECTORY;
  if (stats.isFile()) return FILE_TYPE.REGULAR;
  if (stats.isCharacterDevice()) return FILE_TYPE.CHARACTER;
  if (stats.isBlockDevice()) return FILE_TYPE.BLOCK;
  if (stats.isSymbolicLink()) return FILE_TYPE.LINK;
  return stats.isSocket() || stats.isFIFO() ? FILE_TYPE.STREAM : FILE_TYPE.UNKNOWN;
}

function rightsOf(type, fd) {
  if (type === FILE_TYPE.DIRECTORY) return RIGHTS.directory;
  if (type === FILE_TYPE.REGULAR) return RIGHTS.regular;
  if (type === FILE_TYPE.CHARACTER && require('tty').isatty(fd)) return RIGHTS.terminal;
  return type === FILE_TYPE.CHARACTER ? RIGHTS.regular : RIGHTS.other;
}

// A descriptor. Of a folder: the real path of the preopened one that it is below, and the names that lead to it.
class Descriptor {
  constructor(fd, type, [base, inheriting]) {
    this.fd = fd;
    this.type = type;
    this.base = base;
    this.inheriting = inheriting;
    this.flags = 0;
    this.position = 0n; // of a regular file
    this.root = undefined;
    this.names = undefined;
    this.preopen = undefined; // the program's name of a preopened folder
  }

  require(right) {
    if ((this.base & right) !== right) throw errno.ENOTCAPABLE;
  }
}

class Files {
  #table = new Map();

  constructor(standard, preopens) {
    for (const fd of standard) this.#addStandard(fd);
    for (const [name, real] of preopens) this.#addPreopen(name, real);
  }

  #addStandard(fd) {
    const type = typeOf(fs.fstatSync(fd));
    this.#add(new Descriptor(fd, type, rightsOf(type, fd)));
  }

  #addPreopen(name, real) {
    const fd = fs.openSync(real, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
    const folder = new Descriptor(fd, FILE_TYPE.DIRECTORY, RIGHTS.directory);
    folder.root = fs.realpathSync(real);
    folder.names = [];
    folder.preopen = name;
    this.#add(folder);
  }

  #add(descriptor) {
    let number = 0;
    while (this.#table.has(number)) number++;
    this.#table.set(number, descriptor);
    return number;
  }

  get(number, right = 0n) {
    const found = this.#table.get(number);
    if (found === undefined) throw errno.EBADF;
    found.require(right);
    return found;
  }

  has(number) {
    return this.#table.has(number);
  }

  close(number) {
    const { fd } = this.get(number);
    this.#table.delete(number);
    if (fd > 2) fs.closeSync(fd);
  }

  renumber(from, to) {
    const descriptor = this.get(from);
    if (!this.#table.has(to)) throw errno.EBADF;
    if (from === to) return;
    this.close(to);
    this.#table.set(to, descriptor);
    this.#table.delete(from);
  }

  // The names that lead from the root of `folder` to `wanted`; links on the way are followed as far as they stay inside,
  // the last one if `follow`.
  #namesOf(folder, wanted, follow) {
    if (wanted.includes('\0')) throw errno.EINVAL;
    const names = wanted.startsWith('/') ? [] : [...folder.names];
    const queue = wanted.split('/');
    if (wanted.startsWith('/')) {
      const prefix = path.posix.normalize(folder.preopen ?? '').split('/').filter((name) => name !== '');
      queue.shift();
      for (const name of prefix) if (queue.shift() !== name) throw errno.ENOTCAPABLE;
    }
    for (let links = 0; queue.length > 0;) {
      const name = queue.shift();
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (names.length === 0) throw errno.ENOTCAPABLE;
        names.pop();
        continue;
      }
      const isLast = queue.every((rest) => rest === '');
      const target = isLast && !follow ? undefined : linkAt(path.join(folder.root, ...names, name));
      if (target === undefined) {
        names.push(name);
      } else if (++links > MOST_LINKS) {
        throw errno.ELOOP;
      } else if (target.startsWith('/')) {
        throw errno.ENOTCAPABLE;
      } else {
        queue.unshift(...target.split('/'));
      }
    }
    return names;
  }

  // A path of the system's for one of the program's.
  pathAt(number, right, wanted, follow = false) {
    const folder = this.get(number, right);
    if (folder.type !== FILE_TYPE.DIRECTORY) throw errno.ENOTDIR;
    return systemPath(folder.root, this.#namesOf(folder, wanted, follow), wanted);
  }

  open(number, { follow, wanted, openFlags, base, inheriting, flags }) {
    let right = RIGHT.PATH_OPEN;
    if (openFlags & OPEN.CREATE) right |= RIGHT.PATH_CREATE_FILE;
    if (openFlags & OPEN.TRUNCATE) right |= RIGHT.PATH_FILESTAT_SET_SIZE;
    const folder = this.get(number, right);
    if (folder.type !== FILE_TYPE.DIRECTORY) throw errno.ENOTDIR;
    if (((base | inheriting) & ~folder.inheriting) !== 0n) throw errno.ENOTCAPABLE;
    const names = this.#namesOf(folder, wanted, follow);
    const at = systemPath(folder.root, names, wanted);
    const fd = fs.openSync(at, systemFlags(openFlags, flags, base) | fs.constants.O_NOFOLLOW, 0o666);
    const type = typeOf(fs.fstatSync(fd));
    const [mostBase, mostInheriting] = rightsOf(type, fd);
    const opened = new Descriptor(fd, type, [base & mostBase, inheriting & mostInheriting]);
    opened.flags = flags;
    if (type === FILE_TYPE.DIRECTORY) Object.assign(opened, { root: folder.root, names });
    return this.#add(opened);
  }
}

function linkAt(at) {
  try {
    return fs.readlinkSync(at);
  } catch (error) {
    if (error.code === 'EINVAL' || error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined; // no link
    throw error;
  }
}

// A slash at the end asks for a folder.
function systemPath(root, names, wanted) {
  const at = path.join(root, ...names);
  return wanted.endsWith('/') && !at.endsWith('/') ? `${at}/` : at;
}

function systemFlags(openFlags, flags, base) {
  const { constants } = fs;
  const reads = (base & (RIGHT.FD_READ | RIGHT.FD_READDIR)) !== 0n;
  const writes = (base & (RIGHT.FD_DATASYNC | RIGHT.FD_WRITE | RIGHT.FD_ALLOCATE | RIGHT.FD_FILESTAT_SET_SIZE)) !== 0n;
  let found = writes ? (reads ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if (openFlags & OPEN.CREATE) found |= constants.O_CREAT;
  if (openFlags & OPEN.DIRECTORY) found |= constants.O_DIRECTORY;
  if (openFlags & OPEN.EXCLUSIVE) found |= constants.O_EXCL;
  if (openFlags & OPEN.TRUNCATE) found |= constants.O_TRUNC;
  if (flags & FLAG.APPEND) found |= constants.O_APPEND;
  if (flags & FLAG.NONBLOCK) found |= constants.O_NONBLOCK;
  if (flags & FLAG.DSYNC) found |= constants.O_DSYNC;
  if (flags & (FLAG.SYNC | FLAG.RSYNC)) found |= constants.O_SYNC;
  return found;
}

module.exports = { Files, typeOf };
