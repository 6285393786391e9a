// SPDX-License-Identifier: Apache-2.0
'use strict';

const codes = require('internal/dns/codes');
const { lookupPromise, lookupServicePromise } = require('internal/dns/lookup');
const { defaultOrder, setDefaultOrder } = require('internal/dns/order');
const { boundTo, PromiseResolver } = require('internal/dns/resolver');

module.exports = {
  lookup: lookupPromise,
  lookupService: lookupServicePromise,
  Resolver: PromiseResolver,
  getDefaultResultOrder: defaultOrder,
  setDefaultResultOrder: setDefaultOrder,
  ...codes,
  ...boundTo(PromiseResolver),
};
