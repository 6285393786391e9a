// SPDX-License-Identifier: Apache-2.0
//
// A program whose first file, or text on the command line, is an ES module.
'use strict';

const loader = require('internal/modules/esm/loader');
const { pathToUrl } = require('internal/modules/esm/urls');

function warnUnsettled(main) {
  if (require('internal/options').getOptionValue('--warnings') === false) return;
  const job = loader.waiting(main);
  const place = require('internal/modules/esm/awaits').findAwait(job);
  const at =
    place === undefined ? job.url : `${job.url}:${place.line}\n${place.text}\n${' '.repeat(place.column)}^`;
  internalBinding('stdio').write(2, `Warning: Detected unsettled top-level await at ${at}\n\n\n`);
}

// --import: modules that are loaded before the program, found from the working directory.
async function preload() {
  const { getOptionValue } = require('internal/options');
  for (const specifier of getOptionValue('--import') ?? []) {
    await loader.start(loader.requestJob(pathToUrl(`${process.cwd()}/`), specifier));
  }
}

// Runs in a promise job, as Node does: promises of the program come before its ticks.
async function runAfterPreload(run) {
  await undefined;
  const { setUnsettled } = require('internal/process/execution');
  try {
    const { startFromOptions, waitUntilReady } = require('internal/modules/esm/hooks_thread');
    startFromOptions();
    await preload();
    waitUntilReady();
    await run();
  } catch (error) {
    internalBinding('errors').triggerUncaughtException(error, true);
  } finally {
    setUnsettled(undefined);
  }
}

// `makeJob` gives the main module.
function runMainJob(makeJob) {
  runAfterPreload(() => {
    const job = makeJob();
    const pending = loader.start(job);
    if (pending === undefined) return undefined;
    require('internal/process/execution').setUnsettled(() => warnUnsettled(job));
    return pending;
  });
}

// The program's file. `source` is its text when that was read and found to be a module.
function runFile(path, source) {
  const url = pathToUrl(path);
  runMainJob(() =>
    source === undefined
      ? loader.requestJob(undefined, url, undefined, true)
      : loader.getSourceJob(url, source, true)
  );
}

// A worker's data: URL, or what --entry-url names.
function runUrl(url) {
  runMainJob(() => loader.requestJob(pathToUrl(`${process.cwd()}/`), url, undefined, true));
}

// Text of the command line or standard input.
function runText(source) {
  const url = `${pathToUrl(`${process.cwd()}/`)}[eval1]`;
  require('internal/process/uncaught').keepSource(url, source);
  runMainJob(() => loader.getSourceJob(url, source, true));
}

// Throws what is wrong with the syntax of an ES module, none of whose requests is looked at. The program ends after it.
function checkText(source, path) {
  const modules = internalBinding('modules');
  const parsed = {}; // requests come after all of the text has been read
  modules.setHooks(() => {
    throw parsed;
  });
  try {
    modules.compile(modules.create(path), source);
  } catch (error) {
    if (error !== parsed) throw error;
  }
}

module.exports = { checkText, preload, runAfterPreload, runFile, runText, runUrl };
