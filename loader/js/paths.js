// SPDX-License-Identifier: Apache-2.0
//
// The few path functions that loading needs, so that start-up does not read all of `path`.
'use strict';

const isAbsolute = (path) => path.startsWith('/');

// Removes '.', '..' and empty segments of an absolute path.
function normalize(path) {
  if (!path.includes('//') && !path.includes('/.') && !(path.length > 1 && path.endsWith('/'))) return path;
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function resolve(base, path) {
  if (path === undefined) path = base;
  else if (!isAbsolute(path)) path = `${base}/${path}`;
  return normalize(isAbsolute(path) ? path : `${process.cwd()}/${path}`);
}

function dirname(path) {
  const end = path.lastIndexOf('/');
  if (end <= 0) return end === 0 ? '/' : '.';
  return path.slice(0, end);
}

const basename = (path) => path.slice(path.lastIndexOf('/') + 1);

function extname(path) {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot);
}

// A project whose packages are in a tree of the store (--from-store): { project, tree }.
let farm;

function setFarm(project, tree) {
  farm = { project, tree };
}

// The node_modules of a folder.
function modulesOf(directory) {
  if (farm !== undefined && (directory === farm.project || directory.startsWith(`${farm.project}/`)))
    return `${farm.tree}${directory.slice(farm.project.length)}/node_modules`;
  return directory === '/' ? '/node_modules' : `${directory}/node_modules`;
}

const isTypeScript = (path) => /\.[cm]?ts$/.test(path);

module.exports = { basename, dirname, extname, isAbsolute, isTypeScript, modulesOf, resolve, setFarm };
