// SPDX-License-Identifier: Apache-2.0
// `edgejs serve`: one isolate serves here; several are worker threads, and this thread looks after them.
'use strict';

// The first SIGINT or SIGTERM lets open requests finish, for `grace` seconds; a second one ends the process at once.
function stopAtSignal(server, grace) {
  const stop = async () => {
    for (const name of ['SIGINT', 'SIGTERM']) process.removeListener(name, stop);
    const timer = setTimeout(() => {
      process.stderr.write(`edgejs serve: requests were still open after ${grace} s\n`);
      process.exit(1);
    }, grace * 1000);
    await server.stop();
    clearTimeout(timer);
  };
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, stop);
}

function openHere(settings) {
  return require('internal/serve/server').open(settings);
}

async function openCrew(settings, { workers, memory, host, port }) {
  const { Crew } = require('internal/serve/crew');
  const server = new Crew(settings, memory);
  return { server, address: await server.listen(workers, { host, port }) };
}

// Prints the address once all isolates listen.
async function serve(file, options) {
  const { accessLog, grace, host, port, workers } = options;
  const settings = { file, accessLog };
  const { server, address } = workers > 1 ? await openCrew(settings, options) : await openHere({ ...settings, host, port });
  stopAtSignal(server, grace);
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  process.stderr.write(`Listening on http://${name}:${address.port}/\n`);
}

module.exports = { serve };
