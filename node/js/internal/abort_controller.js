// SPDX-License-Identifier: Apache-2.0
//
// AbortController and AbortSignal (https://dom.spec.whatwg.org/#aborting-ongoing-activities).
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS },
} = require('internal/errors');
const {
  defineEventHandler,
  Event,
  EventTarget,
  kNewListener,
  kRemoveListener,
  kResistStopPropagation,
  kTrustEvent,
  setMaxEventTargetListeners,
} = require('internal/event_target');
const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');
const {
  kValidateObjectAllowObjects,
  validateAbortSignal,
  validateAbortSignalArray,
  validateObject,
  validateUint32,
} = require('internal/validators');

const kCreate = Symbol('kCreate');
const kAborted = Symbol('kAborted'); // not private: a proxy of a signal tells them too
const kReason = Symbol('kReason');
// Signals that a timer or another signal will abort and somebody listens to: they must not be collected.
const kept = new Set();

// Options of inspection for what is inside.
function oneLess(options) {
  return { ...options, depth: options.depth === null ? null : options.depth - 1 };
}

// Private to the class, and needed by AbortController.
let abortSignal;
let makeSignal;

class AbortSignal extends EventTarget {
  [kAborted] = false;
  [kReason] = undefined;
  #dependents = undefined; // signals of AbortSignal.any that follow this one
  #hasSource = false; // something else will abort it
  #sources = undefined; // what a signal of AbortSignal.any follows: held, so that it can still abort

  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    setMaxEventTargetListeners(this, 0);
  }

  static #make() {
    return new AbortSignal(kCreate);
  }

  get aborted() {
    if (!this || !(kAborted in this)) throw new ERR_INVALID_THIS('AbortSignal');
    return this[kAborted];
  }

  get reason() {
    return this[kReason];
  }

  throwIfAborted() {
    if (this[kAborted]) throw this[kReason];
  }

  static abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    const signal = AbortSignal.#make();
    signal[kAborted] = true;
    signal[kReason] = reason;
    return signal;
  }

  static timeout(delay) {
    validateUint32(delay, 'delay', false);
    const signal = AbortSignal.#make();
    signal.#hasSource = true;
    const reference = new WeakRef(signal);
    const { setTimeout } = require('timers');
    setTimeout(() => {
      const target = reference.deref();
      if (target !== undefined) {
        AbortSignal.#abort(
          target,
          new DOMException('The operation was aborted due to timeout', 'TimeoutError')
        );
      }
    }, delay).unref();
    return signal;
  }

  static any(signals) {
    validateAbortSignalArray(signals, 'signals');
    const result = AbortSignal.#make();
    for (const signal of signals) {
      if (signal.aborted) {
        result[kAborted] = true;
        result[kReason] = signal.reason;
        return result;
      }
    }
    result.#hasSource = true;
    result.#sources = [...signals];
    for (const signal of signals) (signal.#dependents ??= []).push(new WeakRef(result));
    return result;
  }

  static #abort(signal, reason) {
    if (signal[kAborted]) return;
    // All are marked first: a listener of one may look at another.
    const following = [signal];
    for (const current of following) {
      if (current[kAborted]) continue;
      current[kAborted] = true;
      current[kReason] = reason;
      for (const reference of current.#dependents ?? []) {
        const dependent = reference.deref();
        if (dependent !== undefined && !dependent[kAborted]) following.push(dependent);
      }
      current.#dependents = current.#sources = undefined;
    }
    for (const current of new Set(following)) {
      kept.delete(current);
      current.dispatchEvent(new Event('abort', { [kTrustEvent]: true }));
    }
  }

  static {
    abortSignal = AbortSignal.#abort;
    makeSignal = AbortSignal.#make;
  }

  [kNewListener](size, type, ...rest) {
    super[kNewListener](size, type, ...rest);
    if (type === 'abort' && this.#hasSource && !this[kAborted]) kept.add(this);
  }

  [kRemoveListener](size, type) {
    if (type === 'abort' && size === 0) kept.delete(this);
  }

  [customInspectSymbol](depth, options) {
    const { inspect } = require('internal/util/inspect');
    if (depth < 0) return this;
    return `AbortSignal ${inspect({ aborted: this[kAborted] }, oneLess(options))}`;
  }
}
setToStringTag(AbortSignal, 'AbortSignal');
enumerable(AbortSignal, 'aborted', 'reason', 'throwIfAborted');
defineEventHandler(AbortSignal.prototype, 'abort');

class AbortController {
  #signal;

  get signal() {
    return (this.#signal ??= makeSignal());
  }

  abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (!(#signal in this)) throw new ERR_INVALID_THIS('AbortController');
    abortSignal(this.signal, reason);
  }

  [customInspectSymbol](depth, options) {
    const { inspect } = require('internal/util/inspect');
    if (depth < 0) return this;
    return `AbortController ${inspect({ signal: this.signal }, oneLess(options))}`;
  }
}
setToStringTag(AbortController, 'AbortController');
enumerable(AbortController, 'signal', 'abort');

// util.aborted: a promise that fulfils when the signal aborts, as long as `resource` is alive.
async function aborted(signal, resource) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', kValidateObjectAllowObjects);
  if (signal.aborted) return undefined;
  const reference = new WeakRef(resource);
  queueMicrotask(() => resource); // which lives at least until the running job ends, as a WeakRef's target does
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        if (reference.deref() !== undefined) resolve();
      },
      { __proto__: null, once: true, [kResistStopPropagation]: true }
    );
  });
}

const kTransferred = Symbol('the port of a signal that is being transferred');

// A signal that others can have a copy of. It stays usable; each copy is told through a port of its own.
function transferableAbortSignal(signal) {
  if (!(signal instanceof AbortSignal)) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  const { kTransfer, kTransferList, markTransferMode } = require('internal/transferable');
  Object.defineProperties(signal, {
    [kTransferList]: { __proto__: null, configurable: true, value: portForCopy },
    [kTransfer]: {
      __proto__: null,
      configurable: true,
      value() {
        const { aborted, reason } = this;
        const data = { aborted, reason, port: this[kTransferred] };
        return { data, deserializeInfo: 'internal/abort_controller:ReceivedSignal' };
      },
    },
  });
  markTransferMode(signal, false, true);
  return signal;
}

function portForCopy() {
  if (this.aborted) return [];
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  this.addEventListener('abort', () => {
    port1.postMessage(this.reason);
    port1.close();
  }, { __proto__: null, once: true });
  Object.defineProperty(this, kTransferred, { __proto__: null, configurable: true, value: port2 });
  return [port2];
}

// What the other side makes of it.
class ReceivedSignal {
  [require('internal/transferable').kDeserialize]({ aborted, reason, port }) {
    if (aborted) return AbortSignal.abort(reason);
    const signal = transferableAbortSignal(makeSignal());
    port.onmessage = ({ data }) => {
      abortSignal(signal, data);
      port.close();
    };
    port.unref();
    return signal;
  }
}

function transferableAbortController() {
  const controller = new AbortController();
  transferableAbortSignal(controller.signal);
  return controller;
}

module.exports = {
  AbortController,
  aborted,
  AbortSignal,
  ReceivedSignal,
  transferableAbortController,
  transferableAbortSignal,
};
