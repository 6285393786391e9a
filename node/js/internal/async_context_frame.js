// SPDX-License-Identifier: Apache-2.0
//
// The frame that AsyncLocalStorage values live in: an immutable Map, or undefined when no storage
// was entered. Everything that runs a callback later keeps the frame of its caller.
'use strict';

let frame;
let followsPromises = false;

// From the first storage on, callbacks of promises keep the frame in which they were given to `then` (which
// `catch` and `finally` call). What comes after an `await` does not pass here: the engine tells nobody about it.
function followPromises() {
  if (followsPromises) return;
  followsPromises = true;
  const { then: original } = Promise.prototype;
  const inFrame = (kept, callback) =>
    typeof callback !== 'function'
      ? callback
      : (value) => {
          const previous = frame;
          frame = kept;
          try {
            return callback(value);
          } finally {
            frame = previous;
          }
        };
  Object.defineProperty(Promise.prototype, 'then', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: {
      then(onFulfilled, onRejected) {
        const kept = frame;
        return Reflect.apply(original, this, [inFrame(kept, onFulfilled), inFrame(kept, onRejected)]);
      },
    }.then,
    writable: true,
  });
}

module.exports = {
  followPromises,
  current: () => frame,
  // Enters `next` and returns the frame that was current.
  exchange(next) {
    const previous = frame;
    frame = next;
    return previous;
  },
};
