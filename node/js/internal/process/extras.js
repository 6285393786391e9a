// SPDX-License-Identifier: Apache-2.0
//
// Members of `process` that few programs use: users and groups, signals to others, resource use.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_CREDENTIAL, ERR_UNKNOWN_SIGNAL, ERR_WORKER_UNSUPPORTED_OPERATION },
  ErrnoException,
} = require('internal/errors');
const {
  parseFileMode,
  validateArray,
  validateNumber,
  validateObject,
  validateString,
  validateUint32,
} = require('internal/validators');
const host = internalBinding('process_host');

function validateTimes(previous) {
  validateObject(previous, 'prevValue');
  for (const name of ['user', 'system']) {
    const value = previous[name];
    validateNumber(value, `prevValue.${name}`);
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
      throw new ERR_INVALID_ARG_VALUE.RangeError(`prevValue.${name}`, value);
    }
  }
}

function usage(read) {
  return (previous) => {
    if (previous !== undefined) validateTimes(previous);
    const [user, system] = read();
    return previous === undefined
      ? { user, system }
      : { user: user - previous.user, system: system - previous.system };
  };
}

function kill(pid, signal) {
  // `==`: '12' is a process too.
  if (pid != (pid | 0)) throw new ERR_INVALID_ARG_TYPE('pid', 'number', pid);
  const numbers = host.signalNumbers();
  const number = typeof signal === 'number' ? signal : numbers[signal || 'SIGTERM'];
  if (number === undefined) throw new ERR_UNKNOWN_SIGNAL(signal);
  const errno = process._kill(pid | 0, number);
  if (errno) throw new ErrnoException(errno, 'kill');
  return true;
}

function umask(mask) {
  return host.umask(mask === undefined ? undefined : parseFileMode(mask, 'mask'));
}

function validateId(id, name) {
  if (typeof id === 'number') validateUint32(id, name);
  else if (typeof id !== 'string') throw new ERR_INVALID_ARG_TYPE(name, ['number', 'string'], id);
}

function numberOf(id, kind, lookUp) {
  const number = lookUp(id);
  if (number === undefined) throw new ERR_UNKNOWN_CREDENTIAL(kind, id);
  return number;
}

const setUser = (name) =>
  ({
    [name](id) {
      validateId(id, 'id');
      host[name](numberOf(id, 'User', host.userId));
    },
  })[name];

const setGroup = (name) =>
  ({
    [name](id) {
      validateId(id, 'id');
      host[name](numberOf(id, 'Group', host.groupId));
    },
  })[name];

function setgroups(groups) {
  validateArray(groups, 'groups');
  groups.forEach((group, i) => validateId(group, `groups[${i}]`));
  host.setgroups(groups.map((group) => numberOf(group, 'Group', host.groupId)));
}

function initgroups(user, extraGroup) {
  validateId(user, 'user');
  validateId(extraGroup, 'extraGroup');
  host.initgroups(user, numberOf(extraGroup, 'Group', host.groupId));
}

// The effective group is one of them, which POSIX leaves open.
function getgroups() {
  const groups = host.getgroups();
  const own = host.getegid();
  return groups.includes(own) ? groups : [...groups, own];
}

function loadEnvFile(path = '.env') {
  validateString(path, 'path');
  const values = internalBinding('dotenv').parse(internalBinding('files').readFileUtf8(path, 0));
  for (const name of Object.keys(values))
    if (process.env[name] === undefined) process.env[name] = values[name];
}

const RESOURCES = {
  __proto__: null,
  fs_event: 'FSEventWrap',
  fs_poll: 'StatWatcher',
  pipe: 'PipeWrap',
  process: 'ProcessWrap',
  signal: 'SignalWrap',
  tcp: 'TCPSocketWrap',
  tty: 'TTYWrap',
  udp: 'UDPWrap',
};

const SERVERS = { __proto__: null, pipe: 'PipeServerWrap', tcp: 'TCPServerWrap' };

// The sockets and servers of handles that may keep the event loop alive, or the handles when they are nobody's.
function _getActiveHandles() {
  const { kOwner } = require('internal/socket_owner');
  return internalBinding('loop_handles').objects().map((handle) => handle[kOwner] ?? handle);
}

// What may keep the event loop alive, by kind. Other handles of the loop are the runtime's own.
function getActiveResourcesInfo() {
  const { timeouts, immediates } = require('internal/timers').activeCounts();
  const handles = internalBinding('loop_handles').list();
  return [
    ...handles
      .filter(({ is_referenced: isReferenced, type }) => isReferenced && type in RESOURCES)
      .map(({ listening, type }) => (listening ? SERVERS[type] : RESOURCES[type])),
    ...Array(timeouts).fill('Timeout'),
    ...Array(immediates).fill('Immediate'),
  ];
}

// Replaces the process by another program, which inherits the standard streams only.
function execve(execPath, args = [], env = process.env) {
  const { isMainThread } = require('worker_threads');
  if (!isMainThread) throw new ERR_WORKER_UNSUPPORTED_OPERATION('Calling process.execve');
  require('internal/process/warning').emitExperimentalWarning('process.execve');
  validateString(execPath, 'execPath');
  validateArray(args, 'args');
  args.forEach((arg, i) => {
    if (typeof arg !== 'string' || arg.includes('\u0000')) {
      throw new ERR_INVALID_ARG_VALUE(`args[${i}]`, arg, 'must be a string without null bytes');
    }
  });
  if (env !== undefined) validateObject(env, 'env');
  const pairs = Object.entries(env);
  for (const [key, value] of pairs) {
    if (typeof value !== 'string' || value.includes('\u0000') || key.includes('\u0000')) {
      throw new ERR_INVALID_ARG_VALUE('env', env, 'must be an object with string keys and values without null bytes');
    }
  }
  host.execve(execPath, args, pairs);
}

function openStdin() {
  process.stdin.resume();
  return process.stdin;
}

// process.ref and process.unref: for any object that says how.
function callHook(name) {
  return {
    [name](object) {
      object?.[Symbol.for(`nodejs.${name}`)]?.() ?? object?.[name]?.();
    },
  }[name];
}

const { refuse } = require('internal/refuse');

function setSourceMapsEnabled(enabled) {
  require('internal/validators').validateBoolean(enabled, 'enabled');
  const { setSourceMapsSupport } = require('internal/modules/source_maps/registry');
  setSourceMapsSupport({ enabled, nodeModules: enabled, generatedCode: enabled });
}

module.exports = {
  _getActiveHandles,
  _getActiveRequests: refuse('process._getActiveRequests'),
  _kill: host.kill,
  _linkedBinding: refuse('process._linkedBinding'),
  _rawDebug: (...args) => {
    internalBinding('stdio').write(2, `${require('internal/util/format').format(...args)}\n`);
  },
  availableMemory: () => host.availableMemory(),
  constrainedMemory: () => host.constrainedMemory(),
  cpuUsage: usage(host.cpuUsage),
  execve,
  getActiveResourcesInfo,
  getegid: () => host.getegid(),
  geteuid: () => host.geteuid(),
  getgid: () => host.getgid(),
  getgroups,
  getuid: () => host.getuid(),
  initgroups,
  kill,
  loadEnvFile,
  openStdin,
  ref: callHook('ref'),
  resourceUsage: () => host.resourceUsage(),
  setegid: setGroup('setegid'),
  seteuid: setUser('seteuid'),
  setgid: setGroup('setgid'),
  setgroups,
  setSourceMapsEnabled,
  setuid: setUser('setuid'),
  threadCpuUsage: usage(host.threadCpuUsage),
  umask,
  unref: callHook('unref'),
};
