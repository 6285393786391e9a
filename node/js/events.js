// SPDX-License-Identifier: Apache-2.0
//
// EventEmitter. `process` is one, so this file is part of start-up: `once`, `on` and the other
// functions of the module are in internal/events/*.
'use strict';

const { defineLazy } = require;

const kCapture = Symbol('kCapture');
const kErrorMonitor = Symbol('events.errorMonitor');
const kRejection = Symbol.for('nodejs.rejection');
const kShapeMode = Symbol('shapeMode');

let defaultMaxListeners = 10;

function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

EventEmitter.init = function init(options) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
  } else this[kShapeMode] = true;
  this._maxListeners ||= undefined;
  if (options?.captureRejections) {
    require('internal/validators').validateBoolean(options.captureRejections, 'options.captureRejections');
    this[kCapture] = Boolean(options.captureRejections);
  } else {
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
};

function checkListener(listener) {
  if (typeof listener !== 'function') require('internal/validators').validateFunction(listener, 'listener');
}

// A listener returned a promise and rejections are captured: its rejection is an 'error' event, or goes
// to the emitter's own handler.
function addCatch(emitter, result, type, args) {
  try {
    const { then } = result;
    if (typeof then !== 'function') return;
    then.call(result, undefined, (error) => {
      process.nextTick(emitUnhandledRejectionOrError, emitter, error, type, args);
    });
  } catch (error) {
    emitter.emit('error', error);
  }
}

function emitUnhandledRejectionOrError(emitter, error, type, args) {
  if (typeof emitter[kRejection] === 'function') {
    emitter[kRejection](error, type, ...args);
    return;
  }
  // An 'error' listener that rejects must not bring up another 'error' that is captured.
  const previous = emitter[kCapture];
  try {
    emitter[kCapture] = false;
    emitter.emit('error', error);
  } finally {
    emitter[kCapture] = previous;
  }
}

// Where an unhandled 'error' was emitted: kept on the error for when it ends the program.
function keepEmission(emitter, error) {
  const place = {};
  Error.captureStackTrace(place, EventEmitter.prototype.emit);
  const { name } = emitter.constructor;
  const frames = place.stack.slice(place.stack.indexOf('\n') + 1);
  Object.defineProperty(error, Symbol.for('edgejs.emitted'), {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: { emitter: name === 'EventEmitter' ? '' : ` on ${name} instance`, frames },
  });
}

function throwUnhandledError(emitter, args) {
  const [error] = args;
  if (error instanceof Error) {
    if (Object.isExtensible(error)) keepEmission(emitter, error);
    throw error; // Unhandled 'error' event
  }
  let text;
  try {
    text = require('internal/util/inspect').inspect(error);
  } catch {
    text = error; // the value's own inspection threw; it is shown as it is
  }
  const {
    codes: { ERR_UNHANDLED_ERROR },
  } = require('internal/errors');
  const wrapped = new ERR_UNHANDLED_ERROR(text);
  wrapped.context = error;
  throw wrapped;
}

// Calls of up to two arguments, nearly all of them, make no array of these.
function callListener(emitter, listener, count, first, second, args) {
  switch (count) {
    case 1:
      return listener.call(emitter);
    case 2:
      return listener.call(emitter, first);
    case 3:
      return listener.call(emitter, first, second);
    default:
      return listener.apply(emitter, args);
  }
}

EventEmitter.prototype.emit = function emit(type, first, second) {
  const events = this._events;
  const count = arguments.length;
  const args = count > 3 ? Array.prototype.slice.call(arguments, 1) : undefined;
  if (type === 'error') {
    const given = args ?? [first, second].slice(0, count - 1);
    if (events !== undefined && events[kErrorMonitor] !== undefined) this.emit(kErrorMonitor, ...given);
    if (events === undefined || events.error === undefined) throwUnhandledError(this, given);
  } else if (events === undefined) return false;
  const handler = events[type];
  if (handler === undefined) return false;
  const captures = this[kCapture];
  if (typeof handler === 'function') {
    let result;
    if (count === 3) result = handler.call(this, first, second);
    else if (count === 2) result = handler.call(this, first);
    else result = callListener(this, handler, count, first, second, args);
    if (captures && result) addCatch(this, result, type, args ?? [first, second].slice(0, count - 1));
    return true;
  }
  const listeners = handler.slice();
  for (let i = 0; i < listeners.length; i++) {
    const result = callListener(this, listeners[i], count, first, second, args);
    if (captures && result) addCatch(this, result, type, args ?? [first, second].slice(0, count - 1));
  }
  return true;
};

