// SPDX-License-Identifier: Apache-2.0
//
// Named channels for diagnostic messages (https://nodejs.org/api/diagnostics_channel.html).
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { triggerUncaughtException } = internalBinding('errors');
const { validateFunction } = require('internal/validators');

const channels = new Map(); // name -> WeakRef of the channel; strong while it has subscribers
const strong = new Set();
const tracings = new Map(); // those that the library publishes, by name

// Asked far more often than it changes: a property, where Node has a getter.
function tellWhether(channel, hasSubscribers) {
  const descriptor = { __proto__: null, configurable: true, value: hasSubscribers };
  Object.defineProperty(channel, 'hasSubscribers', descriptor);
}

class Channel {
  constructor(name) {
    this._subscribers = undefined;
    this._stores = undefined;
    this.name = name;
    channels.set(name, new WeakRef(this));
  }

  static [Symbol.hasInstance](instance) {
    return Object.getPrototypeOf(instance) === Channel.prototype;
  }

  static {
    tellWhether(this.prototype, false);
  }

  #keep() {
    const hasSubscribers = (this._subscribers?.length ?? 0) > 0 || (this._stores?.size ?? 0) > 0;
    tellWhether(this, hasSubscribers);
    if (hasSubscribers) strong.add(this);
    else strong.delete(this);
  }

  subscribe(subscription) {
    validateFunction(subscription, 'subscription');
    // Replaced, not changed: a message that is being published goes to those who were there.
    this._subscribers = [...(this._subscribers ?? []), subscription];
    this.#keep();
  }

  unsubscribe(subscription) {
    const index = this._subscribers?.indexOf(subscription) ?? -1;
    if (index === -1) return false;
    this._subscribers = this._subscribers.toSpliced(index, 1);
    this.#keep();
    return true;
  }

  bindStore(store, transform) {
    this._stores = new Map(this._stores).set(store, transform);
    this.#keep();
  }

  unbindStore(store) {
    if (!this._stores?.has(store)) return false;
    this._stores.delete(store);
    this.#keep();
    return true;
  }

  publish(data) {
    for (const subscriber of this._subscribers ?? []) {
      try {
        subscriber(data, this.name);
      } catch (error) {
        process.nextTick(() => triggerUncaughtException(error, false));
      }
    }
  }

  runStores(data, fn, thisArg, ...args) {
    let run = () => {
      this.publish(data);
      return Reflect.apply(fn, thisArg, args);
    };
    for (const [store, transform] of this._stores ?? []) {
      const next = run;
      run = () => {
        let context = data;
        if (transform) {
          try {
            context = transform(data);
          } catch (error) {
            process.nextTick(() => triggerUncaughtException(error, false));
            return next();
          }
        }
        return store.run(context, next);
      };
    }
    return run();
  }
}

function channel(name) {
  const known = channels.get(name)?.deref();
  if (known !== undefined) return known;
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
  }
  return new Channel(name);
}

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

function channelOf(nameOrChannels, event) {
  if (typeof nameOrChannels === 'string') return channel(`tracing:${nameOrChannels}:${event}`);
  if (typeof nameOrChannels === 'object' && nameOrChannels !== null) {
    const given = nameOrChannels[event];
    if (!(given instanceof Channel))
      throw new ERR_INVALID_ARG_TYPE(`nameOrChannels.${event}`, ['Channel'], given);
    return given;
  }
  throw new ERR_INVALID_ARG_TYPE('nameOrChannels', ['string', 'object', 'TracingChannel'], nameOrChannels);
}

class TracingChannel {
  constructor(nameOrChannels) {
    for (const event of EVENTS) {
      Object.defineProperty(this, event, { __proto__: null, value: channelOf(nameOrChannels, event) });
    }
  }

  get hasSubscribers() {
    return EVENTS.some((event) => this[event].hasSubscribers);
  }

  subscribe(handlers) {
    for (const event of EVENTS) if (handlers[event]) this[event].subscribe(handlers[event]);
  }

  unsubscribe(handlers) {
    let done = true;
    for (const event of EVENTS) {
      if (handlers[event] && !this[event].unsubscribe(handlers[event])) done = false;
    }
    return done;
  }

  traceSync(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    return this.start.runStores(context, () => {
      try {
        context.result = Reflect.apply(fn, thisArg, args);
        return context.result;
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  tracePromise(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    const settle = (name) => (value) => {
      context[name] = value;
      if (name === 'error') this.error.publish(context);
      this.asyncStart.publish(context);
      this.asyncEnd.publish(context);
      return name === 'error' ? Promise.reject(value) : value;
    };
    return this.start.runStores(context, () => {
      try {
        let promise = Reflect.apply(fn, thisArg, args);
        if (!(promise instanceof Promise)) promise = Promise.resolve(promise);
        return promise.then(settle('result'), settle('error'));
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  traceCallback(fn, position = -1, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    const callback = args.at(position);
    validateFunction(callback, 'callback');
    const { asyncEnd, asyncStart, error: errorChannel } = this;
    args.splice(position, 1, function (error, result) {
      if (error) {
        context.error = error;
        errorChannel.publish(context);
      } else context.result = result;
      return asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, arguments);
        } finally {
          asyncEnd.publish(context);
        }
      });
    });
    return this.start.runStores(context, () => {
      try {
        return Reflect.apply(fn, thisArg, args);
      } catch (error) {
        context.error = error;
        errorChannel.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }
}

module.exports = {
  channel,
  hasSubscribers: (name) => channels.get(name)?.deref()?.hasSubscribers ?? false,
  subscribe: (name, subscription) => channel(name).subscribe(subscription),
  tracingChannel: (nameOrChannels) => new TracingChannel(nameOrChannels),
  unsubscribe: (name, subscription) => channel(name).unsubscribe(subscription),
  Channel,
};

const diagnostics = require('internal/diagnostics');
diagnostics.publish = (name, message) => {
  const known = channels.get(name)?.deref();
  if (known?.hasSubscribers) known.publish(message);
};
diagnostics.tracing = (name) => {
  tracings.has(name) || tracings.set(name, new TracingChannel(name));
  const found = tracings.get(name);
  return found.hasSubscribers ? found : undefined;
};
