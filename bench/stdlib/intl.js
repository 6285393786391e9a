// SPDX-License-Identifier: Apache-2.0
'use strict';

const numbers = new Intl.NumberFormat('en');
const money = new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' });
const plurals = new Intl.PluralRules('en');
const times = new Intl.RelativeTimeFormat('en');
const lists = new Intl.ListFormat('en');
const words = ['apples', 'pears', 'plums'];

module.exports = {
  'NumberFormat.format': () => numbers.format(1234.5),
  'NumberFormat.format of a currency': () => money.format(1234.5),
  'NumberFormat.formatToParts': () => numbers.formatToParts(1234.5),
  'Number toLocaleString': () => (1234.5).toLocaleString(),
  'PluralRules.select': () => plurals.select(2),
  'RelativeTimeFormat.format': () => times.format(-3, 'day'),
  'ListFormat.format': () => lists.format(words),
  'new Intl.NumberFormat': () => new Intl.NumberFormat('en'),
  'new Intl.Locale': () => new Intl.Locale('de-DE'),
};
