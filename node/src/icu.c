// SPDX-License-Identifier: Apache-2.0
//
// ICU's functions are looked up by name and called as icu_functions.h says, so there are no headers
// of one version of ICU. Its objects are externals that close them when JavaScript lets go.
#include "icu.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binding.h"
#include "bytes_internal.h"
#include "ej_engine.h"

// --- The library ---------------------------------------------------------------------------------

typedef struct icu_function {
  const char *name, *signature;
  const char *method; // of C++, where C has no function: its symbol, with a place for the version
  void *_Atomic address; // NULL until it is called for the first time
} icu_function;

static icu_function functions[] = {
#define FUNCTION(name, signature) {#name, signature, NULL, NULL},
#define METHOD(name, symbol, signature) {#name, signature, symbol, NULL},
#include "icu_functions.h"
#undef FUNCTION
#undef METHOD
};

// What closes an object. One that lives in another has no function of its own.
typedef struct icu_kind {
  char letter;
  icu_function close;
} icu_kind;

static icu_kind kinds[] = {
    {'A', {.name = "unum_close"}},
    {'B', {.name = "ubrk_close"}},
    {'C', {.name = "ucfpos_close"}},
    {'D', {.name = "uldn_close"}},
    {'F', {.name = "ulistfmt_close"}},
    {'J', {.name = "udtitvfmt_close"}},
    {'K', {.name = "ucol_close"}},
    {'L', {.name = "ulocale_close"}},
    {'M', {.name = "unumrf_close"}},
    {'N', {.name = "unumf_close"}},
    {'S', {.name = "unumsys_close"}},
    {'T', {.name = "ureldatefmt_close"}},
    {'U', {.name = "uplrules_close"}},
    {'d', {.name = "udat_close"}},
    {'e', {.name = "uenum_close"}},
    {'f', {.name = "ulistfmt_closeResult"}},
    {'g', {.name = "udatpg_close"}},
    {'i', {.name = "ufieldpositer_close"}},
    {'j', {.name = "udtitvfmt_closeResult"}},
    {'l', {.name = "ucal_close"}},
    {'m', {.name = "unumrf_closeResult"}},
    {'n', {.name = "unumf_closeResult"}},
    {'r', {.name = "ures_close"}},
    {'t', {.name = "ureldatefmt_closeResult"}},
};

static icu_function error_name = {.name = "u_errorName"};

static void *_Atomic library; // of the process, never closed
static char version[16];      // the ending of its symbols, "78"; written before `library`
static atomic_flag loading = ATOMIC_FLAG_INIT;

// NULL with an exception pending.
static void *address_of(napi_env env, icu_function *function) {
  void *address = atomic_load_explicit(&function->address, memory_order_acquire);
  if (address != NULL) return address;
  void *handle = atomic_load(&library);
  if (handle == NULL) {
    napi_throw_error(env, NULL, "ICU is not loaded");
    return NULL;
  }
  char symbol[96];
  if (function->method != NULL)
    snprintf(symbol, sizeof symbol, function->method, version);
  else
    snprintf(symbol, sizeof symbol, "%s_%s", function->name, version);
  address = dlsym(handle, symbol);
  if (address == NULL)
    napi_throw_error(env, NULL, dlerror());
  else
    atomic_store_explicit(&function->address, address, memory_order_release);
  return address;
}

// load(path, version)
static napi_value load(napi_env env, napi_callback_info info) {
  ej_args args;
  char path[4096], ending[sizeof version];
  size_t size;
  if (!ej_args_get(env, info, &args) ||
      napi_get_value_string_utf8(env, args.values[0], path, sizeof path, &size) != napi_ok ||
      napi_get_value_string_utf8(env, args.values[1], ending, sizeof ending, &size) != napi_ok)
    return NULL;
  while (atomic_flag_test_and_set(&loading)) {
  } // another isolate is at it
  void *handle = atomic_load(&library);
  if (handle == NULL && (handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL)) != NULL) {
    memcpy(version, ending, sizeof version);
    atomic_store(&library, handle);
  }
  atomic_flag_clear(&loading);
  if (handle == NULL) napi_throw_error(env, NULL, dlerror());
  return NULL;
}

// --- Objects of ICU ------------------------------------------------------------------------------

typedef struct icu_object {
  char kind;
  size_t holders; // its external, and the objects that live in it
  void *pointer;
  void (*close)(void *pointer); // NULL when `owner` has it
  void *kept;                   // text that it works on
  struct icu_object *owner;     // held
} icu_object;

