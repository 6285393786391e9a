// SPDX-License-Identifier: Apache-2.0
//
// Domains: errors of everything that was started inside of one go to it. Deprecated, and still in use.
'use strict';

const { createHook } = require('async_hooks');
const EventEmitter = require('events');
const {
  codes: {
    ERR_DOMAIN_CALLBACK_NOT_AVAILABLE,
    ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE,
    ERR_UNHANDLED_ERROR,
  },
} = require('internal/errors');

if (process.hasUncaughtExceptionCaptureCallback()) throw new ERR_DOMAIN_CALLBACK_NOT_AVAILABLE();

let stack = []; // of the domains that were entered: one may be entered within another, or twice

function setActive(domain) {
  module.exports.active = process.domain = domain;
}

// The domain that something belongs to: an emitter, an error, a resource, a bound function.
function mark(object, domain) {
  Object.defineProperty(object, 'domain', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: domain,
    writable: true,
  });
}

let activeDomain = null;
Object.defineProperty(process, 'domain', {
  __proto__: null,
  enumerable: true,
  get: () => activeDomain,
  set: (domain) => {
    activeDomain = domain;
  },
});

// --- Resources that are made inside of a domain enter it when they run ------------------------------------------------

const domainOf = new Map(); // async id -> WeakRef

require('internal/async_hooks').useDomains();
const hook = createHook({
  init(asyncId, type, triggerAsyncId, resource) {
    if (process.domain === null || process.domain === undefined) return;
    domainOf.set(asyncId, process.domain[kWeak]);
    // A promise of another context gets no property: code there could reach this one through it.
    if (type !== 'PROMISE' || resource instanceof Promise) mark(resource, process.domain);
  },
  before(asyncId) {
    domainOf.get(asyncId)?.deref()?.enter();
  },
  after(asyncId) {
    domainOf.get(asyncId)?.deref()?.exit();
  },
  destroy(asyncId) {
    domainOf.delete(asyncId);
  },
});

// --- Uncaught exceptions: the callback that takes them is the domains' own ---------------------------------------------

const requiredAt = new Error('require(`domain`) at this point').stack;
const { setUncaughtExceptionCaptureCallback } = process;
process.setUncaughtExceptionCaptureCallback = function () {
  const error = new ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE();
  error.stack += `\n${'-'.repeat(40)}\n${requiredAt}`;
  throw error;
};

function updateCapture() {
  setUncaughtExceptionCaptureCallback(null);
  if (stack.some((domain) => domain.listenerCount('error') > 0)) {
    setUncaughtExceptionCaptureCallback((error) => process.domain._errorHandler(error));
  }
}

// An uncaught exception ends the tick: no domain is left entered.
function clearDomains() {
  stack.length = 0;
  setActive(null);
  updateCapture();
}

// Among the listeners of 'uncaughtException' the first clears the domains, as long as there are others.
process.on('newListener', (name, listener) => {
  if (name !== 'uncaughtException' || listener === clearDomains) return;
  process.removeListener(name, clearDomains);
  process.prependListener(name, clearDomains);
});
process.on('removeListener', (name, listener) => {
  if (name !== 'uncaughtException' || listener === clearDomains) return;
  const left = process.listeners(name);
  if (left.length === 1 && left[0] === clearDomains) process.removeListener(name, clearDomains);
});

// --- The domain --------------------------------------------------------------------------------------------------------

const kWeak = Symbol('kWeak');

class Domain extends EventEmitter {
  constructor() {
    super();
    this.members = [];
    this[kWeak] = new WeakRef(this);
    hook.enable();
    this.on('removeListener', updateCapture);
    this.on('newListener', updateCapture);
  }
}

