// SPDX-License-Identifier: Apache-2.0
//
// The binding's table, arguments, and everything that takes bytes and no text.
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#include "binding.h"
#include "bytes_internal.h"
#include "codecs.h"
#include "ej_engine.h"

// --- Arguments and results -----------------------------------------------------------------------

bool ej_args_get(napi_env env, napi_callback_info info, ej_args *args) {
  args->count = EJ_MAX_ARGS;
  return napi_get_cb_info(env, info, &args->count, args->values, NULL, NULL) == napi_ok;
}

static size_t element_size(napi_typedarray_type type) {
  switch (type) {
  case napi_int8_array:
  case napi_uint8_array:
  case napi_uint8_clamped_array:
    return 1;
  case napi_int16_array:
  case napi_uint16_array:
    return 2;
  case napi_int32_array:
  case napi_uint32_array:
  case napi_float32_array:
    return 4;
  case napi_float64_array:
  case napi_bigint64_array:
  case napi_biguint64_array:
    return 8;
  default: // half floats, which older headers do not name
    return 2;
  }
}

bool ej_bytes_of(napi_env env, napi_value view, ej_bytes *bytes) {
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_get_typedarray_info(env, view, &type, &bytes->size, &data, NULL, NULL) == napi_ok) {
    bytes->size *= element_size(type);
  } else if (napi_get_dataview_info(env, view, &bytes->size, &data, NULL, NULL) != napi_ok &&
             napi_get_arraybuffer_info(env, view, &data, &bytes->size) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a buffer");
    return false;
  }
  bytes->data = data;
  return true;
}

bool ej_size_of(napi_env env, napi_value number, size_t *size) {
  double value;
  if (napi_get_value_double(env, number, &value) != napi_ok || !(value >= 0)) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "argument must be a size");
    return false;
  }
  *size = value < 9007199254740992.0 ? (size_t)value : SIZE_MAX;
  return true;
}

bool ej_range_of(napi_env env, const ej_args *args, size_t first, ej_bytes *bytes) {
  size_t start, end;
  if (!ej_bytes_of(env, args->values[0], bytes) || !ej_size_of(env, args->values[first], &start) ||
      !ej_size_of(env, args->values[first + 1], &end))
    return false;
  if (end > bytes->size) end = bytes->size;
  if (start > end) start = end;
  if (start > 0) bytes->data += start;
  bytes->size = end - start;
  return true;
}

napi_value ej_number(napi_env env, double value) {
  napi_value result;
  return napi_create_double(env, value, &result) == napi_ok ? result : NULL;
}

napi_value ej_boolean(napi_env env, bool value) {
  napi_value result;
  return napi_get_boolean(env, value, &result) == napi_ok ? result : NULL;
}

// --- Comparing -----------------------------------------------------------------------------------

int ej_bytes_order(ej_bytes a, ej_bytes b) {
  size_t common = a.size < b.size ? a.size : b.size;
  int difference = common == 0 ? 0 : memcmp(a.data, b.data, common);
  if (difference != 0) return difference < 0 ? -1 : 1;
  return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

// compare(a, b): -1, 0 or 1.
static napi_value compare(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes a, b;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &a) ||
      !ej_bytes_of(env, args.values[1], &b))
    return NULL;
  return ej_number(env, ej_bytes_order(a, b));
}

// compareRanges(a, b, aStart, aEnd, bStart, bEnd): the same for parts of both.
static napi_value compare_ranges(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes a, b;
  if (!ej_args_get(env, info, &args) || !ej_range_of(env, &args, 2, &a)) return NULL;
  args.values[0] = args.values[1];
  if (!ej_range_of(env, &args, 4, &b)) return NULL;
  return ej_number(env, ej_bytes_order(a, b));
}

// --- Searching -----------------------------------------------------------------------------------

enum { BLOCK = 64 };

// Whether the first and the last byte of a needle are at the right distance somewhere in a block:
// in a form that compilers make vectors of.
static bool may_begin(const uint8_t *first, const uint8_t *last, uint8_t a, uint8_t b) {
  uint8_t hit = 0;
  for (size_t i = 0; i < BLOCK; i++) hit |= (uint8_t)((first[i] == a) & (last[i] == b));
  return hit != 0;
}

static bool is_at(ej_bytes hay, ej_bytes needle, size_t at) {
  return hay.data[at] == needle.data[0] && memcmp(hay.data + at, needle.data, needle.size) == 0;
}

ptrdiff_t ej_bytes_find(ej_bytes hay, ej_bytes needle, size_t from, size_t step) {
  if (needle.size > hay.size) return -1;
  size_t end = hay.size - needle.size + 1; // of the places where it may be
  uint8_t first = needle.data[0], last = needle.data[needle.size - 1];
  for (; from + BLOCK <= end; from += BLOCK) {
    const uint8_t *block = hay.data + from;
    if (!may_begin(block, block + needle.size - 1, first, last)) continue;
    for (size_t at = from; at < from + BLOCK; at++)
      if (at % step == 0 && is_at(hay, needle, at)) return (ptrdiff_t)at;
  }
  for (; from < end; from++)
    if (from % step == 0 && is_at(hay, needle, from)) return (ptrdiff_t)from;
  return -1;
}

