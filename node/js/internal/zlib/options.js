// SPDX-License-Identifier: Apache-2.0
// The options of zlib's three families, checked as Node checks them.
'use strict';

const { kMaxLength } = require('buffer');
const {
  codes: { ERR_BROTLI_INVALID_PARAM, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_ZSTD_INVALID_PARAM },
} = require('internal/errors');
const constants = require('internal/zlib/constants');

const {
  BROTLI_DECODE,
  BROTLI_OPERATION_EMIT_METADATA,
  BROTLI_OPERATION_FINISH,
  BROTLI_OPERATION_FLUSH,
  BROTLI_OPERATION_PROCESS,
  GUNZIP,
  GZIP,
  INFLATE,
  UNZIP,
  ZSTD_COMPRESS,
  ZSTD_DECOMPRESS,
  ZSTD_e_continue,
  ZSTD_e_end,
  ZSTD_e_flush,
  Z_BLOCK,
  Z_DEFAULT_CHUNK,
  Z_DEFAULT_COMPRESSION,
  Z_DEFAULT_MEMLEVEL,
  Z_DEFAULT_STRATEGY,
  Z_DEFAULT_WINDOWBITS,
  Z_FINISH,
  Z_FIXED,
  Z_FULL_FLUSH,
  Z_MAX_LEVEL,
  Z_MAX_MEMLEVEL,
  Z_MAX_WINDOWBITS,
  Z_MIN_CHUNK,
  Z_MIN_LEVEL,
  Z_MIN_MEMLEVEL,
  Z_MIN_WINDOWBITS,
  Z_NO_FLUSH,
} = constants;

// Numbers of a family: its flush modes, and the one that flush() without arguments means.
const deflateFamily = { none: Z_NO_FLUSH, finish: Z_FINISH, full: Z_FULL_FLUSH, last: Z_BLOCK };
const brotliFamily = {
  none: BROTLI_OPERATION_PROCESS,
  finish: BROTLI_OPERATION_FINISH,
  full: BROTLI_OPERATION_FLUSH,
  last: BROTLI_OPERATION_EMIT_METADATA,
};
const zstdFamily = { none: ZSTD_e_continue, finish: ZSTD_e_end, full: ZSTD_e_flush, last: ZSTD_e_end };

function familyOf(mode) {
  if (mode === ZSTD_COMPRESS || mode === ZSTD_DECOMPRESS) return zstdFamily;
  return mode >= BROTLI_DECODE ? brotliFamily : deflateFamily;
}

// A number in a range. Absent and NaN mean the default.
function rangeOption(value, name, low, high, fallback) {
  if (value === undefined || Number.isNaN(value)) return fallback;
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (!Number.isFinite(value)) throw new ERR_OUT_OF_RANGE(name, 'a finite number', value);
  if (value < low || value > high) throw new ERR_OUT_OF_RANGE(name, `>= ${low} and <= ${high}`, value);
  return value;
}

// chunkSize has no upper bound.
function chunkOption(value) {
  if (value === undefined || Number.isNaN(value)) return Z_DEFAULT_CHUNK;
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE('options.chunkSize', 'number', value);
  if (!Number.isFinite(value)) throw new ERR_OUT_OF_RANGE('options.chunkSize', 'a finite number', value);
  if (value < Z_MIN_CHUNK) throw new ERR_OUT_OF_RANGE('options.chunkSize', `>= ${Z_MIN_CHUNK}`, value);
  return value;
}

function isBytes(value) {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

function dictionaryOption(dictionary) {
  if (dictionary === undefined || isBytes(dictionary)) return dictionary;
  throw new ERR_INVALID_ARG_TYPE(
    'options.dictionary',
    ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'],
    dictionary,
  );
}

function windowOption(value, mode) {
  // 0: as the header of the compressed stream says.
  const byHeader = mode === INFLATE || mode === GUNZIP || mode === UNZIP;
  if (byHeader && (value === undefined || value === 0)) return 0;
  const low = mode === GZIP ? 9 : Z_MIN_WINDOWBITS;
  return rangeOption(value, 'options.windowBits', low, Z_MAX_WINDOWBITS, Z_DEFAULT_WINDOWBITS);
}

function deflateOptions(given, mode) {
  return {
    windowBits: windowOption(given.windowBits, mode),
    level: rangeOption(given.level, 'options.level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_COMPRESSION),
    memLevel: rangeOption(given.memLevel, 'options.memLevel', Z_MIN_MEMLEVEL, Z_MAX_MEMLEVEL, Z_DEFAULT_MEMLEVEL),
    strategy: rangeOption(given.strategy, 'options.strategy', Z_DEFAULT_STRATEGY, Z_FIXED, Z_DEFAULT_STRATEGY),
    dictionary: dictionaryOption(given.dictionary),
  };
}

const highest = (prefix) =>
  Math.max(...Object.entries(constants).map(([name, value]) => (name.startsWith(prefix) ? value : 0)));

// `params`: numbers by numbers. A key that says the same number in another way is one too many.
function parameters(given, prefix, InvalidParam) {
  const last = highest(prefix);
  const params = {};
  for (const key of Object.keys(given.params ?? {})) {
    const number = Number(key);
    if (Number.isNaN(number) || number < 0 || number > last || number in params) throw new InvalidParam(key);
    const value = given.params[key];
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    }
    params[number] = Number(value);
  }
  return params;
}

function hostOptions(given, mode) {
  const family = familyOf(mode);
  if (family === deflateFamily) return deflateOptions(given, mode);
  const dictionary = dictionaryOption(given.dictionary);
  if (family === brotliFamily) {
    const prefix = mode === BROTLI_DECODE ? 'BROTLI_DECODER_PARAM_' : 'BROTLI_PARAM_';
    return { params: parameters(given, prefix, ERR_BROTLI_INVALID_PARAM), dictionary };
  }
  const params = parameters(given, mode === ZSTD_COMPRESS ? 'ZSTD_c_' : 'ZSTD_d_', ERR_ZSTD_INVALID_PARAM);
  if (mode === ZSTD_DECOMPRESS) return { params, dictionary };
  const { pledgedSrcSize } = given;
  if (pledgedSrcSize < 0) {
    throw Object.assign(new TypeError('pledgedSrcSize may not be negative'), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  return { params, dictionary, pledgedSrcSize: typeof pledgedSrcSize === 'number' ? pledgedSrcSize : undefined };
}

// { chunkSize, flush, finishFlush, maxOutputLength, forHost }: what a stream or a whole buffer needs to know.
function checkOptions(options, mode) {
  const given = options ?? {};
  const { none, finish, last } = familyOf(mode);
  return {
    chunkSize: chunkOption(given.chunkSize),
    flush: rangeOption(given.flush, 'options.flush', none, last, none),
    finishFlush: rangeOption(given.finishFlush, 'options.finishFlush', none, last, finish),
    maxOutputLength: rangeOption(given.maxOutputLength, 'options.maxOutputLength', 1, kMaxLength, kMaxLength),
    forHost: hostOptions(given, mode),
  };
}

// The argument of params().
function checkParams(level, strategy) {
  return [
    rangeOption(level, 'level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_COMPRESSION),
    rangeOption(strategy, 'strategy', Z_DEFAULT_STRATEGY, Z_FIXED, Z_DEFAULT_STRATEGY),
  ];
}

module.exports = { checkOptions, checkParams, familyOf, isBytes };
