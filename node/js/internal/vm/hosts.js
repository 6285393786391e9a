// SPDX-License-Identifier: Apache-2.0
//
// What import() and import.meta do in code that vm compiled. The engine hands the host object of the running code to
// the two functions below; code without one is the loader's.
'use strict';

const {
  codes: {
    ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING,
    ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG,
    ERR_VM_MODULE_NOT_MODULE,
  },
} = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { isModuleNamespaceObject } = require('internal/util/types');
const { validateFunction } = require('internal/validators');

const USE_MAIN_CONTEXT_DEFAULT_LOADER = Symbol('vm_dynamic_import_main_context_default');
const USE_LOADER = Symbol('vm_dynamic_import_default_internal'); // the same, for the library itself

// A host: { importModuleDynamically, referrer, meta, initializeImportMeta }, all optional.
const withoutCallback = { importModuleDynamically: undefined };
const withoutFlag = {
  async importModuleDynamically() {
    throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG();
  },
};

function importByDefault(filename) {
  return async (specifier, _referrer, attributes) => {
    const { pathToUrl } = require('internal/modules/esm/urls');
    let base = filename;
    if (base.startsWith('/')) base = pathToUrl(base);
    else if (!URL.canParse(base)) base = `${pathToUrl(process.cwd())}/`;
    const url = require('internal/modules/esm/loader').resolveFor(base, specifier);
    return import(url, { with: attributes });
  };
}

// The host of code with this option. `referrer` is set by the caller once it exists.
function hostFor(importModuleDynamically, filename) {
  if (importModuleDynamically === undefined) return withoutCallback;
  if (importModuleDynamically === USE_MAIN_CONTEXT_DEFAULT_LOADER || importModuleDynamically === USE_LOADER) {
    if (importModuleDynamically !== USE_LOADER) {
      require('internal/util').emitExperimentalWarning('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER');
    }
    return { importModuleDynamically: importByDefault(filename) };
  }
  validateFunction(importModuleDynamically, 'options.importModuleDynamically');
  if (!getOptionValue('--experimental-vm-modules')) return withoutFlag;
  return { importModuleDynamically, referrer: undefined };
}

async function importDynamically(host, specifier, options) {
  if (host.importModuleDynamically === undefined) throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING();
  const attributes = { __proto__: null, ...options?.with };
  const found = await host.importModuleDynamically(`${specifier}`, host.referrer, attributes, 'evaluation');
  if (isModuleNamespaceObject(found)) return found;
  const { isModule } = require('internal/vm/module');
  if (!isModule(found)) throw new ERR_VM_MODULE_NOT_MODULE();
  if (found.status === 'errored') throw found.error;
  return found.namespace;
}

function importMeta(host) {
  if (host.meta === undefined) {
    host.meta = { __proto__: null };
    host.initializeImportMeta?.(host.meta, host.referrer);
  }
  return host.meta;
}

internalBinding('scripts').setHostHooks(importMeta, importDynamically);

module.exports = { hostFor, USE_LOADER, USE_MAIN_CONTEXT_DEFAULT_LOADER };
