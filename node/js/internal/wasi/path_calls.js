// SPDX-License-Identifier: Apache-2.0
//
// The calls of preview1 that name files, wait, and speak to sockets.
'use strict';

const fs = require('fs');
const { errno, RIGHT } = require('internal/wasi/constants');
const { now, timesFor, writeStats } = require('internal/wasi/calls');

const FOLLOW = 1;

function pathOf({ files, memory }, fd, right, at, size, follow) {
  return files.pathAt(fd, right, memory.text(at, size), follow);
}

// --- Waiting

const CLOCK = 0;
const ABSOLUTE = 1;

// Subscriptions as preview1 has them, or before it, when a clock had an identifier of its own.
function readSubscription({ memory, isUnstable }, at) {
  const start = isUnstable ? at + 24 : at + 16;
  const { view } = memory;
  const read = { userdata: view.getBigUint64(at, true), type: view.getUint8(at + 8) };
  if (read.type !== CLOCK) return { ...read, fd: view.getUint32(at + 16, true) };
  const id = view.getUint32(start, true);
  const timeout = view.getBigUint64(start + 8, true);
  const isAbsolute = (view.getUint16(start + 24, true) & ABSOLUTE) !== 0;
  return { ...read, left: isAbsolute ? timeout - now(id) : timeout };
}

function writeEvent({ memory }, at, { userdata, type }, error) {
  memory.setU64(at, userdata);
  memory.setU64(at + 8, BigInt(error) | (BigInt(type) << 16n));
  memory.setU64(at + 16, 0n);
  memory.setU64(at + 24, 0n);
}

function sleep(nanoseconds) {
  if (nanoseconds > 0n) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(nanoseconds) / 1e6);
}

// Files are always ready; without any the clock that ends first is waited for.
function poll(state, subscriptions, events, count, used) {
  const { files, memory } = state;
  if (count === 0) throw errno.EINVAL;
  const size = state.isUnstable ? 56 : 48;
  memory.check(subscriptions, count * size);
  memory.check(events, count * 32);
  memory.check(used, 4);
  const all = Array.from({ length: count }, (_, i) => readSubscription(state, subscriptions + i * size));
  const ready = all.filter(({ type }) => type !== CLOCK);
  const clocks = all.filter(({ type }) => type === CLOCK);
  if (ready.length === 0) {
    const least = clocks.reduce((found, { left }) => (left < found ? left : found), clocks[0].left);
    sleep(least);
    ready.push(...clocks.filter(({ left }) => left <= least));
  }
  ready.forEach((one, i) => {
    const known = one.type === CLOCK || files.has(one.fd);
    writeEvent(state, events + 32 * i, one, known ? 0 : errno.EBADF);
  });
  memory.setU32(used, ready.length);
}

function noSockets({ files }, fd) {
  files.get(fd);
  throw errno.ENOTSUP;
}

const pathCalls = {
  path_create_directory(state, fd, at, size) {
    fs.mkdirSync(pathOf(state, fd, RIGHT.PATH_CREATE_DIRECTORY, at, size));
  },
  path_filestat_get(state, fd, flags, at, size, out) {
    const follow = (flags & FOLLOW) !== 0;
    const found = pathOf(state, fd, RIGHT.PATH_FILESTAT_GET, at, size, follow);
    writeStats(state, out, fs.lstatSync(found, { bigint: true }));
  },
  path_filestat_set_times(state, fd, flags, at, size, accessed, modified, which) {
    const found = pathOf(state, fd, RIGHT.PATH_FILESTAT_SET_TIMES, at, size, (flags & FOLLOW) !== 0);
    fs.lutimesSync(found, ...timesFor(fs.lstatSync(found), accessed, modified, which));
  },
  path_link(state, fromFd, flags, from, fromSize, toFd, to, toSize) {
    const existing = pathOf(state, fromFd, RIGHT.PATH_LINK_SOURCE, from, fromSize, (flags & FOLLOW) !== 0);
    fs.linkSync(existing, pathOf(state, toFd, RIGHT.PATH_LINK_TARGET, to, toSize));
  },
  path_open({ files, memory }, fd, follow, at, size, openFlags, base, inheriting, flags, out) {
    memory.check(out, 4);
    const asked = {
      follow: (follow & FOLLOW) !== 0,
      wanted: memory.text(at, size),
      openFlags,
      base: BigInt.asUintN(64, base),
      inheriting: BigInt.asUintN(64, inheriting),
      flags,
    };
    memory.setU32(out, files.open(fd, asked));
  },
  path_readlink(state, fd, at, size, out, room, used) {
    state.memory.check(used, 4);
    const target = Buffer.from(fs.readlinkSync(pathOf(state, fd, RIGHT.PATH_READLINK, at, size)));
    state.memory.setU32(used, state.memory.put(out, room, target));
  },
  path_remove_directory(state, fd, at, size) {
    fs.rmdirSync(pathOf(state, fd, RIGHT.PATH_REMOVE_DIRECTORY, at, size));
  },
  path_rename(state, fromFd, from, fromSize, toFd, to, toSize) {
    const old = pathOf(state, fromFd, RIGHT.PATH_RENAME_SOURCE, from, fromSize);
    fs.renameSync(old, pathOf(state, toFd, RIGHT.PATH_RENAME_TARGET, to, toSize));
  },
  path_symlink(state, target, targetSize, fd, at, size) {
    const text = state.memory.text(target, targetSize);
    if (text.startsWith('/')) throw errno.ENOTCAPABLE;
    fs.symlinkSync(text, pathOf(state, fd, RIGHT.PATH_SYMLINK, at, size));
  },
  path_unlink_file(state, fd, at, size) {
    fs.unlinkSync(pathOf(state, fd, RIGHT.PATH_UNLINK_FILE, at, size));
  },

  poll_oneoff: poll,
  sock_accept: noSockets,
  sock_recv: noSockets,
  sock_send: noSockets,
  sock_shutdown: noSockets,
};

module.exports = { pathCalls };
