// SPDX-License-Identifier: Apache-2.0
// Intl.Segmenter (ECMA-402, 18).
'use strict';

const icu = require('internal/intl/icu');
const { createFrom, defineClass, hide, requireNew, slotsOf } = require('internal/intl/classes');
const { availableLocales, canonicalizeLocaleList, resolveLocale, toIcu } = require('internal/intl/locales');
const { getMatcher, getOption, getOptionsObject } = require('internal/intl/options');

const SERVICE = 'Intl.Segmenter';
const KINDS = { __proto__: null, grapheme: 0, word: 1, sentence: 3 }; // UBreakIteratorType
const AT_ONCE = 64; // boundaries that are asked for; not one, and not those of a whole book

const segmenters = new WeakMap();
const segmentsOf = new WeakMap(); // %Segments% -> { granularity, text, iterator }
const positions = new WeakMap(); // %SegmentIterator% -> the same, and where it is

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
    return segmentData(state, start, icu.boundaries(iterator, at, 1)[0]);
  },
  [Symbol.iterator]() {
    const state = slotsOf(segmentsOf, this, '%SegmentIsPrototype%[@@iterator]');
    const { granularity, text, iterator } = state;
    const result = Object.create(SegmentIteratorPrototype);
    positions.set(result, { granularity, text, iterator, at: 0, boundaries: [], read: 0 });
    return result;
  },
});

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const SegmentIteratorPrototype = Object.create(IteratorPrototype);
hide(SegmentIteratorPrototype, {
  next() {
    const state = slotsOf(positions, this, '%SegmentIterator.prototype%.next');
    if (state.read === state.boundaries.length) {
      state.boundaries = icu.boundaries(state.iterator, state.at, AT_ONCE);
      state.read = 0;
      if (state.boundaries.length === 0) return { value: undefined, done: true };
    }
    const start = state.at;
    const boundary = state.boundaries[state.read++];
    state.at = boundary >> 1;
    return { value: segmentData(state, start, boundary), done: false };
  },
});
Object.defineProperty(SegmentIteratorPrototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'Segmenter String Iterator', writable: false,
});

module.exports = { Segmenter };
