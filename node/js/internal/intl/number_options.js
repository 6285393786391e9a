// SPDX-License-Identifier: Apache-2.0
//
// How numbers are rounded and shown: ECMA-402's options, and ICU's number skeleton that says the same.
'use strict';

const { defaultNumberOption, getNumberOption, getOption } = require('internal/intl/options');

const kIncrements = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];
const kRounding = {
  __proto__: null,
  ceil: 'ceiling', floor: 'floor', expand: 'up', trunc: 'down', halfCeil: 'half-ceiling', halfFloor: 'half-floor',
  halfExpand: 'half-up', halfTrunc: 'half-down', halfEven: 'half-even',
};

// SetNumberFormatDigitOptions
function digitOptions(options, leastDefault, mostDefault, notation, service) {
  const digits = { minimumIntegerDigits: getNumberOption(options, 'minimumIntegerDigits', 1, 21, 1) };
  let { minimumFractionDigits: mnfd, maximumFractionDigits: mxfd } = readFractions(options);
  let mnsd = options.minimumSignificantDigits;
  let mxsd = options.maximumSignificantDigits;
  digits.roundingIncrement = getNumberOption(options, 'roundingIncrement', 1, 5000, 1);
  if (!kIncrements.includes(digits.roundingIncrement)) throw new RangeError('roundingIncrement value is out of range.');
  digits.roundingMode = getOption(options, 'roundingMode', Object.keys(kRounding), 'halfExpand', service);
  digits.roundingPriority =
    getOption(options, 'roundingPriority', ['auto', 'morePrecision', 'lessPrecision'], 'auto', service);
  digits.trailingZeroDisplay = getOption(options, 'trailingZeroDisplay', ['auto', 'stripIfInteger'], 'auto', service);
  if (digits.roundingIncrement !== 1) mostDefault = leastDefault;
  const hasSignificant = mnsd !== undefined || mxsd !== undefined;
  const hasFraction = mnfd !== undefined || mxfd !== undefined;
  const isAuto = digits.roundingPriority === 'auto';
  const needsSignificant = !isAuto || hasSignificant;
  const needsFraction = !isAuto || !(hasSignificant || (!hasFraction && notation === 'compact'));
  if (needsSignificant) {
    mnsd = defaultNumberOption(mnsd, 1, 21, 1, 'minimumSignificantDigits');
    mxsd = defaultNumberOption(mxsd, mnsd, 21, 21, 'maximumSignificantDigits');
  }
  if (needsFraction && hasFraction) {
    mnfd = defaultNumberOption(mnfd, 0, 100, undefined, 'minimumFractionDigits');
    mxfd = defaultNumberOption(mxfd, 0, 100, undefined, 'maximumFractionDigits');
    if (mnfd === undefined) mnfd = Math.min(leastDefault, mxfd);
    else if (mxfd === undefined) mxfd = Math.max(mostDefault, mnfd);
    else if (mnfd > mxfd) throw new RangeError('maximumFractionDigits value is out of range.');
  } else if (needsFraction) {
    mnfd = leastDefault;
    mxfd = mostDefault;
  }
  if (!needsSignificant && !needsFraction) { // compact notation: two digits that matter, or the whole number
    mnfd = mxfd = 0;
    mnsd = 1;
    mxsd = 2;
    digits.roundingType = 'morePrecision';
    digits.roundingPriority = 'morePrecision';
  } else if (!isAuto) {
    digits.roundingType = digits.roundingPriority;
  } else {
    digits.roundingType = hasSignificant ? 'significantDigits' : 'fractionDigits';
  }
  if (digits.roundingIncrement !== 1) {
    if (digits.roundingType !== 'fractionDigits') throw new TypeError('RoundingType is not fractionDigits');
    if (mnfd !== mxfd) throw new RangeError('maximumFractionDigits value is out of range.');
  }
  if (digits.roundingType !== 'significantDigits') {
    digits.minimumFractionDigits = mnfd;
    digits.maximumFractionDigits = mxfd;
  }
  if (digits.roundingType !== 'fractionDigits') {
    digits.minimumSignificantDigits = mnsd;
    digits.maximumSignificantDigits = mxsd;
  }
  return digits;
}

