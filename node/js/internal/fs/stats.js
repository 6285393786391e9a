// SPDX-License-Identifier: Apache-2.0
// Stats, BigIntStats and Dirent.
'use strict';

const kFormat = 0o170000;
const formats = {
  isDirectory: 0o040000,
  isFile: 0o100000,
  isBlockDevice: 0o060000,
  isCharacterDevice: 0o020000,
  isSymbolicLink: 0o120000,
  isFIFO: 0o010000,
  isSocket: 0o140000,
};
const kinds = {
  isDirectory: 2,
  isFile: 1,
  isBlockDevice: 7,
  isCharacterDevice: 6,
  isSymbolicLink: 3,
  isFIFO: 4,
  isSocket: 5,
};
const kType = Symbol('type');
const kNanosecondsPerMillisecond = 1_000_000n;

function StatsBase(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
}

for (const [method, format] of Object.entries(formats)) {
  StatsBase.prototype[method] = {
    // the method's name is its key
    [method]() {
      return this._checkModeProperty(format);
    },
  }[method];
}

function Stats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeMs, mtimeMs, ctimeMs, birthtimeMs) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeMs;
  this.mtimeMs = mtimeMs;
  this.ctimeMs = ctimeMs;
  this.birthtimeMs = birthtimeMs;
}

function BigIntStats(
  dev,
  mode,
  nlink,
  uid,
  gid,
  rdev,
  blksize,
  ino,
  size,
  blocks,
  atimeNs,
  mtimeNs,
  ctimeNs,
  birthtimeNs,
) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeNs / kNanosecondsPerMillisecond;
  this.mtimeMs = mtimeNs / kNanosecondsPerMillisecond;
  this.ctimeMs = ctimeNs / kNanosecondsPerMillisecond;
  this.birthtimeMs = birthtimeNs / kNanosecondsPerMillisecond;
  this.atimeNs = atimeNs;
  this.mtimeNs = mtimeNs;
  this.ctimeNs = ctimeNs;
  this.birthtimeNs = birthtimeNs;
}

// The dates are made when they are asked for, and can be assigned.
function dateProperty(name) {
  return {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const date = new Date(Math.round(Number(this[`${name}Ms`])));
      Object.defineProperty(this, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        value: date,
        writable: true,
      });
      return date;
    },
    set(value) {
      Object.defineProperty(this, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        value,
        writable: true,
      });
    },
  };
}

for (const constructor of [Stats, BigIntStats]) {
  Object.setPrototypeOf(constructor, StatsBase);
  Object.setPrototypeOf(constructor.prototype, StatsBase.prototype);
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
    Object.defineProperty(constructor.prototype, name, dateProperty(name));
  }
}

Stats.prototype._checkModeProperty = function (format) {
  return (this.mode & kFormat) === format;
};

BigIntStats.prototype._checkModeProperty = function (format) {
  return (Number(this.mode) & kFormat) === format;
};

// `fields` come from the host in the order of the constructors' parameters: doubles, or 64-bit integers, of which the
// times take two, seconds and nanoseconds.
function statsFromHost(fields, bigint) {
  if (fields === undefined) return undefined;
  if (bigint) return bigStats(fields);
  // Written out: this is called for every file that a program looks at.
  return new Stats(
    fields[0],
    fields[1],
    fields[2],
    fields[3],
    fields[4],
    fields[5],
    fields[6],
    fields[7],
    fields[8],
    fields[9],
    fields[10],
    fields[11],
    fields[12],
    fields[13],
  );
}

const nanoseconds = (fields, at) => fields[at] * 1_000_000_000n + fields[at + 1];

function bigStats(fields) {
  const times = [10, 12, 14, 16].map((at) => nanoseconds(fields, at));
  return new BigIntStats(...fields.subarray(0, 10), ...times);
}

// What the poller tells is integers always.
function statsFromPoll(fields, bigint) {
  if (bigint) return bigStats(fields);
  const milliseconds = [10, 12, 14, 16].map((at) => Number(fields[at]) * 1000 + Number(fields[at + 1]) / 1_000_000);
  return new Stats(...Array.from(fields.subarray(0, 10), Number), ...milliseconds);
}

class StatFs {
  constructor(type, bsize, frsize, blocks, bfree, bavail, files, ffree) {
    Object.assign(this, { type, bsize, frsize, blocks, bfree, bavail, files, ffree });
  }
}

function statFsFromHost(fields) {
  return new StatFs(...fields);
}

class Dirent {
  constructor(name, type, path) {
    this.name = name;
    this.parentPath = path;
    this[kType] = type;
  }
}

for (const [method, kind] of Object.entries(kinds)) {
  Object.defineProperty(Dirent.prototype, method, {
    __proto__: null,
    configurable: true,
    value: {
      [method]() {
        return this[kType] === kind;
      },
    }[method],
    writable: true,
  });
}

// fs.Stats, of which programs should make none.
const DeprecatedStats = require('internal/util').deprecate(Stats, 'fs.Stats constructor is deprecated.', 'DEP0180');

module.exports = {
  BigIntStats,
  DeprecatedStats,
  Dirent,
  statFsFromHost,
  Stats,
  statsFromHost,
  statsFromPoll,
};
