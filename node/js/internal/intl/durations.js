// SPDX-License-Identifier: Apache-2.0
//
// Durations, as Intl.DurationFormat takes them: objects, and texts of ISO 8601. A record is ten numbers, years first.
'use strict';

const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds', 'microseconds',
  'nanoseconds'];
const ALPHABETIC = [...UNITS].sort();
const kSeconds = 6;

// ToDurationRecord
function durationRecord(input) {
  if (typeof input === 'string') return checked(parse(input), input);
  if ((typeof input !== 'object' || input === null) && typeof input !== 'function') {
    throw new TypeError('a duration is an object or a string');
  }
  const record = new Array(UNITS.length).fill(0);
  let isEmpty = true;
  for (const unit of ALPHABETIC) {
    const value = input[unit];
    if (value === undefined) continue;
    isEmpty = false;
    const number = +value;
    if (!Number.isInteger(number)) throw new RangeError(`Invalid time value: ${unit}`);
    record[UNITS.indexOf(unit)] = number + 0; // no -0
  }
  if (isEmpty) throw new TypeError('a duration needs a unit');
  return checked(record, input);
}

// IsValidDuration
function checked(record, input) {
  const isMixed = record.some((value) => value < 0) && record.some((value) => value > 0);
  const isLarge = record.slice(0, 3).some((value) => Math.abs(value) >= 2 ** 32);
  if (isMixed || isLarge || !record.every(Number.isFinite) || isLong(record)) {
    throw new RangeError(`Invalid object : ${typeof input === 'string' ? input : '#<Object>'}`);
  }
  return record;
}

const kNanoseconds = [86_400_000_000_000n, 3_600_000_000_000n, 60_000_000_000n, 1_000_000_000n, 1_000_000n, 1_000n, 1n];

function nanoseconds(record, from) {
  return record.slice(from).reduce((sum, value, i) => sum + BigInt(value) * kNanoseconds[from - 3 + i], 0n);
}

function isLong(record) {
  const total = nanoseconds(record, 3);
  return (total < 0n ? -total : total) >= 2n ** 53n * 1_000_000_000n;
}

const iso = new RegExp('^([+\\u2212-])?P(?:(\\d+)Y)?(?:(\\d+)M)?(?:(\\d+)W)?(?:(\\d+)D)?(?:T(?:(\\d+)(?:[.,](\\d{1,9}))?H)?' +
  '(?:(\\d+)(?:[.,](\\d{1,9}))?M)?(?:(\\d+)(?:[.,](\\d{1,9}))?S)?)?$', 'i');

// ParseTemporalDurationString
function parse(text) {
  const found = iso.exec(text);
  const refuse = () => { throw new RangeError(`Invalid object : ${text}`); };
  if (found === null || /[PT]$/i.test(text)) refuse();
  const [, sign, years, months, weeks, days, hours, ofHours, minutes, ofMinutes, seconds, ofSeconds] = found;
  if (ofHours !== undefined && (minutes ?? seconds) !== undefined) refuse();
  if (ofMinutes !== undefined && seconds !== undefined) refuse();
  const fraction = (digits, unit) => (digits === undefined ? 0n : BigInt(digits.padEnd(9, '0')) * unit);
  // A fraction of an hour or a minute is spread over the smaller units.
  let rest = fraction(ofHours, 3600n) + fraction(ofMinutes, 60n) + fraction(ofSeconds, 1n);
  const spread = [60_000_000_000n, 1_000_000_000n, 1_000_000n, 1_000n, 1n].map((unit) => {
    const count = rest / unit;
    rest %= unit;
    return Number(count);
  });
  const record = [years, months, weeks, days, hours, minutes, seconds, 0, 0, 0].map((value) => Number(value ?? 0));
  for (const [i, count] of spread.entries()) record[5 + i] += count;
  return sign === '-' || sign === '\u2212' ? record.map((value) => 0 - value) : record;
}

// A unit from seconds on with all smaller ones as its fraction, exactly: the text of a number.
function fractionalText(record, index) {
  const total = nanoseconds(record, index);
  const places = 9 - 3 * (index - kSeconds);
  const text = `${total < 0n ? -total : total}`.padStart(places + 1, '0');
  const fraction = places === 0 ? '' : text.slice(-places).replace(/0+$/, '');
  const whole = places === 0 ? text : text.slice(0, -places);
  return `${total < 0n ? '-' : ''}${whole}${fraction && '.'}${fraction}`;
}

module.exports = { durationRecord, fractionalText };
