// SPDX-License-Identifier: Apache-2.0
//
// Responses whose body is a file: respondWithFile() and respondWithFD().
'use strict';

const fs = require('fs');
const { NGHTTP2_INTERNAL_ERROR } = require('internal/http2/constants');
const { kSession, kUpdateTimer } = require('internal/http2/symbols');
const {
  codes: {
    ERR_HTTP2_HEADERS_SENT,
    ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_PAYLOAD_FORBIDDEN,
    ERR_HTTP2_SEND_FILE,
    ERR_HTTP2_SEND_FILE_NOSEEK,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');

function checkOptions(stream, headersParam, options) {
  if (stream.destroyed || stream.closed) throw new ERR_HTTP2_INVALID_STREAM();
  if (stream.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
  if (options !== undefined) validateObject(options, 'options');
  options = { ...options };
  if (options.offset !== undefined && typeof options.offset !== 'number') throw new ERR_INVALID_ARG_VALUE('options.offset', options.offset);
  if (options.length !== undefined && typeof options.length !== 'number') throw new ERR_INVALID_ARG_VALUE('options.length', options.length);
  if (options.statCheck !== undefined && typeof options.statCheck !== 'function') throw new ERR_INVALID_ARG_VALUE('options.statCheck', options.statCheck);
  const headers = { __proto__: null, ...headersParam };
  const status = (headers[':status'] = headers[':status'] === undefined ? 200 : headers[':status'] | 0);
  if (status === 204 || status === 205 || status === 304 || stream.headRequest) throw new ERR_HTTP2_PAYLOAD_FORBIDDEN(status);
  stream[kUpdateTimer]();
  return { headers, options };
}

// `close`: what to do with the file at the end, nothing when it is the caller's.
function send(stream, fd, headers, options, close) {
  const start = options.offset;
  const length = options.length ?? -1;
  try {
    stream.respond(headers, { sendDate: options.sendDate, waitForTrailers: options.waitForTrailers });
  } catch (error) {
    close?.();
    stream.destroy(error);
    return;
  }
  if (length === 0) {
    close?.();
    stream.end();
    return;
  }
  const source = fs.createReadStream(null, {
    fd,
    fs: { open: fs.open, read: fs.read, close: (_, callback) => callback(null) }, // `close` decides
    ...(start === undefined ? null : { start }),
    ...(length < 0 ? null : { end: (start ?? 0) + length - 1 }),
  });
  const done = () => {
    close?.();
    close = undefined;
  };
  source.once('error', () => {
    done();
    stream.close(NGHTTP2_INTERNAL_ERROR);
  });
  source.once('end', done);
  stream.once('close', () => {
    source.destroy();
    done();
  });
  source.pipe(stream);
}

// A file that respondWithFile() opened.
function onStat(stream, fd, stat, { headers, options }, { close, fail }) {
  const stopped = () => stream.destroyed || stream.closed || stream[kSession]?.destroyed;
  if (stopped()) {
    close();
    return;
  }
  const isFile = stat.isFile();
  if (!isFile) {
    const hasRange = options.offset !== undefined || options.length !== undefined;
    if (stat.isDirectory() || hasRange) {
      close();
      fail(stat.isDirectory() ? new ERR_HTTP2_SEND_FILE() : new ERR_HTTP2_SEND_FILE_NOSEEK());
      return;
    }
  }
  const range = { offset: options.offset ?? 0, length: options.length ?? -1 };
  if (options.statCheck !== undefined && options.statCheck.call(stream, stat, headers) === false) {
    close();
    return;
  }
  if (stopped() || stream.headersSent) {
    close();
    return;
  }
  if (isFile) {
    range.length = range.length < 0 ? stat.size - range.offset : Math.min(stat.size - range.offset, range.length);
    headers['content-length'] = range.length;
    send(stream, fd, headers, { ...options, ...range }, close);
  } else send(stream, fd, headers, { ...options, offset: undefined, length: undefined }, close);
}

function respondWithFD(stream, fd, headersParam, given) {
  const prepared = checkOptions(stream, headersParam, given);
  if (typeof fd === 'object' && typeof fd?.fd === 'number') fd = fd.fd; // a FileHandle
  else if (typeof fd !== 'number') throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
  if (prepared.options.statCheck === undefined) {
    send(stream, fd, prepared.headers, prepared.options, undefined);
    return;
  }
  fs.fstat(fd, (error, stat) => {
    if (error) {
      stream.destroy(error);
      return;
    }
    if (stream.destroyed || stream.closed) return;
    const { headers, options } = prepared;
    const range = { offset: options.offset ?? 0, length: options.length ?? -1 };
    if (options.statCheck.call(stream, stat, headers, range) === false) return;
    if (!stream.destroyed && !stream.closed && !stream.headersSent) send(stream, fd, headers, { ...options, ...range }, undefined);
  });
}

function respondWithFile(stream, path, headersParam, given) {
  const prepared = checkOptions(stream, headersParam, given);
  const { onError } = prepared.options;
  if (onError !== undefined) validateFunction(onError, 'options.onError');
  const fail = (error) => {
    if (onError) onError.call(stream, error);
    else stream.destroy(error);
  };
  fs.open(path, 'r', (error, fd) => {
    if (error) {
      fail(error);
      return;
    }
    const close = () => fs.close(fd, () => {}); // read to its end: nothing is lost
    fs.fstat(fd, (failure, stat) => {
      if (failure) {
        close();
        fail(failure);
      } else onStat(stream, fd, stat, prepared, { close, fail });
    });
  });
}

module.exports = { respondWithFD, respondWithFile };
