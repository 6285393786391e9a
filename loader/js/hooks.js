// SPDX-License-Identifier: Apache-2.0
//
// The hooks that are registered. A program without any loads no more of this than two empty arrays.
'use strict';

const resolveHooks = []; // what has a `resolve`, in the order of registration
const loadHooks = [];

module.exports = {
  asynchronous: undefined, // { resolve, load } that ask the thread of module.register(), once there is one
  isOwnThread: false, // this is the thread that runs them
  keepSourceMap: undefined, // (name, text, owner) while source maps are supported
  loadHooks,
  resolveHooks,
};
