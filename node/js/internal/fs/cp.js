// SPDX-License-Identifier: Apache-2.0
// fs.cp: copies a file, a link or a tree. The algorithm is a generator that yields host calls, so that
// the sync and the async form are the same lines with two drivers.
'use strict';

const {
  codes: { ERR_INCOMPATIBLE_OPTION_PAIR, ERR_INVALID_RETURN_VALUE },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateObject } = require('internal/validators');
const host = require('internal/fs/host');
const { getValidatedPath, getValidMode } = require('internal/fs/utils');
const { statsFromHost } = require('internal/fs/stats');
const { SystemError } = require('internal/system_error');
const path = require('path');

const kCopyExclusive = 1;

const defaults = {
  dereference: false,
  errorOnExist: false,
  filter: undefined,
  force: true,
  mode: 0,
  preserveTimestamps: false,
  recursive: false,
  verbatimSymlinks: false,
};

function validateOptions(options) {
  if (options === undefined || options === null) return { ...defaults };
  validateObject(options, 'options');
  const merged = { ...defaults, ...options };
  for (const name of Object.keys(defaults)) {
    if (typeof defaults[name] === 'boolean') validateBoolean(merged[name], `options.${name}`);
  }
  merged.mode = getValidMode(merged.mode);
  if (merged.dereference && merged.verbatimSymlinks) {
    throw new ERR_INCOMPATIBLE_OPTION_PAIR('dereference', 'verbatimSymlinks');
  }
  if (merged.filter !== undefined) validateFunction(merged.filter, 'options.filter');
  return merged;
}

const prefixes = {
  __proto__: null,
  ERR_FS_CP_DIR_TO_NON_DIR: 'Cannot overwrite non-directory with directory',
  ERR_FS_CP_EEXIST: 'Target already exists',
  ERR_FS_CP_EINVAL: 'Invalid src or dest',
  ERR_FS_CP_FIFO_PIPE: 'Cannot copy a FIFO pipe',
  ERR_FS_CP_NON_DIR_TO_DIR: 'Cannot overwrite directory with non-directory',
  ERR_FS_CP_SOCKET: 'Cannot copy a socket file',
  ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY: 'Cannot overwrite symlink in subdirectory of self',
  ERR_FS_CP_UNKNOWN: 'Cannot copy an unknown file type',
  ERR_FS_EISDIR: 'Recursive option not enabled, cannot copy a directory',
};

function failure(code, message, at, errorName) {
  const { errno } = require('os').constants;
  return new SystemError(code, prefixes[code], {
    message,
    path: at,
    syscall: 'cp',
    errno: errno[errorName],
    code: errorName,
  });
}

const isSame = (one, other) => other !== undefined && one.ino === other.ino && one.dev === other.dev;

const isInside = (parent, child) =>
  child === parent || child.startsWith(parent.endsWith(path.sep) ? parent : parent + path.sep);

function* stat(file, options, mustExist) {
  return statsFromHost(yield ['fs', options.dereference ? 'stat' : 'lstat', file, false, mustExist], false);
}

// Refuses what would copy something onto or into itself, or a file over a directory.
function* check(source, target, options) {
  const sourceStats = yield* stat(source, options, true);
  const targetStats = yield* stat(target, options, false);
  if (isSame(sourceStats, targetStats)) {
    throw failure('ERR_FS_CP_EINVAL', 'src and dest cannot be the same', target, 'EINVAL');
  }
  if (targetStats !== undefined) {
    if (sourceStats.isDirectory() && !targetStats.isDirectory()) {
      throw failure(
        'ERR_FS_CP_DIR_TO_NON_DIR',
        `cannot overwrite non-directory ${target} with directory ${source}`,
        target,
        'EISDIR',
      );
    }
    if (!sourceStats.isDirectory() && targetStats.isDirectory()) {
      throw failure(
        'ERR_FS_CP_NON_DIR_TO_DIR',
        `cannot overwrite directory ${target} with non-directory ${source}`,
        target,
        'ENOTDIR',
      );
    }
  }
  if (sourceStats.isDirectory() && isInside(path.resolve(source), path.resolve(target))) {
    throw failure('ERR_FS_CP_EINVAL', `cannot copy ${source} to a subdirectory of self ${target}`, target, 'EINVAL');
  }
  return { sourceStats, targetStats };
}

// A link above the target may lead into the source.
function* checkParents(source, sourceStats, target) {
  if (!sourceStats.isDirectory()) return;
  let parent = path.dirname(path.resolve(target));
  while (parent !== path.dirname(path.resolve(source)) && parent !== path.dirname(parent)) {
    const stats = statsFromHost(yield ['fs', 'stat', parent, false, false], false);
    if (isSame(sourceStats, stats)) {
      throw failure('ERR_FS_CP_EINVAL', `cannot copy ${source} to a subdirectory of self ${target}`, target, 'EINVAL');
    }
    parent = path.dirname(parent);
  }
}

function* copyFile(source, target, { sourceStats, targetStats }, options) {
  if (targetStats !== undefined) {
    if (!options.force) {
      if (options.errorOnExist) throw failure('ERR_FS_CP_EEXIST', `${target} already exists`, target, 'EEXIST');
      return;
    }
    yield ['fs', 'unlink', target];
  }
  yield ['fs_tree', 'copyFile', source, target, options.mode & ~kCopyExclusive];
  yield ['fs', 'chmod', target, sourceStats.mode & 0o7777];
  if (options.preserveTimestamps) {
    yield ['fs', 'utimes', target, sourceStats.atimeMs / 1000, sourceStats.mtimeMs / 1000];
  }
}

