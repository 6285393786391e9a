// SPDX-License-Identifier: Apache-2.0
// A worker thread of `edgejs serve`: an isolate that accepts connections of the port that all share.
'use strict';

const { parentPort, workerData } = require('worker_threads');
const { open } = require('internal/serve/server');

async function start() {
  const { server } = await open(workerData);
  parentPort.once('message', async () => {
    await server.stop();
    parentPort.close();
  });
  parentPort.postMessage('listening');
}

module.exports = { start };
