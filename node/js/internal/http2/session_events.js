// SPDX-License-Identifier: Apache-2.0
//
// What nghttp2 tells of a session as a whole.
'use strict';

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = require('internal/http2/constants');
const { NghttpError } = require('internal/http2/nghttp2_error');
const { assignNumbered, isKnown } = require('internal/http2/settings');
const { kState, kStreams, kType, kUpdateTimer } = require('internal/http2/symbols');
const { on } = require('internal/http2/wire');
const {
  codes: { ERR_HTTP2_SESSION_ERROR, ERR_HTTP2_TOO_MANY_ORIGINS },
} = require('internal/errors');

const kProtocolError = -505; // nghttp2's
// The protocol's codes for nghttp2's errors of frames that could not be sent.
const kCodes = { '-505': 1, '-510': 5, '-522': 6, '-523': 9, '-524': 3, '-533': 7 };
const debug = require('internal/util/debuglog').debuglog('http2');

function emit(session, ...rest) {
  if (session.destroyed) return;
  session[kUpdateTimer]();
  session.emit(...rest);
}

on(6, (session, list) => {
  const state = session[kState];
  const { customSettings, ...known } = session.remoteSettings;
  // A peer whose first settings do not limit streams has no limit.
  if (state.isFirstSettings) known.maxConcurrentStreams = 2 ** 32 - 1;
  state.isFirstSettings = false;
  const settings = customSettings === undefined ? known : { ...known, customSettings: { ...customSettings } };
  for (let i = 0; i < list.length; i += 2) {
    if (isKnown(list[i]) || state.remoteCustomNumbers.includes(list[i])) assignNumbered(settings, list[i], list[i + 1]);
  }
  state.remoteSettings = settings;
  debug(`Http2Session ${session[kType] === 0 ? 'server' : 'client'}: new settings received`);
  emit(session, 'remoteSettings', settings);
});
on(7, (session) => {
  const state = session[kState];
  const sent = state.settings.shift();
  if (sent === undefined) {
    session.destroy(new NghttpError(kProtocolError));
    return;
  }
  state.localSettings = undefined;
  const settings = session.localSettings;
  sent.callback?.(null, settings, performance.now() - sent.start);
  session.emit('localSettings', settings);
});
on(8, (session, payload) => emit(session, 'ping', payload));
on(9, (session, payload) => {
  const sent = session[kState].pings.shift();
  if (sent === undefined) {
    session.destroy(new NghttpError(kProtocolError));
    return;
  }
  session[kState].pingTime = performance.now() - sent.start;
  sent.callback(null, session[kState].pingTime, payload);
});
on(10, (session, code, last, bytes) => {
  if (session.destroyed) return;
  const state = session[kState];
  state.goawayCode = code;
  state.goawayLastStreamID = last;
  session.emit('goaway', code, last, bytes.length > 0 ? bytes : undefined);
  if (session.destroyed) return;
  if (code === NGHTTP2_NO_ERROR) session.close();
  else session.destroy(new ERR_HTTP2_SESSION_ERROR(code), NGHTTP2_NO_ERROR);
});
on(11, (session, id, origin, value) => emit(session, 'altsvc', value, origin, id));
on(12, (session, origins) => {
  if (session.destroyed || !session.encrypted) return;
  const { maxOrigins } = session[kState];
  const set = session[kState].originSet ?? new Set(session.originSet);
  session[kState].originSet = set;
  for (const origin of origins) {
    if (set.size >= maxOrigins) {
      session.destroy(new ERR_HTTP2_TOO_MANY_ORIGINS(maxOrigins));
      return;
    }
    set.add(origin);
  }
  emit(session, 'origin', origins);
});
on(13, (session, id, parent, weight, exclusive) => {
  const target = session[kStreams].get(id) ?? session;
  emit(target, 'priority', id, parent, weight, exclusive);
});
on(14, (session, id, type, code) => {
  const stream = session[kStreams].get(id);
  if (session.destroyed || session.listenerCount('frameError') + (stream?.listenerCount('frameError') ?? 0) === 0) return;
  const shown = kCodes[code] ?? NGHTTP2_INTERNAL_ERROR;
  emit(stream ?? session, 'frameError', type, shown, id);
  // A GOAWAY that says why may be on its way.
  setImmediate(() => {
    stream?.close(shown);
    session.close();
  });
});
on(15, (session, errno, code) => {
  if (!session.destroyed) session.destroy(new NghttpError(errno, code));
});
