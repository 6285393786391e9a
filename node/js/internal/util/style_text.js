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
    if (!plain) text = text.replaceAll(`\u001b[${codes[1]}m`, `\u001b[${codes[1]}m\u001b[${codes[0]}m`);
  }
  return plain ? text : `${open}${text}${close}`;
}

module.exports = { styleText };
