// SPDX-License-Identifier: Apache-2.0
'use strict';

const { validateInt32, validateObject } = require('internal/validators');
const { lazyConstants } = require('internal/host_constants');

const host = internalBinding('os_host');

let names;
function uname(index) {
  names ??= host.uname();
  return names[index];
}

// Node's os functions turn into their value where a string or number is wanted: `${os.hostname}`.
function primitive(fn) {
  Object.defineProperty(fn, Symbol.toPrimitive, {
    __proto__: null,
    configurable: true,
    value: { [`${fn.name}`]: () => fn() }[fn.name],
    writable: true,
  });
  return fn;
}

function endianness() {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'LE' : 'BE';
}

function tmpdir() {
  const path = process.env.TMPDIR || process.env.TMP || process.env.TEMP || '/tmp';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function networkInterfaces() {
  const found = {};
  for (const { name, ...entry } of host.interfaces()) {
    const { address, netmask, family, mac, internal, cidr, scopeid } = entry;
    const shown = { address, netmask, family, mac, internal, cidr };
    if (scopeid !== undefined) shown.scopeid = scopeid;
    (found[name] ??= []).push(shown);
  }
  return found;
}

function getPriority(pid) {
  if (pid === undefined) pid = 0;
  else validateInt32(pid, 'pid');
  return host.getPriority(pid);
}

function setPriority(pid, priority) {
  if (priority === undefined) {
    priority = pid;
    pid = 0;
  }
  validateInt32(pid, 'pid');
  validateInt32(priority, 'priority', -20, 19);
  host.setPriority(pid, priority);
}

function userInfo(options) {
  if (typeof options !== 'object') options = null;
  const raw = options !== null && options.encoding === 'buffer';
  const { uid, gid, username, homedir, shell } = host.user(raw);
  const { Buffer } = raw ? require('buffer') : {};
  const shown = (text) => (raw ? Buffer.from(text) : text);
  return { __proto__: null, uid, gid, username: shown(username), homedir: shown(homedir), shell: shown(shell) };
}

module.exports = {
  arch: primitive(function arch() {
    return process.arch;
  }),
  availableParallelism: primitive(function availableParallelism() {
    return host.availableParallelism();
  }),
  cpus: function cpus() {
    return host.cpus();
  },
  endianness: primitive(endianness),
  freemem: primitive(function freemem() {
    return host.freeMemory();
  }),
  getPriority,
  homedir: primitive(function homedir() {
    return process.env.HOME || host.home();
  }),
  hostname: primitive(function hostname() {
    return uname(4);
  }),
  loadavg: function loadavg() {
    return host.load();
  },
  networkInterfaces,
  platform: primitive(function platform() {
    return process.platform;
  }),
  release: primitive(function release() {
    return uname(1);
  }),
  setPriority,
  tmpdir: primitive(tmpdir),
  totalmem: primitive(function totalmem() {
    return host.totalMemory();
  }),
  type: primitive(function type() {
    return uname(0);
  }),
  userInfo,
  uptime: primitive(function uptime() {
    return host.uptime();
  }),
  version: primitive(function version() {
    return uname(2);
  }),
  machine: primitive(function machine() {
    return uname(3);
  }),
};

function fixed(name, value) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value,
    writable: false,
  });
}

let constants;
Object.defineProperty(module.exports, 'constants', {
  __proto__: null,
  configurable: false,
  enumerable: true,
  get() {
    if (constants === undefined) {
      constants = lazyConstants('os');
      for (const group of ['dlopen', 'errno', 'signals', 'priority']) Object.setPrototypeOf(constants[group], null);
      Object.freeze(constants.signals);
    }
    return constants;
  },
});
fixed('EOL', '\n');
fixed('devNull', '/dev/null');
