// SPDX-License-Identifier: Apache-2.0
'use strict';

const { inspect } = require('internal/util/inspect');
const { validateBoolean, validateOneOf, validateString } = require('internal/validators');

function isStream(stream) {
  return (
    typeof stream?.write === 'function' ||
    typeof stream?.pipe === 'function' ||
    typeof stream?.getReader === 'function'
  );
}

// Inside of a style, where another ends that is ended by the same code, the style goes on; not at the end of the text.
function startAgain(text, [open, close]) {
  const ending = `\u001b[${close}m`;
  const beginning = `\u001b[${open}m`;
  const body = text.endsWith(ending) ? text.slice(0, -ending.length) : text;
  // Bold and dim are ended by one code, and may both be on.
  const between = close === BOLD_OR_DIM_OFF ? ending + beginning : beginning;
  return body.replaceAll(ending, between) + text.slice(body.length);
}

const BOLD_OR_DIM_OFF = 22;

// util.styleText: text in the escape codes of `format`, a name of util.inspect.colors or several.
function styleText(format, text, { validateStream = true, stream = process.stdout } = {}) {
  validateString(text, 'text');
  validateBoolean(validateStream, 'options.validateStream');
  let plain = false;
  if (validateStream) {
    if (!isStream(stream)) {
      const {
        codes: { ERR_INVALID_ARG_TYPE },
      } = require('internal/errors');
      throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }
    plain = !require('internal/util/colors').shouldColorize(
      () => stream,
      () => Boolean(stream.isTTY)
    );
  }
  let open = '';
  let close = '';
  for (const name of Array.isArray(format) ? format : [format]) {
    if (name === 'none') continue;
    const codes = inspect.colors[name];
    if (codes === undefined) validateOneOf(name, 'format', Object.getOwnPropertyNames(inspect.colors));
    open += `\u001b[${codes[0]}m`;
    close = `\u001b[${codes[1]}m${close}`;
    // A style that ends inside the text starts again after it.
    if (!plain) text = startAgain(text, codes);
  }
  return plain ? text : `${open}${text}${close}`;
}

module.exports = { styleText };
