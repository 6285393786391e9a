// SPDX-License-Identifier: Apache-2.0
//
// How the reporters for people show a test.
'use strict';

const { inspect } = require('internal/util/inspect');
const { shouldColorize } = require('internal/util/colors');

const SYMBOLS = {
  '__proto__': null,
  'test:fail': '\u2716 ',
  'test:pass': '\u2714 ',
  'test:diagnostic': '\u2139 ',
  'arrow:right': '\u25B6 ',
  'hyphen:minus': '\uFE63 ',
  'warning:alert': '\u26A0 ',
};

const CODES = { __proto__: null, blue: 34, gray: 90, green: 32, red: 31, white: 39, yellow: 33 };

// The escapes that colour text, empty when it is not coloured.
function palette() {
  const coloured = shouldColorize(
    () => process.stdout,
    () => internalBinding('stdio').isatty(1)
  );
  const colors = { __proto__: null, enabled: coloured };
  for (const name of Object.keys(CODES)) colors[name] = coloured ? `\u001b[${CODES[name]}m` : '';
  return colors;
}

const indent = (nesting) => '  '.repeat(nesting);

// An error whose own inspection fails is shown without it.
function inspectError(error, options) {
  try {
    return inspect(error, options);
  } catch {
    return inspect(error, { ...options, customInspect: false });
  }
}

function formatError(error, indentation, colors) {
  const shown = error.code === 'ERR_TEST_FAILURE' ? error.cause : error;
  const text = inspectError(shown, { __proto__: null, colors: colors.enabled, breakLength: Infinity });
  return `\n${indentation}  ${text.split(/\r?\n/).join(`\n${indentation}  `)}\n`;
}

const word = (value, fallback) => (typeof value === 'string' && value.length > 0 ? value : fallback);

// The line of a test, and below it the error when it is asked for.
function formatTest(type, data, colors, { prefix = '', indentation = '', showError = true } = {}) {
  let color = { 'test:fail': colors.red, 'test:pass': colors.green }[type];
  let symbol = SYMBOLS[type];
  const { details, skip, todo, expectFailure } = data;
  let title = data.name;
  if (details?.duration_ms) title += ` ${colors.gray}(${details.duration_ms}ms)${colors.white}`;
  if (skip !== undefined) {
    color = colors.gray;
    symbol = SYMBOLS['hyphen:minus'];
    title += ` # ${word(skip, 'SKIP')}`;
  } else if (todo !== undefined) {
    if (type === 'test:fail') {
      color = colors.yellow;
      symbol = SYMBOLS['warning:alert'];
    }
    title += ` # ${word(todo, 'TODO')}`;
  } else if (expectFailure !== undefined) {
    title += ` # EXPECTED FAILURE`;
  }
  const error = showError && details?.error ? formatError(details.error, indentation, colors) : '';
  return `${prefix}${indentation}${color}${symbol}${title}${colors.white}${error}`;
}

function formatLevel(level, colors) {
  return { __proto__: null, info: colors.blue, debug: colors.gray, warn: colors.yellow, error: colors.red }[level];
}

module.exports = { formatLevel, formatTest, indent, inspectError, palette, SYMBOLS };
