// SPDX-License-Identifier: Apache-2.0
//
// MessagePort, MessageChannel, and how objects with a form of their own cross between isolates. A native port is its own
// JavaScript object: its prototype is set here.
'use strict';

const binding = internalBinding('messaging');
const {
  codes: { ERR_CONSTRUCT_CALL_INVALID, ERR_CONSTRUCT_CALL_REQUIRED, ERR_MISSING_ARGS },
} = require('internal/errors');
const {
  CustomEvent,
  defineEventHandler,
  initEventTarget,
  kCreateEvent,
  kHybridDispatch,
  kNewListener,
  kRemoveListener,
} = require('internal/event_target');
const ids = require('internal/async_ids');
const { NodeEventTarget } = require('internal/node_event_target');
const { kClone, kDeserialize, kTransfer, kTransferList, markTransferMode } = require('internal/transferable');
const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');

const { isPort: isMessagePort, methods } = binding;

const kReceivedPorts = Symbol('kReceivedPorts');

// --- Objects that cross in their own way ----------------------------------------------------------

const DOM_EXCEPTION = 'DOMException';

function takeApart(object, method) {
  if (typeof object[method] === 'function') {
    const { data, deserializeInfo } = object[method]();
    return [deserializeInfo, data];
  }
  const { message, name, stack } = object; // the engine's DOMException
  return [DOM_EXCEPTION, { message, name, stack }];
}

function putTogether(info, data) {
  if (info === DOM_EXCEPTION) {
    const exception = new DOMException(data.message, data.name);
    Object.defineProperty(exception, 'stack', {
      __proto__: null, configurable: true, enumerable: false, value: data.stack, writable: true,
    });
    return exception;
  }
  const colon = info.lastIndexOf(':');
  const id = info.slice(0, colon);
  if (!require.has(id)) throw new Error(`Missing internal module '${id}'`);
  const Class = require(id)[info.slice(colon + 1)];
  if (typeof Class?.prototype?.[kDeserialize] !== 'function') throw new Error(`Unknown deserialize spec ${info}`);
  const object = new Class();
  return object[kDeserialize](data) ?? object;
}

// --- Ports ----------------------------------------------------------------------------------------

function MessagePort() {
  throw new ERR_CONSTRUCT_CALL_INVALID();
}
Object.setPrototypeOf(MessagePort, NodeEventTarget);
Object.setPrototypeOf(MessagePort.prototype, NodeEventTarget.prototype);

// The members of an iterable; undefined when it is none.
function listOf(iterable) {
  if ((typeof iterable !== 'object' && typeof iterable !== 'function') || iterable === null) return undefined;
  if (Array.isArray(iterable)) return [...iterable];
  if (typeof iterable[Symbol.iterator] !== 'function') return undefined;
  const iterator = iterable[Symbol.iterator]();
  if (typeof iterator?.next !== 'function') return undefined;
  return [...{ [Symbol.iterator]: () => iterator }];
}

// The second argument of postMessage as an array, undefined when nothing is transferred.
function transferList(transfer) {
  if (transfer === undefined || transfer === null) return undefined;
  if (typeof transfer !== 'object' && typeof transfer !== 'function') {
    throw invalidTransfer('Optional transferList argument must be an iterable');
  }
  const direct = listOf(transfer);
  if (direct !== undefined) return withNested(direct);
  if (transfer.transfer === undefined) return undefined;
  const list = listOf(transfer.transfer);
  if (list === undefined) throw invalidTransfer('Optional options.transfer argument must be an iterable');
  return withNested(list);
}

function invalidTransfer(message) {
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_TYPE';
  internalBinding('errors').setNodeErrorMark(error, error.code);
  return error;
}

function withNested(list) {
  for (const item of list) {
    const nested = item?.[kTransferList];
    if (typeof nested === 'function') list.push(...nested.call(item));
  }
  return list;
}

const LOST = 'The target port was posted to itself, and the communication channel was lost';

class PortMethods {
  postMessage(message, transfer) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('message');
    const sent = transfer === undefined
      ? methods.postMessage.call(this, message)
      : methods.postMessage.call(this, message, transferList(transfer));
    if (sent === false) process.emitWarning(LOST);
    return sent === undefined ? undefined : true;
  }

  close(callback) {
    if (typeof callback === 'function') this.once('close', callback);
    methods.close.call(this);
  }

  [customInspectSymbol](depth, options) {
    const { inspect } = require('internal/util/inspect');
    const shown = { active: methods.isOpen.call(this), refed: methods.hasRef.call(this) };
    for (const key of Object.keys(this)) shown[key] = this[key];
    return `MessagePort [EventTarget] ${inspect(shown, options)}`;
  }

  [kCreateEvent](data, type) {
    if (type !== 'message' && type !== 'messageerror') return new CustomEvent(type, { detail: data });
    const { createFastMessageEvent } = require('internal/deps/undici/lib/web/websocket/events');
    return createFastMessageEvent(type, { data, ports: this[kReceivedPorts] });
  }
}

