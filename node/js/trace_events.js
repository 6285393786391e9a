// SPDX-License-Identifier: Apache-2.0
//
// Tracing can be described, and not be switched on: nothing here writes trace events.
'use strict';

const { codes: { ERR_TRACE_EVENTS_CATEGORY_REQUIRED } } = require('internal/errors');
const { refuse } = require('internal/refuse');
const { customInspectSymbol } = require('internal/util');
const { validateObject, validateStringArray } = require('internal/validators');

class Tracing {
  #categories;

  constructor(categories) {
    this.#categories = categories;
  }

  disable() {} // it never is enabled

  get enabled() {
    return false;
  }

  get categories() {
    return this.#categories.join(',');
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { enabled, categories } = this;
    return `Tracing ${require('internal/util/inspect').inspect({ enabled, categories }, options)}`;
  }
}
Tracing.prototype.enable = refuse('trace_events.Tracing.enable');

function createTracing(options) {
  validateObject(options, 'options');
  validateStringArray(options.categories, 'options.categories');
  if (options.categories.length === 0) throw new ERR_TRACE_EVENTS_CATEGORY_REQUIRED();
  return new Tracing(options.categories);
}

// The categories of all tracing that is enabled: there is none.
function getEnabledCategories() {
  return undefined;
}

module.exports = { createTracing, getEnabledCategories };
