# SPDX-License-Identifier: Apache-2.0
# What holds for every addon that is built here: included into its binding.gyp.
{
  'variables': {
    'target_arch%': 'x64',
    'napi_build_version%': '10',
  },
  'target_defaults': {
    'type': 'loadable_module',
    'product_prefix': '',
    'include_dirs': ['<(node_root_dir)'],
    'defines': [
      'NODE_GYP_MODULE_NAME=>(_target_name)',
      'USING_UV_SHARED=1',
      '_LARGEFILE_SOURCE',
      '_FILE_OFFSET_BITS=64',
    ],
    'cflags': ['-Wall', '-Wextra', '-Wno-unused-parameter', '-pthread', '-fPIC'],
    'cflags_cc': ['-fno-rtti', '-fno-exceptions', '-fno-strict-aliasing', '-std=gnu++20'],
    'ldflags': ['-pthread', '-rdynamic'],
    'configurations': {
      'Debug': {
        'defines': ['DEBUG', '_DEBUG'],
        'cflags': ['-g', '-O0'],
      },
      'Release': {
        'cflags': ['-O3', '-fno-omit-frame-pointer'],
      },
    },
    'target_conditions': [
      ['_type=="loadable_module"', {
        'product_extension': 'node',
        'defines': ['BUILDING_NODE_EXTENSION'],
      }],
      ['_type=="static_library"', {
        'standalone_static_library': 1,
      }],
    ],
  },
}