static void release(icu_object *object) {
  while (object != NULL && --object->holders == 0) {
    icu_object *owner = object->owner;
    if (object->close != NULL) object->close(object->pointer);
    free(object->kept);
    free(object);
    object = owner;
  }
}

static void finalize_object(node_api_basic_env env, void *data, void *hint) {
  (void)env, (void)hint;
  release(data);
}

static icu_object *object_of(napi_env env, napi_value value, char kind) {
  void *data;
  if (napi_get_value_external(env, value, &data) == napi_ok && ((icu_object *)data)->kind == kind)
    return data;
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "not an object of ICU, or of another kind");
  return NULL;
}

static icu_function *close_of(char kind) {
  size_t i = 0;
  while (kinds[i].letter != kind) i++;
  return &kinds[i].close;
}

// Takes `pointer` over, whatever happens; `owner` is NULL or what it lives in.
static napi_value make_object(napi_env env, char kind, void *pointer, icu_object *owner) {
  napi_value value = NULL;
  icu_object *object = calloc(1, sizeof *object);
  void (*close)(void *) = owner == NULL ? (void (*)(void *))address_of(env, close_of(kind)) : NULL;
  if (object == NULL)
    napi_throw_error(env, "ENOMEM", "no memory for an object of ICU");
  else {
    *object = (icu_object){kind, 1, pointer, close, NULL, owner};
    if (owner != NULL) owner->holders++;
    // A loop that makes and drops objects does not turn the event loop: they are closed at once.
    if (ej_create_basic_external(env, object, finalize_object, &value) != napi_ok) release(object);
    return value;
  }
  if (close != NULL) close(pointer);
  return NULL;
}

// --- A call --------------------------------------------------------------------------------------

enum { WHOLES = 10, DOUBLES = 3, RESULTS = 3, ROOM = 2048, FIRST_BUFFER = 256 };

typedef struct chunk {
  struct chunk *next;
  max_align_t bytes[];
} chunk;

// The registers that the parameters go to: the calling conventions of x86-64 and AArch64 count
// whole numbers and pointers apart from doubles, and the called function does not look at what is
// too much.
typedef struct icu_call {
  napi_env env;
  const char *name;
  ej_args args;
  size_t next; // argument of JavaScript
  intptr_t whole[WHOLES];
  double doubles[DOUBLES];
  size_t wholes, doubles_used;
  int32_t results[RESULTS], length, status;
  uint8_t version[4];
  size_t results_used;
  bool has_version;
  char buffer; // 'B', 'C' or 0
  size_t buffer_at;
  void *kept;
  icu_object *keeper, *taken;
  size_t used;
  chunk *chunks;
  max_align_t room[ROOM / sizeof(max_align_t)];
} icu_call;

static void *take(icu_call *call, size_t size) {
  size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
  if (size <= ROOM - call->used) {
    void *place = (char *)call->room + call->used;
    call->used += size;
    return place;
  }
  chunk *made = size > SIZE_MAX - sizeof *made ? NULL : malloc(sizeof *made + size);
  if (made == NULL) {
    napi_throw_error(call->env, "ENOMEM", "no memory for a text");
    return NULL;
  }
  made->next = call->chunks;
  call->chunks = made;
  return made->bytes;
}

static bool put(icu_call *call, intptr_t value) {
  call->whole[call->wholes++] = value;
  return true;
}

static bool is_absent(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && (type == napi_null || type == napi_undefined);
}

static bool put_text(icu_call *call, napi_value value, bool with_length) {
  size_t size;
  if (is_absent(call->env, value)) return put(call, 0) && (!with_length || put(call, 0));
  if (napi_get_value_string_utf8(call->env, value, NULL, 0, &size) != napi_ok) return false;
  char *text = take(call, size + 1);
  if (text == NULL ||
      napi_get_value_string_utf8(call->env, value, text, size + 1, &size) != napi_ok)
    return false;
  if (strlen(text) != size) {
    napi_throw_range_error(call->env, NULL, "a text has a NUL in it");
    return false;
  }
  return put(call, (intptr_t)text) && (!with_length || put(call, (intptr_t)size));
}

