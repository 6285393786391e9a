// SPDX-License-Identifier: Apache-2.0
// The Windows half of `path`, for programs that handle Windows paths on any system.
'use strict';

const { validateObject, validateString } = require('internal/validators');

const unc = /^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)/;
const drive = /^[a-z]:/i;
const reservedNames = /^(?:con|prn|aux|nul|(?:com|lpt)[1-9\xb9\xb2\xb3])$/i;

const isSeparator = (character) => character === '\\' || character === '/';

// What a path starts with: its device (drive, share or nothing), whether it is absolute, and where
// the part that '..' can eat begins.
function splitRoot(path) {
  if (isSeparator(path[0])) {
    const match = unc.exec(path);
    if (match === null) return { device: '', absolute: true, end: 1, share: false };
    const [whole, server, share] = match;
    if (server === '.' || server === '?') return { device: `\\\\${server}`, absolute: true, end: 4, share: true };
    return { device: `\\\\${server}\\${share}`, absolute: true, end: whole.length, share: true };
  }
  if (drive.test(path)) {
    const absolute = isSeparator(path[2]);
    return { device: path.slice(0, 2), absolute, end: absolute ? 3 : 2, share: false };
  }
  return { device: '', absolute: false, end: 0, share: false };
}

// The same for dirname and parse, which know no devices below '\\.\' and keep the separator after a share.
function rootLength(path) {
  if (!isSeparator(path[0])) return splitRoot(path).end;
  const match = unc.exec(path);
  if (match === null) return 1;
  return Math.min(match[0].length + 1, path.length);
}

function collapse(path, absolute) {
  const kept = [];
  for (const segment of path.split(/[\\/]/)) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') {
      kept.push(segment);
    } else if (kept.length > 0 && kept[kept.length - 1] !== '..') {
      kept.pop();
    } else if (!absolute) {
      kept.push('..');
    }
  }
  return kept.join('\\');
}

// A relative path must not turn into a drive or a device when its '..' are gone.
function looksLikeDevice(path, tail) {
  return drive.test(tail) || /:(?:[\\/]|$)/.test(path);
}

function normalizeValid(path) {
  if (path === '') return '.';
  if (path.length === 1) return path === '/' ? '\\' : path;
  const { device, absolute, end, share } = splitRoot(path);
  let tail = end < path.length ? collapse(path.slice(end), absolute) : '';
  if (share && end === path.length) return `${device}\\`;
  if (tail === '' && !absolute) tail = '.';
  if (tail !== '' && isSeparator(path[path.length - 1])) tail += '\\';
  if (!absolute && device === '' && path.includes(':') && looksLikeDevice(path, tail)) return `.\\${tail}`;
  if (reservedNames.test(path.slice(0, Math.max(path.indexOf(':'), 0)))) return `.\\${device}${tail}`;
  return `${device}${absolute ? '\\' : ''}${tail}`;
}

function lastSegment(path, from) {
  let end = path.length;
  while (end > from && isSeparator(path[end - 1])) end--;
  let start = end;
  while (start > from && !isSeparator(path[start - 1])) start--;
  return { start, end };
}

function extensionStart(base) {
  const dot = base.lastIndexOf('.');
  return dot <= 0 || base === '..' ? base.length : dot;
}

// The directory that a drive was last in; Windows keeps it in variables like `=C:`.
function driveDirectory(device) {
  const path = process.env[`=${device}`] || process.cwd();
  return path.slice(0, 2).toLowerCase() !== device.toLowerCase() && path[2] === '\\' ? `${device}\\` : path;
}

function resolve(...paths) {
  let device = '';
  let tail = '';
  let absolute = false;
  for (let i = paths.length - 1; i >= -1 && !(absolute && device !== ''); i--) {
    let path;
    if (i >= 0) {
      path = paths[i];
      validateString(path, `paths[${i}]`);
      if (path === '') continue;
    } else {
      path = device === '' ? process.cwd() : driveDirectory(device);
    }
    const root = splitRoot(path);
    if (root.device !== '') {
      if (device !== '' && root.device.toLowerCase() !== device.toLowerCase()) continue;
      device ||= root.device;
    }
    if (absolute) continue;
    tail = `${path.slice(root.end)}\\${tail}`;
    absolute = root.absolute;
  }
  tail = collapse(tail, absolute);
  return absolute ? `${device}\\${tail}` : `${device}${tail}` || '.';
}

