// SPDX-License-Identifier: Apache-2.0
//
// Numbers of asynchronous resources. Until somebody loads `async_hooks`, nobody can ask for them, and whatever makes or
// runs a resource only looks whether `track` (internal/async_hooks) is there.
'use strict';

let lastId = 1; // of the program itself

module.exports = {
  kAsyncId: Symbol('asyncId'),
  kTriggerId: Symbol('triggerId'),
  newAsyncId: () => ++lastId,
  track: undefined,
};