Object.assign(Domain.prototype, {
  members: undefined,

  // Called for an uncaught exception while this domain is active. True when a listener took it.
  _errorHandler(error) {
    let caught = false;
    if ((typeof error === 'object' && error !== null) || typeof error === 'function') {
      mark(error, this);
      error.domainThrown = true;
    }
    // Its listeners do not run inside of the domain: what they throw would come back to them.
    while (module.exports.active === this) this.exit();
    if (stack.length === 0) {
      if (this.listenerCount('error') > 0) {
        setUncaughtExceptionCaptureCallback(null); // what a listener throws is nobody's
        try {
          caught = this.emit('error', error);
        } finally {
          updateCapture();
        }
      }
    } else {
      try {
        caught = this.emit('error', error);
      } catch (second) {
        updateCapture();
        if (stack.length === 0) throw second;
        setActive(stack.at(-1));
        caught = process.domain._errorHandler(second);
      }
    }
    clearDomains();
    return caught;
  },

  enter() {
    setActive(this);
    stack.push(this);
    updateCapture();
  },

  // Leaves this domain and all that were entered within it.
  exit() {
    const index = stack.lastIndexOf(this);
    if (index === -1) return;
    stack.splice(index);
    setActive(stack.at(-1));
    updateCapture();
  },

  add(emitter) {
    if (emitter.domain === this) return;
    if (emitter.domain) emitter.domain.remove(emitter);
    // A domain within a domain must not contain it in turn.
    if (this.domain && emitter instanceof Domain) {
      for (let outer = this.domain; outer; outer = outer.domain) if (emitter === outer) return;
    }
    mark(emitter, this);
    this.members.push(emitter);
  },

  remove(emitter) {
    emitter.domain = null;
    const index = this.members.indexOf(emitter);
    if (index !== -1) this.members.splice(index, 1);
  },

  run(fn, ...args) {
    this.enter();
    const result = Reflect.apply(fn, this, args);
    this.exit();
    return result;
  },

  bind(callback) {
    const domain = this;
    function runBound(...args) {
      domain.enter();
      const result = Reflect.apply(callback, this, args);
      domain.exit();
      return result;
    }
    mark(runBound, this);
    return runBound;
  },

  // Like bind(), for callbacks whose first argument is an error: it goes to the domain.
  intercept(callback) {
    const domain = this;
    return function runIntercepted(error, ...args) {
      if (error && error instanceof Error) {
        error.domainBound = callback;
        error.domainThrown = false;
        mark(error, domain);
        domain.emit('error', error);
        return undefined;
      }
      domain.enter();
      const result = Reflect.apply(callback, this, args);
      domain.exit();
      return result;
    };
  },
});
for (const name of Object.keys(Domain.prototype)) {
  Object.defineProperty(Domain.prototype, name, { __proto__: null, enumerable: true });
}

// --- Emitters belong to the domain that they are made in ---------------------------------------------------------------

EventEmitter.usingDomains = true;

const { init } = EventEmitter;
EventEmitter.init = function (options) {
  mark(this, null);
  if (module.exports.active && !(this instanceof Domain)) this.domain = module.exports.active;
  return init.call(this, options);
};

// An 'error' that no listener of the emitter takes is the domain's, outside of which its own listeners run.
function emitToDomain(emitter, given) {
  const { domain } = emitter;
  const error = given || new ERR_UNHANDLED_ERROR(given);
  if (typeof error === 'object') {
    error.domainEmitter = emitter;
    mark(error, domain);
    error.domainThrown = false;
  }
  const stackBefore = stack.slice();
  const activeBefore = process.domain;
  while (stack.length > 0 && stack.at(-1) === activeBefore) stack.pop();
  setActive(stack.at(-1) ?? null);
  updateCapture();
  domain.emit('error', error);
  module.exports._stack = stack = stackBefore;
  setActive(activeBefore);
  updateCapture();
  return false;
}

const { emit } = EventEmitter.prototype;
EventEmitter.prototype.emit = function (...args) {
  const { domain } = this;
  const handlesError = args[0] === 'error' && this.listenerCount('error') > 0;
  if (handlesError || domain === null || domain === undefined || this === process) return Reflect.apply(emit, this, args);
  if (args[0] === 'error') return emitToDomain(this, args[1]);
  domain.enter();
  const result = Reflect.apply(emit, this, args);
  domain.exit();
  return result;
};

const create = () => new Domain();

module.exports = { _stack: stack, Domain, createDomain: create, create, active: null };
