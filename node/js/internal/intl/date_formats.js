// SPDX-License-Identifier: Apache-2.0
// Texts of dates and of ranges of dates, whole and in parts.
'use strict';

const { skeletonOf } = require('internal/intl/date_patterns');
const icu = require('internal/intl/icu');

const SPAN = 0x1005; // UFIELD_CATEGORY_DATE_INTERVAL_SPAN
const SOURCES = ['startRange', 'endRange'];

// The part of each field, in the order of UDateFormatField.
const FIELDS = [
  'era', 'year', 'month', 'day', 'hour', 'hour', 'minute', 'second', 'fractionalSecond', 'weekday',
  undefined, undefined, undefined, undefined, 'dayPeriod', 'hour', 'hour', 'timeZoneName', undefined, 'weekday',
  'year', undefined, undefined, 'timeZoneName', 'timeZoneName', 'weekday', 'month', undefined, undefined, 'timeZoneName',
  'yearName', 'timeZoneName', 'timeZoneName', 'timeZoneName', 'relatedYear', 'dayPeriod', 'dayPeriod',
];

// Programs expect the plain space of older versions of ICU before AM and PM.
function formatDate(format, time) {
  const text = icu.udat_format(format, time);
  return text.includes('\u202f') ? text.replaceAll('\u202f', ' ') : text;
}

// Calls visit(type, value, start, end) for all of `text`; `fields` are [field, start, end] in order.
function divide(text, fields, visit) {
  let at = 0;
  for (const [field, start, end] of fields) {
    if (at < start) visit('literal', text.slice(at, start), at, start);
    visit(FIELDS[field], text.slice(start, end), start, end);
    at = end;
  }
  if (at < text.length) visit('literal', text.slice(at), at, text.length);
}

function fieldsOf(positions) {
  const fields = [];
  for (let next; (next = icu.ufieldpositer_next(positions))[0] >= 0;) fields.push(next);
  return fields;
}

function partsOfDate({ format }, time, makePart) {
  const positions = icu.ufieldpositer_open();
  const text = icu.udat_formatForFields(format, time, positions);
  const parts = [];
  divide(text, fieldsOf(positions), (type, value) => parts.push(makePart(type, value)));
  return parts;
}

function formatParts(state, time) {
  return partsOfDate(state, time, (type, value) => ({ type, value }));
}

function intervalOf(state) {
  if (state.interval === undefined) {
    const skeleton = skeletonOf(icu.udat_toPattern(state.format, 0));
    const { locale, hourCycle, zone } = state;
    const base = hourCycle === undefined ? locale : withHours(locale, hourCycle);
    state.interval = {
      format: icu.udtitvfmt_open(base, skeleton, zone.id),
      result: icu.udtitvfmt_openResult(),
      start: state.openCalendar(),
      end: state.openCalendar(),
    };
  }
  return state.interval;
}

// `locale` is ICU's own name of it.
function withHours(locale, hourCycle) {
  if (locale.includes('hours=')) return locale.replace(/hours=\w+/, `hours=${hourCycle}`);
  return `${locale}${locale.includes('@') ? ';' : '@'}hours=${hourCycle}`;
}

// { text, fields, spans }; no spans when both dates look the same
function range(state, start, end) {
  const interval = intervalOf(state);
  icu.ucal_setMillis(interval.start, start);
  icu.ucal_setMillis(interval.end, end);
  icu.udtitvfmt_formatCalendarToResult(interval.format, interval.start, interval.end, interval.result);
  const value = icu.udtitvfmt_resultAsValue(interval.result);
  const position = icu.ucfpos_open();
  const fields = [];
  const spans = [];
  while (icu.ufmtval_nextPosition(value, position)) {
    const field = icu.ucfpos_getField(position);
    const [, from, to] = icu.ucfpos_getIndexes(position);
    if (icu.ucfpos_getCategory(position) === SPAN) spans.push([field, from, to]);
    else fields.push([field, from, to]);
  }
  return { text: icu.ufmtval_getString(value), fields, spans };
}

function formatRange(state, start, end) {
  const { text, spans } = range(state, start, end);
  return spans.length === 0 ? formatDate(state.format, start) : text;
}

function formatRangeParts(state, start, end) {
  const { text, fields, spans } = range(state, start, end);
  if (spans.length === 0) return partsOfDate(state, start, (type, value) => ({ type, value, source: 'shared' }));
  const parts = [];
  divide(text, fields, (type, value, from, to) => {
    const span = spans.find((each) => from >= each[1] && to <= each[2]);
    parts.push({ type, value, source: span === undefined ? 'shared' : SOURCES[span[0]] });
  });
  return parts;
}

module.exports = { formatDate, formatParts, formatRange, formatRangeParts };
