// SPDX-License-Identifier: Apache-2.0
//
// The calls of preview1 about descriptors, clocks and the process. Each gets the program's state and its arguments, and
// throws a number or an error of the system's when it fails.
'use strict';

const fs = require('fs');
const { errno, FILE_TYPE, FLAG, RIGHT } = require('internal/wasi/constants');
const { typeOf } = require('internal/wasi/files');

const NANOSECONDS = 1_000_000_000n;
const CLOCKS = { __proto__: null, REALTIME: 0, MONOTONIC: 1, PROCESS: 2, THREAD: 3 };

// --- Arguments and environment

function writeStrings({ memory }, strings, pointers, at) {
  memory.check(pointers, 4 * strings.length);
  for (const string of strings) {
    const bytes = Buffer.from(`${string}\0`);
    memory.setU32(pointers, at);
    memory.bytes(at, bytes.length).set(bytes);
    pointers += 4;
    at += bytes.length;
  }
}

function writeSizes({ memory }, strings, count, size) {
  memory.check(count, 4);
  memory.check(size, 4);
  memory.setU32(count, strings.length);
  memory.setU32(size, strings.reduce((sum, string) => sum + Buffer.byteLength(string) + 1, 0));
}

// --- Clocks

function now(id) {
  switch (id) {
    case CLOCKS.REALTIME: return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
    case CLOCKS.MONOTONIC: return process.hrtime.bigint();
    case CLOCKS.PROCESS:
    case CLOCKS.THREAD: {
      const { user, system } = process.cpuUsage();
      return BigInt(user + system) * 1000n;
    }
    default: throw errno.EINVAL;
  }
}

// --- Reading and writing

// Through `each(bytes, position)` for piece after piece, until one is not done whole.
function transfer(pieces, position, each) {
  let total = 0;
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    const done = each(piece, position === null ? null : position + BigInt(total));
    total += done;
    if (done < piece.length) break;
  }
  return total;
}

const readInto = (fd) => (piece, position) => fs.readSync(fd, piece, 0, piece.length, position);
const writeFrom = (fd) => (piece, position) =>
  fs.writeSync(fd, piece, 0, piece.length, position === null ? null : Number(position));

function atPosition(descriptor, work) {
  if (descriptor.type !== FILE_TYPE.REGULAR) return work(null);
  const done = work(descriptor.position);
  descriptor.position += BigInt(done);
  return done;
}

// --- Times of files

function timesFor(stats, accessed, modified, flags) {
  const choose = (given, isGiven, isNow, old) => {
    if (flags & isGiven && flags & isNow) throw errno.EINVAL;
    if (flags & isGiven) return Number(given) / 1e9;
    return flags & isNow ? Date.now() / 1000 : old;
  };
  return [choose(accessed, 1, 2, stats.atimeMs / 1000), choose(modified, 4, 8, stats.mtimeMs / 1000)];
}

function writeStats({ memory, isUnstable }, at, stats) {
  memory.check(at, isUnstable ? 56 : 64);
  memory.setU64(at, stats.dev);
  memory.setU64(at + 8, stats.ino);
  memory.setU64(at + 16, BigInt(typeOf(stats)));
  let next = at + 24;
  if (isUnstable) memory.setU32(at + 20, Number(stats.nlink));
  else memory.setU64(next, stats.nlink);
  if (!isUnstable) next += 8;
  for (const value of [stats.size, stats.atimeNs, stats.mtimeNs, stats.ctimeNs]) {
    memory.setU64(next, value);
    next += 8;
  }
}

// --- Folders

// Without the two that every folder has.
function entriesOf(descriptor) {
  const at = require('path').join(descriptor.root, ...descriptor.names);
  return fs.readdirSync(at, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    ino: fs.lstatSync(`${at}/${entry.name}`, { bigint: true }).ino,
    type: typeOf(entry),
  }));
}

