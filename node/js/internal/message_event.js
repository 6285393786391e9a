// SPDX-License-Identifier: Apache-2.0
//
// MessageEvent (https://html.spec.whatwg.org/multipage/comms.html#messageevent).
'use strict';

const { Event } = require('internal/event_target');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS },
} = require('internal/errors');
const { enumerable, kEmptyObject, setToStringTag } = require('internal/util');

function checkSource(source) {
  if (source === undefined || source === null) return null;
  if (!require('internal/worker/messaging').isMessagePort(source)) {
    throw new ERR_INVALID_ARG_TYPE('init.source', 'MessagePort', source);
  }
  return source;
}

function checkPorts(ports) {
  if (ports === undefined || ports === null) return [];
  if (typeof ports?.[Symbol.iterator] !== 'function') throw new ERR_INVALID_ARG_TYPE('init.ports', 'Iterable', ports);
  const { isMessagePort } = require('internal/worker/messaging');
  return Array.from(ports, (port, i) => {
    if (!isMessagePort(port)) throw new ERR_INVALID_ARG_TYPE(`init.ports[${i}]`, 'MessagePort', port);
    return port;
  });
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
