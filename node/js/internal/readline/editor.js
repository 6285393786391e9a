// SPDX-License-Identifier: Apache-2.0
//
// Editing a line in a terminal: methods of Interface, with the names that they had when they were public, by which
// programs still override some. `line`, `cursor` and `prevRows` (rows above the cursor) are the state.
'use strict';

const { charLengthAt, charLengthLeft } = require('internal/readline/keys');
const { clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');
const { getStringWidth, stripVTControlCharacters } = require('internal/util/string_width');

const MULTILINE_PROMPT = '| ';
const MAX_UNDO = 2048;
const MAX_KILLS = 32;

// The word, and what is between, to the left: looked for in the reversed text.
function wordLeft(text) {
  const reversed = Array.from(text).reverse().join('');
  return /^\s*(?:[^\w\s]+|\w+)?/.exec(reversed)[0].length;
}

function commonPrefix(strings) {
  if (strings.length === 0) return '';
  let prefix = strings[0];
  for (const text of strings) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

// Completions in columns, a blank line for each empty one.
function layOut(completions, columns) {
  const widths = completions.map((text) => getStringWidth(text));
  const width = Math.max(...widths) + 2;
  let perRow = Math.floor(columns / width) || 1;
  if (perRow === Infinity) perRow = 1;
  let output = '\r\n';
  let inRow = 0;
  let padding = 0;
  completions.forEach((completion, i) => {
    if (completion === '' || inRow === perRow) {
      output += '\r\n';
      inRow = padding = 0;
    } else output += ' '.repeat(padding);
    if (completion === '') {
      output += '\r\n';
      return;
    }
    output += completion;
    padding = width - widths[i];
    inRow++;
  });
  return inRow === 0 ? output : `${output}\r\n\r\n`;
}

class Editor {
  get _isMultiline() {
    return this.line.includes('\n');
  }

  // --- Display ---

  // Where the last character of `text` is, from the beginning of the prompt.
  _getDisplayPos(text) {
    const { columns, tabSize } = this;
    let offset = 0;
    let rows = 0;
    for (const char of stripVTControlCharacters(text)) {
      if (char === '\n') {
        rows += Math.ceil(offset / columns) || 1;
        offset = this._isMultiline ? MULTILINE_PROMPT.length : 0;
      } else if (char === '\t') offset += tabSize - (offset % tabSize);
      else {
        const width = getStringWidth(char, false);
        if (width === 2 && (offset + 1) % columns === 0) offset++; // it does not fit into the row
        offset += width;
      }
    }
    const cols = offset % columns;
    rows += (offset - cols) / columns;
    return { cols, rows };
  }

  getCursorPos() {
    return this._getDisplayPos(this._prompt + this.line.slice(0, this.cursor));
  }

  _refreshLine() {
    const end = this._getDisplayPos(this._prompt + this.line);
    const at = this.getCursorPos();
    if (this.prevRows > 0) moveCursor(this.output, 0, -this.prevRows);
    cursorTo(this.output, 0);
    clearScreenDown(this.output);
    this._writeToOutput(this._prompt + this.line.replaceAll('\n', `\n${MULTILINE_PROMPT}`));
    if (end.cols === 0) this._writeToOutput(' '); // makes the terminal begin the row
    cursorTo(this.output, at.cols);
    if (end.rows > at.rows) moveCursor(this.output, 0, at.rows - end.rows);
    this.prevRows = at.rows;
  }

  clearLine() {
    this._moveCursor(+Infinity);
    this._writeToOutput('\r\n');
    this.line = '';
    this.cursor = 0;
    this.prevRows = 0;
  }

  _moveCursor(distance) {
    if (distance === 0) return;
    const before = this.getCursorPos();
    this.cursor = Math.min(Math.max(this.cursor + distance, 0), this.line.length);
    const after = this.getCursorPos();
    if (before.rows === after.rows) moveCursor(this.output, after.cols - before.cols, 0);
    else this._refreshLine();
  }

  // --- Changes ---

  // Replaces the line, remembering it.
  _edit(line, cursor) {
    this._pushUndo();
    this.line = line;
    this.cursor = cursor;
    this._refreshLine();
  }

  _pushUndo() {
    if (this._undoStack.push({ text: this.line, cursor: this.cursor }) > MAX_UNDO) this._undoStack.shift();
  }

  _restoreFrom(from, to) {
    if (from.length === 0) return;
    to.push({ text: this.line, cursor: this.cursor });
    const { text, cursor } = from.pop();
    this.line = text;
    this.cursor = cursor;
    this._refreshLine();
  }

  _undo() {
    this._restoreFrom(this._undoStack, this._redoStack);
  }

  _redo() {
    this._restoreFrom(this._redoStack, this._undoStack);
  }

  _insertString(text) {
    this._pushUndo();
    if (this.cursor < this.line.length) {
      this.line = this.line.slice(0, this.cursor) + text + this.line.slice(this.cursor);
      this.cursor += text.length;
      // In the middle of a paste, the last character draws the line.
      if (this.isCompletionEnabled) this._refreshLine();
      else this._writeToOutput(text);
      return;
    }
    const before = this.isCompletionEnabled ? this.getCursorPos() : undefined;
    this.line += text;
    this.cursor += text.length;
    if (before !== undefined && before.rows < this.getCursorPos().rows) this._refreshLine();
    else this._writeToOutput(text);
  }

  _deleteLeft() {
    if (this.cursor === 0 || this.line.length === 0) return;
    const size = charLengthLeft(this.line, this.cursor);
    this._edit(this.line.slice(0, this.cursor - size) + this.line.slice(this.cursor), this.cursor - size);
  }

  _deleteRight() {
    if (this.cursor >= this.line.length) return;
    const size = charLengthAt(this.line, this.cursor);
    this._edit(this.line.slice(0, this.cursor) + this.line.slice(this.cursor + size), this.cursor);
  }

  _deleteWordLeft() {
    if (this.cursor === 0) return;
    const start = this.cursor - wordLeft(this.line.slice(0, this.cursor));
    this._edit(this.line.slice(0, start) + this.line.slice(this.cursor), start);
  }

  _deleteWordRight() {
    if (this.cursor >= this.line.length) return;
    const rest = this.line.slice(this.cursor);
    const { length } = /^(?:\s+|\W+|\w+)\s*/.exec(rest)[0];
    this._edit(this.line.slice(0, this.cursor) + rest.slice(length), this.cursor);
  }

  _deleteLineLeft() {
    this._kill(this.line.slice(0, this.cursor));
    this._edit(this.line.slice(this.cursor), 0);
  }

  _deleteLineRight() {
    this._kill(this.line.slice(this.cursor));
    this._edit(this.line.slice(0, this.cursor), this.cursor);
  }

  _wordLeft() {
    if (this.cursor > 0) this._moveCursor(-wordLeft(this.line.slice(0, this.cursor)));
  }

  _wordRight() {
    if (this.cursor >= this.line.length) return;
    this._moveCursor(/^(?:\s+|[^\w\s]+|\w+)\s*/.exec(this.line.slice(this.cursor))[0].length);
  }

  // --- The kill ring: what was deleted by the line, newest first ---

  _kill(text) {
    if (!text || text === this._killRing[0]) return;
    this._killRing.unshift(text);
    this._killRingCursor = 0;
    if (this._killRing.length > MAX_KILLS) this._killRing.pop();
  }

  _yank() {
    if (this._killRing.length === 0) return;
    this._yanking = true;
    this._insertString(this._killRing[this._killRingCursor]);
  }

  // Puts the next older text in the place of the one that was just yanked.
  _yankPop() {
    if (!this._yanking || this._killRing.length < 2) return;
    const last = this._killRing[this._killRingCursor];
    this._killRingCursor = (this._killRingCursor + 1) % this._killRing.length;
    const head = this.line.slice(0, this.cursor - last.length);
    const text = this._killRing[this._killRingCursor];
    this.line = head + text + this.line.slice(this.cursor);
    this.cursor = head.length + text.length;
    this._refreshLine();
  }

  // --- History ---

  _historyNext() {
    const found = this._history.newer(this._substringSearch);
    if (found !== undefined) this._edit(found, found.length);
  }

  _historyPrev() {
    const found = this._history.older(this._substringSearch);
    if (found !== undefined) this._edit(found, found.length);
  }

  // Up and down within the lines of an entry, then through the history.
  _moveVertically(step) {
    const lines = this.line.split('\n');
    const before = this.line.slice(0, this.cursor).split('\n');
    const target = before.length - 1 + step;
    if (lines.length === 1 || target < 0 || target >= lines.length) {
      this._wantedColumn = undefined;
      if (step < 0) this._historyPrev();
      else this._historyNext();
      return;
    }
    this._wantedColumn ??= before.at(-1).length;
    const start = lines.slice(0, target).reduce((sum, { length }) => sum + length + 1, 0);
    this._moveCursor(start + Math.min(this._wantedColumn, lines[target].length) - this.cursor);
  }

  // --- Completion ---

  _tabComplete(lastKeypressWasTab) {
    this.pause();
    this.completer(this.line.slice(0, this.cursor), (error, value) => {
      this.resume();
      if (error) this._writeToOutput(`Tab completion error: ${require('internal/util/inspect').inspect(error)}`);
      else this._tabCompleter(lastKeypressWasTab, value);
    });
  }

  _tabCompleter(lastKeypressWasTab, [completions, completeOn]) {
    if (!completions || completions.length === 0) return;
    const prefix = commonPrefix(completions.filter((text) => text !== ''));
    if (prefix.startsWith(completeOn) && prefix.length > completeOn.length) {
      this._insertString(prefix.slice(completeOn.length));
      return;
    }
    if (!completeOn.startsWith(prefix)) {
      const start = this.cursor - completeOn.length;
      this.line = this.line.slice(0, start) + prefix + this.line.slice(this.cursor);
      this.cursor = start + prefix.length;
      this._refreshLine();
      return;
    }
    if (!lastKeypressWasTab) return;
    this._pushUndo();
    this._writeToOutput(layOut(completions, this.columns));
    this._refreshLine();
  }
}

module.exports = { commonPrefix, Editor, MULTILINE_PROMPT };