static ptrdiff_t find_backward(ej_bytes hay, ej_bytes needle, size_t from, size_t step) {
  if (needle.size > hay.size) return -1;
  size_t last = hay.size - needle.size;
  if (from > last) from = last;
  for (size_t at = from + step; at >= step; at -= step)
    if (memcmp(hay.data + at - step, needle.data, needle.size) == 0) return (ptrdiff_t)(at - step);
  return -1;
}

// Where the search starts, -1 when there is nothing to find. A negative offset counts from the end.
static int64_t search_start(int64_t size, int64_t offset, int64_t needle_size, bool forward) {
  if (offset < 0) {
    if (offset + size >= 0) return size + offset;
    return forward || needle_size == 0 ? 0 : -1;
  }
  if (offset + needle_size <= size) return offset;
  if (needle_size == 0) return size;
  return forward ? -1 : size - 1;
}

// indexOf(view, needle, offset, step, forward): the byte offset of `needle` at a multiple of `step`
// (2 for UTF-16 text), or -1.
static napi_value index_of(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes hay, needle;
  double offset;
  size_t step;
  bool forward;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &hay) ||
      !ej_bytes_of(env, args.values[1], &needle) || !ej_size_of(env, args.values[3], &step) ||
      napi_get_value_double(env, args.values[2], &offset) != napi_ok ||
      napi_get_value_bool(env, args.values[4], &forward) != napi_ok)
    return NULL;
  int64_t from = search_start((int64_t)hay.size, (int64_t)offset, (int64_t)needle.size, forward);
  if (from < 0) return ej_number(env, -1);
  if (needle.size == 0) return ej_number(env, (double)from);
  if (hay.size < step || needle.size < step || (forward && (size_t)from + needle.size > hay.size))
    return ej_number(env, -1);
  // Only whole units are compared.
  from -= from % (int64_t)step;
  hay.size -= hay.size % step;
  needle.size -= needle.size % step;
  ptrdiff_t found = forward ? ej_bytes_find(hay, needle, (size_t)from, step)
                            : find_backward(hay, needle, (size_t)from, step);
  return ej_number(env, (double)found);
}

// indexOfNumber(view, byte, offset, forward).
static napi_value index_of_number(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes hay;
  uint32_t byte;
  double offset;
  bool forward;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &hay) ||
      napi_get_value_uint32(env, args.values[1], &byte) != napi_ok ||
      napi_get_value_double(env, args.values[2], &offset) != napi_ok ||
      napi_get_value_bool(env, args.values[3], &forward) != napi_ok)
    return NULL;
  int64_t from = search_start((int64_t)hay.size, (int64_t)offset, 1, forward);
  if (from < 0 || hay.size == 0) return ej_number(env, -1);
  const uint8_t *found = forward
                             ? memchr(hay.data + from, (int)(byte & 255), hay.size - (size_t)from)
                             : memrchr(hay.data, (int)(byte & 255), (size_t)from + 1);
  return ej_number(env, found == NULL ? -1 : (double)(found - hay.data));
}

// --- Changing ------------------------------------------------------------------------------------

// copy(source, target, targetStart, sourceStart, count): bytes copied, as many as fit. The two may
// overlap.
static napi_value copy(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes source, target;
  size_t target_start, source_start, count;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &source) ||
      !ej_bytes_of(env, args.values[1], &target) ||
      !ej_size_of(env, args.values[2], &target_start) ||
      !ej_size_of(env, args.values[3], &source_start) || !ej_size_of(env, args.values[4], &count))
    return NULL;
  if (target_start >= target.size || source_start >= source.size) return ej_number(env, 0);
  if (count > source.size - source_start) count = source.size - source_start;
  if (count > target.size - target_start) count = target.size - target_start;
  memmove(target.data + target_start, source.data + source_start, count);
  return ej_number(env, (double)count);
}

bool ej_uint8_array_of(napi_env env, napi_value value, ej_bytes *bytes) {
  napi_typedarray_type type;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &bytes->size, &data, NULL, NULL) != napi_ok ||
      type != napi_uint8_array)
    return false;
  bytes->data = data;
  return true;
}

// totalLength(list): bytes of all Uint8Arrays in an array; what is none is told as -1 less its
// place.
static napi_value total_length(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  uint32_t count;
  napi_value item;
  double total = 0;
  if (!ej_args_get(env, info, &args) ||
      napi_get_array_length(env, args.values[0], &count) != napi_ok)
    return NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, args.values[0], i, &item) != napi_ok) return NULL;
    if (!ej_uint8_array_of(env, item, &bytes)) return ej_number(env, -1 - (double)i);
    total += (double)bytes.size;
  }
  return ej_number(env, total);
}

