// SPDX-License-Identifier: Apache-2.0
//
// An EventTarget that also has the methods of an EventEmitter: what MessagePort inherits from. Listeners that `on` added
// get the value itself, those of addEventListener an event with it.
'use strict';

const target = require('internal/event_target');
const { enumerable, setToStringTag } = require('internal/util');

const { EventTarget, kIsNodeStyleListener } = target;

class NodeEventTarget extends EventTarget {
  setMaxListeners(n) {
    require('events').setMaxListeners(n, this);
  }

  getMaxListeners() {
    return target.maxListenersOf(this);
  }

  eventNames() {
    return target.typesOf(this);
  }

  listenerCount(type) {
    return target.listenersOf(this, type).length;
  }

  off(type, listener, options) {
    this.removeEventListener(type, listener, options);
    return this;
  }

  removeListener(type, listener, options) {
    this.removeEventListener(type, listener, options);
    return this;
  }

  on(type, listener) {
    this.addEventListener(type, listener, { [kIsNodeStyleListener]: true });
    return this;
  }

  addListener(type, listener) {
    this.addEventListener(type, listener, { [kIsNodeStyleListener]: true });
    return this;
  }

  emit(type, value) {
    require('internal/validators').validateString(type, 'type');
    const hadListeners = this.listenerCount(type) > 0;
    this[target.kHybridDispatch](value, type);
    return hadListeners;
  }

  once(type, listener) {
    this.addEventListener(type, listener, { once: true, [kIsNodeStyleListener]: true });
    return this;
  }

  removeAllListeners(type) {
    for (const name of type === undefined ? target.typesOf(this) : [type]) {
      for (const listener of target.listenersOf(this, name)) {
        this.removeEventListener(name, listener);
        this.removeEventListener(name, listener, { capture: true });
      }
    }
    return this;
  }
}
setToStringTag(NodeEventTarget, 'EventTarget');
enumerable(NodeEventTarget, 'setMaxListeners', 'getMaxListeners', 'eventNames', 'listenerCount', 'off',
  'removeListener', 'on', 'addListener', 'emit', 'once', 'removeAllListeners');

module.exports = { NodeEventTarget };
