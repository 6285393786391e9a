// SPDX-License-Identifier: Apache-2.0
// Moving the cursor and clearing, by the escape sequences that every terminal has.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_CURSOR_POS },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');

function send(stream, sequence, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (sequence === '' || stream === null || stream === undefined) {
    if (typeof callback === 'function') process.nextTick(callback, null);
    return true;
  }
  return stream.write(sequence, callback);
}

function cursorTo(stream, x, y, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (typeof y === 'function') [y, callback] = [undefined, y];
  if (Number.isNaN(x)) throw new ERR_INVALID_ARG_VALUE('x', x);
  if (Number.isNaN(y)) throw new ERR_INVALID_ARG_VALUE('y', y);
  if (typeof x !== 'number' && typeof y !== 'number') return send(stream, '', callback);
  if (typeof x !== 'number') throw new ERR_INVALID_CURSOR_POS();
  return send(stream, typeof y === 'number' ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`, callback);
}

function moveCursor(stream, dx, dy, callback) {
  let sequence = '';
  if (dx < 0) sequence += `\x1b[${-dx}D`;
  else if (dx > 0) sequence += `\x1b[${dx}C`;
  if (dy < 0) sequence += `\x1b[${-dy}A`;
  else if (dy > 0) sequence += `\x1b[${dy}B`;
  return send(stream, sequence, callback);
}

// -1: to the left of the cursor, 1: to the right, 0: the whole line.
function clearLine(stream, direction, callback) {
  const mode = direction < 0 ? 1 : direction > 0 ? 0 : 2;
  return send(stream, `\x1b[${mode}K`, callback);
}

function clearScreenDown(stream, callback) {
  return send(stream, '\x1b[0J', callback);
}

module.exports = { clearLine, clearScreenDown, cursorTo, moveCursor };
