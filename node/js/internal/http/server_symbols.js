// SPDX-License-Identifier: Apache-2.0
'use strict';

module.exports = {
  kConnection: Symbol('connection'),
  kOptimizeEmptyRequests: Symbol('OptimizeEmptyRequestsOption'),
  kServerResponse: Symbol('ServerResponse'),
};
