// SPDX-License-Identifier: Apache-2.0
//
// The history of the prompt in a file.
'use strict';

const fs = require('fs');
const path = require('path');

const DEBOUNCE = 15; // ms: pasted lines are written at once

function say(repl, text) {
  repl._writeToOutput(text);
  repl._refreshLine();
}

// The first time that somebody looks for a line before, the prompt says why there is none.
function explainOnce(repl) {
  repl._historyPrev = function () {
    if (this.history.length === 0) {
      say(
        this,
        '\nPersistent history support disabled. Set the NODE_REPL_HISTORY environment\nvariable to a valid, user-writable ' +
          'path to enable.\n'
      );
    }
    delete this._historyPrev;
    return this._historyPrev();
  };
}

function defaultPath() {
  return path.join(require('os').homedir(), '.node_repl_history');
}

function persist(repl, file) {
  let timer;
  const write = () => {
    timer = undefined;
    fs.writeFile(file, repl.history.join('\n'), { mode: 0o600 }, () => {
      repl._history.isFlushing = timer !== undefined;
      if (!repl._history.isFlushing) repl.emit('flushHistory');
    });
  };
  const onLine = () => {
    repl._history.isFlushing = true;
    clearTimeout(timer);
    timer = setTimeout(write, DEBOUNCE);
  };
  repl.on('line', onLine);
  repl.once('exit', () => repl.off('line', onLine));
}

// Reads the file, which is made if there is none, and writes it from now on. Without a file the session has a history of its own.
async function setUpHistory(repl, file, ready) {
  if (typeof file === 'string') file = file.trim();
  if (file === '') {
    explainOnce(repl);
    ready(null, repl);
    return;
  }
  repl.pause();
  try {
    file ??= defaultPath();
    const handle = await fs.promises.open(file, 'a+', 0o600);
    const text = await handle.readFile('utf8');
    await handle.close();
    repl.history = text === '' ? [] : text.split(/\r?\n+/, repl.historySize);
    persist(repl, file);
  } catch {
    say(repl, '\nError: Could not open history file.\nREPL session history will not be persisted.\n');
    explainOnce(repl);
  }
  if (!repl.closed) repl.resume();
  ready(null, repl);
}

module.exports = { setUpHistory };
