// SPDX-License-Identifier: Apache-2.0
// What the many forms of connect() and listen() mean.
'use strict';

const kNormalized = Symbol('normalizedArgs');

// A number that is none below zero, or false.
function toNumber(value) {
  const number = Number(value);
  return number >= 0 ? number : false;
}

// A path, as opposed to a port written as text.
function isPipeName(value) {
  return typeof value === 'string' && toNumber(value) === false;
}

// (options[, cb]), (path[, cb]) or ([port][, host][…][, cb]) as [options, cb]; cb is null when there is none.
function normalizeArgs(args) {
  let options = {};
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) options = first;
  else if (isPipeName(first)) options.path = first;
  else if (args.length > 0) {
    options.port = first;
    if (args.length > 1 && typeof second === 'string') options.host = second;
  }
  const callback = args.at(-1);
  const normalized = [options, typeof callback === 'function' ? callback : null];
  normalized[kNormalized] = true;
  return normalized;
}

// What was normalized already, or is now.
function normalized(args) {
  return Array.isArray(args[0]) && args[0][kNormalized] ? args[0] : normalizeArgs(args);
}

module.exports = { isPipeName, normalizeArgs, normalized, toNumber };