for (const name of Reflect.ownKeys(PortMethods.prototype)) {
  if (name === 'constructor') continue;
  Object.defineProperty(MessagePort.prototype, name, Object.getOwnPropertyDescriptor(PortMethods.prototype, name));
}
for (const name of ['start', 'ref', 'unref', 'hasRef']) {
  Object.defineProperty(MessagePort.prototype, name, {
    __proto__: null, configurable: true, enumerable: true, value: methods[name], writable: true,
  });
}
enumerable(MessagePort, 'postMessage', 'close');
setToStringTag(MessagePort, 'EventTarget');
defineEventHandler(MessagePort.prototype, 'message');
defineEventHandler(MessagePort.prototype, 'messageerror');

// Messages wait for the next listener.
function pause(port) {
  port.unref();
  methods.stop.call(port);
}

// A port keeps the loop alive, and receives, while it has listeners for `type`.
function followListeners(port, type) {
  methods.unref.call(port);
  const newListener = port[kNewListener];
  const removeListener = port[kRemoveListener];
  const hidden = { __proto__: null, configurable: true, enumerable: false, writable: true };
  Object.defineProperties(port, {
    [kNewListener]: {
      ...hidden,
      value(size, name, ...rest) {
        if (name === type && size === 1) {
          port.ref();
          methods.start.call(port);
        }
        return newListener.call(this, size, name, ...rest);
      },
    },
    [kRemoveListener]: {
      ...hidden,
      value(size, name, ...rest) {
        if (name === type && size === 0) pause(port);
        return removeListener.call(this, size, name, ...rest);
      },
    },
    [kReceivedPorts]: { ...hidden, value: undefined },
  });
}

// The same for an EventEmitter that hands on what a port receives.
function followEmitter(port, emitter, type) {
  methods.unref.call(port);
  emitter.on('newListener', (name) => {
    if (name !== type || emitter.listenerCount(type) > 0) return;
    port.ref();
    methods.start.call(port);
  });
  emitter.on('removeListener', (name) => {
    if (name === type && emitter.listenerCount(type) === 0) pause(port);
  });
}

function init() {
  initEventTarget(this);
  followListeners(this, 'message');
  ids.track?.init(this, 'MESSAGEPORT');
}

// Dispatches in the port's name, for async_hooks.
function dispatch(port, value, type) {
  const { track } = ids;
  if (track === undefined) {
    port[kHybridDispatch](value, type, undefined);
    return;
  }
  const asyncId = port[ids.kAsyncId] ?? -1; // none when it was made before anybody tracked
  track.enter(asyncId, port[ids.kTriggerId], port);
  try {
    port[kHybridDispatch](value, type, undefined);
  } finally {
    track.leave(asyncId);
  }
}

function receive(data, ports, type) {
  this[kReceivedPorts] = ports;
  try {
    dispatch(this, data, type);
  } finally {
    this[kReceivedPorts] = undefined;
  }
}

function closed() {
  dispatch(this, undefined, 'close');
  ids.track?.emitDestroy(this[ids.kAsyncId]);
}

binding.setUp(
  MessagePort.prototype,
  (object) => takeApart(object, kClone),
  (object) => takeApart(object, kTransfer),
  putTogether,
  init,
  receive,
  closed
);

// --- Channels -------------------------------------------------------------------------------------

function MessageChannel() {
  if (new.target === undefined) throw new ERR_CONSTRUCT_CALL_REQUIRED();
  [this.port1, this.port2] = binding.createChannel();
}

function checkPort(port) {
  if (!isMessagePort(port)) {
    const error = new TypeError('The "port" argument must be a MessagePort instance');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  return port;
}

// The next message without an event, undefined when there is none.
function receiveMessageOnPort(port) {
  const message = methods.receive.call(checkPort(port?.[kPort] ?? port));
  return message === undefined ? undefined : { message: message[0] };
}
const kPort = Symbol('kPort'); // of what stands for a port

function drainMessagePort(port) {
  methods.drain.call(port);
}

function markAsUntransferable(object) {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return;
  binding.markUntransferable(object);
}

function isMarkedAsUntransferable(object) {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return false;
  return binding.isUntransferable(object);
}

function markAsUncloneable(object) {
  markTransferMode(object, false, false);
}

function structuredClone(value, options) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('The value argument must be specified');
  if (options === undefined || options === null) return binding.clone(value);
  const fail = (text) => invalidTransfer(`Failed to execute 'structuredClone': ${text}`);
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw fail('Options cannot be converted to a dictionary');
  }
  const { transfer } = options;
  if (transfer === undefined) return binding.clone(value);
  const list = listOf(transfer);
  if (list === undefined) throw fail('transfer in Options cannot be converted to sequence.');
  return binding.clone(value, withNested(list));
}

module.exports = {
  checkPort,
  drainMessagePort,
  followEmitter,
  isMarkedAsUntransferable,
  isMessagePort,
  kPort,
  markAsUncloneable,
  markAsUntransferable,
  MessageChannel,
  MessagePort,
  receiveMessageOnPort,
  structuredClone,
};
