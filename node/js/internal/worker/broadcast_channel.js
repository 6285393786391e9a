// SPDX-License-Identifier: Apache-2.0
//
// BroadcastChannel: ports that share a name, in all threads of the process.
'use strict';

const { createBroadcastPort, methods } = internalBinding('messaging');
const {
  codes: { ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { defineEventHandler, EventTarget } = require('internal/event_target');
const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');
const { kPort } = require('internal/worker/messaging');

class BroadcastChannel extends EventTarget {
  #name;
  #isClosed = false;

  constructor(name) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    super();
    this.#name = `${name}`;
    const port = createBroadcastPort(this.#name);
    Object.defineProperty(this, kPort, { __proto__: null, configurable: true, value: port, writable: true });
    port.addEventListener('message', ({ data }) => this.#dispatch('message', data));
    port.addEventListener('messageerror', ({ data }) => this.#dispatch('messageerror', data));
    port.ref();
  }

  #dispatch(type, data) {
    if (this.#isClosed) return;
    const { createFastMessageEvent } = require('internal/deps/undici/lib/web/websocket/events');
    this.dispatchEvent(createFastMessageEvent(type, { data, origin: '' }));
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#name in value)) throw new ERR_INVALID_THIS('BroadcastChannel');
  }

  [customInspectSymbol](depth, options) {
    BroadcastChannel.#check(this);
    if (depth < 0) return 'BroadcastChannel';
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const shown = { name: this.#name, active: !this.#isClosed };
    return `BroadcastChannel ${require('internal/util/inspect').inspect(shown, nested)}`;
  }

  get name() {
    BroadcastChannel.#check(this);
    return this.#name;
  }

  close() {
    BroadcastChannel.#check(this);
    if (this.#isClosed) return;
    this.#isClosed = true;
    methods.close.call(this[kPort]);
  }

  postMessage(message) {
    BroadcastChannel.#check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('message');
    if (this.#isClosed) throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
    if (methods.postMessage.call(this[kPort], message) === undefined) {
      throw new DOMException('Message could not be posted.');
    }
  }

  ref() {
    BroadcastChannel.#check(this);
    this[kPort].ref();
    return this;
  }

  unref() {
    BroadcastChannel.#check(this);
    this[kPort].unref();
    return this;
  }
}
setToStringTag(BroadcastChannel, 'BroadcastChannel');
enumerable(BroadcastChannel, 'name', 'close', 'postMessage');
defineEventHandler(BroadcastChannel.prototype, 'message');
defineEventHandler(BroadcastChannel.prototype, 'messageerror');

module.exports = { BroadcastChannel };
