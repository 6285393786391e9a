// SPDX-License-Identifier: Apache-2.0
//
// The prompt of the command line, as NODE_REPL_* and NODE_NO_READLINE want it.
'use strict';

const { getOptionValue } = require('internal/options');

function start(code) {
  if (getOptionValue('--input-type') !== undefined) {
    process.stderr.write('Cannot specify --input-type for REPL\n');
    process.exit(1);
  }
  const repl = require('repl');
  const { env } = process;
  const options = { ignoreUndefined: false, useGlobal: true, breakEvalOnSigint: true, standalone: true };
  const mode = env.NODE_REPL_MODE?.toLowerCase().trim();
  options.replMode = mode === 'strict' ? repl.REPL_MODE_STRICT : repl.REPL_MODE_SLOPPY;
  if (Number(env.NODE_NO_READLINE)) options.terminal = false;
  const size = Number(env.NODE_REPL_HISTORY_SIZE);
  options.historySize = size > 0 ? size : 1000;
  const { versions } = process;
  console.log(`Welcome to edgejs v${versions.edgejs} (Node.js ${process.version}).\nType ".help" for more information.`);
  if (code !== undefined) require('internal/process/execution').evalScript('[eval]', code, false);
  const server = repl.start(options);
  server.on('exit', () => {
    if (server.isFlushing) {
      server.pause();
      server.once('flushHistory', () => process.exit());
    } else process.exit();
  });
  if (options.terminal !== false && server.terminal) {
    server.setupHistory(env.NODE_REPL_HISTORY, (error) => {
      if (error) throw error;
    });
  }
}

module.exports = { start };
