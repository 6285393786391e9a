// SPDX-License-Identifier: Apache-2.0
'use strict';

const date = new Date(1.7e12);
const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const { compare } = new Intl.Collator('de');
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
const text = 'Hello wonderful world of text. '.repeat(330);

module.exports = {
  'DateTimeFormat.format': () => format.format(date),
  'DateTimeFormat.formatToParts': () => format.formatToParts(date),
  'Date toLocaleString': () => date.toLocaleString(),
  'Collator.compare': () => compare('hello world', 'hellö worlds'),
  localeCompare: () => 'hello world'.localeCompare('hello worlds'),
  'words of 10 kB': () => [...segmenter.segment(text)].length,
};
