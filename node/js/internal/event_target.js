// SPDX-License-Identifier: Apache-2.0
//
// Event, EventTarget and CustomEvent (https://dom.spec.whatwg.org/#events).
'use strict';

const {
  codes: { ERR_EVENT_RECURSION, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, enumerable, kEmptyObject, setToStringTag } = require('internal/util');

const kIsEventTarget = Symbol.for('nodejs.event_target');
const kListeners = Symbol('kListeners');
const kHandlers = Symbol('kHandlers');
const kTarget = Symbol('kTarget');
const kIsBeingDispatched = Symbol('kIsBeingDispatched');
const kStop = Symbol('kStop');
const kInPassiveListener = Symbol('kInPassiveListener');
const kResistStopPropagation = Symbol('kResistStopPropagation');
const kTrustEvent = Symbol('kTrustEvent');
const kNewListener = Symbol('kNewListener');
const kRemoveListener = Symbol('kRemoveListener');
const kMaxListeners = Symbol('kMaxListeners');
const kIsNodeStyleListener = Symbol('kIsNodeStyleListener');
const kCreateEvent = Symbol('kCreateEvent');
const kHybridDispatch = Symbol.for('nodejs.internal.kHybridDispatch');

const defaultMaxListeners = 10;

function checkDictionary(value, name) {
  if (value !== null && value !== undefined && typeof value !== 'object' && typeof value !== 'function') {
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
  }
}

const isTrustedSet = new WeakSet();
const isTrusted = Object.getOwnPropertyDescriptor(
  {
    get isTrusted() {
      return isTrustedSet.has(this);
    },
  },
  'isTrusted'
).get;

class Event {
  #type;
  #bubbles;
  #cancelable;
  #composed;
  #defaultPrevented = false;
  #propagationStopped = false;
  #timeStamp = internalBinding('process_methods').uptime() * 1000;
  [kTarget] = null;
  [kIsBeingDispatched] = false;
  [kStop] = false;
  [kInPassiveListener] = false;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    checkDictionary(options, 'options');
    this.#type = `${type}`;
    this.#bubbles = Boolean(options?.bubbles);
    this.#cancelable = Boolean(options?.cancelable);
    this.#composed = Boolean(options?.composed);
    for (const key of [kTarget, kIsBeingDispatched, kStop, kInPassiveListener]) {
      Object.defineProperty(this, key, { __proto__: null, enumerable: false });
    }
    if (options?.[kTrustEvent]) isTrustedSet.add(this);
  }

  [customInspectSymbol](depth, options) {
    const { inspect } = require('internal/util/inspect');
    const name = this.constructor.name;
    if (depth < 0) return name;
    return `${name} ${inspect(
      {
        type: this.#type,
        defaultPrevented: this.#defaultPrevented,
        cancelable: this.#cancelable,
        timeStamp: this.#timeStamp,
      },
      { ...options, depth: Number.isInteger(options.depth) ? options.depth - 1 : options.depth }
    )}`;
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (this[kIsBeingDispatched]) return;
    this.#type = `${type}`;
    this.#bubbles = Boolean(bubbles);
    this.#cancelable = Boolean(cancelable);
  }

  stopImmediatePropagation() {
    // Listeners of streams' own signals run even then.
    this.stopPropagation();
    this[kStop] = true;
  }

  preventDefault() {
    if (this[kInPassiveListener]) return;
    this.#defaultPrevented = this.#cancelable;
  }

  get target() {
    return this[kTarget];
  }

  get currentTarget() {
    return this[kIsBeingDispatched] ? this[kTarget] : null;
  }

  get srcElement() {
    return this[kTarget];
  }

  get type() {
    return this.#type;
  }

  get cancelable() {
    return this.#cancelable;
  }

  get defaultPrevented() {
    return this.#cancelable && this.#defaultPrevented;
  }

  get timeStamp() {
    return this.#timeStamp;
  }

  composedPath() {
    return this[kIsBeingDispatched] ? [this[kTarget]] : [];
  }

  get returnValue() {
    return !this.#cancelable || !this.#defaultPrevented;
  }

  set returnValue(value) {
    if (!value) this.preventDefault();
  }

  get bubbles() {
    return this.#bubbles;
  }

  get composed() {
    return this.#composed;
  }

  get eventPhase() {
    return this[kIsBeingDispatched] ? Event.AT_TARGET : Event.NONE;
  }

  get cancelBubble() {
    return this.#propagationStopped;
  }

  set cancelBubble(value) {
    if (value) this.#propagationStopped = true;
  }

  stopPropagation() {
    this.#propagationStopped = true;
  }

  static NONE = 0;
  static CAPTURING_PHASE = 1;
  static AT_TARGET = 2;
  static BUBBLING_PHASE = 3;
}
for (const name of ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE']) {
  const constant = {
    __proto__: null,
    configurable: false,
    enumerable: true,
    value: Event[name],
    writable: false,
  };
  Object.defineProperty(Event, name, constant);
  Object.defineProperty(Event.prototype, name, constant);
}
Object.defineProperty(Event.prototype, 'isTrusted', {
  __proto__: null,
  configurable: false,
  enumerable: true,
  get: isTrusted,
});
setToStringTag(Event, 'Event');
enumerable(
  Event,
  'initEvent',
  'stopImmediatePropagation',
  'preventDefault',
  'target',
  'currentTarget',
  'srcElement',
  'type',
  'cancelable',
  'defaultPrevented',
  'timeStamp',
  'composedPath',
  'returnValue',
  'bubbles',
  'composed',
  'eventPhase',
  'cancelBubble',
  'stopPropagation'
);

