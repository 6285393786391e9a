// SPDX-License-Identifier: Apache-2.0
//
// readline.emitKeypressEvents: a stream tells of keys while somebody listens for them.
'use strict';

const { charLengthAt, decodeKeys, ESCAPE } = require('internal/readline/keys');
const { StringDecoder } = require('string_decoder');
const { clearTimeout, setTimeout } = require('timers');

const ESCAPE_CODE_TIMEOUT = 500; // ms; how long the rest of a sequence may take
const kDecoder = Symbol('keypress-decoder');
const kSawKeyPress = Symbol('_sawKeyPress');

// `rl` is the interface that reads the stream, if any: it is told whether a key came alone.
function emitKeypressEvents(stream, rl = { __proto__: null }) {
  if (stream[kDecoder]) return;
  stream[kDecoder] = new StringDecoder('utf8');
  const { escapeCodeTimeout = ESCAPE_CODE_TIMEOUT } = rl;
  let keys;
  const restart = () => {
    keys = decodeKeys((text, key) => stream.emit('keypress', text, key));
    keys.next();
  };
  let timeout;
  restart();

  function take(text) {
    clearTimeout(timeout);
    rl[kSawKeyPress] = charLengthAt(text, 0) === text.length;
    rl.isCompletionEnabled = false; // pasted tabs are text
    let length = 0;
    for (const character of text) {
      length += character.length;
      const isLast = length === text.length;
      if (isLast) rl.isCompletionEnabled = true;
      try {
        keys.next(character);
      } catch (error) {
        restart(); // a listener threw through the generator
        throw error;
      }
      if (isLast && character === ESCAPE) timeout = setTimeout(() => keys.next(''), escapeCodeTimeout);
    }
  }

  function onData(data) {
    if (stream.listenerCount('keypress') > 0) {
      const text = stream[kDecoder].write(data);
      if (text) take(text);
      return;
    }
    stream.removeListener('data', onData);
    stream.on('newListener', onNewListener);
  }

  function onNewListener(event) {
    if (event !== 'keypress') return;
    stream.on('data', onData);
    stream.removeListener('newListener', onNewListener);
  }

  if (stream.listenerCount('keypress') > 0) stream.on('data', onData);
  else stream.on('newListener', onNewListener);
}

module.exports = { emitKeypressEvents, kSawKeyPress };
