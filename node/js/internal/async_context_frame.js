// SPDX-License-Identifier: Apache-2.0
//
// The frame that AsyncLocalStorage values live in: an immutable Map, or undefined when no storage
// was entered. Everything that runs a callback later keeps the frame of its caller.
'use strict';

let frame;

module.exports = {
  current: () => frame,
  // Enters `next` and returns the frame that was current.
  exchange(next) {
    const previous = frame;
    frame = next;
    return previous;
  },
};
