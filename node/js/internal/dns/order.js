// SPDX-License-Identifier: Apache-2.0
// In which order addresses of both families come.
'use strict';

const { getOptionValue } = require('internal/options');
const { validateOneOf } = require('internal/validators');

const ORDERS = ['verbatim', 'ipv4first', 'ipv6first'];

let order;

module.exports = {
  ORDERS,
  defaultOrder() {
    order ??= getOptionValue('--dns-result-order') || 'verbatim';
    return order;
  },
  setDefaultOrder(value) {
    validateOneOf(value, 'dnsOrder', ORDERS);
    order = value;
  },
};
