// SPDX-License-Identifier: Apache-2.0
//
// atob and btoa (https://html.spec.whatwg.org/multipage/webappapis.html#atob).
'use strict';

const {
  codes: { ERR_MISSING_ARGS },
} = require('internal/errors');
const bytes = internalBinding('bytes');

function btoa(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const text = `${input}`;
  if (/[^\x00-\xff]/.test(text)) throw new DOMException('Invalid character', 'InvalidCharacterError');
  const view = new Uint8Array(text.length);
  bytes.latin1Write(view, text, 0, view.length);
  return bytes.base64Slice(view, 0, view.length);
}

function atob(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  let text = `${input}`.replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) {
    throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
  }
  const view = new Uint8Array((text.length * 3) >> 2);
  bytes.base64Write(view, text, 0, view.length);
  return bytes.latin1Slice(view, 0, view.length);
}

module.exports = { atob, btoa };
