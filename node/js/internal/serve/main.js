// SPDX-License-Identifier: Apache-2.0
// `edgejs serve`: this thread is the first server, worker threads are the others. The first SIGINT or SIGTERM lets all of
// them finish what they have, a second one ends the process at once.
'use strict';

const { once } = require('events');
const { open } = require('internal/serve/server');

function startWorkers(count, settings) {
  const { kBuiltin, Worker } = require('internal/worker/worker');
  return Array.from({ length: count }, () => {
    return new Worker('internal/serve/worker', { [kBuiltin]: true, workerData: settings });
  });
}

function stopAtSignal(server, workers) {
  const stop = async () => {
    for (const name of ['SIGINT', 'SIGTERM']) process.removeListener(name, stop);
    const ends = workers.map((worker) => once(worker, 'exit'));
    for (const worker of workers) worker.postMessage('stop');
    await Promise.all([server.stop(), ...ends]);
  };
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, stop);
}

// `workers` isolates listen, this one among them. Prints the address once all do.
async function serve(file, { host, port, workers, accessLog }) {
  const settings = { file, host, reusePort: workers > 1, accessLog };
  const { server, address } = await open({ ...settings, port });
  const others = startWorkers(workers - 1, { ...settings, port: address.port });
  await Promise.all(others.map((worker) => once(worker, 'message')));
  stopAtSignal(server, others);
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  process.stderr.write(`Listening on http://${name}:${address.port}/\n`);
}

module.exports = { serve };
