// SPDX-License-Identifier: Apache-2.0
'use strict';

module.exports = { isWorker: false }; // this process is a worker of a cluster: handles are the primary's
