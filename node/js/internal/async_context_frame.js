// SPDX-License-Identifier: Apache-2.0
//
// The frame that AsyncLocalStorage values live in: an immutable Map, or undefined when no storage
// was entered. The engine carries it through promises and `await`; everything else that runs a callback later
// keeps the frame of its caller.
'use strict';

const { currentFrame, exchangeFrame } = internalBinding('async_wrap');

module.exports = {
  current: currentFrame,
  // Enters a frame and returns the one that was current.
  exchange: exchangeFrame,
};