// Into memory of the call, or its own that the caller frees. NULL with an exception pending.
static char16_t *read_utf16(icu_call *call, napi_value value, size_t *size, bool own) {
  size_t free_room = own ? 0 : (ROOM - call->used) / sizeof(char16_t);
  if (free_room > 1) {
    char16_t *text = (char16_t *)((char *)call->room + call->used);
    if (napi_get_value_string_utf16(call->env, value, text, free_room, size) != napi_ok)
      return NULL;
    if (*size + 1 < free_room) return take(call, (*size + 1) * sizeof(char16_t));
  }
  if (napi_get_value_string_utf16(call->env, value, NULL, 0, size) != napi_ok) return NULL;
  size_t bytes = (*size + 1) * sizeof(char16_t);
  char16_t *text = own ? malloc(bytes) : take(call, bytes);
  if (text == NULL) {
    if (own) napi_throw_error(call->env, "ENOMEM", "no memory for a text");
    return NULL;
  }
  if (napi_get_value_string_utf16(call->env, value, text, *size + 1, size) == napi_ok) return text;
  if (own) free(text);
  return NULL;
}

static bool put_utf16(icu_call *call, napi_value value, char letter) {
  size_t size;
  if (is_absent(call->env, value)) return put(call, 0) && (letter == 'z' || put(call, 0));
  char16_t *text = read_utf16(call, value, &size, letter == 'k');
  if (text == NULL) return false;
  if (letter == 'k') call->kept = text;
  return put(call, (intptr_t)text) && (letter == 'z' || put(call, (intptr_t)size));
}

static bool put_texts(icu_call *call, napi_value list) {
  uint32_t count;
  if (napi_get_array_length(call->env, list, &count) != napi_ok) return false;
  const char16_t **texts = take(call, (count + 1) * sizeof *texts);
  int32_t *lengths = take(call, (count + 1) * sizeof *lengths);
  if (texts == NULL || lengths == NULL) return false;
  for (uint32_t i = 0; i < count; i++) {
    napi_value text;
    size_t size;
    if (napi_get_element(call->env, list, i, &text) != napi_ok ||
        (texts[i] = read_utf16(call, text, &size, false)) == NULL)
      return false;
    lengths[i] = (int32_t)size;
  }
  return put(call, (intptr_t)texts) && put(call, (intptr_t)lengths) && put(call, count);
}

static bool put_numbers(icu_call *call, napi_value list) {
  uint32_t count;
  if (napi_get_array_length(call->env, list, &count) != napi_ok) return false;
  int32_t *numbers = take(call, (count + 1) * sizeof *numbers);
  if (numbers == NULL) return false;
  for (uint32_t i = 0; i < count; i++) {
    napi_value number;
    if (napi_get_element(call->env, list, i, &number) != napi_ok ||
        napi_get_value_int32(call->env, number, &numbers[i]) != napi_ok)
      return false;
  }
  return put(call, (intptr_t)numbers) && put(call, count);
}

static bool put_object(icu_call *call, napi_value value, char kind, bool taken) {
  if (is_absent(call->env, value)) return put(call, 0);
  icu_object *object = object_of(call->env, value, kind);
  if (object == NULL) return false;
  if (object->pointer == NULL) {
    napi_throw_error(call->env, NULL, "ICU has taken over this object");
    return false;
  }
  if (call->next == 1) call->keeper = object;
  if (taken) call->taken = object;
  return put(call, (intptr_t)object->pointer);
}

// What one small letter stands for; `kind` is the letter after it.
static bool put_argument(icu_call *call, char letter, char kind) {
  napi_value value = call->args.values[call->next++];
  int32_t number;
  switch (letter) {
  case 'a':
    return put_texts(call, value);
  case 'c':
    return put_numbers(call, value);
  case 'd':
    return napi_get_value_double(call->env, value, &call->doubles[call->doubles_used++]) == napi_ok;
  case 'i':
    return napi_get_value_int32(call->env, value, &number) == napi_ok && put(call, number);
  case 'n':
  case 's':
    return put_text(call, value, letter == 'n');
  case 'o':
  case 'x':
    return put_object(call, value, kind, letter == 'x');
  default: // k, u, z
    return put_utf16(call, value, letter);
  }
}

static bool put_ours(icu_call *call, char letter) {
  switch (letter) {
  case 'B':
  case 'C':
    call->buffer = letter;
    call->buffer_at = call->wholes;
    return put(call, 0) && put(call, 0);
  case 'E':
    return put(call, (intptr_t)&call->status);
  case 'I':
    return put(call, (intptr_t)&call->results[call->results_used++]);
  case 'L':
    return put(call, (intptr_t)&call->length);
  case 'V':
    call->has_version = true;
    return put(call, (intptr_t)call->version);
  default: // P
    return put(call, 0);
  }
}

