// SPDX-License-Identifier: Apache-2.0
//
// module.enableCompileCache and its companions: a folder of the program's choice for what the user's own cache holds
// otherwise. Functions are compiled whole, so each is written when it is compiled; nothing is left for a flush.
'use strict';

const binding = internalBinding('code_cache');
const { get } = internalBinding('environment');
const { resolve } = require('internal/modules/paths');

const compileCacheStatus = { __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 };
const constants = { __proto__: null, compileCacheStatus };

let enabled; // the folder

function debug(message) {
  if (get('NODE_DEBUG_NATIVE')?.includes('COMPILE_CACHE'))
    internalBinding('stdio').write(2, `[compile cache] ${message}\n`);
}

function folderName() {
  const build = binding.build.slice(0, 8);
  return `${process.version}-${process.arch}-${build}-${process.getuid?.() ?? 0}`;
}

function refusedAccess(folder) {
  for (const access of process.permission === undefined ? [] : ['write', 'read']) {
    if (!process.permission.has(`fs.${access}`, folder))
      return `Skipping compile cache because ${access} permission for ${folder} is not granted`;
  }
  return undefined;
}

const cannotCreate = (why) => (why === null ? undefined : `Cannot create cache directory: ${why}`);

function enableCompileCache(options) {
  let { directory = undefined, portable = undefined } =
    typeof options === 'object' && options !== null ? options : { directory: options };
  if (directory === undefined) directory = get('NODE_COMPILE_CACHE') || `${require('os').tmpdir()}/node-compile-cache`;
  if (typeof directory !== 'string') {
    const error = new TypeError('cacheDir should be a string');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  if (enabled !== undefined) return { status: compileCacheStatus.ALREADY_ENABLED, directory: enabled };
  if (get('NODE_DISABLE_COMPILE_CACHE')) {
    const message = 'Disabled by NODE_DISABLE_COMPILE_CACHE';
    debug(`${message}.`);
    return { status: compileCacheStatus.DISABLED, message };
  }
  const base = resolve(directory);
  const folder = `${base}/${folderName()}`;
  debug(`resolved path ${directory} + ${folderName()} -> ${folder}`);
  portable ??= get('NODE_COMPILE_CACHE_PORTABLE') === '1';
  const failure = refusedAccess(folder) ?? cannotCreate(binding.choose(folder, portable));
  if (failure !== undefined) {
    debug(failure);
    return { status: compileCacheStatus.FAILED, message: failure };
  }
  enabled = folder;
  return { status: compileCacheStatus.ENABLED, directory: base };
}

const getCompileCacheDir = () => enabled;

function flushCompileCache() {
  debug('module.flushCompileCache() finished.');
}

module.exports = { constants, enableCompileCache, flushCompileCache, getCompileCacheDir };
