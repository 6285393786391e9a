// SPDX-License-Identifier: Apache-2.0
//
// Runs a case in any runtime: `harness.mjs NOTES ENTRY CASE`. Loads the package by the name ENTRY, then
// imports CASE; both may be empty. NOTES is a file that gets a line of JSON for each stage that begins and
// for the error that ends it. Without a case the document is what the package exports.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [notes, entry, file] = process.argv.slice(2);
const note = (record) => appendFileSync(notes, JSON.stringify(record) + '\n');

function describe(error) {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, code, stack, cause } = error;
  return { name, message, code, stack, cause: cause === undefined ? undefined : describe(cause) };
}

// Packages that are CommonJS alone are required, as their users do.
async function load(name) {
  try {
    return await import(name);
  } catch (error) {
    if (error?.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED' && error?.code !== 'ERR_UNSUPPORTED_DIR_IMPORT') throw error;
    return createRequire(pathToFileURL(`${process.cwd()}/`))(name);
  }
}

try {
  let loaded;
  note({ stage: 'load' });
  if (entry !== '') loaded = await load(entry);
  note({ stage: 'run' });
  if (file !== '') await import(pathToFileURL(file).href);
  else console.log(JSON.stringify({ exports: Object.keys(loaded).sort() }));
  note({ stage: 'end' });
} catch (error) {
  note({ error: describe(error) });
  console.error(error);
  process.exit(1);
}