const calls = {
  args_get: (state, pointers, at) => writeStrings(state, state.args, pointers, at),
  args_sizes_get: (state, count, size) => writeSizes(state, state.args, count, size),
  environ_get: (state, pointers, at) => writeStrings(state, state.env, pointers, at),
  environ_sizes_get: (state, count, size) => writeSizes(state, state.env, count, size),

  clock_res_get({ memory }, id, at) {
    if (id > CLOCKS.THREAD) throw errno.EINVAL;
    memory.check(at, 8);
    memory.setU64(at, id >= CLOCKS.PROCESS ? 1000n : 1n);
  },
  clock_time_get({ memory }, id, _precision, at) {
    memory.check(at, 8);
    memory.setU64(at, now(id));
  },

  fd_advise({ files }, fd) {
    files.get(fd, RIGHT.FD_ADVISE);
  },
  fd_allocate({ files }, fd, offset, length) {
    const descriptor = files.get(fd, RIGHT.FD_ALLOCATE);
    const end = offset + length;
    if (fs.fstatSync(descriptor.fd, { bigint: true }).size < end) fs.ftruncateSync(descriptor.fd, Number(end));
  },
  fd_close: ({ files }, fd) => files.close(fd),
  fd_datasync: ({ files }, fd) => fs.fdatasyncSync(files.get(fd, RIGHT.FD_DATASYNC).fd),
  fd_fdstat_get({ files, memory }, fd, at) {
    const { base, flags, inheriting, type } = files.get(fd);
    memory.check(at, 24);
    memory.setU64(at, BigInt(type) | (BigInt(flags) << 16n));
    memory.setU64(at + 8, base);
    memory.setU64(at + 16, inheriting);
  },
  fd_fdstat_set_flags({ files }, fd, flags) {
    const descriptor = files.get(fd, RIGHT.FD_FDSTAT_SET_FLAGS);
    if ((flags & ~FLAG.APPEND) !== (descriptor.flags & ~FLAG.APPEND)) throw errno.ENOTSUP;
    descriptor.flags = flags; // writing looks at it
  },
  fd_fdstat_set_rights({ files }, fd, base, inheriting) {
    const descriptor = files.get(fd);
    const unsigned = [BigInt.asUintN(64, base), BigInt.asUintN(64, inheriting)];
    if (unsigned[0] & ~descriptor.base || unsigned[1] & ~descriptor.inheriting) throw errno.ENOTCAPABLE;
    [descriptor.base, descriptor.inheriting] = unsigned;
  },
  fd_filestat_get(state, fd, at) {
    const descriptor = state.files.get(fd, RIGHT.FD_FILESTAT_GET);
    writeStats(state, at, fs.fstatSync(descriptor.fd, { bigint: true }));
  },
  fd_filestat_set_size({ files }, fd, size) {
    fs.ftruncateSync(files.get(fd, RIGHT.FD_FILESTAT_SET_SIZE).fd, Number(size));
  },
  fd_filestat_set_times({ files }, fd, accessed, modified, flags) {
    const descriptor = files.get(fd, RIGHT.FD_FILESTAT_SET_TIMES);
    fs.futimesSync(descriptor.fd, ...timesFor(fs.fstatSync(descriptor.fd), accessed, modified, flags));
  },
  fd_pread({ files, memory }, fd, pieces, count, offset, at) {
    const descriptor = files.get(fd, RIGHT.FD_READ | RIGHT.FD_SEEK);
    memory.check(at, 4);
    memory.setU32(at, transfer(memory.pieces(pieces, count), offset, readInto(descriptor.fd)));
  },
  fd_prestat_get({ files, memory }, fd, at) {
    const { preopen } = files.get(fd);
    if (preopen === undefined) throw errno.EINVAL;
    memory.check(at, 8);
    memory.setU32(at, 0); // a folder
    memory.setU32(at + 4, Buffer.byteLength(preopen));
  },
  fd_prestat_dir_name({ files, memory }, fd, at, size) {
    const { preopen } = files.get(fd);
    if (preopen === undefined) throw errno.EBADF;
    const name = Buffer.from(preopen);
    if (size < name.length) throw errno.ENOBUFS;
    memory.put(at, size, name);
  },
  fd_pwrite({ files, memory }, fd, pieces, count, offset, at) {
    const descriptor = files.get(fd, RIGHT.FD_WRITE | RIGHT.FD_SEEK);
    memory.check(at, 4);
    memory.setU32(at, transfer(memory.pieces(pieces, count), offset, writeFrom(descriptor.fd)));
  },
  fd_read({ files, memory }, fd, pieces, count, at) {
    const descriptor = files.get(fd, RIGHT.FD_READ);
    memory.check(at, 4);
    const into = memory.pieces(pieces, count);
    const done = atPosition(descriptor, (position) => transfer(into, position, readInto(descriptor.fd)));
    memory.setU32(at, done);
  },
  fd_readdir({ files, memory }, fd, at, size, cookie, used) {
    const descriptor = files.get(fd, RIGHT.FD_READDIR);
    if (descriptor.names === undefined) throw errno.ENOTDIR;
    memory.check(at, size);
    memory.check(used, 4);
    let done = 0;
    for (const [i, { name, ino, type }] of [...entriesOf(descriptor).entries()].slice(Number(cookie))) {
      const text = Buffer.from(name);
      const entry = Buffer.alloc(24);
      entry.writeBigUInt64LE(BigInt(i + 1), 0);
      entry.writeBigUInt64LE(ino, 8);
      entry.writeUInt32LE(text.length, 16);
      entry.writeUInt8(type, 20);
      done += memory.put(at + done, size - done, Buffer.concat([entry, text]));
      if (done === size) break; // a part of an entry says that there is more
    }
    memory.setU32(used, done);
  },
  fd_renumber: ({ files }, from, to) => files.renumber(from, to),
  fd_seek({ files, memory }, fd, offset, whence, at) {
    const descriptor = files.get(fd, RIGHT.FD_SEEK);
    if (descriptor.type !== FILE_TYPE.REGULAR) throw errno.ESPIPE;
    const bases = [0n, descriptor.position, fs.fstatSync(descriptor.fd, { bigint: true }).size];
    if (whence >= bases.length || bases[whence] + offset < 0n) throw errno.EINVAL;
    memory.check(at, 8);
    descriptor.position = bases[whence] + offset;
    memory.setU64(at, descriptor.position);
  },
  fd_sync: ({ files }, fd) => fs.fsyncSync(files.get(fd, RIGHT.FD_SYNC).fd),
  fd_tell({ files, memory }, fd, at) {
    const descriptor = files.get(fd, RIGHT.FD_TELL);
    if (descriptor.type !== FILE_TYPE.REGULAR) throw errno.ESPIPE;
    memory.check(at, 8);
    memory.setU64(at, descriptor.position);
  },
  fd_write({ files, memory }, fd, pieces, count, at) {
    const descriptor = files.get(fd, RIGHT.FD_WRITE);
    memory.check(at, 4);
    if (descriptor.flags & FLAG.APPEND) descriptor.position = fs.fstatSync(descriptor.fd, { bigint: true }).size;
    const from = memory.pieces(pieces, count);
    const done = atPosition(descriptor, (position) => transfer(from, position, writeFrom(descriptor.fd)));
    memory.setU32(at, done);
  },

  random_get({ memory }, at, size) {
    require('crypto').randomFillSync(memory.bytes(at, size));
  },
  sched_yield() {},
  proc_raise(_state, signal) {
    const NAMES = [undefined, 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL',
      'SIGUSR1', 'SIGSEGV', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM'];
    if (NAMES[signal] === undefined) throw errno.ENOSYS;
    process.kill(process.pid, NAMES[signal]);
  },
};

module.exports = { calls, now, timesFor, writeStats };
