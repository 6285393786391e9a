// SPDX-License-Identifier: Apache-2.0
//
// Node's errors: classes that carry a code, shown as `Name [CODE]: message` in stacks.
'use strict';

const { setNodeErrorMark } = internalBinding('errors');
const messages = require('internal/error_messages');

const BASES = { Error, TypeError, RangeError, SyntaxError, URIError };

function define(error, name, value) {
  Object.defineProperty(error, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value,
    writable: true,
  });
}

// Errors with a code print it in `toString` too.
function nodeErrorToString() {
  return `${this.name} [${this.code}]: ${this.message}`;
}

function messageOf(code, builder, args, error) {
  if (typeof builder === 'function') return Reflect.apply(builder, error, args);
  let next = 0;
  return builder.replace(/%[sdo]/g, (hole) => {
    const value = args[next++];
    if (hole === '%o') return require('internal/util/inspect').inspect(value);
    return typeof value === 'object' ? require('internal/util/format').format('%s', value) : String(value);
  });
}

function makeNodeError(code) {
  const [builder, baseName = 'Error', ...others] = messages[code];
  const NodeError = makeClass(code, builder, BASES[baseName]);
  for (const name of others) NodeError[name] = makeClass(code, builder, BASES[name]);
  return NodeError;
}

function makeClass(code, builder, Base) {
  function NodeError(...args) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const error = new Base();
    Error.stackTraceLimit = limit;
    error.code = code; // before what the message adds
    define(error, 'message', messageOf(code, builder, args, error));
    define(error, 'toString', nodeErrorToString);
    setNodeErrorMark(error, code);
    Error.captureStackTrace(error, NodeError);
    return error;
  }
  // Lets `class X extends codes.ERR_Y` and `instanceof TypeError` read naturally.
  NodeError.prototype = Base.prototype;
  return NodeError;
}

// codes.ERR_X is a constructor that takes what the message is made of. Each is made when it is first asked for.
const codes = new Proxy(
  {},
  {
    __proto__: null,
    get(made, code) {
      if (made[code] === undefined && Object.hasOwn(messages, code)) made[code] = makeNodeError(code);
      return made[code];
    },
    has(made, code) {
      return Object.hasOwn(messages, code);
    },
    ownKeys() {
      return Object.keys(messages);
    },
  }
);

class AbortError extends Error {
  constructor(message = 'The operation was aborted', options = undefined) {
    if (options !== undefined && typeof options !== 'object') {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

// The other side went away: `aborted`, `socket hang up`.
class ConnResetException extends Error {
  constructor(message) {
    super(message);
    this.code = 'ECONNRESET';
  }

  get ['constructor']() {
    return Error;
  }
}

// Frames above `fn` are the ones that matter to whoever gets an error from it.
function hideStackFrames(fn) {
  function wrapped(...args) {
    try {
      return Reflect.apply(fn, this, args);
    } catch (error) {
      if (Error.stackTraceLimit !== 0) Error.captureStackTrace(error, wrapped);
      throw error;
    }
  }
  wrapped.withoutStackTrace = fn;
  return wrapped;
}

// [code, text] of a negative errno.
function systemErrorOf(errno) {
  return internalBinding('process_host').systemError(errno);
}

// An error of a failed system call: `connect ECONNREFUSED`, with errno, code and syscall.
class ErrnoException extends Error {
  constructor(errno, syscall, original) {
    const [code] = systemErrorOf(errno);
    super(original ? `${syscall} ${code} ${original}` : `${syscall} ${code}`);
    this.errno = errno;
    this.code = code;
    this.syscall = syscall;
  }

  get ['constructor']() {
    return Error;
  }
}

class ExceptionWithHostPort extends Error {
  constructor(errno, syscall, address, port, additional) {
    const [code] = systemErrorOf(errno);
    let details = '';
    if (port && port > 0) details = ` ${address}:${port}`;
    else if (address) details = ` ${address}`;
    if (additional) details += ` - Local (${additional})`;
    super(`${syscall} ${code}${details}`);
    this.errno = errno;
    this.code = code;
    this.syscall = syscall;
    this.address = address;
    if (port) this.port = port;
  }

  get ['constructor']() {
    return Error;
  }
}

module.exports = {
  AbortError,
  codes,
  ConnResetException,
  ErrnoException,
  ExceptionWithHostPort,
  hideStackFrames,
  systemErrorOf,
};
