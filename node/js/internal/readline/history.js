// SPDX-License-Identifier: Apache-2.0
//
// The lines that were entered, newest first, and a walk through them. Entries of several lines are kept with the last
// line first and '\r' between, so that a file of them has an entry a line.
'use strict';

const { validateArray, validateBoolean, validateNumber } = require('internal/validators');

const DEFAULT_SIZE = 30;

const folded = (text) => (text.includes('\n') ? text.split('\n').reverse().join('\r') : text);
const unfolded = (entry) => (entry.includes('\r') ? entry.split('\r').reverse().join('\n') : entry);

class History {
  constructor(rl, { history, size, removeHistoryDuplicates = false } = {}) {
    if (history === undefined) history = [];
    else validateArray(history, 'history');
    if (size === undefined) size = DEFAULT_SIZE;
    validateNumber(size, 'size', 0);
    validateBoolean(removeHistoryDuplicates, 'removeHistoryDuplicates');
    this.rl = rl;
    this.history = history;
    this.size = size;
    this.removeHistoryDuplicates = removeHistoryDuplicates;
    this.index = -1;
    this.isFlushing = false;
  }

  // Adds the interface's line and returns it. `replacesNewest`: it is the newest entry, grown by a line or corrected.
  add(replacesNewest) {
    const { line } = this.rl;
    if (line.length === 0 || this.size === 0 || line.trim().length === 0) return line;
    if (replacesNewest) this.history.shift();
    const entry = folded(line);
    if (this.history.length === 0 || this.history[0] !== entry) {
      if (this.removeHistoryDuplicates) {
        const index = this.history.indexOf(entry);
        if (index !== -1) this.history.splice(index, 1);
      }
      this.history.unshift(entry);
      if (this.history.length > this.size) this.history.pop();
    }
    this.index = -1;
    // A listener may take a password out again.
    this.rl.emit('history', this.history);
    return line;
  }

  #find(step, beginning) {
    const { history, rl } = this;
    let index = this.index + step;
    while (
      index >= 0 &&
      index < history.length &&
      (!history[index].startsWith(beginning) || rl.line === unfolded(history[index]))
    ) {
      index += step;
    }
    this.index = index;
    return index < 0 || index >= history.length ? beginning : unfolded(history[index]);
  }

  // The text of the next newer, or older, entry that has this beginning; undefined at the end.
  newer(beginning) {
    return this.index > -1 && this.history.length > 0 ? this.#find(-1, beginning ?? '') : undefined;
  }

  older(beginning) {
    const { length } = this.history;
    return length > 0 && this.index !== length ? this.#find(1, beginning ?? '') : undefined;
  }
}

module.exports = { History };
