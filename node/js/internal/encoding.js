// SPDX-License-Identifier: Apache-2.0
//
// TextEncoder and TextDecoder (https://encoding.spec.whatwg.org). UTF-8, UTF-16 and windows-1252 are decoded here, the
// legacy encodings in internal/encoding/legacy.
'use strict';

const {
  codes: {
    ERR_ENCODING_INVALID_ENCODED_DATA,
    ERR_ENCODING_NOT_SUPPORTED,
    ERR_INVALID_ARG_TYPE,
  },
} = require('internal/errors');
const { customInspectSymbol, enumerable, kEmptyObject, setToStringTag } = require('internal/util');
const { isAnyArrayBuffer, isUint8Array } = require('internal/util/types');
const { kValidateObjectAllowObjectsAndNull, validateObject, validateString } = require('internal/validators');
const bytes = internalBinding('bytes');

const LABELS = {
  'utf-8': ['unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'utf-8', 'utf8', 'x-unicode20utf8'],
  'utf-16le': ['csunicode', 'iso-10646-ucs-2', 'ucs-2', 'unicode', 'unicodefeff', 'utf-16', 'utf-16le'],
  'utf-16be': ['unicodefffe', 'utf-16be'],
  'windows-1252': ['ansi_x3.4-1968', 'ascii', 'cp1252', 'cp819', 'csisolatin1', 'ibm819', 'iso-8859-1', 'iso-ir-100',
    'iso8859-1', 'iso88591', 'iso_8859-1', 'iso_8859-1:1987', 'l1', 'latin1', 'us-ascii', 'windows-1252', 'x-cp1252'],
};
const ENCODING_OF = new Map(Object.keys(LABELS).flatMap((name) => LABELS[name].map((label) => [label, name])));

// Bytes 0x80 to 0x9F of windows-1252.
const WINDOWS_1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

// Lower case of ASCII only: KELVIN SIGN is no `k`.
function getEncodingFromLabel(label) {
  const name = `${label}`
    .replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '')
    .replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
  return ENCODING_OF.get(name) ?? require('internal/encoding/legacy').findEncoding(name);
}

class TextEncoder {
  #encoding = 'utf-8';

  get encoding() {
    return this.#encoding;
  }

  encode(input = '') {
    if (!(#encoding in this)) throw thisError('TextEncoder');
    return bytes.encodeUtf8(`${input}`);
  }

  encodeInto(source, destination) {
    if (!(#encoding in this)) throw thisError('TextEncoder');
    validateString(source, 'src');
    if (!isUint8Array(destination)) {
      throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', destination);
    }
    const [read, written] = bytes.encodeInto(source, destination);
    return { read, written };
  }

  [customInspectSymbol](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = { __proto__: { constructor: TextEncoder }, encoding: this.#encoding };
    return require('internal/util/inspect').inspect(shown, options);
  }
}
setToStringTag(TextEncoder, 'TextEncoder');
enumerable(TextEncoder, 'encode', 'encodeInto', 'encoding');

function thisError(name) {
  const { codes: { ERR_INVALID_THIS } } = require('internal/errors');
  return new ERR_INVALID_THIS(name);
}

function viewOf(input) {
  if (input === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (isAnyArrayBuffer(input)) return new Uint8Array(input);
  throw new ERR_INVALID_ARG_TYPE('list', 'an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.', input);
}

function join(first, second) {
  if (first.length === 0) return second;
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

// How many bytes at the end wait for more: an unfinished character or the first half of a surrogate pair.
function incomplete(encoding, view) {
  if (encoding === 'utf-8') return bytes.incompleteUtf8(view);
  if (encoding === 'windows-1252') return 0;
  const odd = view.length % 2;
  const last = view.length - odd - 2;
  if (last < 0) return odd;
  const high = view[encoding === 'utf-16le' ? last + 1 : last];
  return (high & 0xFC) === 0xD8 ? odd + 2 : odd;
}

function decodeUtf16(view, isLittle, fatal) {
  let source = view;
  if (!isLittle) {
    source = view.slice(0, view.length & ~1);
    bytes.swap16(source);
  }
  const text = bytes.ucs2Slice(source, 0, source.length);
  const odd = view.length % 2 === 1;
  if (fatal && (odd || !text.isWellFormed())) return null;
  return text.toWellFormed() + (odd ? '\uFFFD' : '');
}

function decodeLatin1(view) {
  return bytes.latin1Slice(view, 0, view.length)
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]);
}

const EMPTY = new Uint8Array(0);

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #legacy; // decodes a legacy encoding, and remembers what is cut
  #pending = EMPTY;
  #bomSeen = false;

  constructor(encoding = 'utf-8', options = kEmptyObject) {
    const name = getEncodingFromLabel(encoding);
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    if (name === undefined) throw new ERR_ENCODING_NOT_SUPPORTED(encoding);
    this.#encoding = name;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
    if (LABELS[name] === undefined) {
      this.#legacy = require('internal/encoding/legacy').createDecoder(name, this.#fatal);
    }
  }

  get encoding() {
    return this.#encoding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(input = undefined, options = kEmptyObject) {
    if (!(#encoding in this)) throw thisError('TextDecoder');
    const view = viewOf(input);
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    if (this.#legacy !== undefined) return this.#decodeLegacy(view, Boolean(options?.stream));
    if (!options?.stream) return this.#finish(join(this.#pending, view));
    const whole = join(this.#pending, view);
    const end = whole.length - incomplete(this.#encoding, whole);
    this.#pending = whole.slice(end);
    return this.#decode(whole.subarray(0, end));
  }

  #decodeLegacy(view, stream) {
    const text = this.#legacy(view, stream);
    if (text === null) throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding, undefined);
    return text;
  }

  #finish(view) {
    this.#pending = EMPTY;
    const text = this.#decode(view);
    this.#bomSeen = false;
    return text;
  }

  #decode(view) {
    let text;
    if (this.#encoding === 'utf-8') text = bytes.decodeUtf8(view, true, this.#fatal);
    else if (this.#encoding === 'windows-1252') text = decodeLatin1(view);
    else text = decodeUtf16(view, this.#encoding === 'utf-16le', this.#fatal);
    if (text === null) {
      this.#pending = EMPTY;
      this.#bomSeen = false;
      throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding, undefined);
    }
    // The byte order mark counts at the very start only.
    if (text.length === 0 || this.#bomSeen || this.#encoding === 'windows-1252') return text;
    this.#bomSeen = true;
    return !this.#ignoreBOM && text.charCodeAt(0) === 0xFEFF ? text.slice(1) : text;
  }

  [customInspectSymbol](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      __proto__: { constructor: TextDecoder },
      encoding: this.#encoding,
      fatal: this.#fatal,
      ignoreBOM: this.#ignoreBOM,
    };
    return require('internal/util/inspect').inspect(shown, options);
  }
}
setToStringTag(TextDecoder, 'TextDecoder');
enumerable(TextDecoder, 'decode', 'encoding', 'fatal', 'ignoreBOM');

module.exports = { getEncodingFromLabel, TextDecoder, TextEncoder };