function normalize(path) {
  validateString(path, 'path');
  return normalizeValid(path);
}

function isAbsolute(path) {
  validateString(path, 'path');
  return isSeparator(path[0]) || (drive.test(path) && isSeparator(path[2]));
}

function join(...paths) {
  for (const path of paths) validateString(path, 'path');
  const parts = paths.filter((path) => path !== '');
  if (parts.length === 0) return '.';
  let joined = parts.join('\\');
  // Exactly two separators at the start of the first part mean a share; otherwise they are one root.
  if (!/^[\\/]{2}[^\\/]/.test(parts[0])) joined = joined.replace(/^[\\/]{2,}/, '\\');
  // The name of a device in the middle would swallow what comes before it.
  if (joined.split('\\').some(startsWithDevice)) return joined.replaceAll('/', '\\');
  return normalizeValid(joined);
}

function startsWithDevice(segment) {
  const colon = segment.indexOf(':');
  return colon !== -1 && reservedNames.test(segment.slice(0, colon));
}

function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  const target = resolve(to);
  const fromSegments = resolve(from).split('\\').filter(Boolean);
  const toSegments = target.split('\\').filter(Boolean);
  let shared = 0;
  while (
    shared < fromSegments.length &&
    shared < toSegments.length &&
    fromSegments[shared].toLowerCase() === toSegments[shared].toLowerCase()
  )
    shared++;
  if (shared === 0 && fromSegments.length > 0 && toSegments.length > 0) return target;
  const up = new Array(fromSegments.length - shared).fill('..');
  return [...up, ...toSegments.slice(shared)].join('\\');
}

function toNamespacedPath(path) {
  if (typeof path !== 'string' || path.length === 0) return path;
  const resolved = resolve(path);
  if (resolved.length <= 2) return path;
  if (/^\\\\[^?.]/.test(resolved)) return `\\\\?\\UNC\\${resolved.slice(2)}`;
  return /^[a-z]:\\/i.test(resolved) ? `\\\\?\\${resolved}` : resolved;
}

function dirname(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const root = rootLength(path);
  const { start } = lastSegment(path, root);
  if (start > root) return path.slice(0, start - 1);
  return root === 0 ? '.' : path.slice(0, root);
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  if (suffix === path) return '';
  const { start, end } = lastSegment(path, drive.test(path) ? 2 : 0);
  const base = path.slice(start, end);
  if (suffix === undefined || suffix === '' || suffix === base || !base.endsWith(suffix)) return base;
  return base.slice(0, -suffix.length);
}

function extname(path) {
  validateString(path, 'path');
  const { start, end } = lastSegment(path, drive.test(path) ? 2 : 0);
  const base = path.slice(start, end);
  return base.slice(extensionStart(base));
}

function format(pathObject) {
  validateObject(pathObject, 'pathObject');
  const dir = pathObject.dir || pathObject.root;
  const { ext } = pathObject;
  const dotted = ext ? `${ext[0] === '.' ? '' : '.'}${ext}` : '';
  const base = pathObject.base || `${pathObject.name || ''}${dotted}`;
  if (!dir) return base;
  return dir === pathObject.root ? `${dir}${base}` : `${dir}\\${base}`;
}

function parse(path) {
  validateString(path, 'path');
  const rootEnd = rootLength(path);
  const root = path.slice(0, rootEnd);
  const { start, end } = lastSegment(path, rootEnd);
  const base = path.slice(start, end);
  const ext = extensionStart(base);
  return {
    root,
    dir: start > rootEnd ? path.slice(0, start - 1) : root,
    base,
    ext: base.slice(ext),
    name: base.slice(0, ext),
  };
}

function matchesGlob(path, pattern) {
  return require('internal/fs/glob').matchGlobPattern(path, pattern, true);
}

module.exports = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath,
  dirname,
  basename,
  extname,
  format,
  parse,
  matchesGlob,
  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
  _makeLong: toNamespacedPath,
};
