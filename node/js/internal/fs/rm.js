// SPDX-License-Identifier: Apache-2.0
// fs.rm: like `rm`, `rm -r` and `rm -rf`.
'use strict';

const { validateBoolean, validateInt32, validateObject, validateUint32 } = require('internal/validators');
const { statsFromHost } = require('internal/fs/stats');
const host = require('internal/fs/host');
const { getValidatedPath } = require('internal/fs/utils');
const { SystemError } = require('internal/system_error');

const defaults = { recursive: false, force: false, retryDelay: 100, maxRetries: 0 };

function validateRetries(options) {
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

// `recursive` on rmdir is deprecated and still works.
function validateRmdirOptions(options) {
  validateObject(options, 'options');
  const merged = { ...defaults, ...options };
  validateBoolean(merged.recursive, 'options.recursive');
  return validateRetries(merged);
}

function validateRmOptions(options) {
  if (options === undefined) return defaults;
  validateObject(options, 'options');
  const merged = { ...defaults, ...options };
  validateBoolean(merged.force, 'options.force');
  validateBoolean(merged.recursive, 'options.recursive');
  return validateRetries(merged);
}

function directoryRefused(path) {
  const { EISDIR } = require('os').constants.errno;
  return new SystemError('ERR_FS_EISDIR', 'Path is a directory', {
    code: 'EISDIR',
    message: 'is a directory',
    path,
    syscall: 'rm',
    errno: EISDIR,
  });
}

function rmSync(path, options) {
  path = getValidatedPath(path);
  const { force, recursive } = validateRmOptions(options);
  const stats = statsFromHost(host.files.lstat(path, false, !force), false);
  if (stats === undefined) return;
  if (stats.isDirectory() && !recursive) throw directoryRefused(path);
  host.call('fs_tree', 'removeTree', path);
}

// Bad arguments throw at once; the rest is the promise's.
function rmLater(path, options) {
  path = getValidatedPath(path);
  const { force, recursive } = validateRmOptions(options);
  return (async () => {
    const stats = statsFromHost(await host.submit('fs', 'lstat', path, false, !force), false);
    if (stats === undefined) return;
    if (stats.isDirectory() && !recursive) throw directoryRefused(path);
    await host.submit('fs_tree', 'removeTree', path);
  })();
}

module.exports = { rmLater, rmSync, validateRmdirOptions };
