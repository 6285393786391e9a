// SPDX-License-Identifier: Apache-2.0
//
// MessageEvent (https://html.spec.whatwg.org/multipage/comms.html#messageevent).
'use strict';

const { Event } = require('internal/event_target');
const {
  codes: { ERR_INVALID_THIS },
} = require('internal/errors');
const { enumerable, kEmptyObject, setToStringTag } = require('internal/util');

const show = (value) => {
  if (typeof value === 'symbol') return String(value);
  if (typeof value === 'object' && value !== null) return require('internal/util/inspect').inspect(value);
  return `"${value}"`;
};

function checkPort(value, what) {
  if (require('internal/worker/messaging').isMessagePort(value)) return value;
  const shown = typeof value === 'object' && value !== null ? `"${show(value)}"` : show(value);
  throw new TypeError(
    `MessageEvent constructor: Expected eventInitDict.${what} (${shown}) to be an instance of MessagePort.`
  );
}

function checkSource(source) {
  return source === undefined || source === null ? null : checkPort(source, 'source');
}

function checkPorts(ports) {
  if (ports === undefined) return [];
  if (ports === null || typeof ports[Symbol.iterator] !== 'function') {
    throw new TypeError(`MessageEvent constructor: eventInitDict.ports (${String(ports)}) is not iterable.`);
  }
  return Array.from(ports, (port, i) => checkPort(port, `ports[${i}]`));
}

class MessageEvent extends Event {
  #data;
  #origin;
  #lastEventId;
  #source;
  #ports;

  constructor(type, init = kEmptyObject) {
    super(...arguments);
    this.#fill(init ?? kEmptyObject);
  }

  #fill({ data = null, origin = '', lastEventId = '', source, ports }) {
    this.#data = data;
    this.#origin = `${origin}`;
    this.#lastEventId = `${lastEventId}`;
    this.#source = checkSource(source);
    this.#ports = Object.freeze(checkPorts(ports));
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#data in value)) throw new ERR_INVALID_THIS('MessageEvent');
  }

  get data() {
    MessageEvent.#check(this);
    return this.#data;
  }

  get origin() {
    MessageEvent.#check(this);
    return this.#origin;
  }

  get lastEventId() {
    MessageEvent.#check(this);
    return this.#lastEventId;
  }

  get source() {
    MessageEvent.#check(this);
    return this.#source;
  }

  get ports() {
    MessageEvent.#check(this);
    return this.#ports;
  }

  initMessageEvent(type, bubbles, cancelable, data = null, origin = '', lastEventId = '', source = null, ports = []) {
    MessageEvent.#check(this);
    this.initEvent(type, bubbles, cancelable);
    this.#fill({ data, origin, lastEventId, source, ports });
  }
}
setToStringTag(MessageEvent, 'MessageEvent');
enumerable(MessageEvent, 'data', 'origin', 'lastEventId', 'source', 'ports', 'initMessageEvent');

module.exports = { MessageEvent };
