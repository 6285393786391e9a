// SPDX-License-Identifier: Apache-2.0
// Sessions that clients keep, each with the name of the server that was verified when it was made: a connection that
// goes on with a session looks at no certificate, so the session of one server must not do for another.
'use strict';

const { Buffer } = require('buffer');

const mark = Buffer.from('\0nodejs:tls:session:1\0');

const serverIdentity = (options) => options?.servername || options?.host || options?.socket?._host || 'localhost';

function nameSession(session, options) {
  if (!Buffer.isBuffer(session) || options?.isServer) return session;
  const name = Buffer.from(serverIdentity(options));
  return Buffer.concat([mark, Buffer.from([name.length >> 8, name.length & 255]), name, session]);
}

// [name, session], or undefined when there is no name.
function unpack(session) {
  const start = mark.length + 2;
  if (!Buffer.isBuffer(session) || session.length < start || !session.subarray(0, mark.length).equals(mark)) return undefined;
  const end = start + session.readUInt16BE(mark.length);
  return session.length < end ? undefined : [session.toString('utf8', start, end), session.subarray(end)];
}

// What of a kept session may be used; undefined begins anew.
function sessionFor(session, options) {
  if (typeof session === 'string') session = Buffer.from(session, 'latin1');
  if (options?.isServer) return session;
  const named = unpack(session);
  if (named !== undefined) return named[0] === serverIdentity(options) ? named[1] : undefined;
  return Buffer.isBuffer(session) && options?.rejectUnauthorized !== false ? undefined : session;
}

module.exports = { nameSession, serverIdentity, sessionFor };
