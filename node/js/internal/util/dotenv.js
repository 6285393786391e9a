// SPDX-License-Identifier: Apache-2.0
//
// The text of .env files (util.parseEnv, process.loadEnvFile, --env-file).
'use strict';

const LINE = /^\s*(?:export\s+)?([\w.-]+)\s*=[^\S\n]*(?:'([^']*)'|"([^"]*)"|`([^`]*)`|([^\n#]*))?[^\n]*$/gm;

function parseEnv(text) {
  const values = {};
  for (const [, name, single, double, back, bare] of text.replace(/\r\n?/g, '\n').matchAll(LINE)) {
    if (double !== undefined) values[name] = double.replaceAll('\\n', '\n');
    else values[name] = single ?? back ?? (bare ?? '').trim();
  }
  return values;
}

module.exports = { parseEnv };
