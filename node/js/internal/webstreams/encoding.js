// SPDX-License-Identifier: Apache-2.0
// TextEncoderStream and TextDecoderStream.
'use strict';

const { customInspectSymbol, enumerable, kEmptyObject, setToStringTag } = require('internal/util');
const { TextDecoder } = require('internal/encoding');
const { TransformStream } = require('internal/webstreams/transform');
const bytes = internalBinding('bytes');

function show(stream, isOwn, name, fields, depth, options) {
  if (!isOwn) {
    const {
      codes: { ERR_INVALID_THIS },
    } = require('internal/errors');
    throw new ERR_INVALID_THIS(name);
  }
  if (depth < 0) return stream;
  const { inspect } = require('internal/util/inspect');
  const shown = Object.fromEntries(fields.map((field) => [field, stream[field]]));
  return `${name} ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
}

class TextEncoderStream {
  #pendingHighSurrogate = '';
  #transform;

  constructor() {
    this.#transform = new TransformStream({
      transform: (chunk, controller) => {
        const encoded = this.#encode(`${chunk}`);
        if (encoded.length > 0) controller.enqueue(encoded);
      },
      flush: (controller) => {
        if (this.#pendingHighSurrogate !== '') controller.enqueue(bytes.encodeUtf8('\uFFFD'));
      },
    });
  }

  // A surrogate pair may be cut between two chunks.
  #encode(chunk) {
    let text = this.#pendingHighSurrogate + chunk;
    this.#pendingHighSurrogate = '';
    const last = text.charCodeAt(text.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#pendingHighSurrogate = text.at(-1);
      text = text.slice(0, -1);
    }
    return bytes.encodeUtf8(text);
  }

  get encoding() {
    this.#transform; // throws for another `this`
    return 'utf-8';
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    const isOwn = this != null && #transform in this;
    return show(this, isOwn, 'TextEncoderStream', ['encoding', 'readable', 'writable'], depth, options);
  }
}
setToStringTag(TextEncoderStream, 'TextEncoderStream');
enumerable(TextEncoderStream, 'encoding', 'readable', 'writable');

class TextDecoderStream {
  #decoder;
  #transform;

  constructor(encoding = 'utf-8', options = kEmptyObject) {
    const decoder = new TextDecoder(encoding, options);
    this.#decoder = decoder;
    this.#transform = new TransformStream({
      transform(chunk, controller) {
        if (chunk === undefined) throw new TypeError('chunk is undefined');
        const text = decoder.decode(chunk, { stream: true });
        if (text !== '') controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text !== '') controller.enqueue(text);
      },
    });
  }

  get encoding() {
    return this.#decoder.encoding;
  }

  get fatal() {
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    return this.#decoder.ignoreBOM;
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    const isOwn = this != null && #transform in this;
    const fields = ['encoding', 'fatal', 'ignoreBOM', 'readable', 'writable'];
    return show(this, isOwn, 'TextDecoderStream', fields, depth, options);
  }
}
setToStringTag(TextDecoderStream, 'TextDecoderStream');
enumerable(TextDecoderStream, 'encoding', 'fatal', 'ignoreBOM', 'readable', 'writable');

module.exports = { TextDecoderStream, TextEncoderStream };