// Reads the arguments; where the result begins in the signature. NULL with an exception pending.
static const char *prepare(icu_call *call, const char *signature) {
  for (; *signature != '\0' && *signature != '>'; signature++) {
    bool is_ours = *signature < 'a';
    if (!(is_ours ? put_ours(call, *signature) : put_argument(call, *signature, signature[1]))) {
      bool pending = false;
      napi_is_exception_pending(call->env, &pending);
      if (!pending) {
        char text[128];
        snprintf(text, sizeof text, "argument %zu of %s has the wrong type", call->next,
                 call->name);
        napi_throw_type_error(call->env, "ERR_INVALID_ARG_TYPE", text);
      }
      return NULL;
    }
    if (*signature == 'o' || *signature == 'x') signature++;
  }
  return *signature == '>' ? signature + 1 : signature;
}

static intptr_t call_whole(const icu_call *call, void *address) {
  const intptr_t *w = call->whole;
  const double *d = call->doubles;
  return ((intptr_t (*)(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t,
                        intptr_t, intptr_t, intptr_t, double, double, double))address)(
      w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], d[0], d[1], d[2]);
}

static double call_double(const icu_call *call, void *address) {
  const intptr_t *w = call->whole;
  const double *d = call->doubles;
  return ((double (*)(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t,
                      intptr_t, intptr_t, intptr_t, double, double, double))address)(
      w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], d[0], d[1], d[2]);
}

// --- Results -------------------------------------------------------------------------------------

static bool failed(icu_call *call) {
  if (call->status <= 0) return false; // success, or a warning
  const char *(*name_of)(int32_t) = (const char *(*)(int32_t))address_of(call->env, &error_name);
  if (name_of == NULL) return true;
  char text[160];
  snprintf(text, sizeof text, "%s: %s", call->name, name_of(call->status));
  napi_throw_error(call->env, name_of(call->status), text);
  return true;
}

static napi_value made_text(icu_call *call, const void *text, size_t size) {
  napi_value value;
  napi_status status = call->buffer == 'C'
                           ? napi_create_string_utf8(call->env, text, size, &value)
                           : napi_create_string_utf16(call->env, text, size, &value);
  return status == napi_ok ? value : NULL;
}

enum { OVERFLOW = 15 }; // U_BUFFER_OVERFLOW_ERROR

// The function says how much room it needs when it has too little, and is called again.
static napi_value call_with_buffer(icu_call *call, void *address) {
  size_t unit = call->buffer == 'B' ? sizeof(char16_t) : 1;
  char16_t room[FIRST_BUFFER];
  void *buffer = room;
  size_t capacity = sizeof room / unit;
  napi_value result = NULL;
  for (;;) {
    call->whole[call->buffer_at] = (intptr_t)buffer;
    call->whole[call->buffer_at + 1] = (intptr_t)capacity;
    call->status = 0;
    size_t size = (size_t)(int32_t)call_whole(call, address);
    if (call->status != OVERFLOW && failed(call)) break;
    if (call->status != OVERFLOW && size <= capacity) {
      result = made_text(call, buffer, size);
      break;
    }
    if (buffer != room) free(buffer);
    capacity = (size > capacity ? size : capacity * 2) + 1;
    if (capacity > INT32_MAX / sizeof(char16_t) || (buffer = malloc(capacity * unit)) == NULL) {
      napi_throw_error(call->env, "ENOMEM", "no memory for a text");
      return NULL;
    }
  }
  if (buffer != room) free(buffer);
  return result;
}

static napi_value ej_null(napi_env env) {
  napi_value null;
  return napi_get_null(env, &null) == napi_ok ? null : NULL;
}

// `form` is what stands after `>`.
static napi_value call_for_result(icu_call *call, void *address, const char *form) {
  if (call->buffer != 0) return call_with_buffer(call, address);
  double number = *form == 'd' ? call_double(call, address) : 0;
  intptr_t whole = *form == 'd' ? 0 : call_whole(call, address);
  if (call->taken != NULL) { // it belongs to ICU also when the call has failed
    call->taken->close = NULL;
    call->taken->pointer = NULL;
  }
  if (failed(call)) return NULL;
  switch (*form) {
  case 'b':
    return ej_boolean(call->env, (int8_t)whole != 0);
  case 'd':
    return ej_number(call->env, number);
  case 'i':
    return ej_number(call->env, (int32_t)whole);
  case 'o':
    if (whole == 0) return ej_null(call->env);
    return make_object(call->env, form[1], (void *)whole, NULL);
  case 'v':
    return make_object(call->env, form[1], (void *)whole, call->keeper);
  case 's':
    call->buffer = 'C';
    return whole == 0 ? ej_null(call->env)
                      : made_text(call, (const char *)whole, strlen((const char *)whole));
  case 'u':
    return whole == 0 ? ej_null(call->env)
                      : made_text(call, (const void *)whole, (size_t)call->length);
  default:
    return ej_null(call->env);
  }
}

