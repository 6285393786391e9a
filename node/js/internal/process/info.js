// SPDX-License-Identifier: Apache-2.0
//
// Facts about this runtime that few programs ask for: process.config, features, release, allowedNodeEnvironmentFlags.
'use strict';


const config = Object.freeze({
  target_defaults: Object.freeze({
    cflags: [],
    configurations: {},
    default_configuration: 'Release',
    defines: [],
    include_dirs: [],
    libraries: [],
  }),
  variables: Object.freeze({
    asan: 0,
    host_arch: process.arch,
    napi_build_version: process.versions.napi,
    node_module_version: Number(process.versions.modules),
    node_shared: false,
    node_use_amaro: true, // TypeScript runs
    node_use_openssl: false,
    target_arch: process.arch,
    v8_enable_i18n_support: 1,
  }),
});

function typescriptFeature() {
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--experimental-transform-types')) return 'transform';
  return getOptionValue('--strip-types') === false ? false : 'strip';
}

const features = {};
for (const [name, value] of Object.entries({
  inspector: false,
  debug: false,
  uv: true,
  ipv6: true,
  openssl_is_boringssl: false,
  tls_alpn: false,
  tls_sni: false,
  tls_ocsp: false,
  tls: false,
  quic: false,
  cached_builtins: true,
  require_module: require('internal/options').getOptionValue('--require-module') !== false,
  typescript: typescriptFeature(),
})) {
  Object.defineProperty(features, name, {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get: () => value,
  });
}

const release = { name: 'node', lts: 'Krypton' };

const FLAGS = internalBinding('options').environmentNames();
const known = new Set(FLAGS.map((flag) => flag.replace(/^-+/, '')));

// A Set that takes flags in any spelling and cannot be changed, not even by Set's own methods: what it tells is FLAGS.
class NodeEnvironmentFlagsSet extends Set {
  add() {
    return this;
  }

  delete() {
    return false;
  }

  clear() {}

  has(flag) {
    if (typeof flag !== 'string') return false;
    // A flag as it is written, or its name without dashes; an underscore stands for a dash inside of it.
    const [, dashes, name] = /^(-{0,2})([^=]*)/.exec(flag);
    const plain = name.slice(0, 1) + name.slice(1).replaceAll('_', '-');
    return dashes === '' ? known.has(plain) : FLAGS.includes(dashes + plain);
  }

  get size() {
    return FLAGS.length;
  }

  entries() {
    return new Set(FLAGS).entries();
  }

  forEach(callback, thisArg) {
    for (const flag of FLAGS) Reflect.apply(callback, thisArg, [flag, flag, this]);
  }

  values() {
    return new Set(FLAGS).values();
  }
}
NodeEnvironmentFlagsSet.prototype.keys = NodeEnvironmentFlagsSet.prototype.values;
NodeEnvironmentFlagsSet.prototype[Symbol.iterator] = NodeEnvironmentFlagsSet.prototype.values;

const allowedNodeEnvironmentFlags = new NodeEnvironmentFlagsSet();
Object.freeze(allowedNodeEnvironmentFlags);

module.exports = { allowedNodeEnvironmentFlags, config, features, release };
