// SPDX-License-Identifier: Apache-2.0
//
// Settings of HTTP/2: their names in JavaScript, their numbers in frames, and the values that they can have.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH,
    ERR_HTTP2_INVALID_SETTING_VALUE,
    ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS,
    ERR_INVALID_ARG_TYPE,
  },
} = require('internal/errors');

const kMaxUint32 = 2 ** 32 - 1;
const kMaxCustom = 10;

// [name, number, least, most]; those without limits are boolean.
const table = [
  ['headerTableSize', 1, 0, kMaxUint32],
  ['enablePush', 2],
  ['maxConcurrentStreams', 3, 0, kMaxUint32],
  ['initialWindowSize', 4, 0, 2 ** 31 - 1],
  ['maxFrameSize', 5, 16384, 16777215],
  ['maxHeaderListSize', 6, 0, kMaxUint32],
  ['enableConnectProtocol', 8],
];

function getDefaultSettings() {
  return {
    __proto__: null,
    headerTableSize: 4096,
    enablePush: true,
    initialWindowSize: 65535,
    maxFrameSize: 16384,
    maxConcurrentStreams: kMaxUint32,
    maxHeaderSize: 65535,
    maxHeaderListSize: 65535,
    enableConnectProtocol: false,
  };
}

function assertWithin(name, value, min, max) {
  if (value !== undefined && (typeof value !== 'number' || value < min || value > max)) {
    throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError(name, value, min, max);
  }
}

function validateSettings(settings) {
  if (settings === undefined) return;
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new ERR_INVALID_ARG_TYPE('settings', 'Object', settings);
  }
  const custom = settings.customSettings;
  if (custom !== undefined) {
    if (typeof custom !== 'object' || custom === null) throw new ERR_INVALID_ARG_TYPE('customSettings', 'Number', custom);
    const entries = Object.entries(custom);
    if (entries.length > kMaxCustom) throw new ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    for (const [key, value] of entries) {
      assertWithin('customSettings:id', Number(key), 0, 0xffff);
      assertWithin('customSettings:value', Number(value), 0, kMaxUint32);
    }
  }
  for (const [name, , min, max] of table) {
    if (min === undefined) continue;
    assertWithin(name, settings[name], min, max);
    if (name === 'maxHeaderListSize') assertWithin('maxHeaderSize', settings.maxHeaderSize, min, max);
  }
  for (const [name, , min] of table) {
    const value = settings[name];
    if (min === undefined && value !== undefined && typeof value !== 'boolean') {
      throw new ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
    }
  }
}

// Numbers and values of the settings that are given.
function numbered(settings) {
  const numbers = { __proto__: null };
  for (const [key, value] of Object.entries(settings.customSettings ?? {})) numbers[key] = Number(value);
  for (const [name, number] of table) {
    const value = name === 'maxHeaderListSize' ? (settings.maxHeaderSize ?? settings[name]) : settings[name];
    if (value !== undefined) numbers[number] = Number(value);
  }
  return numbers;
}

// Puts a setting that came in a frame into an object like that of getDefaultSettings().
function assignNumbered(settings, number, value) {
  const known = table.find((row) => row[1] === number);
  if (known === undefined) {
    settings.customSettings ??= {};
    settings.customSettings[number] = value;
    return;
  }
  settings[known[0]] = known[2] === undefined ? Boolean(value) : value;
  if (known[0] === 'maxHeaderListSize') settings.maxHeaderSize = value;
}

const isKnown = (number) => table.some((row) => row[1] === number);

function getPackedSettings(settings) {
  if (settings === undefined) settings = {};
  validateSettings(settings);
  const numbers = Object.entries(numbered(settings));
  const packed = Buffer.alloc(numbers.length * 6);
  for (const [index, [number, value]] of numbers.entries()) {
    packed.writeUInt16BE(Number(number), index * 6);
    packed.writeUInt32BE(value, index * 6 + 2);
  }
  return packed;
}

function getUnpackedSettings(buffer, options = undefined) {
  if (!ArrayBuffer.isView(buffer) || buffer.length === undefined) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], buffer);
  }
  if (buffer.length % 6 !== 0) throw new ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  const settings = {};
  for (let offset = 0; offset < buffer.length; offset += 6) {
    const number = (buffer[offset] << 8) | buffer[offset + 1];
    const value =
      ((buffer[offset + 2] << 24) | (buffer[offset + 3] << 16) | (buffer[offset + 4] << 8) | buffer[offset + 5]) >>> 0;
    assignNumbered(settings, number, value);
  }
  if (options?.validate) validateSettings(settings);
  return settings;
}

// For nghttp2: [number, value, …].
function splitSettings(settings) {
  return Object.entries(numbered(settings)).flatMap(([number, value]) => [Number(number), value]);
}

// From nghttp2's settings in force, and those of the user's own.
function settingsOf(list, custom) {
  const settings = {};
  for (let i = 0; i < list.length; i += 2) assignNumbered(settings, list[i], list[i + 1]);
  if (custom !== undefined) settings.customSettings = { ...custom };
  return settings;
}

module.exports = {
  assignNumbered,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  isKnown,
  settingsOf,
  splitSettings,
  validateSettings,
};
