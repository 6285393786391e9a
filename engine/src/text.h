// SPDX-License-Identifier: Apache-2.0
//
// Text that is put together for the engine's parser.
#ifndef EJ_TEXT_H
#define EJ_TEXT_H

#include <stdlib.h>

#include "internal.h"

typedef struct text {
  char *bytes;
  size_t size, capacity;
} text;

static inline void append(text *out, const char *bytes, size_t size) {
  if (out->capacity - out->size <= size) {
    out->capacity = (out->size + size) * 2 + 256;
    out->bytes = realloc(out->bytes, out->capacity);
    EJ_CHECK(out->bytes != NULL);
  }
  memcpy(out->bytes + out->size, bytes, size);
  out->size += size;
  out->bytes[out->size] = '\0'; // the engine's parser reads one byte past the end
}

static inline bool append_value(JSContext *ctx, text *out, JSValueConst value) {
  size_t size;
  const char *bytes = JS_ToCStringLen(ctx, &size, value);
  if (bytes == NULL) return false;
  append(out, bytes, size);
  JS_FreeCString(ctx, bytes);
  return true;
}

// Parameters of a function: names, with commas between.
static inline bool append_parameters(JSContext *ctx, text *out, JSValueConst names) {
  int64_t count;
  if (JS_GetLength(ctx, names, &count) < 0) return false;
  for (int64_t i = 0; i < count; i++) {
    if (i > 0) append(out, ", ", 2);
    JSValue name = JS_GetPropertyInt64(ctx, names, i);
    bool ok = append_value(ctx, out, name);
    JS_FreeValue(ctx, name);
    if (!ok) return false;
  }
  return true;
}

#endif