function readFractions({ minimumFractionDigits, maximumFractionDigits }) {
  return { minimumFractionDigits, maximumFractionDigits };
}

// What resolvedOptions() says of it, in two places
function resolvedDigits(digits) {
  const result = { minimumIntegerDigits: digits.minimumIntegerDigits };
  for (const name of ['minimumFractionDigits', 'maximumFractionDigits', 'minimumSignificantDigits',
    'maximumSignificantDigits']) {
    if (digits[name] !== undefined) result[name] = digits[name];
  }
  return result;
}

const resolvedRounding = ({ roundingIncrement, roundingMode, roundingPriority, trailingZeroDisplay }) =>
  ({ roundingIncrement, roundingMode, roundingPriority, trailingZeroDisplay });

const places = (sign, least, most) => sign.repeat(least) + '#'.repeat(most - least);

function precision(digits) {
  const strip = digits.trailingZeroDisplay === 'stripIfInteger' ? '/w' : '';
  const { roundingType, minimumFractionDigits: mnfd, maximumFractionDigits: mxfd } = digits;
  const significant = () => places('@', digits.minimumSignificantDigits, digits.maximumSignificantDigits);
  if (roundingType === 'significantDigits') return significant() + strip;
  if (digits.roundingIncrement !== 1) {
    const text = String(digits.roundingIncrement).padStart(mxfd + 1, '0');
    const step = mxfd === 0 ? text : `${text.slice(0, -mxfd)}.${text.slice(-mxfd)}`;
    return `precision-increment/${step}${strip}`;
  }
  const fraction = `.${places('0', mnfd, mxfd)}`;
  if (roundingType === 'fractionDigits') return fraction + strip;
  return `${fraction}/${significant()}${roundingType === 'morePrecision' ? 'r' : 's'}${strip}`;
}

// The skeleton for the digits alone
function digitSkeleton(digits) {
  return `integer-width/+${'0'.repeat(digits.minimumIntegerDigits)} ${precision(digits)} ` +
    `rounding-mode-${kRounding[digits.roundingMode]}`;
}

const kWidths = {
  __proto__: null,
  symbol: 'short', narrowSymbol: 'narrow', code: 'iso-code', name: 'full-name', short: 'short', narrow: 'narrow',
  long: 'full-name',
};
const kSigns = { __proto__: null, auto: '', always: '-always', exceptZero: '-except-zero', negative: '-negative' };
const kGroups = { __proto__: null, min2: 'min2', auto: 'auto', always: 'on-aligned', false: 'off' };

// The skeleton of a NumberFormat
function skeletonOf(slots) {
  const stems = [digitSkeleton(slots.digits), `group-${kGroups[slots.useGrouping]}`];
  const { style, notation, signDisplay } = slots;
  if (style === 'percent') stems.push('percent', 'scale/100');
  if (style === 'currency') stems.push(`currency/${slots.currency}`, `unit-width-${kWidths[slots.currencyDisplay]}`);
  if (style === 'unit') stems.push(`unit/${slots.unit}`, `unit-width-${kWidths[slots.unitDisplay]}`);
  if (notation === 'compact') stems.push(`compact-${slots.compactDisplay}`);
  else if (notation !== 'standard') stems.push(notation);
  const accounting = style === 'currency' && slots.currencySign === 'accounting';
  if (signDisplay === 'never') stems.push('sign-never');
  else if (accounting) stems.push(`sign-accounting${kSigns[signDisplay]}`);
  else stems.push(`sign${kSigns[signDisplay] || '-auto'}`);
  return stems.join(' ');
}

module.exports = { digitOptions, digitSkeleton, resolvedDigits, resolvedRounding, skeletonOf };
