// SPDX-License-Identifier: Apache-2.0
'use strict';

const codes = require('internal/dns/codes');
const { ADDRCONFIG, ALL, lookup, lookupService, V4MAPPED } = require('internal/dns/lookup');
const { defaultOrder, setDefaultOrder } = require('internal/dns/order');

// What needs a resolver is loaded when it is used.
const lazy = {};
const NAMES = ['getServers', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx',
  'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv', 'resolveTlsa', 'resolveTxt', 'reverse',
  'setServers'];
let functions;
for (const name of NAMES) {
  lazy[name] = {
    [name](...args) {
      if (functions === undefined) {
        const { boundTo, Resolver } = require('internal/dns/resolver');
        functions = boundTo(Resolver);
      }
      return functions[name](...args);
    },
  }[name];
}

module.exports = {
  lookup,
  lookupService,
  get Resolver() {
    return require('internal/dns/resolver').Resolver;
  },
  getDefaultResultOrder: defaultOrder,
  setDefaultResultOrder: setDefaultOrder,
  ADDRCONFIG,
  ALL,
  V4MAPPED,
  ...codes,
  ...lazy,
  get promises() {
    return require('dns/promises');
  },
};
