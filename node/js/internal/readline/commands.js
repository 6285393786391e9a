// SPDX-License-Identifier: Apache-2.0
//
// What each key does to an Interface.
'use strict';

const { AbortError } = require('internal/errors');
const { clearScreenDown, cursorTo } = require('internal/readline/cursor');
const { charLengthAt, charLengthLeft } = require('internal/readline/keys');

const LINE_ENDING = /\r?\n|\r(?!\n)|\u2028|\u2029/;

function end(rl, key) {
  rl.close();
  rl._questionReject?.(new AbortError(`Aborted with Ctrl+${key}`));
}

// Raw mode ends while the process is stopped.
function suspend(rl) {
  if (rl.listenerCount('SIGTSTP') > 0) {
    rl.emit('SIGTSTP');
    return;
  }
  process.once('SIGCONT', () => {
    if (!rl.paused) {
      rl.pause();
      rl.emit('SIGCONT');
    }
    rl._setRawMode(true);
    rl._refreshLine();
  });
  rl._setRawMode(false);
  process.kill(process.pid, 'SIGTSTP');
}

const WITH_CTRL = {
  c: (rl) => (rl.listenerCount('SIGINT') > 0 ? rl.emit('SIGINT') : end(rl, 'C')),
  d: (rl) => (rl.cursor === 0 && rl.line.length === 0 ? end(rl, 'D') : rl._deleteRight()),
  h: (rl) => rl._deleteLeft(),
  u: (rl) => rl._deleteLineLeft(),
  k: (rl) => rl._deleteLineRight(),
  a: (rl) => rl._moveCursor(-Infinity),
  e: (rl) => rl._moveCursor(+Infinity),
  b: (rl) => rl._moveCursor(-charLengthLeft(rl.line, rl.cursor)),
  f: (rl) => rl._moveCursor(charLengthAt(rl.line, rl.cursor)),
  l(rl) {
    cursorTo(rl.output, 0, 0);
    clearScreenDown(rl.output);
    rl._refreshLine();
  },
  n: (rl) => rl._historyNext(),
  p: (rl) => rl._historyPrev(),
  y: (rl) => rl._yank(),
  z: suspend,
  w: (rl) => rl._deleteWordLeft(),
  backspace: (rl) => rl._deleteWordLeft(),
  delete: (rl) => rl._deleteWordRight(),
  left: (rl) => rl._wordLeft(),
  right: (rl) => rl._wordRight(),
};

const WITH_CTRL_AND_SHIFT = {
  backspace: (rl) => rl._deleteLineLeft(),
  delete: (rl) => rl._deleteLineRight(),
};

const WITH_META = {
  b: (rl) => rl._wordLeft(),
  f: (rl) => rl._wordRight(),
  d: (rl) => rl._deleteWordRight(),
  delete: (rl) => rl._deleteWordRight(),
  backspace: (rl) => rl._deleteWordLeft(),
  y: (rl) => rl._yankPop(),
};

const PLAIN = {
  return(rl) {
    rl._sawReturnAt = Date.now();
    rl._line();
  },
  enter(rl) {
    if (rl._sawReturnAt === 0 || Date.now() - rl._sawReturnAt > rl.crlfDelay) rl._line();
    rl._sawReturnAt = 0;
  },
  backspace: (rl) => rl._deleteLeft(),
  delete: (rl) => rl._deleteRight(),
  left: (rl) => rl._moveCursor(-charLengthLeft(rl.line, rl.cursor)),
  right: (rl) => rl._moveCursor(charLengthAt(rl.line, rl.cursor)),
  home: (rl) => rl._moveCursor(-Infinity),
  end: (rl) => rl._moveCursor(+Infinity),
  up: (rl) => rl._moveVertically(-1),
  down: (rl) => rl._moveVertically(1),
};

// Text that was typed or pasted, each line of it entered.
function insert(rl, text) {
  if (typeof text !== 'string' || text === '') return;
  const lines = text.split(LINE_ENDING);
  const last = lines.pop();
  for (const line of lines) {
    rl._insertString(line);
    rl._line();
  }
  rl._insertString(last);
}

// Up and down look for entries that begin like the text before the cursor.
function search(rl, key) {
  if ((key.name === 'up' || key.name === 'down') && !key.ctrl && !key.meta && !key.shift) {
    if (rl._substringSearch === null && !rl._isMultiline) rl._substringSearch = rl.line.slice(0, rl.cursor);
  } else if (rl._substringSearch !== null) {
    rl._substringSearch = null;
    if (rl.history.length === rl.historyIndex) rl.historyIndex = -1;
  }
}

const run = (commands, rl, key) => Object.hasOwn(commands, key.name) && commands[key.name](rl);

function handleKey(rl, text, key) {
  key ??= {};
  const previous = rl._previousKey;
  rl._previousKey = key;
  if (!key.meta || key.name !== 'y') rl._yanking = false;
  if (key.name !== 'up' && key.name !== 'down') rl._wantedColumn = undefined;
  search(rl, key);
  if (key.sequence === '\x1f') rl._undo();
  else if (key.sequence === '\x1e') rl._redo();
  else if (key.name === 'escape') return;
  else if (key.ctrl && key.shift) run(WITH_CTRL_AND_SHIFT, rl, key);
  else if (key.ctrl) run(WITH_CTRL, rl, key);
  else if (key.meta) run(WITH_META, rl, key);
  else {
    if (key.name !== 'enter') rl._sawReturnAt = 0;
    if (key.name === 'tab' && typeof rl.completer === 'function' && rl.isCompletionEnabled) {
      rl._tabComplete(previous?.name === 'tab');
    } else if (Object.hasOwn(PLAIN, key.name)) PLAIN[key.name](rl);
    else insert(rl, text);
  }
}

module.exports = { handleKey, LINE_ENDING };
