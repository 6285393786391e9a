// SPDX-License-Identifier: Apache-2.0
//
// process.emitWarning and what it prints.
'use strict';

const { getOptionValue } = require('internal/options');

let explained = false; // how to see where warnings come from

// False when it cannot be: then it goes where warnings go.
function writeToFile(file, text) {
  try {
    require('fs').appendFileSync(file, `${text}\n`);
    return true;
  } catch {
    return false;
  }
}

function write(text) {
  const file = getOptionValue('--redirect-warnings');
  if (file !== undefined && writeToFile(file, text)) return;
  const { made } = require('internal/process/stdio');
  const stream = made('stderr');
  if (stream === undefined) internalBinding('stdio').write(2, `${text}\n`);
  else stream.write(`${text}\n`);
}

function isDisabled(warning) {
  const disabled = getOptionValue('--disable-warning') ?? [];
  return disabled.includes(warning.code) || disabled.includes(warning.name);
}

function print(warning) {
  if (!(warning instanceof Error) || isDisabled(warning)) return;
  const isDeprecation = warning.name === 'DeprecationWarning';
  if (isDeprecation && process.noDeprecation) return;
  const trace =
    process.traceProcessWarnings ||
    getOptionValue('--trace-warnings') ||
    (isDeprecation && (process.traceDeprecation || getOptionValue('--trace-deprecation')));
  let text = `(${process.release.name}:${process.pid}) `;
  if (warning.code) text += `[${warning.code}] `;
  if (trace && warning.stack) text += `${warning.stack}`;
  else
    text +=
      typeof warning.toString === 'function'
        ? `${warning.toString()}`
        : Error.prototype.toString.call(warning);
  if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
  if (!trace && !explained) {
    const flag = isDeprecation ? '--trace-deprecation' : '--trace-warnings';
    text += `\n(Use \`edgejs ${flag} ...\` to show where the warning was created)`;
    explained = true;
  }
  write(text);
}

function createWarning(message, type, code, ctor, detail) {
  if (message instanceof Error) return message;
  const { validateString } = require('internal/validators');
  if (typeof message !== 'string') {
    const {
      codes: { ERR_INVALID_ARG_TYPE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], message);
  }
  if (code !== undefined) validateString(code, 'code');
  const warning = new Error(message);
  warning.name = String(type || 'Warning');
  if (code !== undefined) warning.code = code;
  if (detail !== undefined) warning.detail = detail;
  Error.captureStackTrace(warning, ctor || process.emitWarning);
  return warning;
}

function emitWarning(message, type, code, ctor) {
  let detail;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ctor = type.ctor;
    code = type.code;
    if (typeof type.detail === 'string') detail = type.detail;
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    ctor = type;
    code = '';
    type = 'Warning';
  }
  if (type !== undefined) require('internal/validators').validateString(type, 'type');
  if (typeof code === 'function') {
    ctor = code;
    code = undefined;
  }
  const warning = createWarning(message, type, code === '' ? undefined : code, ctor, detail);
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation || getOptionValue('--deprecation') === false) return;
    if (process.throwDeprecation || getOptionValue('--throw-deprecation')) {
      process.nextTick(() => {
        throw warning;
      });
      return;
    }
  }
  process.nextTick(() => process.emit('warning', warning));
}

const experiments = new Set(); // that were warned of

function emitExperimentalWarning(feature, prefix = '', ctor = emitExperimentalWarning) {
  if (experiments.has(feature)) return;
  experiments.add(feature);
  emitWarning(
    `${prefix}${feature} is an experimental feature and might change at any time`,
    'ExperimentalWarning',
    undefined,
    ctor
  );
}

// For a warning whose reason may end the program before the next tick.
function emitWarningNow(message) {
  process.emit('warning', createWarning(message, undefined, undefined, emitWarningNow));
}

module.exports = { emitExperimentalWarning, emitWarning, emitWarningNow, print };
