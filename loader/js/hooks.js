// SPDX-License-Identifier: Apache-2.0
//
// The hooks that are registered. A program without any loads no more of this than two empty arrays.
'use strict';

const resolveHooks = []; // what has a `resolve`, in the order of registration
const loadHooks = [];

module.exports = { loadHooks, resolveHooks };
