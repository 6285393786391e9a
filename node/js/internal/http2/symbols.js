// SPDX-License-Identifier: Apache-2.0
//
// What sessions and streams know of each other.
'use strict';

module.exports = {
  kHost: Symbol('host'),
  kInit: Symbol('init'),
  kMaybeDestroy: Symbol('maybeDestroy'),
  kOnHeaders: Symbol('onHeaders'),
  kProceed: Symbol('proceed'),
  kPublish: Symbol('publish'),
  kRequestResource: Symbol('requestResource'),
  kSession: Symbol('session'),
  kSocket: Symbol('socket'),
  kState: Symbol('state'),
  kStreams: Symbol('streams'),
  kType: Symbol('type'),
  kUpdateTimer: Symbol('updateTimer'),
};
