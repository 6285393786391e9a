// SPDX-License-Identifier: Apache-2.0
// The option `stdio`: what each of a child's descriptors becomes.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_SYNC_FORK_INPUT, ERR_IPC_ONE_PIPE, ERR_IPC_SYNC_FORK },
} = require('internal/errors');

const NAMES = { ignore: 'ignore', overlapped: 'pipe', pipe: 'pipe', inherit: 'inherit' };

// One word for all three, and maybe the channel behind them.
function stdioFromWord(word, channel) {
  if (!Object.hasOwn(NAMES, word)) throw new ERR_INVALID_ARG_VALUE('stdio', word);
  const list = word === 'inherit' ? [0, 1, 2] : [word, word, word];
  return channel === undefined ? list : [...list, channel];
}

function newPipe(isChannel) {
  const { Pipe } = internalBinding('streams');
  return new Pipe(isChannel);
}

// A stream whose other end the child gets, and which stops reading here.
function wrapped(stream) {
  const handle = stream.handle ?? stream._handle ?? stream;
  return handle instanceof internalBinding('streams').Pipe ? { type: 'wrap', handle, stream } : undefined;
}

// { type: 'ignore' | 'pipe' | 'fd' | 'wrap', … }; in Node 'inherit' too, which is the descriptor's own number.
function readItem(item, i, isSync) {
  if (item === null || item === undefined) item = i < 3 ? 'pipe' : 'ignore';
  if (item === 'ignore') return { type: 'ignore' };
  if (item === 'pipe' || item === 'overlapped' || (typeof item === 'number' && item < 0)) {
    return { type: 'pipe', readable: i === 0, writable: i !== 0 };
  }
  if (item === 'ipc') {
    if (isSync) throw new ERR_IPC_SYNC_FORK();
    return { type: 'pipe', isChannel: true };
  }
  if (item === 'inherit') return { type: 'fd', fd: i };
  if (typeof item === 'number') return { type: 'fd', fd: item };
  if (typeof item.fd === 'number') return { type: 'fd', fd: item.fd };
  const found = typeof item === 'object' ? wrapped(item) : undefined;
  if (found !== undefined) return found;
  if (typeof item === 'string' || ArrayBuffer.isView(item)) {
    if (isSync) throw new ERR_INVALID_ARG_VALUE('stdio', item);
    throw new ERR_INVALID_SYNC_FORK_INPUT(require('internal/util/inspect').inspect(item));
  }
  throw new ERR_INVALID_ARG_VALUE('stdio', item);
}

// What each descriptor becomes, and which of them is the channel. Pipes are made when the whole list is right.
function getValidStdio(stdio, isSync) {
  if (typeof stdio === 'string') stdio = stdioFromWord(stdio);
  else if (!Array.isArray(stdio)) throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
  const items = Array.from({ length: Math.max(3, stdio.length) }, (_, i) => readItem(stdio[i], i, isSync));
  const channels = items.filter(({ isChannel }) => isChannel);
  if (channels.length > 1) throw new ERR_IPC_ONE_PIPE();
  if (!isSync) {
    for (const item of items) if (item.type === 'pipe') item.handle = newPipe(Boolean(item.isChannel));
  }
  return { items, channelFd: items.findIndex(({ isChannel }) => isChannel) };
}

module.exports = { getValidStdio, stdioFromWord };
