// SPDX-License-Identifier: Apache-2.0
//
// A histogram of high dynamic range (https://hdrhistogram.github.io/HdrHistogram): counts of positive integers, kept
// by size class, so that each keeps `figures` significant digits. Values are BigInts: they go up to 2 ** 63 - 1.
'use strict';

const MAX = 2n ** 63n - 1n;

const log2 = (value) => BigInt(value.toString(2).length - 1);

class Hdr {
  #counts = new Map(); // lowest value of a class -> how many
  #halfBits; // log2 of half of the classes that a power of two is cut into
  #highest;

  constructor(highest, figures) {
    this.#highest = highest;
    const distinct = 2n * 10n ** BigInt(figures);
    const bits = log2(distinct - 1n) + 1n; // rounded up
    this.#halfBits = bits - 1n;
    this.reset();
  }

  reset() {
    this.#counts.clear();
    this.exceeds = 0n;
    this.count = 0n;
    this.least = MAX;
    this.greatest = 0n;
  }

  // Plain data that from() makes an equal one of.
  state() {
    const { count, exceeds, greatest, least } = this;
    return { counts: this.#counts, count, exceeds, greatest, halfBits: this.#halfBits, highest: this.#highest, least };
  }

  static from({ counts, count, exceeds, greatest, halfBits, highest, least }) {
    const made = new Hdr(highest, 1);
    made.#counts = counts;
    made.#halfBits = halfBits;
    return Object.assign(made, { count, exceeds, greatest, least });
  }

  // The size of the class that `value` is in.
  #width(value) {
    const power = log2(value | 1n) - this.#halfBits;
    return power > 0n ? 1n << power : 1n;
  }

  #lowestOf(value) {
    return value - (value % this.#width(value));
  }

  #highestOf(value) {
    return this.#lowestOf(value) + this.#width(value) - 1n;
  }

  #medianOf(value) {
    return Number(this.#lowestOf(value) + (this.#width(value) >> 1n));
  }

  record(value, count = 1n) {
    if (value > this.#highest) {
      this.exceeds += count;
      return;
    }
    const key = this.#lowestOf(value);
    this.#counts.set(key, (this.#counts.get(key) ?? 0n) + count);
    this.count += count;
    if (value < this.least) this.least = value;
    if (value > this.greatest) this.greatest = value;
  }

  add(other) {
    for (const [value, count] of other.#counts) this.record(value, count);
  }

  get min() {
    return this.count === 0n ? MAX : this.#lowestOf(this.least);
  }

  get max() {
    return this.count === 0n ? 0n : this.#highestOf(this.greatest);
  }

  get mean() {
    let sum = 0;
    for (const [value, count] of this.#counts) sum += this.#medianOf(value) * Number(count);
    return sum / Number(this.count);
  }

  get stddev() {
    const { mean } = this;
    let sum = 0;
    for (const [value, count] of this.#counts) sum += (this.#medianOf(value) - mean) ** 2 * Number(count);
    return Math.sqrt(sum / Number(this.count));
  }

  #sorted() {
    return [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  percentile(percentile) {
    const wanted = Math.max(1, Math.floor((percentile / 100) * Number(this.count) + 0.5));
    let seen = 0;
    for (const [value, count] of this.#sorted()) {
      seen += Number(count);
      if (seen >= wanted) return this.#highestOf(value);
    }
    return 0n;
  }

  // Steps that halve the distance to 100 each time: [percentile, value].
  percentiles() {
    const found = [];
    let next = 0;
    let seen = 0;
    for (const [value, count] of this.#sorted()) {
      seen += Number(count);
      const reached = (100 * seen) / Number(this.count);
      while (next <= reached && next < 100) {
        found.push([next, this.#highestOf(value)]);
        next += 100 / 2 ** (Math.floor(Math.log2(100 / (100 - next))) + 1);
        if (seen === Number(this.count)) break;
      }
    }
    found.push([100, this.max]);
    return found;
  }
}

module.exports = { Hdr, MAX };
