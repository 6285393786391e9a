// SPDX-License-Identifier: Apache-2.0
//
// util.parseArgs (https://nodejs.org/api/util.html#utilparseargsconfig).
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_VALUE,
    ERR_PARSE_ARGS_INVALID_OPTION_VALUE,
    ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL,
    ERR_PARSE_ARGS_UNKNOWN_OPTION,
  },
} = require('internal/errors');
const {
  validateArray,
  validateBoolean,
  validateBooleanArray,
  validateObject,
  validateString,
  validateStringArray,
  validateUnion,
} = require('internal/validators');

const isLoneLong = (arg) => arg.length > 2 && arg.startsWith('--') && !arg.includes('=', 3);
const isLongWithValue = (arg) => arg.length > 2 && arg.startsWith('--') && arg.includes('=', 3);
const isLoneShort = (arg) => arg.length === 2 && arg[0] === '-' && arg[1] !== '-';
const startsShort = (arg) => arg.length > 2 && arg[0] === '-' && arg[1] !== '-';
const looksLikeOption = (arg) => arg != null && arg.length > 1 && arg[0] === '-';

function longNameOf(short, options) {
  return Object.keys(options).find((name) => options[name].short === short) ?? short;
}

const typeOf = (name, options) =>
  Object.hasOwn(options, name) ? (options[name].type ?? 'boolean') : undefined;

// `-abc`: several flags, unless an earlier letter takes a value.
function isShortGroup(arg, options) {
  return startsShort(arg) && typeOf(longNameOf(arg[1], options), options) !== 'string';
}

const isShortWithValue = (arg, options) =>
  startsShort(arg) && typeOf(longNameOf(arg[1], options), options) === 'string';

// `-abc` as `-a`, `-b`, `-c`; the rest after a letter that takes a value stays with it.
function expandGroup(arg, options) {
  const expanded = [];
  for (let i = 1; i < arg.length; i++) {
    const type = typeOf(longNameOf(arg[i], options), options);
    if (type !== 'string' || i === arg.length - 1) expanded.push(`-${arg[i]}`);
    else {
      expanded.push(`-${arg.slice(i)}`);
      break;
    }
  }
  return expanded;
}

function tokenize(args, options) {
  const tokens = [];
  const rest = [...args];
  let index = -1;
  let groupLeft = 0; // arguments in `rest` that came from one in `args`
  while (rest.length > 0) {
    const arg = rest.shift();
    const next = rest[0];
    if (groupLeft > 0) groupLeft--;
    else index++;
    const option = (rawName, value, inlineValue) =>
      tokens.push({ kind: 'option', name: nameOf(rawName), rawName, index, value, inlineValue });
    const nameOf = (rawName) =>
      rawName.startsWith('--') ? rawName.slice(2) : longNameOf(rawName[1], options);
    const takesNext = (name) => typeOf(name, options) === 'string' && next !== undefined;
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (const value of rest) tokens.push({ kind: 'positional', index: ++index, value });
      return tokens;
    }
    if (isLoneShort(arg) || isLoneLong(arg)) {
      if (takesNext(nameOf(arg))) {
        option(arg, rest.shift(), false);
        if (groupLeft > 0) groupLeft--;
        else index++;
        tokens.at(-1).index = index - 1;
      } else option(arg, undefined, undefined);
    } else if (isShortGroup(arg, options)) {
      const expanded = expandGroup(arg, options);
      rest.unshift(...expanded);
      groupLeft = expanded.length;
    } else if (isShortWithValue(arg, options)) option(arg.slice(0, 2), arg.slice(2), true);
    else if (isLongWithValue(arg)) {
      const equals = arg.indexOf('=', 3);
      option(arg.slice(0, equals), arg.slice(equals + 1), true);
    } else tokens.push({ kind: 'positional', index, value: arg });
  }
  return tokens;
}

// What the user should have written in front of a value that looks like an option.
function checkOptionLikeValue({ rawName, value, inlineValue }) {
  if (inlineValue || !looksLikeOption(value)) return;
  const example = rawName.startsWith('--')
    ? `'${rawName}=-XYZ'`
    : `'--${rawName.slice(1)}=-XYZ' or '${rawName}-XYZ'`;
  throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${rawName}'?
To specify an option argument starting with a dash use ${example}.`);
}

function checkUsage(token, options, allowPositionals, allowNegative) {
  let { name } = token;
  if (!Object.hasOwn(options, name) && allowNegative && name.startsWith('no-')) name = name.slice(3);
  if (!Object.hasOwn(options, name)) throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, allowPositionals);
  const { short } = options[name];
  const shown = `${short ? `-${short}, ` : ''}--${name}`;
  const type = typeOf(name, options);
  if (type === 'string' && typeof token.value !== 'string') {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown} <value>' argument missing`);
  }
  if (type === 'boolean' && token.value != null) {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown}' does not take an argument`);
  }
}

function store(name, value, options, values, allowNegative) {
  if (name === '__proto__') return;
  if (allowNegative && value === undefined && name.startsWith('no-')) {
    name = name.slice(3);
    value = false;
  }
  const stored = value ?? true;
  if (Object.hasOwn(options, name) && options[name].multiple) {
    if (values[name]) values[name].push(stored);
    else values[name] = [stored];
  } else values[name] = stored;
}

function checkConfig(options) {
  for (const [name, option] of Object.entries(options)) {
    validateObject(option, `options.${name}`);
    validateUnion(option.type, `options.${name}.type`, ['string', 'boolean']);
    if (Object.hasOwn(option, 'short')) {
      validateString(option.short, `options.${name}.short`);
      if (option.short.length !== 1) {
        throw new ERR_INVALID_ARG_VALUE(`options.${name}.short`, option.short, 'must be a single character');
      }
    }
    if (Object.hasOwn(option, 'multiple')) validateBoolean(option.multiple, `options.${name}.multiple`);
    if (option.default === undefined) continue;
    const validators = {
      string: [validateString, validateStringArray],
      boolean: [validateBoolean, validateBooleanArray],
    };
    validators[option.type][option.multiple ? 1 : 0](option.default, `options.${name}.default`);
  }
}

// Arguments of the program: without the interpreter's.
function mainArgs() {
  return process.argv.slice(process._eval === undefined ? 2 : 1);
}

function parseArgs(config = {}) {
  const args = config.args ?? mainArgs();
  const strict = config.strict ?? true;
  const allowPositionals = config.allowPositionals ?? !strict;
  const options = config.options ?? { __proto__: null };
  const allowNegative = config.allowNegative ?? false;
  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(config.tokens ?? false, 'tokens');
  validateBoolean(allowNegative, 'allowNegative');
  validateObject(options, 'options');
  checkConfig(options);

  const result = { values: { __proto__: null }, positionals: [] };
  const tokens = tokenize(args, options);
  if (config.tokens) result.tokens = tokens;
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) {
        checkUsage(token, options, allowPositionals, allowNegative);
        checkOptionLikeValue(token);
      }
      store(token.name, token.value, options, result.values, allowNegative);
    } else if (token.kind === 'positional') {
      if (!allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      result.positionals.push(token.value);
    }
  }
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined && result.values[name] === undefined)
      result.values[name] = option.default;
  }
  return result;
}

module.exports = { parseArgs };
