// SPDX-License-Identifier: Apache-2.0
//
// What each ERR_ code says: code -> [text with %s, or a function of the constructor's arguments, base
// class ('Error' when left out), further base classes: ERR_X.TypeError and so on]. Texts are Node's (https://nodejs.org/api/errors.html).
'use strict';

const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);

// A property of an error, whatever its prototype says.
function setOwn(error, name, value) {
  Object.defineProperty(error, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value,
    writable: true,
  });
}

// 'a', 'a or b', 'a, b, or c'.
function formatList(items, word = 'and') {
  switch (items.length) {
    case 0:
      return '';
    case 1:
      return `${items[0]}`;
    case 2:
      return `${items[0]} ${word} ${items[1]}`;
    default:
      return `${items.slice(0, -1).join(', ')}, ${word} ${items.at(-1)}`;
  }
}

function determineSpecificType(value) {
  if (value === null) return 'null';
  if (value === undefined) return 'undefined';
  const type = typeof value;
  switch (type) {
    case 'bigint':
      return `type bigint (${value}n)`;
    case 'number':
      if (value === 0) return Object.is(value, -0) ? 'type number (-0)' : 'type number (0)';
      return `type number (${value})`;
    case 'boolean':
      return `type boolean (${value})`;
    case 'symbol':
      return `type symbol (${String(value)})`;
    case 'function':
      return `function ${value.name}`;
    case 'object':
      if (value.constructor && 'name' in value.constructor) return `an instance of ${value.constructor.name}`;
      return `${inspect(value, { depth: -1 })}`;
    case 'string':
      if (value.length > 28) value = `${value.slice(0, 25)}...`;
      if (!value.includes("'")) return `type string ('${value}')`;
      return `type string (${JSON.stringify(value)})`;
    default:
      return `type ${type}`;
  }
}

const PRIMITIVES = [
  'string',
  'function',
  'number',
  'object',
  'Function',
  'Object',
  'boolean',
  'bigint',
  'symbol',
];
const CLASS_NAME = /^[A-Z][a-zA-Z0-9]*$/;

function expectedTypes(expected) {
  const types = [];
  const instances = [];
  const other = [];
  for (const value of expected) {
    if (PRIMITIVES.includes(value)) types.push(value.toLowerCase());
    else if (CLASS_NAME.test(value)) instances.push(value);
    else other.push(value);
  }
  // `Object` among classes is meant as a class.
  if (instances.length > 0 && types.includes('object')) {
    types.splice(types.indexOf('object'), 1);
    instances.push('Object');
  }
  const parts = [];
  if (types.length > 0)
    parts.push(`${types.length > 1 ? 'one of type' : 'of type'} ${formatList(types, 'or')}`);
  if (instances.length > 0) parts.push(`an instance of ${formatList(instances, 'or')}`);
  if (other.length > 1) parts.push(`one of ${formatList(other, 'or')}`);
  else if (other.length === 1) parts.push(`${other[0].toLowerCase() === other[0] ? '' : 'an '}${other[0]}`);
  return parts.join(' or ');
}

function invalidArgType(name, expected, actual) {
  let message = 'The ';
  if (name.endsWith(' argument')) message += `${name} `;
  else message += `"${name}" ${name.includes('.') ? 'property' : 'argument'} `;
  message += `must be ${expectedTypes(Array.isArray(expected) ? expected : [expected])}`;
  return `${message}. Received ${determineSpecificType(actual)}`;
}

// 1234567 -> 1_234_567
function addNumericalSeparator(text) {
  const start = text[0] === '-' ? 1 : 0;
  let result = '';
  let i = text.length;
  for (; i >= start + 4; i -= 3) result = `_${text.slice(i - 3, i)}${result}`;
  return `${text.slice(0, i)}${result}`;
}

function outOfRange(name, range, value, replaceDefault = false) {
  let received;
  if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) received = addNumericalSeparator(String(value));
  else if (typeof value === 'bigint') {
    received = String(value);
    if (value > 2n ** 32n || value < -(2n ** 32n)) received = addNumericalSeparator(received);
    received += 'n';
  } else received = inspect(value);
  const start = replaceDefault ? name : `The value of "${name}" is out of range.`;
  return `${start} It must be ${range}. Received ${received}`;
}

function invalidArgValue(name, value, reason = 'is invalid') {
  let text = inspect(value);
  if (text.length > 128) text = `${text.slice(0, 128)}...`;
  return `The ${name.includes('.') ? 'property' : 'argument'} '${name}' ${reason}. Received ${text}`;
}

// A name, or several of which one will do.
const quoted = (value) => [value].flat().map((name) => `"${name}"`).join(' or ');

function missingArgs(...names) {
  return `The ${formatList(names.map(quoted))} argument${names.length > 1 ? 's' : ''} must be specified`;
}

