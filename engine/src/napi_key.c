// SPDX-License-Identifier: Apache-2.0
//
// Property keys out of C strings. Natives name a property by the same literal again and again, so
// the last keys are remembered by the address of their name; the text is compared, for an address
// may come to hold another one.
#include <stdlib.h>

#include "napi_internal.h"

enum { KEY_BITS = 6, KEY_TEXT = 32 };

struct ej_key {
  const char *name; // NULL: free; compared, never read
  JSAtom atom;
  JSValue value; // the same as a string
  char text[KEY_TEXT];
};

static struct ej_key *slot_of(struct ej_key *keys, const char *name) {
  return &keys[(uintptr_t)name * UINT64_C(0x9E3779B97F4A7C15) >> (64 - KEY_BITS)];
}

static void forget(JSContext *ctx, struct ej_key *key) {
  if (key->name == NULL) return;
  JS_FreeAtom(ctx, key->atom);
  JS_FreeValue(ctx, key->value);
  key->name = NULL;
}

// Neither takes over `atom` nor fails: what finds no memory is not remembered.
static void remember(ej_isolate *isolate, const char *name, JSAtom atom) {
  JSContext *ctx = isolate->ctx;
  size_t size = strlen(name) + 1;
  if (size > KEY_TEXT) return;
  struct ej_napi *napi = isolate->napi;
  if (napi->keys == NULL) napi->keys = calloc((size_t)1 << KEY_BITS, sizeof(*napi->keys));
  if (napi->keys == NULL) return;
  JSValue value = JS_AtomToValue(ctx, atom);
  if (JS_IsException(value)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return;
  }
  struct ej_key *key = slot_of(napi->keys, name);
  forget(ctx, key);
  *key = (struct ej_key){.name = name, .atom = JS_DupAtom(ctx, atom), .value = value};
  memcpy(key->text, name, size);
}

static const struct ej_key *find(const ej_isolate *isolate, const char *name) {
  if (isolate->napi->keys == NULL) return NULL;
  const struct ej_key *key = slot_of(isolate->napi->keys, name);
  return key->name == name && strcmp(key->text, name) == 0 ? key : NULL;
}

JSAtom ej_key_atom(ej_isolate *isolate, const char *name) {
  const struct ej_key *known = find(isolate, name);
  if (known != NULL) return JS_DupAtom(isolate->ctx, known->atom);
  JSAtom atom = ej_atom_from_utf8(isolate->ctx, name, NAPI_AUTO_LENGTH);
  if (atom != JS_ATOM_NULL) remember(isolate, name, atom);
  return atom;
}

JSValue ej_key_value(ej_isolate *isolate, const char *name) {
  const struct ej_key *known = find(isolate, name);
  if (known != NULL) return JS_DupValue(isolate->ctx, known->value);
  JSAtom atom = ej_key_atom(isolate, name);
  if (atom == JS_ATOM_NULL) return JS_EXCEPTION;
  JSValue value = JS_AtomToValue(isolate->ctx, atom);
  JS_FreeAtom(isolate->ctx, atom);
  return value;
}

void ej_keys_free(ej_isolate *isolate) {
  struct ej_napi *napi = isolate->napi;
  for (size_t i = 0; napi->keys != NULL && i < (size_t)1 << KEY_BITS; i++)
    forget(isolate->ctx, &napi->keys[i]);
  free(napi->keys);
}
