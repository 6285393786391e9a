// SPDX-License-Identifier: Apache-2.0
'use strict';

const { ADDRCONFIG, ALL, lookup, lookupService, V4MAPPED } = require('internal/dns/lookup');
const { defaultOrder, setDefaultOrder } = require('internal/dns/order');
const { refuseAll } = require('internal/refuse');

module.exports = {
  ...refuseAll('dns', [
    'Resolver', 'getServers', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx',
    'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv', 'resolveTlsa', 'resolveTxt', 'reverse',
    'setServers',
  ]),
  lookup,
  lookupService,
  getDefaultResultOrder: defaultOrder,
  setDefaultResultOrder: setDefaultOrder,
  ADDRCONFIG,
  ALL,
  V4MAPPED,
};
