// SPDX-License-Identifier: Apache-2.0
'use strict';

module.exports = {
  kOptimizeEmptyRequests: Symbol('OptimizeEmptyRequestsOption'),
  kServerResponse: Symbol('ServerResponse'),
};
