// SPDX-License-Identifier: Apache-2.0
// `cluster`: worker processes with messages and an orderly end. Sharing a port is the matter of `net`, when it is there.
'use strict';

const isWorker = internalBinding('environment').get('NODE_UNIQUE_ID') !== undefined;

module.exports = require(isWorker ? 'internal/cluster/child' : 'internal/cluster/primary');
