// SPDX-License-Identifier: Apache-2.0
// What every function of `child_process` does to its arguments first.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_SIGNAL },
} = require('internal/errors');
const { validateBoolean, validateObject, validateString } = require('internal/validators');

function signalNumbers() {
  return require('os').constants.signals;
}

// A signal's number; 0 only asks whether the process is there.
function convertToValidSignal(signal) {
  const numbers = signalNumbers();
  if (typeof signal === 'number' && (signal === 0 || Object.values(numbers).includes(signal))) return signal;
  if (typeof signal === 'string') {
    const number = numbers[signal.toUpperCase()];
    if (number !== undefined) return number;
  }
  throw new ERR_UNKNOWN_SIGNAL(signal);
}

function validateKillSignal(signal) {
  if (typeof signal === 'string' || typeof signal === 'number') return convertToValidSignal(signal);
  if (signal === null || signal === undefined) return undefined;
  throw new ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
}

function validateTimeout(timeout) {
  if (timeout === null || timeout === undefined) return 0;
  if (!(Number.isInteger(timeout) && timeout >= 0))
    throw new ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', timeout);
  return timeout;
}

function validateMaxBuffer(maxBuffer) {
  if (maxBuffer === null || maxBuffer === undefined) return;
  if (!(typeof maxBuffer === 'number' && maxBuffer >= 0)) {
    throw new ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer);
  }
}

function checkNoNull(value, name) {
  if (typeof value === 'string' && value.includes('\u0000')) {
    throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
  }
}

const isGiven = (value) => value !== undefined && value !== null;

// What is forbidden to this process is forbidden to its children, unless they are told otherwise.
function withPermissions(given, args) {
  const env = { ...(given || process.env) };
  const options = env.NODE_OPTIONS ?? '';
  if (args.includes('--permission') || options.includes('--permission')) return env;
  const quote = (word) => (/[ "\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word);
  env.NODE_OPTIONS = [options, ...internalBinding('permissions').options().map(quote)].join(' ').trim();
  return env;
}

// The environment as 'NAME=value'. Inherited properties count too, as in Node.
function environment(options, args) {
  const source = process.permission === undefined ? options.env || process.env : withPermissions(options.env, args);
  const pairs = [];
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    checkNoNull(key, `options.env['${key}']`);
    checkNoNull(`${value}`, `options.env['${key}']`);
    pairs.push(`${key}=${value}`);
  }
  return pairs;
}

let warned = false;

function warnAboutShellArguments() {
  if (warned) return;
  warned = true;
  process.emitWarning(
    'Passing args to a child process with shell option true can lead to security vulnerabilities, as the ' +
      'arguments are not escaped, only concatenated.',
    'DeprecationWarning',
    'DEP0190',
  );
}

function checkIds(options) {
  const { uid, gid, argv0, detached, shell, windowsHide, windowsVerbatimArguments } = options;
  if (isGiven(detached)) validateBoolean(detached, 'options.detached');
  if (isGiven(uid) && uid !== (uid | 0)) throw new ERR_INVALID_ARG_TYPE('options.uid', 'int32', uid);
  if (isGiven(gid) && gid !== (gid | 0)) throw new ERR_INVALID_ARG_TYPE('options.gid', 'int32', gid);
  if (isGiven(shell) && typeof shell !== 'boolean' && typeof shell !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], shell);
  }
  if (typeof shell === 'string') checkNoNull(shell, 'options.shell');
  if (isGiven(argv0)) {
    validateString(argv0, 'options.argv0');
    checkNoNull(argv0, 'options.argv0');
  }
  if (isGiven(windowsHide)) validateBoolean(windowsHide, 'options.windowsHide');
  if (isGiven(windowsVerbatimArguments)) validateBoolean(windowsVerbatimArguments, 'options.windowsVerbatimArguments');
}

// (file[, args][, options]) as the host wants it, `args` with argv[0] in front.
function normalizeSpawnArguments(file, args, options) {
  validateString(file, 'file');
  checkNoNull(file, 'file');
  if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  if (Array.isArray(args)) {
    args = [...args];
  } else if (!isGiven(args)) {
    args = [];
  } else if (typeof args !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
  } else {
    options = args;
    args = [];
  }
  args = args.map((arg, i) => {
    const text = `${arg}`;
    checkNoNull(text, `args[${i}]`);
    return text;
  });
  if (options === undefined) options = {};
  else validateObject(options, 'options');
  options = { __proto__: null, ...options };
  let { cwd } = options;
  if (isGiven(cwd)) {
    cwd = require('internal/fs/utils').getValidatedPath(cwd, 'options.cwd');
    if (typeof cwd !== 'string') cwd = require('buffer').Buffer.from(cwd).toString();
  }
  checkIds(options);
  let { argv0 } = options;
  if (options.shell) {
    if (args.length > 0) warnAboutShellArguments();
    args = ['-c', [file, ...args].join(' ')];
    file = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    argv0 ??= file;
  }
  return {
    __proto__: null,
    ...options,
    args: [argv0 ?? file, ...args],
    cwd: cwd || undefined,
    detached: Boolean(options.detached),
    envPairs: environment(options, args),
    file,
    gid: isGiven(options.gid) ? options.gid : undefined,
    uid: isGiven(options.uid) ? options.uid : undefined,
  };
}

// What spawnSync writes to the child: bytes, or text in the encoding that output is asked for in.
function stringToBytes(input, encoding, name) {
  if (ArrayBuffer.isView(input)) return input;
  if (typeof input === 'string') {
    return require('buffer').Buffer.from(input, encoding === 'buffer' ? undefined : encoding);
  }
  throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView', 'string'], input);
}

// A copy that JavaScript may hand to the host: what it needs and nothing else.
function hostOptions(options, stdio) {
  const { file, args, envPairs, cwd, detached, uid, gid } = options;
  return { __proto__: null, file, args, env: envPairs, cwd, detached: Boolean(detached), uid, gid, stdio };
}

// The number's name; null for 0, which is no signal.
function signalName(number) {
  const numbers = signalNumbers();
  return Object.keys(numbers).find((name) => numbers[name] === number) ?? null;
}

module.exports = {
  checkNoNull,
  convertToValidSignal,
  hostOptions,
  isGiven,
  normalizeSpawnArguments,
  signalName,
  stringToBytes,
  validateKillSignal,
  validateMaxBuffer,
  validateTimeout,
};
