// SPDX-License-Identifier: Apache-2.0
// Intl.Segmenter (ECMA-402, 18).
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, hide, requireNew, slotsOf, throwReceiver } = require('internal/intl/classes');
const { availableLocales, canonicalizeLocaleList, resolveLocale, toIcu } = require('internal/intl/locales');
const { getMatcher, getOption, getOptionsObject } = require('internal/intl/options');

const SERVICE = 'Intl.Segmenter';
const KINDS = { __proto__: null, grapheme: 0, word: 1, sentence: 3 }; // UBreakIteratorType
// Boundaries that are asked for at first and at most: not one, and not those of a whole book.
const FIRST = 64;
const MOST = 4096;

const segmenters = new WeakMap();
const segmentsOf = new WeakMap(); // %Segments% -> { granularity, text, iterator }

// A state that is in an iterator itself: a map of all of them would be asked for each segment.
class Position extends (function on(iterator) { return iterator; }) {
  #state;

  constructor(iterator, state) {
    super(iterator);
    this.#state = state;
  }

  // The method of %SegmentIteratorPrototype%, here because it reads what is private. It runs for each segment, and so
  // calls no other function.
  static next = {
    next() {
      if (typeof this !== 'object' || this === null || !(#state in this)) {
        throwReceiver('%SegmentIterator.prototype%.next', this);
      }
      const state = this.#state;
      if (state.read === state.count && !fill(state)) return { value: undefined, done: true };
      const { at, text } = state;
      const boundary = state.ends[state.read++];
      const end = state.at = boundary >> 1;
      const segment = text.slice(at, end);
      if (!state.isWords) return { value: { segment, index: at, input: text }, done: false };
      return { value: { segment, index: at, input: text, isWordLike: (boundary & 1) === 1 }, done: false };
    },
  }.next;
}

function Segmenter() {
  requireNew(new.target, 'Segmenter');
  const made = createFrom(new.target, Segmenter);
  const requested = canonicalizeLocaleList(arguments[0]);
  const options = getOptionsObject(arguments[1]);
  getMatcher(options, SERVICE);
  const { locale } = resolveLocale(availableLocales(), requested, {}, {});
  const granularity = getOption(options, 'granularity', Object.keys(KINDS), 'grapheme', SERVICE);
  segmenters.set(made, { locale, granularity });
  return made;
}

function openIterator({ locale, granularity }, text) {
  const [iterator] = icu.ubrk_open(KINDS[granularity], toIcu(locale), 0);
  icu.ubrk_setText(iterator, text);
  return iterator;
}

// CreateSegmentDataObject; `boundary` is twice the end, and one more for what is like a word.
function segmentData({ granularity, text }, start, boundary) {
  const segment = text.slice(start, boundary >> 1);
  if (granularity !== 'word') return { segment, index: start, input: text };
  return { segment, index: start, input: text, isWordLike: (boundary & 1) === 1 };
}

defineClass(Segmenter, {
  segment(string) {
    const segmenter = slotsOf(segmenters, this, 'Intl.Segmenter.prototype.segment');
    const text = `${string}`;
    const segments = Object.create(SegmentsPrototype);
    segmentsOf.set(segments, { granularity: segmenter.granularity, text, iterator: openIterator(segmenter, text) });
    return segments;
  },
  resolvedOptions() {
    const { locale, granularity } = slotsOf(segmenters, this, 'Intl.Segmenter.prototype.resolvedOptions');
    return { locale, granularity };
  },
});

const SegmentsPrototype = {};
hide(SegmentsPrototype, {
  containing(index) {
    const state = slotsOf(segmentsOf, this, '%Segments.prototype%.containing');
    const { text, iterator } = state;
    const n = Math.trunc(+index) || 0;
    if (n < 0 || n >= text.length) return undefined;
    const isTail = n > 0 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(n - 1, n + 1));
    const at = isTail ? n - 1 : n;
    const start = icu.ubrk_isBoundary(iterator, at) ? at : icu.ubrk_preceding(iterator, at);
    const ends = new Int32Array(1);
    icu.boundaries(iterator, at, ends);
    return segmentData(state, start, ends[0]);
  },
  [Symbol.iterator]() {
    const state = slotsOf(segmentsOf, this, '%SegmentIsPrototype%[@@iterator]');
    const { granularity, text, iterator } = state;
    const result = Object.create(SegmentIteratorPrototype);
    const ends = new Int32Array(Math.min(FIRST, text.length));
    return new Position(result, { isWords: granularity === 'word', text, iterator, at: 0, ends, count: 0, read: 0 });
  },
});

// Reads the next boundaries; false when there is none.
function fill(state) {
  if (state.count === state.ends.length && state.count > 0 && state.count < MOST) {
    state.ends = new Int32Array(Math.min(state.count * 4, MOST));
  }
  state.read = 0;
  state.count = icu.boundaries(state.iterator, state.at, state.ends);
  return state.count > 0;
}

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const SegmentIteratorPrototype = Object.create(IteratorPrototype);
hide(SegmentIteratorPrototype, { next: Position.next });
Object.defineProperty(SegmentIteratorPrototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'Segmenter String Iterator', writable: false,
});

module.exports = { Segmenter };
