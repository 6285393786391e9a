// SPDX-License-Identifier: Apache-2.0
//
// What the files behind bytes.h share: arguments, and functions of one file that the table names.
#ifndef EJ_BYTES_INTERNAL_H
#define EJ_BYTES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <node_api.h>

typedef struct ej_bytes {
  uint8_t *data; // may be NULL when size is 0
  size_t size;
} ej_bytes;

enum { EJ_MAX_ARGS = 8 };

// The arguments of a call; missing ones are undefined.
typedef struct ej_args {
  size_t count;
  napi_value values[EJ_MAX_ARGS];
} ej_args;

// Each returns false with an exception pending.
bool ej_args_get(napi_env env, napi_callback_info info, ej_args *args);
bool ej_bytes_of(napi_env env, napi_value view, ej_bytes *bytes);
bool ej_size_of(napi_env env, napi_value number, size_t *size);
// Arguments `first`, `first` + 1: the part [start, end) of argument 0, cut to what is there.
bool ej_range_of(napi_env env, const ej_args *args, size_t first, ej_bytes *bytes);

napi_value ej_number(napi_env env, double value);
napi_value ej_boolean(napi_env env, bool value);

// -1, 0 or 1.
int ej_bytes_order(ej_bytes a, ej_bytes b);
// The place of a needle that is not empty, from `from` on, at a multiple of `step`; -1 for none.
ptrdiff_t ej_bytes_find(ej_bytes hay, ej_bytes needle, size_t from, size_t step);
bool ej_uint8_array_of(napi_env env, napi_value value, ej_bytes *bytes);

// bytes_methods.c
napi_value ej_bytes_method(napi_env env, napi_callback_info info);

// bytes_text.c
extern const napi_property_descriptor ej_text_functions[];
extern const size_t ej_text_function_count;

#endif