function* copyLink(source, target, { targetStats }, options) {
  let destination = yield ['fs', 'readlink', source];
  if (!options.verbatimSymlinks && !path.isAbsolute(destination)) {
    destination = path.resolve(path.dirname(source), destination);
  }
  if (targetStats === undefined) {
    yield ['fs', 'symlink', destination, target];
    return;
  }
  if (!targetStats.isSymbolicLink()) {
    yield ['fs', 'symlink', destination, target]; // fails: something else has the name
    return;
  }
  const present = path.resolve(path.dirname(target), yield ['fs', 'readlink', target]);
  const followed = yield ['fs', 'stat', source, false, false];
  if (followed !== undefined && statsFromHost(followed, false).isDirectory()) {
    if (isInside(destination, present)) {
      throw failure(
        'ERR_FS_CP_EINVAL',
        `cannot copy ${destination} to a subdirectory of self ${present}`,
        target,
        'EINVAL',
      );
    }
    if (isInside(present, destination) && present !== destination) {
      throw failure(
        'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY',
        `cannot overwrite ${present} with ${destination}`,
        target,
        'EINVAL',
      );
    }
  }
  yield ['fs', 'unlink', target];
  yield ['fs', 'symlink', destination, target];
}

function* copyDirectory(source, target, { sourceStats, targetStats }, options) {
  if (!options.recursive) {
    throw failure('ERR_FS_EISDIR', `cannot copy directory ${source}, recursive is not enabled`, source, 'EISDIR');
  }
  if (targetStats === undefined) yield ['fs_tree', 'mkdirRecursive', target, 0o777];
  else if (options.errorOnExist && !options.force) {
    throw failure('ERR_FS_CP_EEXIST', `${target} already exists`, target, 'EEXIST');
  }
  for (const name of yield ['fs_tree', 'readdir', source]) {
    const [from, to] = [path.join(source, name), path.join(target, name)];
    if (yield* isWanted(from, to, options)) yield* copyEntry(from, to, options);
  }
  if (targetStats === undefined) yield ['fs', 'chmod', target, sourceStats.mode & 0o7777];
}

// Steps are host calls in arrays, and what the user's filter returned in an object.
function* isWanted(source, target, { filter }) {
  return filter === undefined || Boolean(yield { filtered: filter(source, target) });
}

function* copyEntry(source, target, options) {
  const found = yield* check(source, target, options);
  const { sourceStats } = found;
  if (sourceStats.isDirectory()) {
    yield* copyDirectory(source, target, found, options);
  } else if (sourceStats.isSymbolicLink()) {
    yield* copyLink(source, target, found, options);
  } else if (sourceStats.isSocket()) {
    throw failure('ERR_FS_CP_SOCKET', `cannot copy a socket file: ${target}`, target, 'EINVAL');
  } else if (sourceStats.isFIFO()) {
    throw failure('ERR_FS_CP_FIFO_PIPE', `cannot copy a FIFO pipe: ${target}`, target, 'EINVAL');
  } else if (sourceStats.isFile() || sourceStats.isCharacterDevice() || sourceStats.isBlockDevice()) {
    yield* copyFile(source, target, found, options);
  } else {
    throw failure('ERR_FS_CP_UNKNOWN', `cannot copy an unknown file type: ${target}`, target, 'EINVAL');
  }
}

function* copy(source, target, options) {
  if (process.permission !== undefined) {
    const { require: needs } = internalBinding('permissions');
    needs('fs.read', source);
    needs('fs.write', target); // and not the folder of it, which is looked at first
  }
  if (!(yield* isWanted(source, target, options))) return;
  const { sourceStats } = yield* check(source, target, options);
  yield* checkParents(source, sourceStats, target);
  yield ['fs_tree', 'mkdirRecursive', path.dirname(path.resolve(target)), 0o777];
  yield* copyEntry(source, target, options);
}

function prepare(source, target, options) {
  const merged = validateOptions(options);
  const text = (value, name) => {
    const valid = getValidatedPath(value, name);
    return typeof valid === 'string' ? valid : require('buffer').Buffer.from(valid).toString();
  };
  return copy(text(source, 'src'), text(target, 'dest'), merged);
}

// -- drivers

function stepSync(step) {
  if (!Array.isArray(step)) {
    const { filtered } = step;
    if (typeof filtered?.then === 'function') throw new ERR_INVALID_RETURN_VALUE('boolean', 'filter', filtered);
    return filtered;
  }
  return host.call(...step);
}

function stepLater(step) {
  if (!Array.isArray(step)) return step.filtered;
  return host.submit(...step);
}

function cpSync(source, target, options) {
  const steps = prepare(source, target, options);
  let { done, value } = steps.next();
  while (!done) ({ done, value } = steps.next(stepSync(value)));
}

function cpLater(source, target, options) {
  const steps = prepare(source, target, options);
  return (async () => {
    let { done, value } = steps.next();
    while (!done) ({ done, value } = steps.next(await stepLater(value)));
  })();
}

module.exports = { cpLater, cpSync };