function warnLeak(emitter, type, existing, max) {
  existing.warned = true;
  const { inspect } = require('internal/util/inspect');
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${existing.length} ${String(type)} ` +
      `listeners added to ${inspect(emitter, { depth: -1 })}. MaxListeners is ${max}. Use ` +
      'emitter.setMaxListeners() to increase limit'
  );
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = emitter;
  warning.type = type;
  warning.count = existing.length;
  process.emitWarning(warning);
}

function addListener(emitter, type, listener, prepend) {
  checkListener(listener);
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = { __proto__: null };
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    emitter.emit('newListener', type, listener.listener ?? listener);
    events = emitter._events; // a listener may have replaced it
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    emitter._eventsCount++;
    return emitter;
  }
  let list = existing;
  if (typeof existing === 'function') {
    list = events[type] = prepend ? [listener, existing] : [existing, listener];
  } else if (prepend) existing.unshift(listener);
  else existing.push(listener);
  const max = emitter._maxListeners ?? defaultMaxListeners;
  if (max > 0 && list.length > max && !list.warned) warnLeak(emitter, type, list, max);
  return emitter;
}

EventEmitter.prototype.addListener = function (type, listener) {
  return addListener(this, type, listener, false);
};
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.prependListener = function prependListener(type, listener) {
  return addListener(this, type, listener, true);
};

function onceWrapper() {
  if (this.fired) return undefined;
  this.target.removeListener(this.type, this.wrapFn);
  this.fired = true;
  return arguments.length === 0
    ? this.listener.call(this.target)
    : this.listener.apply(this.target, arguments);
}

function wrapOnce(target, type, listener) {
  checkListener(listener);
  const state = { fired: false, wrapFn: undefined, target, type, listener };
  const wrapped = onceWrapper.bind(state);
  wrapped.listener = listener;
  state.wrapFn = wrapped;
  return wrapped;
}

EventEmitter.prototype.once = function once(type, listener) {
  return this.on(type, wrapOnce(this, type, listener));
};
EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  return this.prependListener(type, wrapOnce(this, type, listener));
};

function forget(emitter, type) {
  if (emitter._eventsCount <= 1) {
    emitter._eventsCount = 0;
    emitter._events = { __proto__: null };
  } else {
    emitter._eventsCount--;
    delete emitter._events[type];
  }
}

EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  checkListener(listener);
  const list = this._events?.[type];
  if (list === undefined) return this;
  if (list === listener || list.listener === listener) {
    const tellRemoval = this._events.removeListener !== undefined;
    forget(this, type);
    if (tellRemoval) this.emit('removeListener', type, list.listener ?? listener);
    return this;
  }
  if (typeof list === 'function') return this;
  const position = list.findLastIndex((entry) => entry === listener || entry.listener === listener);
  if (position === -1) return this;
  // emit() walks a copy, so the list can change in place.
  list.splice(position, 1);
  if (list.length === 1) this._events[type] = list[0];
  if (this._events.removeListener !== undefined) this.emit('removeListener', type, listener);
  return this;
};
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener === undefined) {
    // Nobody is told, so the lists are dropped whole.
    if (arguments.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    } else if (events[type] !== undefined) forget(this, type);
    return this;
  }
  if (arguments.length === 0) {
    for (const key of Reflect.ownKeys(events)) {
      if (key !== 'removeListener') this.removeAllListeners(key);
    }
    this.removeAllListeners('removeListener');
    this._events = { __proto__: null };
    this._eventsCount = 0;
    return this;
  }
  const listeners = events[type];
  if (typeof listeners === 'function') this.removeListener(type, listeners);
  else if (listeners !== undefined) {
    for (let i = listeners.length - 1; i >= 0; i--) this.removeListener(type, listeners[i]);
  }
  return this;
};

function listenersOf(emitter, type, unwrap) {
  const list = emitter._events?.[type];
  if (list === undefined) return [];
  if (typeof list === 'function') return [unwrap ? (list.listener ?? list) : list];
  return unwrap ? list.map((entry) => entry.listener ?? entry) : list.slice();
}

EventEmitter.prototype.listeners = function listeners(type) {
  return listenersOf(this, type, true);
};
EventEmitter.prototype.rawListeners = function rawListeners(type) {
  return listenersOf(this, type, false);
};
EventEmitter.prototype.listenerCount = function listenerCount(type, listener) {
  const list = this._events?.[type];
  if (list === undefined) return 0;
  if (listener !== undefined && listener !== null) {
    return listenersOf(this, type, false).filter((entry) => entry === listener || entry.listener === listener)
      .length;
  }
  return typeof list === 'function' ? 1 : list.length;
};
EventEmitter.prototype.eventNames = function eventNames() {
  return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
};

EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
  require('internal/validators').validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};
EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
  return this._maxListeners ?? defaultMaxListeners;
};

Object.defineProperty(EventEmitter.prototype, kCapture, {
  __proto__: null,
  value: false,
  writable: true,
  enumerable: false,
});

module.exports = EventEmitter;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.usingDomains = false;
EventEmitter.captureRejectionSymbol = kRejection;
EventEmitter.errorMonitor = kErrorMonitor;
EventEmitter.listenerCount = (emitter, type) => {
  if (typeof emitter.listenerCount === 'function') return emitter.listenerCount(type);
  if (emitter instanceof EventTarget) return require('internal/event_target').listenersOf(emitter, type).length;
  return EventEmitter.prototype.listenerCount.call(emitter, type);
};
Object.defineProperties(EventEmitter, {
  captureRejections: {
    __proto__: null,
    enumerable: true,
    get: () => EventEmitter.prototype[kCapture],
    set(value) {
      require('internal/validators').validateBoolean(value, 'EventEmitter.captureRejections');
      EventEmitter.prototype[kCapture] = value;
    },
  },
  defaultMaxListeners: {
    __proto__: null,
    enumerable: true,
    get: () => defaultMaxListeners,
    set(value) {
      require('internal/validators').validateNumber(value, 'defaultMaxListeners', 0);
      defaultMaxListeners = value;
    },
  },
});
defineLazy(
  EventEmitter,
  'internal/events/functions',
  ['addAbortListener', 'getEventListeners', 'getMaxListeners', 'on', 'once', 'setMaxListeners'],
  true
);
defineLazy(EventEmitter, 'internal/events/async_resource', ['EventEmitterAsyncResource'], true);
