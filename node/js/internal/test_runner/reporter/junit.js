// SPDX-License-Identifier: Apache-2.0
//
// JUnit's XML: a testcase for each test, a testsuite for each that has subtests.
'use strict';

const { inspectError } = require('internal/test_runner/reporter/format');

function escapeAttribute(text = '') {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', '&#10;');
}

function escapeContent(text = '') {
  return String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function toXml(node) {
  const indentation = '\t'.repeat(node.nesting + 1);
  if (typeof node === 'string') return `${indentation}${escapeContent(node)}\n`;
  if (node.comment !== undefined) return `${indentation}<!-- ${node.comment.replaceAll('--', '&#45;&#45;')} -->\n`;
  const attributes = Object.entries(node.attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('');
  if (node.children === undefined || node.children.length === 0) return `${indentation}<${node.tag}${attributes}/>\n`;
  const content = node.children
    .map((child) => (typeof child === 'string' ? `${escapeContent(child)}\n` : toXml(child)))
    .join('');
  return `${indentation}<${node.tag}${attributes}>\n${content}${indentation}</${node.tag}>\n`;
}

// What is on top when it becomes known that it has subtests.
function asSuite(node) {
  node.tag = 'testsuite';
  node.attributes.disabled = 0;
  node.attributes.errors = 0;
  const cases = node.children.filter((child) => child.attributes !== undefined);
  node.attributes.tests = cases.length;
  node.attributes.failures = cases.filter((child) => child.attributes.failure !== undefined || child.attributes.failures > 0).length;
  node.attributes.skipped = cases.filter((child) => child.children?.some(({ tag }) => tag === 'skipped')).length;
  node.attributes.hostname = require('os').hostname();
}

function describe(node, type, data) {
  const { details, skip, todo, nesting } = data;
  if (skip !== undefined) {
    node.children.push({ tag: 'skipped', nesting: nesting + 1, attributes: { type: 'skipped', message: skip } });
  }
  if (todo !== undefined) {
    node.children.push({ tag: 'skipped', nesting: nesting + 1, attributes: { type: 'todo', message: todo } });
  }
  if (type === 'test:pass') return;
  const { error } = details;
  node.attributes.failure = error?.message ?? '';
  node.children.push({
    tag: 'failure',
    nesting: nesting + 1,
    attributes: { type: error?.failureType ?? error?.code, message: error?.message.trim() ?? '' },
    children: [inspectError(error, { __proto__: null, colors: false, breakLength: Infinity })],
  });
}

class Tree {
  #current;
  roots = [];

  start({ name, nesting }) {
    const parent = this.#current;
    const node = { tag: 'testcase', attributes: { name }, nesting, parent, children: [] };
    (parent?.children ?? this.roots).push(node);
    this.#current = node;
  }

  #find({ name, nesting }) {
    let node = this.#current;
    while (node !== undefined && (node.attributes.name !== name || node.nesting !== nesting)) node = node.parent;
    return node;
  }

  end(type, data) {
    if (this.#find(data) === undefined) this.start(data);
    const node = this.#find(data);
    node.attributes.time = (data.details.duration_ms / 1000).toFixed(6);
    const hasSubtests = node.children.some((child) => child.comment === undefined);
    if (hasSubtests) asSuite(node);
    else {
      node.attributes.classname = data.details.type === 'suite' ? 'suite' : 'test';
      if (data.file !== undefined) node.attributes.file = data.file;
      describe(node, type, data);
    }
    this.#current = node.parent;
  }

  comment({ nesting, message }) {
    (this.#current?.children ?? this.roots).push({ nesting, comment: message });
  }
}

module.exports = async function* junit(source) {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n';
  const tree = new Tree();
  for await (const { type, data } of source) {
    if (type === 'test:start') tree.start(data);
    else if (type === 'test:pass' || type === 'test:fail') tree.end(type, data);
    else if (type === 'test:diagnostic') tree.comment(data);
  }
  for (const node of tree.roots) yield toXml(node);
  yield '</testsuites>\n';
};
