// SPDX-License-Identifier: Apache-2.0
//
// What sessions and streams know of each other.
'use strict';

module.exports = {
  kFlush: Symbol('flush'),
  kHost: Symbol('host'),
  kInit: Symbol('init'),
  kMaybeDestroy: Symbol('maybeDestroy'),
  kSession: Symbol('session'),
  kState: Symbol('state'),
  kStreams: Symbol('streams'),
  kUpdateTimer: Symbol('updateTimer'),
};