// concat(list, target): copies them one after the other, as much as fits; how much that was. The
// list may have changed since it was measured.
static napi_value concat(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes target, source;
  uint32_t count;
  napi_value item;
  size_t at = 0;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[1], &target) ||
      napi_get_array_length(env, args.values[0], &count) != napi_ok)
    return NULL;
  for (uint32_t i = 0; i < count && at < target.size; i++) {
    if (napi_get_element(env, args.values[0], i, &item) != napi_ok) return NULL;
    if (!ej_uint8_array_of(env, item, &source)) continue;
    size_t size = source.size < target.size - at ? source.size : target.size - at;
    if (size > 0) memmove(target.data + at, source.data, size);
    at += size;
  }
  return ej_number(env, (double)at);
}

// fill(view, pattern, start, end): repeats `pattern`. The pattern is not empty.
static napi_value fill(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes target, pattern;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[1], &pattern) ||
      !ej_range_of(env, &args, 2, &target))
    return NULL;
  if (target.size == 0 || pattern.size == 0) return NULL;
  if (pattern.size == 1) {
    memset(target.data, pattern.data[0], target.size);
    return NULL;
  }
  size_t done = pattern.size < target.size ? pattern.size : target.size;
  memmove(target.data, pattern.data, done); // the pattern may be part of the target
  while (done < target.size) {
    size_t more = done < target.size - done ? done : target.size - done;
    memcpy(target.data + done, target.data, more);
    done += more;
  }
  return NULL;
}

static bool swap_argument(napi_env env, napi_callback_info info, ej_args *args, ej_bytes *bytes) {
  return ej_args_get(env, info, args) && ej_bytes_of(env, args->values[0], bytes);
}

// A unit at a time, wherever it lies: in a form that compilers make vectors of.
#define SWAP(bits, swapped)                                                                        \
  static napi_value swap##bits(napi_env env, napi_callback_info info) {                            \
    ej_args args;                                                                                  \
    ej_bytes bytes;                                                                                \
    if (!swap_argument(env, info, &args, &bytes)) return NULL;                                     \
    uint8_t *restrict data = bytes.data;                                                           \
    size_t count = bytes.size / sizeof(uint##bits##_t);                                            \
    for (size_t i = 0; i < count; i++) {                                                           \
      uint##bits##_t unit;                                                                         \
      memcpy(&unit, data + i * sizeof unit, sizeof unit);                                          \
      unit = swapped;                                                                              \
      memcpy(data + i * sizeof unit, &unit, sizeof unit);                                          \
    }                                                                                              \
    return args.values[0];                                                                         \
  }
SWAP(16, (uint16_t)(unit << 8 | unit >> 8))
SWAP(32, unit << 24 | (unit & 0xFF00) << 8 | (unit >> 8 & 0xFF00) | unit >> 24)
SWAP(64, __builtin_bswap64(unit))

// --- Asking --------------------------------------------------------------------------------------

static napi_value is_ascii(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes)) return NULL;
  return ej_boolean(env, ej_is_ascii(bytes.data, bytes.size));
}

static napi_value is_utf8(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes)) return NULL;
  return ej_boolean(env, ej_is_utf8(bytes.data, bytes.size));
}

// incompleteUtf8(view): bytes at the end that begin a character, 0 to 3.
static napi_value incomplete_utf8(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes)) return NULL;
  return ej_number(env, (double)ej_utf8_incomplete(bytes.data, bytes.size));
}

// createUnsafeBuffer(size, mayMove): an ArrayBuffer whose contents are whatever the memory held.
static napi_value create_unsafe_buffer(napi_env env, napi_callback_info info) {
  ej_args args;
  size_t size;
  bool may_move;
  if (!ej_args_get(env, info, &args) || !ej_size_of(env, args.values[0], &size) ||
      napi_get_value_bool(env, args.values[1], &may_move) != napi_ok)
    return NULL;
  return ej_env_raw_arraybuffer(env, size, may_move);
}

// --- The table -----------------------------------------------------------------------------------

#define FUNCTION(name, function)                                                                   \
  {name, NULL, function, NULL, NULL, NULL, napi_default_jsproperty, NULL}

static const napi_property_descriptor functions[] = {
    FUNCTION("compare", compare),  FUNCTION("compareRanges", compare_ranges),
    FUNCTION("concat", concat),    FUNCTION("totalLength", total_length),
    FUNCTION("copy", copy),        FUNCTION("createUnsafeBuffer", create_unsafe_buffer),
    FUNCTION("fill", fill),        FUNCTION("incompleteUtf8", incomplete_utf8),
    FUNCTION("indexOf", index_of), FUNCTION("indexOfNumber", index_of_number),
    FUNCTION("isAscii", is_ascii), FUNCTION("method", ej_bytes_method),
    FUNCTION("isUtf8", is_utf8),   FUNCTION("swap16", swap16),
    FUNCTION("swap32", swap32),    FUNCTION("swap64", swap64),
};

napi_value ej_binding_bytes(napi_env env) {
  napi_value binding = ej_binding_of(env, sizeof functions / sizeof *functions, functions);
  if (binding == NULL ||
      napi_define_properties(env, binding, ej_text_function_count, ej_text_functions) != napi_ok)
    return NULL;
  return binding;
}
