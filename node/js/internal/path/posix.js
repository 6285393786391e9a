// SPDX-License-Identifier: Apache-2.0
// The POSIX half of `path`. Splitting and joining beat walking characters on an interpreter.
'use strict';

const { validateObject, validateString } = require('internal/validators');

// Drops '.' and empty segments and lets '..' eat its predecessor; above the root it vanishes,
// above a relative start it stays.
function collapse(path, absolute) {
  const kept = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') {
      kept.push(segment);
    } else if (kept.length > 0 && kept[kept.length - 1] !== '..') {
      kept.pop();
    } else if (!absolute) {
      kept.push('..');
    }
  }
  return kept.join('/');
}

function normalizeValid(path) {
  if (path === '') return '.';
  const absolute = path[0] === '/';
  const inner = collapse(path, absolute);
  const trailing = path[path.length - 1] === '/' ? '/' : '';
  if (inner === '') return absolute ? '/' : `.${trailing}`;
  return (absolute ? '/' : '') + inner + trailing;
}

// Where the last segment begins and ends, trailing slashes left out.
function lastSegment(path) {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return { start: end === 0 ? 0 : path.lastIndexOf('/', end - 1) + 1, end };
}

function extensionStart(base) {
  const dot = base.lastIndexOf('.');
  return dot <= 0 || base === '..' ? base.length : dot;
}

function resolve(...paths) {
  let resolved = '';
  for (let i = paths.length - 1; i >= -1; i--) {
    const path = i >= 0 ? paths[i] : process.cwd();
    validateString(path, `paths[${i}]`);
    if (path === '') continue;
    resolved = resolved === '' ? path : `${path}/${resolved}`;
    if (path[0] === '/') break;
  }
  const absolute = resolved[0] === '/';
  const inner = collapse(resolved, absolute);
  if (absolute) return `/${inner}`;
  return inner === '' ? '.' : inner;
}

function normalize(path) {
  validateString(path, 'path');
  return normalizeValid(path);
}

function isAbsolute(path) {
  validateString(path, 'path');
  return path[0] === '/';
}

function join(...paths) {
  for (const path of paths) validateString(path, 'path');
  return normalizeValid(paths.filter((path) => path !== '').join('/'));
}

function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  const fromSegments = resolve(from).split('/').filter(Boolean);
  const toSegments = resolve(to).split('/').filter(Boolean);
  let shared = 0;
  while (shared < fromSegments.length && fromSegments[shared] === toSegments[shared]) shared++;
  const up = new Array(fromSegments.length - shared).fill('..');
  return [...up, ...toSegments.slice(shared)].join('/');
}

function toNamespacedPath(path) {
  return path; // namespaces are a notion of Windows
}

function dirname(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const { start } = lastSegment(path);
  if (start === 0) return path[0] === '/' ? '/' : '.';
  if (start === 1) return '/';
  return start === 2 && path[0] === '/' ? '//' : path.slice(0, start - 1);
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  if (suffix === path) return '';
  const { start, end } = lastSegment(path);
  const base = path.slice(start, end);
  if (suffix === undefined || suffix === '' || suffix === base || !base.endsWith(suffix)) return base;
  return base.slice(0, -suffix.length);
}

function extname(path) {
  validateString(path, 'path');
  const { start, end } = lastSegment(path);
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
  return dir === pathObject.root ? `${dir}${base}` : `${dir}/${base}`;
}

function parse(path) {
  validateString(path, 'path');
  const root = path[0] === '/' ? '/' : '';
  const { start, end } = lastSegment(path);
  const base = path.slice(start, end);
  const ext = extensionStart(base);
  return {
    root,
    dir: start > 1 ? path.slice(0, start - 1) : root,
    base,
    ext: base.slice(ext),
    name: base.slice(0, ext),
  };
}

function matchesGlob(path, pattern) {
  return require('internal/fs/glob').matchGlobPattern(path, pattern, false);
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
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
  _makeLong: toNamespacedPath,
};
