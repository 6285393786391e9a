// SPDX-License-Identifier: Apache-2.0
//
// perf_hooks.createHistogram and monitorEventLoopDelay.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS },
} = require('internal/errors');
const { Hdr, MAX } = require('internal/perf/hdr');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { validateInteger, validateNumber, validateObject } = require('internal/validators');

const kCreate = Symbol('kCreate');
let numbersGiven = 0;
const { hrtime } = internalBinding('process_methods');

const shared = new Map(); // number, unique among isolates -> WeakRef of counts that were cloned
const numbers = new WeakMap(); // the other way

function sharedAs(hdr) {
  if (!numbers.has(hdr)) {
    const id = `${require('internal/worker/state').threadId} ${numbersGiven++}`;
    numbers.set(hdr, id);
    shared.set(id, new WeakRef(hdr));
  }
  return numbers.get(hdr);
}

class Histogram {
  #hdr;

  constructor(token, hdr) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#hdr = hdr;
    markTransferMode(this, true, false);
  }

  // In this isolate the clone records into the same counts, as in Node; another isolate gets a copy of them.
  [kClone]() {
    const id = sharedAs(this.#hdr);
    return { data: { id, state: this.#hdr.state() }, deserializeInfo: 'internal/perf/histogram:ClonedHistogram' };
  }

  static hdrOf(value) {
    if (typeof value !== 'object' || value === null || !(#hdr in value)) throw new ERR_INVALID_THIS('Histogram');
    return value.#hdr;
  }

  [customInspectSymbol](depth, options, inspect) {
    if (depth < 0) return `[${this.constructor.name}]`;
    const { count, exceeds, max, mean, min, percentiles, stddev } = this;
    const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
    return `Histogram ${inspect({ min, max, mean, exceeds, stddev, count, percentiles }, inner)}`;
  }

  get countBigInt() {
    return hdrOf(this).count;
  }

  get count() {
    return Number(this.countBigInt);
  }

  get minBigInt() {
    return hdrOf(this).min;
  }

  get min() {
    return Number(this.minBigInt);
  }

  get maxBigInt() {
    return hdrOf(this).max;
  }

  get max() {
    return Number(this.maxBigInt);
  }

  get mean() {
    return hdrOf(this).mean;
  }

  get exceedsBigInt() {
    return hdrOf(this).exceeds;
  }

  get exceeds() {
    return Number(this.exceedsBigInt);
  }

  get stddev() {
    return hdrOf(this).stddev;
  }

  percentileBigInt(percentile) {
    const hdr = hdrOf(this);
    validateNumber(percentile, 'percentile', Number.MIN_VALUE, 100);
    return hdr.percentile(percentile);
  }

  percentile(percentile) {
    return Number(this.percentileBigInt(percentile));
  }

  get percentilesBigInt() {
    return new Map(hdrOf(this).percentiles());
  }

  get percentiles() {
    return new Map(hdrOf(this).percentiles().map(([key, value]) => [key, Number(value)]));
  }

  reset() {
    hdrOf(this).reset();
  }

  toJSON() {
    const { count, exceeds, max, mean, min, percentiles, stddev } = this;
    return { count, min, max, mean, exceeds, stddev, percentiles: Object.fromEntries(percentiles) };
  }
}
const { hdrOf } = Histogram;
delete Histogram.hdrOf;

class RecordableHistogram extends Histogram {
  #previous;

  record(value) {
    const hdr = hdrOf(this);
    if (typeof value !== 'bigint') {
      validateInteger(value, 'val', 1);
      value = BigInt(value);
    } else if (value < 1n || value > MAX) throw new ERR_INVALID_ARG_VALUE('val', value, 'is out of range');
    hdr.record(value);
  }

  recordDelta() {
    const hdr = hdrOf(this);
    const now = hrtime();
    if (this.#previous !== undefined && now > this.#previous) hdr.record(now - this.#previous);
    this.#previous = now;
  }

  add(other) {
    const hdr = hdrOf(this);
    if (!(other instanceof RecordableHistogram)) throw new ERR_INVALID_ARG_TYPE('other', 'RecordableHistogram', other);
    hdr.add(hdrOf(other));
  }

  [kClone]() {
    return { ...super[kClone](), deserializeInfo: 'internal/perf/histogram:ClonedRecordableHistogram' };
  }
}

function clonedAs(Class) {
  return class {
    [kDeserialize]({ id, state }) {
      return new Class(kCreate, shared.get(id)?.deref() ?? Hdr.from(state));
    }
  };
}

// Records how long each turn of a timer took, in nanoseconds.
class ELDHistogram extends Histogram {
  #previous;
  #resolution;
  #timer;

  constructor(token, hdr, resolution) {
    super(token, hdr);
    this.#resolution = resolution;
  }

  enable() {
    if (this.#timer !== undefined) return false;
    this.#previous = hrtime();
    this.#timer = require('timers').setInterval(() => {
      const now = hrtime();
      hdrOf(this).record(now - this.#previous);
      this.#previous = now;
    }, this.#resolution);
    this.#timer.unref();
    return true;
  }

  disable() {
    if (this.#timer === undefined) return false;
    require('timers').clearInterval(this.#timer);
    this.#timer = undefined;
    return true;
  }

  [Symbol.dispose]() {
    this.disable();
  }
}

function validateBound(value, name, least) {
  if (typeof value === 'bigint') return value;
  validateInteger(value, name, least);
  return BigInt(value);
}

function createHistogram(options = {}) {
  validateObject(options, 'options');
  const { lowest = 1, highest = MAX, figures = 3 } = options;
  const low = validateBound(lowest, 'options.lowest', 1);
  if (typeof highest !== 'bigint') validateInteger(highest, 'options.highest', 2 * Number(low));
  else if (highest < 2n * low) throw new ERR_INVALID_ARG_VALUE('options.highest', highest);
  validateInteger(figures, 'options.figures', 1, 5);
  return new RecordableHistogram(kCreate, new Hdr(BigInt(highest), figures));
}

function monitorEventLoopDelay(options = {}) {
  validateObject(options, 'options');
  const { resolution = 10 } = options;
  validateInteger(resolution, 'options.resolution', 1);
  return new ELDHistogram(kCreate, new Hdr(3600n * 10n ** 12n, 3), resolution);
}

module.exports = {
  ClonedHistogram: clonedAs(Histogram),
  ClonedRecordableHistogram: clonedAs(RecordableHistogram),
  createHistogram,
  monitorEventLoopDelay,
  RecordableHistogram,
};