class CustomEvent extends Event {
  #detail;

  constructor(type, options = kEmptyObject) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this.#detail = options?.detail ?? null;
  }

  get detail() {
    return this.#detail;
  }
}
setToStringTag(CustomEvent, 'CustomEvent');
enumerable(CustomEvent, 'detail');

function flagsOf(options) {
  if (typeof options === 'boolean') return { capture: options };
  if (options === null || options === undefined) return {};
  checkDictionary(options, 'options');
  return {
    once: Boolean(options.once),
    capture: Boolean(options.capture),
    passive: Boolean(options.passive),
    signal: options.signal,
    isNodeStyle: Boolean(options[kIsNodeStyleListener]),
    resists: Boolean(options[kResistStopPropagation]),
  };
}

// Null is a listener that does nothing; what is no object is an error.
function isListener(listener) {
  if (typeof listener === 'function' || typeof listener?.handleEvent === 'function') return true;
  if (listener === null || listener === undefined) return false;
  if (typeof listener === 'object') return true;
  throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

function checkThis(value) {
  if (!value?.[kIsEventTarget] || !(kListeners in value)) throw new ERR_INVALID_THIS('EventTarget');
}

function initEventTarget(target) {
  const hidden = { __proto__: null, configurable: true, enumerable: false, writable: true };
  Object.defineProperties(target, {
    [kListeners]: { ...hidden, value: new Map() },
    [kHandlers]: { ...hidden, value: new Map() },
    [kMaxListeners]: { ...hidden, value: undefined },
  });
}

function warnLeak(target, type, size, max) {
  const warning = new Error(
    `Possible EventTarget memory leak detected. ${size} ${type} listeners added to ` +
      `${require('internal/util/inspect').inspect(target, { depth: -1 })}. MaxListeners is ${max}. ` +
      'Use events.setMaxListeners() to increase limit'
  );
  warning.name = 'MaxListenersExceededWarning';
  warning.target = target;
  warning.type = type;
  warning.count = size;
  process.emitWarning(warning);
}

function reportError(error) {
  process.nextTick(() => {
    throw error;
  });
}

// Calls one listener with an event, or with the value that one of NodeEventTarget's `on` wants in its place; what it
// throws, or rejects with, is an uncaught error and stops nobody.
function callListener(target, entry, argument) {
  const { callback } = entry;
  const run = typeof callback === 'function' ? callback : callback.handleEvent;
  try {
    const result = Reflect.apply(run, typeof callback === 'function' ? target : callback, [argument]);
    if (result !== null && result !== undefined && typeof result.then === 'function') {
      result.then(undefined, reportError);
    }
  } catch (error) {
    reportError(error);
  }
}

function removeEntry(target, type, entries, index) {
  const [entry] = entries.splice(index, 1);
  entry.removed = true;
  if (entries.length === 0) target[kListeners].delete(type);
  target[kRemoveListener](entries.length, type, entry.callback, entry.capture);
}

class EventTarget {
  static [kIsEventTarget] = true;

  constructor() {
    initEventTarget(this);
  }

  [kNewListener](size, type) {
    const max = this[kMaxListeners] ?? defaultMaxListeners;
    if (max > 0 && size > max && !this[kListeners].get(type).warned) {
      this[kListeners].get(type).warned = true;
      warnLeak(this, type, size, max);
    }
  }

  [kRemoveListener]() {}

  addEventListener(type, listener, options = kEmptyObject) {
    checkThis(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    const flags = flagsOf(options);
    if (flags.signal !== undefined) {
      require('internal/validators').validateAbortSignal(flags.signal, 'options.signal');
    }
    if (!isListener(listener)) {
      const warning = new Error(`addEventListener called with ${listener} which has no effect.`);
      warning.name = 'AddEventListenerArgumentTypeWarning';
      warning.target = this;
      warning.type = type;
      process.emitWarning(warning);
      return;
    }
    type = `${type}`;
    if (flags.signal?.aborted) return;
    const entries = this[kListeners].get(type) ?? [];
    if (entries.some((entry) => entry.callback === listener && entry.capture === Boolean(flags.capture)))
      return;
    const entry = {
      callback: listener,
      capture: Boolean(flags.capture),
      once: Boolean(flags.once),
      passive: Boolean(flags.passive),
      isNodeStyle: Boolean(flags.isNodeStyle),
      resists: Boolean(flags.resists), // runs although the propagation was stopped
      removed: false,
    };
    entries.push(entry);
    this[kListeners].set(type, entries);
    flags.signal?.addEventListener('abort', () => this.removeEventListener(type, listener, options), {
      once: true,
    });
    this[kNewListener](entries.length, type, listener, entry.once, entry.capture);
  }

  removeEventListener(type, listener, options = kEmptyObject) {
    checkThis(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    if (!isListener(listener)) return;
    type = `${type}`;
    const capture = typeof options === 'boolean' ? options : Boolean(options?.capture);
    const entries = this[kListeners].get(type);
    const index =
      entries?.findIndex((entry) => entry.callback === listener && entry.capture === capture) ?? -1;
    if (index !== -1) removeEntry(this, type, entries, index);
  }

  dispatchEvent(event) {
    checkThis(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('event');
    if (!(event instanceof Event)) throw new ERR_INVALID_ARG_TYPE('event', 'Event', event);
    if (event[kIsBeingDispatched]) throw new ERR_EVENT_RECURSION(event.type);
    this[kHybridDispatch](event, event.type, event);
    return !event.defaultPrevented;
  }

  // Without an `event` one is made of `value`, for the first listener that wants it.
  [kHybridDispatch](value, type, event) {
    const entries = this[kListeners].get(type);
    const begin = (begun) => {
      begun[kTarget] = this;
      begun[kIsBeingDispatched] = true;
      return begun;
    };
    if (event !== undefined) begin(event);
    if (entries !== undefined) {
      for (const entry of entries.slice()) {
        if (entry.removed || (event?.[kStop] && !entry.resists)) continue;
        if (entry.once) removeEntry(this, type, entries, entries.indexOf(entry));
        if (!entry.isNodeStyle) event ??= begin(this[kCreateEvent](value, type));
        if (entry.passive) event[kInPassiveListener] = true;
        callListener(this, entry, entry.isNodeStyle ? value : event);
        if (entry.passive) event[kInPassiveListener] = false;
      }
    }
    if (event !== undefined) event[kIsBeingDispatched] = false;
  }

  [customInspectSymbol](depth, options) {
    const { name } = this.constructor;
    if (depth < 0) return name;
    return `${name} ${require('internal/util/inspect').inspect({}, options)}`;
  }
}
Object.defineProperty(EventTarget.prototype, kIsEventTarget, {
  __proto__: null,
  enumerable: false,
  value: true,
});
setToStringTag(EventTarget, 'EventTarget');
enumerable(EventTarget, 'addEventListener', 'removeEventListener', 'dispatchEvent');

function isEventTarget(value) {
  return Boolean(value?.constructor?.[kIsEventTarget]);
}

// `onabort` and the like: a property whose function is a listener.
function defineEventHandler(prototype, type) {
  const name = `on${type}`;
  function get() {
    return this[kHandlers].get(type)?.handler ?? null;
  }
  function set(value) {
    const known = this[kHandlers].get(type);
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) {
      if (known !== undefined) this.removeEventListener(type, known.listener);
      this[kHandlers].delete(type);
      return;
    }
    if (known !== undefined) {
      known.handler = value; // keeps its place among the listeners
      return;
    }
    const state = { handler: value, listener: undefined };
    state.listener = function (event) {
      return typeof state.handler === 'function' ? state.handler.call(this, event) : undefined;
    };
    this[kHandlers].set(type, state);
    this.addEventListener(type, state.listener);
  }
  Object.defineProperty(get, 'name', { __proto__: null, value: `get ${name}` });
  Object.defineProperty(set, 'name', { __proto__: null, value: `set ${name}` });
  Object.defineProperty(prototype, name, { __proto__: null, configurable: true, enumerable: true, get, set });
}

// The names of the events that have listeners.
function typesOf(target) {
  return [...target[kListeners].keys()];
}

function listenersOf(target, type) {
  return (target[kListeners].get(`${type}`) ?? []).map((entry) => entry.callback);
}

module.exports = {
  CustomEvent,
  defineEventHandler,
  Event,
  EventTarget,
  initEventTarget,
  isEventTarget,
  kCreateEvent,
  kHybridDispatch,
  kIsNodeStyleListener,
  kNewListener,
  kRemoveListener,
  kResistStopPropagation,
  kTrustEvent,
  listenersOf,
  maxListenersOf: (target) => target[kMaxListeners] ?? defaultMaxListeners,
  setMaxEventTargetListeners(target, n) {
    target[kMaxListeners] = n;
  },
  typesOf,
};
