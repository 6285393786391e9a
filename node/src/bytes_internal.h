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

// bytes_text.c
extern const napi_property_descriptor ej_text_functions[];
extern const size_t ej_text_function_count;

#endif