static napi_value version_of(icu_call *call) {
  char text[20];
  const uint8_t *part = call->version;
  int size = snprintf(text, sizeof text, "%d.%d.%d.%d", part[0], part[1], part[2], part[3]);
  napi_value value;
  return napi_create_string_utf8(call->env, text, (size_t)size, &value) == napi_ok ? value : NULL;
}

// [result, further results]
static napi_value with_further(icu_call *call, napi_value result) {
  napi_value list;
  if (napi_create_array_with_length(call->env, call->results_used + 1, &list) != napi_ok ||
      napi_set_element(call->env, list, 0, result) != napi_ok)
    return NULL;
  for (uint32_t i = 0; i < call->results_used; i++) {
    napi_value further = ej_number(call->env, call->results[i]);
    if (further == NULL || napi_set_element(call->env, list, i + 1, further) != napi_ok)
      return NULL;
  }
  return list;
}

static void end(icu_call *call, bool done) {
  if (call->kept != NULL && done) {
    free(call->keeper->kept);
    call->keeper->kept = call->kept;
  } else {
    free(call->kept);
  }
  for (chunk *each = call->chunks, *next; each != NULL; each = next) {
    next = each->next;
    free(each);
  }
}

static napi_value call_icu(napi_env env, napi_callback_info info) {
  icu_function *function;
  icu_call call;
  memset(&call, 0, offsetof(icu_call, room));
  call.env = env;
  if (!ej_args_get(env, info, &call.args) ||
      napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&function) != napi_ok)
    return NULL;
  void *address = address_of(env, function);
  if (address == NULL) return NULL;
  call.name = function->name;
  const char *form = prepare(&call, function->signature);
  napi_value result = form == NULL ? NULL : call_for_result(&call, address, form);
  end(&call, result != NULL);
  if (result == NULL) return NULL;
  if (call.has_version) return version_of(&call);
  return call.results_used == 0 ? result : with_further(&call, result);
}

// --- Many boundaries at once ---------------------------------------------------------------------

static icu_function following = {.name = "ubrk_following"}, next_boundary = {.name = "ubrk_next"},
                    rule_status = {.name = "ubrk_getRuleStatus"};

enum { FIRST_WORD = 100 }; // UBRK_WORD_NUMBER: from here on a rule has found a word

// boundaries(iterator, start, places): where the segments that begin at `start` end, as many as the
// Int32Array has room for: twice the place, and one more for what is like a word. Gives their
// number. A call for each would cost more than finding it.
static napi_value boundaries(napi_env env, napi_callback_info info) {
  ej_args args;
  int32_t start;
  napi_typedarray_type type;
  size_t room, count = 0;
  void *data;
  if (!ej_args_get(env, info, &args)) return NULL;
  icu_object *object = object_of(env, args.values[0], 'B');
  int32_t (*after)(void *, int32_t) = address_of(env, &following);
  int32_t (*next)(void *) = address_of(env, &next_boundary);
  int32_t (*status)(void *) = address_of(env, &rule_status);
  if (object == NULL || after == NULL || next == NULL || status == NULL ||
      napi_get_value_int32(env, args.values[1], &start) != napi_ok ||
      napi_get_typedarray_info(env, args.values[2], &type, &room, &data, NULL, NULL) != napi_ok ||
      type != napi_int32_array)
    return NULL;
  int32_t *places = data;
  for (int32_t end = after(object->pointer, start); end >= 0 && count < room;) {
    places[count++] = 2 * end + (status(object->pointer) >= FIRST_WORD);
    if (count < room) end = next(object->pointer);
  }
  return ej_number(env, (double)count);
}

napi_value ej_binding_icu(napi_env env) {
  enum { COUNT = sizeof functions / sizeof *functions, OURS = 2 };
  napi_property_descriptor properties[COUNT + OURS] = {
      {.utf8name = "load", .method = load, .attributes = napi_enumerable},
      {.utf8name = "boundaries", .method = boundaries, .attributes = napi_enumerable},
  };
  for (size_t i = 0; i < COUNT; i++)
    properties[i + OURS] = (napi_property_descriptor){.utf8name = functions[i].name,
                                                      .method = call_icu,
                                                      .attributes = napi_enumerable,
                                                      .data = &functions[i]};
  return ej_binding_of(env, COUNT + OURS, properties);
}