// `usesEsm`: it has the syntax of a module, and not only a package.json that says so.
function requireEsm(filename, usesEsm, parent, packageJson) {
  const head = `require() of ES Module ${filename}${parent ? ` from ${parent}` : ''} not supported.`;
  const instead = 'a dynamic import() which is available in all CommonJS modules.';
  if (!packageJson) {
    return filename.endsWith('.mjs') ? `${head}\nInstead change the require of ${filename} to ${instead}` : head;
  }
  const name = (path) => path.slice(path.lastIndexOf('/') + 1);
  const shown = parent && name(filename) === name(parent) ? filename : name(filename);
  if (usesEsm) return `${head}\nInstead change the require of ${shown} in ${parent ?? null} to ${instead}`;
  return (
    `${head}\n${shown} is treated as an ES module file as it is a .js file whose nearest parent package.json contains ` +
    '"type": "module" which declares all .js files in that package scope as ES modules.\nInstead either rename ' +
    `${shown} to end in .cjs, change the requiring code to use dynamic import() which is available in all CommonJS ` +
    `modules, or change "type": "module" to "type": "commonjs" in ${packageJson} to treat all .js files as CommonJS ` +
    '(using .mjs for all ES modules instead).\n'
  );
}

module.exports = {
  ERR_ACCESS_DENIED: [
    function (message, permission = '', resource = '') {
      this.permission = permission;
      this.resource = resource;
      return message;
    },
  ],
  ERR_AMBIGUOUS_ARGUMENT: ['The "%s" argument is ambiguous. %s', 'TypeError'],
  ERR_ARG_NOT_ITERABLE: ['%s must be iterable', 'TypeError'],
  ERR_ASSERTION: ['%s'],
  ERR_ASYNC_CALLBACK: ['%s must be a function', 'TypeError'],
  ERR_ASYNC_TYPE: ['Invalid name for async "type": %s', 'TypeError'],
  ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED: ['Async loader request never settled'],
  ERR_BUFFER_OUT_OF_BOUNDS: [
    (name) =>
      name ? `"${name}" is outside of buffer bounds` : 'Attempt to access memory outside buffer bounds',
    'RangeError',
  ],
  ERR_BROTLI_INVALID_PARAM: ['%s is not a valid Brotli parameter', 'RangeError'],
  ERR_BUFFER_TOO_LARGE: ['Cannot create a Buffer larger than %s bytes', 'RangeError'],
  ERR_CHILD_CLOSED_BEFORE_REPLY: ['Child closed before reply received'],
  ERR_CHILD_PROCESS_IPC_REQUIRED: ["Forked processes must have an IPC channel, missing value 'ipc' in %s"],
  ERR_CHILD_PROCESS_STDIO_MAXBUFFER: ['%s maxBuffer length exceeded', 'RangeError'],
  ERR_CONSOLE_WRITABLE_STREAM: ['Console expects a writable stream instance for %s', 'TypeError'],
  ERR_CLOSED_MESSAGE_PORT: ['Cannot send data on closed MessagePort'],
  ERR_CONSTRUCT_CALL_INVALID: ['Constructor cannot be called', 'TypeError'],
  ERR_CONSTRUCT_CALL_REQUIRED: [(name) => (name === undefined ? 'Cannot call constructor without `new`' : `Class constructor ${name} cannot be invoked without \`new\``), 'TypeError'],
  ERR_CRYPTO_ECDH_INVALID_FORMAT: ['Invalid ECDH format: %s', 'TypeError'],
  ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY: ['Public key is not valid for specified curve'],
  ERR_CRYPTO_ENGINE_UNKNOWN: ['Engine "%s" was not found'],
  ERR_CRYPTO_FIPS_UNAVAILABLE: ['Cannot set FIPS mode in a non-FIPS build.'],
  ERR_CRYPTO_HASH_FINALIZED: ['Digest already called'],
  ERR_CRYPTO_HASH_UPDATE_FAILED: ['Hash update failed'],
  ERR_CRYPTO_INCOMPATIBLE_KEY: ['Incompatible %s: %s'],
  ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS: ['The selected key encoding %s %s.'],
  ERR_CRYPTO_INVALID_DIGEST: ['Invalid digest: %s', 'TypeError'],
  ERR_CRYPTO_INVALID_JWK: ['Invalid JWK data', 'TypeError'],
  ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE: ['Invalid key object type %s, expected %s.', 'TypeError'],
  ERR_CRYPTO_INVALID_STATE: ['Invalid state for operation %s'],
  ERR_CRYPTO_SIGN_KEY_REQUIRED: ['No key provided to sign'],
  ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH: ['Input buffers must have the same byte length', 'RangeError'],
  ERR_CRYPTO_UNKNOWN_CIPHER: ['Unknown cipher'],
  ERR_CRYPTO_UNKNOWN_DH_GROUP: ['Unknown DH group'],
  ERR_DIR_CLOSED: ['Directory handle was closed'],
  ERR_DIR_CONCURRENT_OPERATION: [
    'Cannot do synchronous work on directory handle with concurrent asynchronous operations',
  ],
  ERR_DLOPEN_FAILED: ['%s'],
  ERR_DNS_SET_SERVERS_FAILED: ['c-ares failed to set servers: "%s" [%s]'],
  ERR_DOMAIN_CALLBACK_NOT_AVAILABLE: [
    'A callback was registered through process.setUncaughtExceptionCaptureCallback(), which is mutually ' +
      'exclusive with using the `domain` module',
  ],
  ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE: [
    'The `domain` module is in use, which is mutually exclusive with calling ' +
      'process.setUncaughtExceptionCaptureCallback()',
  ],
  ERR_ENCODING_INVALID_ENCODED_DATA: [
    function (encoding, code) {
      this.errno = code;
      return `The encoded data was not valid for encoding ${encoding}`;
    },
    'TypeError',
  ],
  ERR_ENCODING_NOT_SUPPORTED: ['The "%s" encoding is not supported', 'RangeError'],
  ERR_EVAL_ESM_CANNOT_PRINT: ['--print cannot be used with ESM input'],
  ERR_EVENT_RECURSION: ['The event "%s" is already being dispatched'],
  ERR_FALSY_VALUE_REJECTION: [
    function (reason) {
      this.reason = reason;
      return 'Promise was rejected with falsy value';
    },
  ],
  ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: [
    'The feature %s is unavailable on the current platform, which is being used to run Node.js',
    'TypeError',
  ],
  ERR_FS_CP_DIR_TO_NON_DIR: ['Cannot overwrite non-directory with directory'],
  ERR_FS_CP_EEXIST: ['Target already exists'],
  ERR_FS_CP_EINVAL: ['Invalid src or dest'],
  ERR_FS_EISDIR: ['Path is a directory'],
  ERR_FS_FILE_TOO_LARGE: ['File size (%s) is greater than 2 GiB', 'RangeError'],
  ERR_FS_INVALID_SYMLINK_TYPE: ['Symlink type must be one of "dir", "file", or "junction". Received "%s"'],
  ERR_FS_WATCH_QUEUE_OVERFLOW: ['fs.watch() queued more than %d events'],
  ERR_HTTP2_ALTSVC_INVALID_ORIGIN: ['HTTP/2 ALTSVC frames require a valid origin', 'TypeError'],
  ERR_HTTP2_ALTSVC_LENGTH: ['HTTP/2 ALTSVC frames are limited to 16382 bytes', 'TypeError'],
  ERR_HTTP2_CONNECT_AUTHORITY: [':authority header is required for CONNECT requests'],
  ERR_HTTP2_CONNECT_PATH: ['The :path header is forbidden for CONNECT requests'],
  ERR_HTTP2_CONNECT_SCHEME: ['The :scheme header is forbidden for CONNECT requests'],
  ERR_HTTP2_ERROR: ['%s'],
  ERR_HTTP2_GOAWAY_SESSION: ['New streams cannot be created after receiving a GOAWAY'],
  ERR_HTTP2_HEADER_SINGLE_VALUE: ['Header field "%s" must only have a single value', 'TypeError'],
  ERR_HTTP2_HEADERS_AFTER_RESPOND: ['Cannot specify additional headers after response initiated'],
  ERR_HTTP2_HEADERS_SENT: ['Response has already been initiated.'],
  ERR_HTTP2_INFO_STATUS_NOT_ALLOWED: ['Informational status codes cannot be used', 'RangeError'],
  ERR_HTTP2_INVALID_CONNECTION_HEADERS: ['HTTP/1 Connection specific headers are forbidden: "%s"', 'TypeError'],
  ERR_HTTP2_INVALID_HEADER_VALUE: ['Invalid value "%s" for header "%s"', 'TypeError'],
  ERR_HTTP2_INVALID_INFO_STATUS: ['Invalid informational status code: %s', 'RangeError'],
  ERR_HTTP2_INVALID_ORIGIN: ['HTTP/2 ORIGIN frames require a valid origin', 'TypeError'],
  ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH: ['Packed settings length must be a multiple of six', 'RangeError'],
  ERR_HTTP2_INVALID_PSEUDOHEADER: ['"%s" is an invalid pseudoheader or is used incorrectly', 'TypeError'],
  ERR_HTTP2_INVALID_SESSION: ['The session has been destroyed'],
  ERR_HTTP2_INVALID_SETTING_VALUE: [
    function (name, actual, min, max) {
      setOwn(this, 'actual', actual);
      if (min !== undefined) {
        setOwn(this, 'min', min);
        setOwn(this, 'max', max);
      }
      return `Invalid value for setting "${name}": ${actual}`;
    },
    'TypeError',
    'RangeError',
  ],
  ERR_HTTP2_INVALID_STREAM: ['The stream has been destroyed'],
  ERR_HTTP2_MAX_PENDING_SETTINGS_ACK: ['Maximum number of pending settings acknowledgements'],
  ERR_HTTP2_NESTED_PUSH: ['A push stream cannot initiate another push stream.'],
  ERR_HTTP2_NO_SOCKET_MANIPULATION: [
    'HTTP/2 sockets should not be directly manipulated (e.g. read and written)',
  ],
  ERR_HTTP2_OUT_OF_STREAMS: ['No stream ID is available because maximum stream ID has been reached'],
  ERR_HTTP2_ORIGIN_LENGTH: ['HTTP/2 ORIGIN frames are limited to 16382 bytes', 'TypeError'],
  ERR_HTTP2_PAYLOAD_FORBIDDEN: ['Responses with %s status must not have a payload'],
  ERR_HTTP2_PING_CANCEL: ['HTTP2 ping cancelled'],
  ERR_HTTP2_PING_LENGTH: ['HTTP2 ping payload must be 8 bytes', 'RangeError'],
  ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED: ['Cannot set HTTP/2 pseudo-headers', 'TypeError'],
  ERR_HTTP2_PUSH_DISABLED: ['HTTP/2 client has disabled push streams'],
  ERR_HTTP2_SEND_FILE: ['Directories cannot be sent'],
  ERR_HTTP2_SEND_FILE_NOSEEK: ['Offset or length can only be specified for regular files'],
  ERR_HTTP2_SESSION_ERROR: ['Session closed with error code %s'],
  ERR_HTTP2_SETTINGS_CANCEL: ['HTTP2 session settings canceled'],
  ERR_HTTP2_SOCKET_BOUND: ['The socket is already bound to an Http2Session'],
  ERR_HTTP2_SOCKET_UNBOUND: ['The socket has been disconnected from the Http2Session'],
  ERR_HTTP2_STATUS_101: ['HTTP status code 101 (Switching Protocols) is forbidden in HTTP/2'],
  ERR_HTTP2_STATUS_INVALID: ['Invalid status code: %s', 'RangeError'],
  ERR_HTTP2_STREAM_CANCEL: [
    function (error) {
      if (error) this.cause = error;
      return error ? `The pending stream has been canceled (caused by: ${error.message})` : 'The pending stream has been canceled';
    },
  ],
  ERR_HTTP2_STREAM_ERROR: ['Stream closed with error code %s'],
  ERR_HTTP2_TOO_MANY_INVALID_FRAMES: ['Too many invalid HTTP/2 frames'],
  ERR_HTTP2_TOO_MANY_ORIGINS: ['The server sent more ORIGIN frames than the allowed number of %s'],
  ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS: ['Number of custom settings exceeds MAX_ADDITIONAL_SETTINGS'],
  ERR_HTTP2_TRAILERS_ALREADY_SENT: ['Trailing headers have already been sent'],
  ERR_HTTP2_TRAILERS_NOT_READY: [
    'Trailing headers cannot be sent until after the wantTrailers event is emitted',
  ],
  ERR_HTTP2_UNSUPPORTED_PROTOCOL: ['protocol "%s" is unsupported.'],
  ERR_HTTP_BODY_NOT_ALLOWED: ['Adding content for this request method or response status is not allowed.'],
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: [
    "Response body's content-length of %s byte(s) does not match the content-length of %s byte(s) set in header",
  ],
  ERR_HTTP_HEADERS_SENT: ['Cannot %s headers after they are sent to the client'],
  ERR_HTTP_INVALID_HEADER_VALUE: ['Invalid value "%s" for header "%s"', 'TypeError'],
  ERR_HTTP_INVALID_STATUS_CODE: ['Invalid status code: %s', 'RangeError'],
  ERR_HTTP_REQUEST_TIMEOUT: ['Request timeout'],
  ERR_HTTP_SOCKET_ASSIGNED: ['ServerResponse has an already assigned socket'],
  ERR_HTTP_SOCKET_ENCODING: ['Changing the socket encoding is not allowed per RFC7230 Section 3.'],
  ERR_HTTP_TRAILER_INVALID: ['Trailers are invalid with this transfer encoding'],
  ERR_ILLEGAL_CONSTRUCTOR: ['Illegal constructor', 'TypeError'],
  ERR_IMPORT_ATTRIBUTE_MISSING: ['Module "%s" needs an import attribute of "%s: %s"', 'TypeError'],
  ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE: ['Module "%s" is not of type "%s"', 'TypeError'],
  ERR_IMPORT_ATTRIBUTE_UNSUPPORTED: ['Import attribute "%s" with value "%s" is not supported%s', 'TypeError'],
  ERR_INCOMPATIBLE_OPTION_PAIR: ['Option "%s" cannot be used in combination with option "%s"', 'TypeError'],
  ERR_INPUT_TYPE_NOT_ALLOWED: [
    '--input-type can only be used with string input via --eval, --print, or STDIN',
  ],
  ERR_INSPECTOR_NOT_AVAILABLE: ['Inspector is not available'],
  ERR_INSPECTOR_NOT_CONNECTED: ['Session is not connected'],
  ERR_INVALID_ADDRESS: ['Invalid socket address'],
  ERR_INVALID_ADDRESS_FAMILY: [
    function (addressType, host, port) {
      this.host = host;
      this.port = port;
      return `Invalid address family: ${addressType} ${host}:${port}`;
    },
    'RangeError',
  ],
  ERR_INVALID_ARG_TYPE: [invalidArgType, 'TypeError'],
  ERR_INVALID_ARG_VALUE: [invalidArgValue, 'TypeError', 'RangeError'],
  ERR_INVALID_ASYNC_ID: ['Invalid %s value: %s', 'RangeError'],
  ERR_INVALID_BUFFER_SIZE: ['Buffer size must be a multiple of %s', 'RangeError'],
  ERR_INVALID_CHAR: [
    (name, field) => {
      const message = `Invalid character in ${name}`;
      return field === undefined ? message : `${message} ["${field}"]`;
    },
    'TypeError',
  ],
  ERR_INVALID_CURSOR_POS: ['Cannot set cursor row without setting its column', 'TypeError'],
  ERR_INVALID_FD: ['"fd" must be a positive integer: %s', 'RangeError'],
  ERR_INVALID_FD_TYPE: ['Unsupported fd type: %s', 'TypeError'],
  ERR_INVALID_FILE_URL_HOST: ['File URL host must be "localhost" or empty on %s', 'TypeError'],
  ERR_INVALID_FILE_URL_PATH: [
    function (reason, input) {
      if (input !== undefined) this.input = input;
      return `File URL path ${reason}`;
    },
    'TypeError',
  ],
  ERR_INVALID_HANDLE_TYPE: ['This handle type cannot be sent', 'TypeError'],
  ERR_INVALID_IP_ADDRESS: ['Invalid IP address: %s', 'TypeError'],
  ERR_INVALID_HTTP_TOKEN: ['%s must be a valid HTTP token ["%s"]', 'TypeError'],
  ERR_INVALID_MIME_SYNTAX: [
    (production, text, index) => {
      const at = index === -1 ? '' : ` at ${index}`;
      return `The MIME syntax for a ${production} in ${JSON.stringify(text)} is invalid${at}`;
    },
    'TypeError',
  ],
  ERR_INVALID_MODULE: ['No such module: %s'],
  ERR_INVALID_MODULE_SPECIFIER: [
    (request, reason, base) => `Invalid module "${request}" ${reason}${base ? ` imported from ${base}` : ''}`,
    'TypeError',
  ],
  ERR_INVALID_OBJECT_DEFINE_PROPERTY: ['%s', 'TypeError'],
  ERR_INVALID_PACKAGE_CONFIG: [
    (path, base, message) =>
      `Invalid package config ${path}${base ? ` while importing ${base}` : ''}.${
        message ? ` ${message}` : ''
      }`,
  ],
  ERR_INVALID_PACKAGE_TARGET: [
    (packagePath, key, target, isImport = false, base = undefined) => {
      const relatedError =
        typeof target === 'string' && !isImport && target.length > 0 && !target.startsWith('./');
      const field = isImport ? 'imports' : 'exports';
      const where = `in the package config ${packagePath}package.json${base ? ` imported from ${base}` : ''}`;
      const hint = relatedError ? '; targets must start with "./"' : '';
      if (key === '.') {
        return `Invalid "exports" main target ${JSON.stringify(target)} defined ${where}${hint}`;
      }
      return `Invalid "${field}" target ${JSON.stringify(target)} defined for '${key}' ${where}${hint}`;
    },
  ],
  ERR_INVALID_PROTOCOL: ['Protocol "%s" not supported. Expected "%s"', 'TypeError'],
  ERR_INVALID_REPL_EVAL_CONFIG: ['Cannot specify both "breakEvalOnSigint" and "eval" for REPL', 'TypeError'],
  ERR_INVALID_REPL_INPUT: ['%s', 'TypeError'],
  ERR_INVALID_RETURN_PROPERTY_VALUE: [
    (input, name, property, value) =>
      `Expected ${input} to be returned for the "${property}" from the "${name}" hook but got ` +
      `${determineSpecificType(value)}.`,
    'TypeError',
  ],
  ERR_INVALID_RETURN_VALUE: [
    (input, name, value) =>
      `Expected ${input} to be returned from the "${name}" function but got ${determineSpecificType(value)}.`,
    'TypeError',
  ],
  ERR_INVALID_STATE: ['Invalid state: %s', 'Error', 'TypeError', 'RangeError'],
  ERR_INVALID_SYNC_FORK_INPUT: [
    'Asynchronous forks do not support Buffer, TypedArray, DataView or string input: %s',
    'TypeError',
  ],
  ERR_INVALID_THIS: ['Value of "this" must be of type %s', 'TypeError'],
  ERR_INVALID_TUPLE: ['%s must be an iterable %s tuple', 'TypeError'],
  ERR_INVALID_URI: ['URI malformed', 'URIError'],
  ERR_INVALID_TYPESCRIPT_SYNTAX: ['%s', 'SyntaxError'],
  ERR_INVALID_URL: [
    function (input, base = null) {
      this.input = input;
      if (base !== null) this.base = base;
      return 'Invalid URL';
    },
    'TypeError',
  ],
  ERR_INVALID_URL_PATTERN: ['Failed to construct URLPattern', 'TypeError'],
  ERR_INVALID_URL_SCHEME: [(expected) => `The URL must be ${expectedScheme(expected)}`, 'TypeError'],
  ERR_IPC_CHANNEL_CLOSED: ['Channel closed'],
  ERR_IPC_DISCONNECTED: ['IPC channel is already disconnected'],
  ERR_IPC_ONE_PIPE: ['Child process can have only one IPC pipe'],
  ERR_IPC_SYNC_FORK: ['IPC cannot be used with synchronous forks'],
  ERR_IP_BLOCKED: [(ip) => `IP(${ip}) is blocked by net.BlockList`],
  ERR_LOADER_CHAIN_INCOMPLETE: [
    '"%s" did not call the next hook in its chain and did not explicitly signal a short circuit. ' +
      'If this is intentional, include `shortCircuit: true` in the hook\'s return.',
  ],
  ERR_METHOD_NOT_IMPLEMENTED: ['The %s method is not implemented'],
  ERR_MISSING_ARGS: [missingArgs, 'TypeError'],
  ERR_MISSING_OPTION: ['%s is required', 'TypeError'],
  ERR_MODULE_LINK_MISMATCH: ['%s', 'TypeError'],
  ERR_MODULE_NOT_FOUND: [
    function (path, base, exactUrl) {
      if (exactUrl) setOwn(this, 'url', `${exactUrl}`);
      return `Cannot find ${exactUrl ? 'module' : 'package'} '${path}' imported from ${base}`;
    },
  ],
  ERR_MULTIPLE_CALLBACK: ['Callback called multiple times'],
  ERR_NOT_BUILDING_SNAPSHOT: ['Operation cannot be invoked when not building startup snapshot'],
  ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION: [
    'Operation cannot be invoked when not in a single-executable application',
  ],
  ERR_NO_CRYPTO: ['Node.js is not compiled with OpenSSL crypto support'],
  ERR_NO_ICU: ['%s is not supported on Node.js compiled without ICU', 'TypeError'],
  ERR_OPERATION_FAILED: ['Operation failed: %s'],
  ERR_OUT_OF_RANGE: [outOfRange, 'RangeError'],
  ERR_PACKAGE_IMPORT_NOT_DEFINED: [
    (specifier, packagePath, base) => {
      const where = packagePath ? ` in package ${packagePath}package.json` : '';
      return `Package import specifier "${specifier}" is not defined${where}${
        base ? ` imported from ${base}` : ''
      }`;
    },
    'TypeError',
  ],
  ERR_PACKAGE_PATH_NOT_EXPORTED: [
    (packagePath, subpath, base = undefined) => {
      const from = base ? ` imported from ${base}` : '';
      if (subpath === '.') return `No "exports" main defined in ${packagePath}package.json${from}`;
      return `Package subpath '${subpath}' is not defined by "exports" in ${packagePath}package.json${from}`;
    },
  ],
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: ['%s', 'TypeError'],
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: [
    "Unexpected argument '%s'. This command does not take positional arguments",
    'TypeError',
  ],
  ERR_PARSE_ARGS_UNKNOWN_OPTION: [
    (option, allowPositionals) => {
      const hint = allowPositionals
        ? ". To specify a positional argument starting with a '-', place it at the " +
          `end of the command after '--', as in '-- ${JSON.stringify(option)}`
        : '';
      return `Unknown option '${option}'${hint}`;
    },
    'TypeError',
  ],
  ERR_PERFORMANCE_INVALID_TIMESTAMP: ['%d is not a valid timestamp', 'TypeError'],
  ERR_PROTO_ACCESS: ['Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw'],
  ERR_PROXY_INVALID_CONFIG: ['%s'],
  ERR_PROXY_TUNNEL: ['%s'],
  ERR_REQUIRE_ASYNC_MODULE: [
    (filename, parent) =>
      'require() cannot be used on an ESM graph with top-level await. Use import() instead. ' +
      'To see where the top-level await comes from, use --experimental-print-required-tla.' +
      `${parent ? `\n  From ${parent} ` : ''}${filename ? `\n  Requiring ${filename} ` : ''}`,
  ],
  ERR_REQUIRE_CYCLE_MODULE: ['%s'],
  ERR_REQUIRE_ESM: [requireEsm],
  ERR_SCRIPT_EXECUTION_INTERRUPTED: ['Script execution was interrupted by `SIGINT`'],
  ERR_SCRIPT_EXECUTION_TIMEOUT: ['Script execution timed out after %sms'],
  ERR_SERVER_ALREADY_LISTEN: ['Listen method has been called more than once without closing.'],
  ERR_SERVER_NOT_RUNNING: ['Server is not running.'],
  ERR_SOCKET_ALREADY_BOUND: ['Socket is already bound'],
  ERR_SOCKET_BAD_BUFFER_SIZE: ['Buffer size must be a positive integer', 'TypeError'],
  ERR_SOCKET_BAD_TYPE: ['Bad socket type specified. Valid types are: udp4, udp6', 'TypeError'],
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION: ['Socket closed before the connection was established'],
  ERR_SOCKET_CONNECTION_TIMEOUT: ['Socket connection timeout'],
  ERR_SOCKET_DGRAM_IS_CONNECTED: ['Already connected'],
  ERR_SOCKET_DGRAM_NOT_CONNECTED: ['Not connected'],
  ERR_SOCKET_DGRAM_NOT_RUNNING: ['Not running'],
  ERR_SOURCE_PHASE_NOT_DEFINED: [
    "Source phase import object is not defined for module '%s'",
    'SyntaxError',
  ],
  ERR_SOCKET_BAD_PORT: [
    (name, port, allowZero = true) =>
      `${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536. Received ${determineSpecificType(port)}.`,
    'RangeError',
  ],
  ERR_SOCKET_CLOSED: ['Socket is closed'],
  ERR_SOURCE_MAP_CORRUPT: ["The source map for '%s' does not exist or is corrupt."],
  ERR_STREAM_ALREADY_FINISHED: ['Cannot call %s after a stream was finished'],
  ERR_STREAM_CANNOT_PIPE: ['Cannot pipe, not readable'],
  ERR_STREAM_DESTROYED: ['Cannot call %s after a stream was destroyed'],
  ERR_STREAM_NULL_VALUES: ['May not write null values to stream', 'TypeError'],
  ERR_STREAM_PREMATURE_CLOSE: ['Premature close'],
  ERR_STREAM_PUSH_AFTER_EOF: ['stream.push() after EOF'],
  ERR_STREAM_UNSHIFT_AFTER_END_EVENT: ['stream.unshift() after end event'],
  ERR_STREAM_WRAP: ['Stream has StringDecoder set or is in objectMode'],
  ERR_STREAM_WRITE_AFTER_END: ['write after end'],
  ERR_STRING_TOO_LONG: [(limit) => `Cannot create a string longer than 0x${limit.toString(16)} characters`],
  ERR_SYNTHETIC: ['JavaScript Callstack'],
  ERR_TEST_FAILURE: [
    function (error, failureType) {
      const message = error?.message ?? error;
      setOwn(this, 'failureType', failureType);
      setOwn(this, 'cause', error);
      return typeof message === 'string' ? message : inspect(message);
    },
  ],
  ERR_TRACE_EVENTS_CATEGORY_REQUIRED: ['At least one category is required', 'TypeError'],
  ERR_TTY_INIT_FAILED: ['TTY initialization failed'],
  ERR_UNAVAILABLE_DURING_EXIT: ['Cannot call function in process exit handler'],
  ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET: [
    '`process.setupUncaughtExceptionCapture()` was called while a capture ' + 'callback was already active',
  ],
  ERR_UNESCAPED_CHARACTERS: ['%s contains unescaped characters', 'TypeError'],
  ERR_TLS_ALPN_CALLBACK_INVALID_RESULT: [
    (value, protocols) =>
      `ALPN callback returned a value (${value}) that did not match any of the client's offered protocols (${protocols.join(', ')})`,
    'TypeError',
  ],
  ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS: [
    'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive',
    'TypeError',
  ],
  ERR_TLS_CERT_ALTNAME_FORMAT: ['Invalid subject alternative name string', 'SyntaxError'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    function (reason, host, cert) {
      this.reason = reason;
      this.host = host;
      this.cert = cert;
      return `Hostname/IP does not match certificate's altnames: ${reason}`;
    },
  ],
  ERR_TLS_HANDSHAKE_TIMEOUT: ['TLS handshake timeout'],
  ERR_TLS_INVALID_CONTEXT: ['%s must be a SecureContext', 'TypeError'],
  ERR_TLS_INVALID_PROTOCOL_METHOD: ['%s', 'TypeError'],
  ERR_TLS_INVALID_PROTOCOL_VERSION: [
    (version, which) => `${JSON.stringify(version)} is not a valid ${which} TLS protocol version`,
    'TypeError',
  ],
  ERR_TLS_INVALID_STATE: ['TLS socket connection must be securely established'],
  ERR_TLS_PROTOCOL_VERSION_CONFLICT: [
    (version, method) => `TLS protocol version ${JSON.stringify(version)} conflicts with secureProtocol ${JSON.stringify(method)}`,
    'TypeError',
  ],
  ERR_TLS_RENEGOTIATION_DISABLED: ['TLS session renegotiation disabled for this socket'],
  ERR_TLS_REQUIRED_SERVER_NAME: ['"servername" is required parameter for Server.addContext'],
  ERR_TLS_SESSION_ATTACK: ['TLS session renegotiation attack detected'],
  ERR_TLS_SNI_FROM_SERVER: ['Cannot issue SNI from a TLS server-side socket'],
  ERR_TRAILING_JUNK_AFTER_STREAM_END: ['Trailing junk found after the end of the compressed stream', 'TypeError'],
  ERR_UNHANDLED_ERROR: [
    (error = undefined) => (error === undefined ? 'Unhandled error.' : `Unhandled error. (${error})`),
  ],
  ERR_UNKNOWN_BUILTIN_MODULE: ['No such built-in module: %s'],
  ERR_UNKNOWN_CREDENTIAL: ['%s identifier does not exist: %s'],
  ERR_UNKNOWN_ENCODING: ['Unknown encoding: %s', 'TypeError'],
  ERR_UNKNOWN_FILE_EXTENSION: ['Unknown file extension "%s" for %s', 'TypeError'],
  ERR_UNKNOWN_MODULE_FORMAT: ['Unknown module format: %s for URL %s', 'RangeError'],
  ERR_UNKNOWN_SIGNAL: ['Unknown signal: %s', 'TypeError'],
  ERR_UNSUPPORTED_DIR_IMPORT: [
    function (path, base, exactUrl) {
      setOwn(this, 'url', exactUrl);
      return `Directory import '${path}' is not supported resolving ES modules imported from ${base}`;
    },
  ],
  ERR_UNSUPPORTED_ESM_URL_SCHEME: [
    (url, schemes) =>
      `Only URLs with a scheme in: ${formatList(schemes)} are supported by the default ESM loader. ` +
      `Received protocol '${url.protocol}'`,
  ],
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: [
    'Stripping types is currently unsupported for files under node_modules, for "%s"',
  ],
  ERR_UNSUPPORTED_RESOLVE_REQUEST: [
    'Failed to resolve module specifier "%s" from "%s": Invalid relative URL or base ' +
      'scheme is not hierarchical.',
    'TypeError',
  ],
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: ['%s', 'SyntaxError'],
  ERR_USE_AFTER_CLOSE: ['%s was closed'],
  ERR_VALID_PERFORMANCE_ENTRY_TYPE: ['At least one valid performance entry type is required'],
  ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING: ['A dynamic import callback was not specified.', 'TypeError'],
  ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG: [
    'A dynamic import callback was invoked without --experimental-vm-modules',
    'TypeError',
  ],
  ERR_VM_MODULE_ALREADY_LINKED: ['Module has already been linked'],
  ERR_VM_MODULE_CACHED_DATA_REJECTED: ['cachedData buffer was rejected'],
  ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA: ['Cached data cannot be created for a module which has been evaluated'],
  ERR_VM_MODULE_DIFFERENT_CONTEXT: ['Linked modules must use the same context'],
  ERR_VM_MODULE_LINK_FAILURE: ['%s'],
  ERR_VM_MODULE_NOT_MODULE: ['Provided module is not an instance of Module'],
  ERR_VM_MODULE_STATUS: ['Module status %s'],
  ERR_WASI_ALREADY_STARTED: ['WASI instance has already started'],
  ERR_WASI_NOT_STARTED: ['wasi.start() has not been called'],
  ERR_WEBASSEMBLY_RESPONSE: ['WebAssembly response %s', 'TypeError'],
  ERR_WORKER_INIT_FAILED: ['Worker initialization failure: %s'],
  ERR_WORKER_INVALID_EXEC_ARGV: [
    (errors, what = 'execArgv flags') => `Initiated Worker with invalid ${what}: ${errors.join(', ')}`,
  ],
  ERR_WORKER_MESSAGING_ERRORED: ['The destination thread threw an error while processing the message'],
  ERR_WORKER_MESSAGING_FAILED: ['Cannot find the destination thread or listener'],
  ERR_WORKER_MESSAGING_SAME_THREAD: ['Cannot sent a message to the same thread'],
  ERR_WORKER_MESSAGING_TIMEOUT: ['Sending a message to another thread timed out'],
  ERR_WORKER_NOT_RUNNING: ['Worker instance not running'],
  ERR_WORKER_OUT_OF_MEMORY: ['Worker terminated due to reaching memory limit: %s'],
  ERR_WORKER_PATH: [
    (filename) =>
      'The worker script or module filename must be an absolute path or a relative path starting with ' +
      `'./' or '../'.${/^(?:file|data):/.test(filename) ? ' Wrap file:// URLs with `new URL`.' : ''}` +
      `${filename.startsWith('data:text/javascript') ? ' Wrap data: URLs with `new URL`.' : ''} Received "${filename}"`,
    'TypeError',
  ],
  ERR_WORKER_UNSERIALIZABLE_ERROR: ['Serializing an uncaught exception failed'],
  ERR_WORKER_UNSUPPORTED_OPERATION: ['%s is not supported in workers', 'TypeError'],
  ERR_ZSTD_INVALID_PARAM: ['%s is not a valid zstd parameter', 'RangeError'],
};

function expectedScheme(expected) {
  const list = Array.isArray(expected) ? expected : [expected];
  return `of scheme ${formatList(list, 'or')}`;
}

// Shared with callers that build a message of the same shape.
Object.defineProperty(module.exports, 'helpers', {
  __proto__: null,
  enumerable: false,
  value: { determineSpecificType, formatList },
});
