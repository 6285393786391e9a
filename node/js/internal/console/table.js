// SPDX-License-Identifier: Apache-2.0
//
// console.table.
'use strict';

const { inspect } = require('internal/util/inspect');
const { isMap, isMapIterator, isSet, isSetIterator } = require('internal/util/types');
const { getStringWidth } = require('internal/util/string_width');

const INDEX = '(index)';
const ITERATION_INDEX = '(iteration index)';
const KEY = 'Key';
const VALUES = 'Values';

function line(left, middle, right, widths) {
  return `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`;
}

function row(cells, widths) {
  return `│${cells.map((cell, i) => ` ${cell}${' '.repeat(widths[i] - getStringWidth(cell))} `).join('│')}│`;
}

function draw(head, columns) {
  const height = Math.max(...columns.map((column) => column.length), 0);
  const rows = Array.from({ length: height }, (_, i) =>
    columns.map((column) => (i in column ? column[i] : ''))
  );
  const widths = head.map((title, i) =>
    Math.max(getStringWidth(title), ...rows.map((cells) => getStringWidth(cells[i])))
  );
  return [
    line('┌', '┬', '┐', widths),
    row(head, widths),
    line('├', '┼', '┤', widths),
    ...rows.map((cells) => row(cells, widths)),
    line('└', '┴', '┘', widths),
  ].join('\n');
}

function show(value, options) {
  const depth =
    value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 2
      ? -1
      : 0;
  return inspect(value, { ...options, maxArrayLength: 3, breakLength: Infinity, depth });
}

// The entries of Maps, Sets and their iterators; undefined for other values.
function entriesOf(data) {
  if (isMapIterator(data) || isSetIterator(data)) {
    const [rest, hasPairs] = internalBinding('util').previewEntries(data);
    if (!hasPairs || isSetIterator(data)) return { keyed: false, entries: rest };
    return {
      keyed: true,
      entries: Array.from({ length: rest.length / 2 }, (_, i) => [rest[2 * i], rest[2 * i + 1]]),
    };
  }
  if (isMap(data)) return { keyed: true, entries: [...data] };
  if (isSet(data)) return { keyed: false, entries: [...data] };
  return undefined;
}

function renderEntries({ keyed, entries }, options) {
  const index = entries.map((_, i) => String(i));
  if (keyed) {
    return draw(
      [ITERATION_INDEX, KEY, VALUES],
      [index, entries.map(([key]) => show(key, options)), entries.map(([, value]) => show(value, options))]
    );
  }
  return draw([ITERATION_INDEX, VALUES], [index, entries.map((value) => show(value, options))]);
}

const isPrimitive = (value) => value === null || (typeof value !== 'function' && typeof value !== 'object');

// The table as text, undefined when `data` is no table.
function renderTable(data, properties, options) {
  if (data === null || typeof data !== 'object') return undefined;
  if (properties !== undefined) require('internal/validators').validateArray(properties, 'properties');
  const collection = entriesOf(data);
  if (collection !== undefined) return renderEntries(collection, options);

  const index = Object.keys(data);
  const columns = new Map((index.length > 0 ? (properties ?? []) : []).map((name) => [name, []]));
  const values = [];
  let hasValues = false;
  index.forEach((key, i) => {
    const item = data[key];
    if (properties === undefined && isPrimitive(item)) {
      hasValues = true;
      values[i] = show(item, options);
      return;
    }
    for (const name of properties ?? Object.keys(item)) {
      if (!columns.has(name)) columns.set(name, []);
      if (!isPrimitive(item) && Object.hasOwn(item, name)) columns.get(name)[i] = show(item[name], options);
    }
  });
  const head = [INDEX, ...[...columns.keys()].map(String)];
  const body = [index, ...columns.values()];
  if (hasValues) {
    head.push(VALUES);
    body.push(values);
  }
  return draw(head, body);
}

module.exports = { renderTable };
