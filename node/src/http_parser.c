// SPDX-License-Identifier: Apache-2.0
//
// `HTTPParser`: one of llhttp's parsers. It keeps the text of a head until the head is complete, so
// that JavaScript is called once for it, once for each piece of a body, and once for the end of a
// message; not for the end of a request without a body, which the call for its head tells. All
// parsers call the same functions, with the parser as `this`:
//
//   onHead(major, minor, rawHeaders, method or status, url or reason, facts) -> verdict
//   onBody(bytes), onComplete(rawTrailers), onExecute(bytes parsed or error)
#include "http_parser.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <llhttp.h>
#include <uv.h>

#include "bytes_internal.h"
#include "loop_handle.h"

enum { MAX_CHUNK_EXTENSIONS = 16384 };

// What onHead is told in one number; `_http_common` has the same names.
enum {
  KEEP_ALIVE = 1,
  UPGRADE = 2,
  HAS_HOST = 4,
  HAS_EXPECT = 8,
  NO_BODY = 16, // a request that is complete: there will be no onComplete
};

// What onHead answers: llhttp's verdict, and whether to call onExecute at the end of these bytes.
enum { VERDICT = 3, TELL = 4 };

typedef enum callback_name { ON_HEAD, ON_BODY, ON_COMPLETE, ON_EXECUTE, CALLBACKS } callback_name;

// Of one isolate; freed with it.
typedef struct callbacks {
  napi_env env;
  napi_ref functions[CALLBACKS];
} callbacks;

typedef struct field {
  size_t name_size, value_size; // texts follow each other: name, value, name, value …
} field;

typedef struct parser {
  llhttp_t machine;
  napi_env env;
  napi_ref object; // weak
  const callbacks *calls;

  char *text; // of the head: url or reason, then fields
  size_t text_size, text_room;
  size_t start_size; // of url or reason
  field *fields;
  size_t field_count, field_room;
  bool in_value; // the last field has a value, so the next text of a name begins another

  size_t head_size, head_limit, extensions_size;
  uint64_t started; // when the message under way, or the wait for one, began; 0 between messages
  bool head_is_complete;
  bool is_over; // the message under way, as far as JavaScript knows

  int depth;              // of execute, on the C stack
  bool pause, resume;     // asked for meanwhile
  bool freed;             // given back meanwhile: what is left of the bytes is not parsed
  bool threw;             // a callback did, the exception is pending
  bool was_told, is_told; // JavaScript was called during these bytes; wants onExecute

  const char *bytes; // what is being parsed
  size_t size;
  napi_value source; // the ArrayBuffer of the same bytes, when JavaScript gave them
  size_t source_offset;
  char *copy; // of JavaScript's bytes, which it could take away in a callback
  size_t copy_room;

  ej_handle *handle; // consumed
} parser;

// --- Memory --------------------------------------------------------------------------------------

static bool reserve(void **memory, size_t *room, size_t wanted, size_t unit) {
  if (wanted <= *room) return true;
  size_t larger = *room * 2 > wanted ? *room * 2 : wanted < 16 ? 16 : wanted;
  void *grown = realloc(*memory, larger * unit);
  if (grown == NULL) return false;
  *memory = grown;
  *room = larger;
  return true;
}

static bool append(parser *self, const char *at, size_t size) {
  if (!reserve((void **)&self->text, &self->text_room, self->text_size + size, 1)) return false;
  memcpy(self->text + self->text_size, at, size);
  self->text_size += size;
  return true;
}

static void forget_head(parser *self) {
  self->text_size = self->start_size = self->field_count = 0;
  self->in_value = false;
}

// --- Calls ---------------------------------------------------------------------------------------

// Errors of our own, in llhttp's way: code and reason in one text.
static int fail(parser *self, const char *code_and_reason) {
  llhttp_set_error_reason(&self->machine, code_and_reason);
  return HPE_USER;
}

static int no_memory(parser *self) { return fail(self, "HPE_INTERNAL:Out of memory"); }

static napi_value this_of(parser *self) {
  napi_value object;
  return napi_get_reference_value(self->env, self->object, &object) == napi_ok ? object : NULL;
}

// `ticks`: what the call scheduled runs before this returns, unless JavaScript called us.
static bool call(parser *self, callback_name name, bool ticks, size_t count,
                 const napi_value *arguments, napi_value *result) {
  napi_env env = self->env;
  napi_value function, this = this_of(self);
  self->was_told = true;
  if (this == NULL || self->calls->functions[name] == NULL ||
      napi_get_reference_value(env, self->calls->functions[name], &function) != napi_ok)
    return false;
  napi_status status = ticks
                           ? napi_make_callback(env, NULL, this, function, count, arguments, result)
                           : napi_call_function(env, this, function, count, arguments, result);
  if (status != napi_ok) self->threw = true;
  return status == napi_ok;
}

static napi_value latin1(parser *self, const char *text, size_t size) {
  napi_value string;
  return napi_create_string_latin1(self->env, text, size, &string) == napi_ok ? string : NULL;
}

static size_t trimmed(const char *text, size_t size) {
  while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t')) size--;
  return size;
}

static int named(const char *name, size_t size, const char *wanted, size_t wanted_size) {
  return size == wanted_size && strncasecmp(name, wanted, size) == 0;
}

// [name, value, name, value …]; adds to `facts` which of them matter.
static napi_value make_headers(parser *self, int *facts) {
  napi_env env = self->env;
  napi_value list;
  const char *at = self->text + self->start_size;
  if (napi_create_array_with_length(env, self->field_count * 2, &list) != napi_ok) return NULL;
  for (size_t i = 0; i < self->field_count; i++) {
    const field *each = &self->fields[i];
    if (named(at, each->name_size, "host", 4)) *facts |= HAS_HOST;
    if (named(at, each->name_size, "expect", 6)) *facts |= HAS_EXPECT;
    const char *value = at + each->name_size;
    napi_value strings[] = {latin1(self, at, each->name_size),
                            latin1(self, value, trimmed(value, each->value_size))};
    for (uint32_t j = 0; j < 2; j++) {
      if (strings[j] == NULL ||
          napi_set_element(env, list, (uint32_t)i * 2 + j, strings[j]) != napi_ok)
        return NULL;
    }
    at = value + each->value_size;
  }
  return list;
}

// --- What llhttp tells ---------------------------------------------------------------------------

static parser *parser_of(llhttp_t *machine) { return (parser *)machine; }

static int on_message_begin(llhttp_t *machine) {
  parser *self = parser_of(machine);
  forget_head(self);
  self->head_is_complete = self->is_over = false;
  self->head_size = self->extensions_size = 0;
  self->started = uv_hrtime();
  return 0;
}

// Node counts what the limit of a head is about this way: no separators, no line ends.
static bool is_too_large(parser *self, size_t size) {
  self->head_size += size;
  return self->head_size >= self->head_limit;
}

static int head_overflow(parser *self) { return fail(self, "HPE_HEADER_OVERFLOW:Header overflow"); }

static int on_start(llhttp_t *machine, const char *at, size_t size) { // url or reason
  parser *self = parser_of(machine);
  if (is_too_large(self, size)) return head_overflow(self);
  if (!append(self, at, size)) return no_memory(self);
  self->start_size += size;
  return 0;
}

static int on_field(llhttp_t *machine, const char *at, size_t size) {
  parser *self = parser_of(machine);
  if (is_too_large(self, size)) return head_overflow(self);
  if (self->field_count == 0 || self->in_value) {
    if (!reserve((void **)&self->fields, &self->field_room, self->field_count + 1, sizeof(field)))
      return no_memory(self);
    self->fields[self->field_count++] = (field){0, 0};
    self->in_value = false;
  }
  if (!append(self, at, size)) return no_memory(self);
  self->fields[self->field_count - 1].name_size += size;
  return 0;
}

static int on_value(llhttp_t *machine, const char *at, size_t size) {
  parser *self = parser_of(machine);
  if (is_too_large(self, size)) return head_overflow(self);
  if (self->field_count == 0) return fail(self, "HPE_INTERNAL:A value without a name");
  if (!append(self, at, size)) return no_memory(self);
  self->in_value = true;
  self->fields[self->field_count - 1].value_size += size;
  return 0;
}

// A name may have no value at all: the next name is another field even so.
static int on_value_complete(llhttp_t *machine) {
  parser_of(machine)->in_value = true;
  return 0;
}

static bool is_bodiless_request(const llhttp_t *machine) {
  return machine->type == HTTP_REQUEST && !machine->upgrade && machine->content_length == 0 &&
         (machine->flags & (F_CHUNKED | F_TRANSFER_ENCODING)) == 0;
}

static int on_headers_complete(llhttp_t *machine) {
  parser *self = parser_of(machine);
  napi_env env = self->env;
  napi_value arguments[6], result;
  bool is_request = machine->type == HTTP_REQUEST;
  int facts = (llhttp_should_keep_alive(machine) ? KEEP_ALIVE : 0) |
              (machine->upgrade ? UPGRADE : 0) | (is_bodiless_request(machine) ? NO_BODY : 0);
  int32_t verdict;
  self->head_is_complete = true;
  self->head_size = 0;
  arguments[2] = make_headers(self, &facts);
  arguments[4] = latin1(self, self->text, self->start_size);
  bool is_ready = arguments[2] != NULL && arguments[4] != NULL &&
                  napi_create_int32(env, machine->http_major, &arguments[0]) == napi_ok &&
                  napi_create_int32(env, machine->http_minor, &arguments[1]) == napi_ok &&
                  napi_create_int32(env, is_request ? machine->method : machine->status_code,
                                    &arguments[3]) == napi_ok &&
                  napi_create_int32(env, facts, &arguments[5]) == napi_ok;
  forget_head(self);
  if (!is_ready) return no_memory(self);
  if (!call(self, ON_HEAD, false, 6, arguments, &result) ||
      napi_get_value_int32(env, result, &verdict) != napi_ok)
    return fail(self, "HPE_JS_EXCEPTION:JS Exception");
  if (self->freed) return fail(self, "HPE_INTERNAL:Freed");
  self->is_over = (facts & NO_BODY) != 0;
  if (self->is_over) self->started = 0;
  if ((verdict & TELL) != 0) self->is_told = true;
  verdict &= VERDICT;
  if (verdict == 0) machine->upgrade = 0; // nobody wants it: an ordinary message
  return verdict;
}

static napi_value body_of(parser *self, const char *at, size_t size) {
  napi_value chunk;
  void *copy;
  napi_status status = self->source == NULL
                           ? napi_create_buffer_copy(self->env, size, at, &copy, &chunk)
                           : node_api_create_buffer_from_arraybuffer(
                                 self->env, self->source,
                                 self->source_offset + (size_t)(at - self->bytes), size, &chunk);
  if (status != napi_ok) self->threw = true;
  return status == napi_ok ? chunk : NULL;
}

static int on_body(llhttp_t *machine, const char *at, size_t size) {
  parser *self = parser_of(machine);
  napi_handle_scope scope;
  if (size == 0) return 0;
  if (napi_open_handle_scope(self->env, &scope) != napi_ok) return no_memory(self);
  napi_value chunk = body_of(self, at, size);
  bool is_done = chunk != NULL && call(self, ON_BODY, true, 1, &chunk, NULL);
  napi_close_handle_scope(self->env, scope);
  if (!is_done) return fail(self, "HPE_JS_EXCEPTION:JS Exception");
  return self->freed ? fail(self, "HPE_INTERNAL:Freed") : 0;
}

static int on_message_complete(llhttp_t *machine) {
  parser *self = parser_of(machine);
  napi_value trailers;
  int facts = 0;
  if (self->is_over) return 0; // onHead told
  self->started = 0;
  if (self->field_count == 0)
    napi_get_undefined(self->env, &trailers);
  else
    trailers = make_headers(self, &facts);
  forget_head(self);
  if (trailers == NULL) return no_memory(self);
  if (!call(self, ON_COMPLETE, false, 1, &trailers, NULL))
    return fail(self, "HPE_JS_EXCEPTION:JS Exception");
  return self->freed ? fail(self, "HPE_INTERNAL:Freed") : 0;
}

static int on_chunk_extension(llhttp_t *machine, const char *at, size_t size) {
  parser *self = parser_of(machine);
  (void)at;
  self->extensions_size += size;
  if (self->extensions_size > MAX_CHUNK_EXTENSIONS)
    return fail(self, "HPE_CHUNK_EXTENSIONS_OVERFLOW:Chunk extensions overflow");
  return 0;
}

static int on_chunk_header(llhttp_t *machine) {
  parser *self = parser_of(machine);
  self->head_size = self->extensions_size = 0;
  return 0;
}

static int on_chunk_complete(llhttp_t *machine) {
  parser_of(machine)->head_size = 0;
  return 0;
}

static const llhttp_settings_t settings = {
    .on_message_begin = on_message_begin,
    .on_url = on_start,
    .on_status = on_start,
    .on_header_field = on_field,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_chunk_extension_name = on_chunk_extension,
    .on_chunk_extension_value = on_chunk_extension,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
    .on_chunk_header = on_chunk_header,
    .on_chunk_complete = on_chunk_complete,
};

// --- Parsing -------------------------------------------------------------------------------------

static void set_text(napi_env env, napi_value object, const char *name, const char *text,
                     size_t size) {
  napi_value value;
  if (napi_create_string_utf8(env, text, size, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

static napi_value parse_error(parser *self, llhttp_errno_t errno_, size_t parsed) {
  napi_env env = self->env;
  napi_value message, error;
  const char *reason = llhttp_get_error_reason(&self->machine);
  const char *colon = errno_ == HPE_USER && reason != NULL ? strchr(reason, ':') : NULL;
  if (reason == NULL) reason = "";
  if (napi_create_string_utf8(env, "Parse Error", NAPI_AUTO_LENGTH, &message) != napi_ok ||
      napi_create_error(env, NULL, message, &error) != napi_ok)
    return NULL;
  napi_set_named_property(env, error, "bytesParsed", ej_number(env, (double)parsed));
  if (colon != NULL)
    set_text(env, error, "code", reason, (size_t)(colon - reason));
  else
    set_text(env, error, "code", llhttp_errno_name(errno_), NAPI_AUTO_LENGTH);
  set_text(env, error, "reason", colon != NULL ? colon + 1 : reason, NAPI_AUTO_LENGTH);
  return error;
}

// Runs `bytes`, or the end of them when it is NULL, through the machine. How many were parsed, or
// an error as a value; undefined at the end. NULL with an exception pending, or for lack of memory.
static napi_value run(parser *self, const char *bytes, size_t size) {
  napi_value result;
  size_t parsed = size;
  self->depth++;
  self->threw = self->was_told = self->is_told = false;
  self->bytes = bytes;
  self->size = size;
  llhttp_errno_t status =
      bytes == NULL ? llhttp_finish(&self->machine) : llhttp_execute(&self->machine, bytes, size);
  if (status != HPE_OK && bytes != NULL) {
    const char *at = llhttp_get_error_pos(&self->machine);
    parsed = at == NULL ? 0 : (size_t)(at - bytes);
  }
  bool is_upgrade = self->machine.upgrade != 0;
  if (status == HPE_PAUSED_UPGRADE) {
    status = HPE_OK;
    is_upgrade = self->is_told = true;
    llhttp_resume_after_upgrade(&self->machine);
  }
  self->depth--;
  if (self->pause) llhttp_pause(&self->machine);
  if (self->resume) llhttp_resume(&self->machine);
  self->pause = self->resume = false;
  if (self->threw) return NULL;
  if (status != HPE_OK && !is_upgrade && !self->freed) {
    self->is_told = true;
    return parse_error(self, status, parsed);
  }
  if (bytes == NULL) return napi_get_undefined(self->env, &result) == napi_ok ? result : NULL;
  return ej_number(self->env, (double)parsed);
}

// --- Methods -------------------------------------------------------------------------------------

static const napi_type_tag tag = {0x6564676a732d6874, 0x74702d7061727365};

static parser *this_parser(napi_env env, napi_callback_info info, size_t count,
                           napi_value *arguments) {
  napi_value this;
  void *data;
  bool is_ours = false;
  if (napi_get_cb_info(env, info, &count, arguments, &this, NULL) != napi_ok) return NULL;
  if (napi_check_object_type_tag(env, this, &tag, &is_ours) == napi_ok && is_ours &&
      napi_unwrap(env, this, &data) == napi_ok)
    return data;
  napi_throw_type_error(env, "ERR_INVALID_THIS", "Value of \"this\" must be of type HTTPParser");
  return NULL;
}

static void let_go(parser *self) {
  if (self->handle != NULL) self->handle->reader = (ej_reader){NULL, NULL, NULL};
  self->handle = NULL;
}

static void on_collected(node_api_basic_env env, void *data, void *hint) {
  (void)env, (void)hint;
  parser *self = data;
  let_go(self);
  napi_delete_reference(self->env, self->object);
  free(self->text);
  free(self->fields);
  free(self->copy);
  free(self);
}

static napi_value new_parser(napi_env env, napi_callback_info info) {
  napi_value this;
  void *calls;
  if (napi_get_cb_info(env, info, NULL, NULL, &this, &calls) != napi_ok) return NULL;
  parser *self = calloc(1, sizeof *self);
  if (self == NULL || napi_type_tag_object(env, this, &tag) != napi_ok ||
      napi_wrap(env, this, self, on_collected, NULL, &self->object) != napi_ok) {
    free(self);
    napi_throw_error(env, "ENOMEM", "no memory for a parser");
    return NULL;
  }
  self->env = env;
  self->calls = calls;
  llhttp_init(&self->machine, HTTP_BOTH, &settings);
  return this;
}

static void set_leniency(llhttp_t *machine, int32_t flags) {
  static void (*const setters[])(llhttp_t *, int) = {
      llhttp_set_lenient_headers,
      llhttp_set_lenient_chunked_length,
      llhttp_set_lenient_keep_alive,
      llhttp_set_lenient_transfer_encoding,
      llhttp_set_lenient_version,
      llhttp_set_lenient_data_after_close,
      llhttp_set_lenient_optional_lf_after_cr,
      llhttp_set_lenient_optional_crlf_after_chunk,
      llhttp_set_lenient_optional_cr_before_lf,
      llhttp_set_lenient_spaces_after_chunk_size,
      llhttp_set_lenient_header_value_relaxed,
  };
  for (size_t i = 0; i < sizeof setters / sizeof *setters; i++)
    if ((flags >> i & 1) != 0) setters[i](machine, 1);
}

// initialize(type, most bytes of a head, lenient flags)
static napi_value initialize(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  int32_t type, flags;
  parser *self = this_parser(env, info, 3, arguments);
  if (self == NULL || napi_get_value_int32(env, arguments[0], &type) != napi_ok ||
      !ej_size_of(env, arguments[1], &self->head_limit) ||
      napi_get_value_int32(env, arguments[2], &flags) != napi_ok)
    return NULL;
  if (self->depth > 0) {
    napi_throw_error(env, "ERR_INVALID_STATE", "Invalid state: the parser is running");
    return NULL;
  }
  llhttp_init(&self->machine, type == HTTP_REQUEST ? HTTP_REQUEST : HTTP_RESPONSE, &settings);
  set_leniency(&self->machine, flags);
  forget_head(self);
  self->head_size = self->extensions_size = 0;
  self->head_is_complete = self->freed = self->pause = self->resume = false;
  self->started = uv_hrtime(); // who connects and sends nothing is waited for as long
  return NULL;
}

// execute(bytes): how many were parsed, or an error.
static napi_value execute(napi_env env, napi_callback_info info) {
  napi_value argument, source;
  napi_typedarray_type type;
  size_t size, offset;
  void *data;
  parser *self = this_parser(env, info, 1, &argument);
  if (self == NULL) return NULL;
  if (napi_get_typedarray_info(env, argument, &type, &size, &data, &source, &offset) != napi_ok ||
      type != napi_uint8_array) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a Uint8Array");
    return NULL;
  }
  if (self->depth > 0) {
    napi_throw_error(env, "ERR_INVALID_STATE", "Invalid state: the parser is running");
    return NULL;
  }
  if (!reserve((void **)&self->copy, &self->copy_room, size > 0 ? size : 1, 1)) {
    napi_throw_error(env, "ENOMEM", "no memory to parse");
    return NULL;
  }
  if (size > 0) memcpy(self->copy, data, size);
  self->source = source;
  self->source_offset = offset;
  napi_value result = run(self, self->copy, size);
  self->source = NULL;
  return result;
}

// finish(): no more bytes come. An error when a message is cut off.
static napi_value finish(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  return self == NULL || self->depth > 0 ? NULL : run(self, NULL, 0);
}

static napi_value pause_(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  if (self == NULL) return NULL;
  if (self->depth == 0) llhttp_pause(&self->machine);
  self->pause = self->depth > 0;
  self->resume = false;
  return NULL;
}

static napi_value resume_(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  if (self == NULL) return NULL;
  if (self->depth == 0) llhttp_resume(&self->machine);
  self->resume = self->depth > 0 && !self->pause;
  self->pause = false;
  return NULL;
}

// free(): whether the parser can be used again. Not when it is running: what is left of the bytes
// is dropped.
static napi_value free_(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  if (self == NULL) return NULL;
  let_go(self);
  self->freed = self->depth > 0;
  self->started = 0;
  return ej_boolean(env, !self->freed);
}

// The bytes that are, or were last, parsed.
static napi_value get_current_buffer(napi_env env, napi_callback_info info) {
  napi_value buffer;
  void *copy;
  parser *self = this_parser(env, info, 0, NULL);
  if (self == NULL || self->bytes == NULL) return NULL;
  return napi_create_buffer_copy(env, self->size, self->bytes, &copy, &buffer) == napi_ok ? buffer
                                                                                          : NULL;
}

// For how long the message under way has lasted, or the wait for one; in milliseconds. 0 between
// messages.
static napi_value duration(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  if (self == NULL) return NULL;
  return ej_number(env, self->started == 0 ? 0 : (double)(uv_hrtime() - self->started) / 1e6);
}

static napi_value headers_completed(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  return self == NULL ? NULL : ej_boolean(env, self->head_is_complete);
}

// --- Reading from a handle -----------------------------------------------------------------------

static void report(parser *self) {
  napi_value error;
  if (napi_get_and_clear_last_exception(self->env, &error) == napi_ok)
    napi_fatal_exception(self->env, error);
}

// What the calls scheduled.
static void run_ticks(parser *self) {
  napi_callback_scope scope;
  napi_value this = this_of(self);
  if (this != NULL && napi_open_callback_scope(self->env, this, NULL, &scope) == napi_ok &&
      napi_close_callback_scope(self->env, scope) != napi_ok)
    self->threw = true;
}

static void on_bytes(void *data, const char *bytes, size_t size) {
  parser *self = data;
  napi_handle_scope scope;
  if (napi_open_handle_scope(self->env, &scope) != napi_ok) return;
  this_of(self); // the scope keeps it
  napi_value parsed = run(self, bytes, size);
  if (self->threw) report(self);
  self->threw = false;
  // Nobody was told of these bytes: a timeout of the socket starts again even so.
  if (parsed != NULL && (self->is_told || !self->was_told) && !self->freed)
    call(self, ON_EXECUTE, true, 1, &parsed, NULL);
  else
    run_ticks(self);
  if (self->threw) report(self);
  self->bytes = NULL;
  napi_close_handle_scope(self->env, scope);
}

static void on_gone(void *data) { ((parser *)data)->handle = NULL; }

// consume(handle): what is read from it is parsed at once, and its `onread` sees errors alone.
static napi_value consume(napi_env env, napi_callback_info info) {
  napi_value argument;
  parser *self = this_parser(env, info, 1, &argument);
  if (self == NULL) return NULL;
  ej_handle *handle = ej_handle_of(env, argument, EJ_ANY_HANDLE);
  if (handle == NULL) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a handle");
    return NULL;
  }
  let_go(self);
  if (handle->reader.gone != NULL) handle->reader.gone(handle->reader.data);
  handle->reader = (ej_reader){on_bytes, on_gone, self};
  self->handle = handle;
  return NULL;
}

static napi_value unconsume(napi_env env, napi_callback_info info) {
  parser *self = this_parser(env, info, 0, NULL);
  if (self != NULL) let_go(self);
  return NULL;
}

// --- The binding ---------------------------------------------------------------------------------

static void drop_callbacks(void *data) {
  callbacks *self = data;
  for (size_t i = 0; i < CALLBACKS; i++)
    if (self->functions[i] != NULL) napi_delete_reference(self->env, self->functions[i]);
  free(self);
}

// setCallbacks(onHead, onBody, onComplete, onExecute), once.
static napi_value set_callbacks(napi_env env, napi_callback_info info) {
  napi_value arguments[CALLBACKS];
  size_t count = CALLBACKS;
  void *data;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, &data) != napi_ok) return NULL;
  callbacks *self = data;
  for (size_t i = 0; i < CALLBACKS; i++) {
    if (self->functions[i] != NULL) napi_delete_reference(env, self->functions[i]);
    self->functions[i] = NULL;
    if (napi_create_reference(env, arguments[i], 1, &self->functions[i]) != napi_ok) return NULL;
  }
  return NULL;
}

#define NAME(number, name, text) #text,
static const char *const methods[] = {HTTP_METHOD_MAP(NAME)};
static const char *const all_methods[] = {HTTP_ALL_METHOD_MAP(NAME)};
#undef NAME

static napi_value names(napi_env env, const char *const *list, size_t count) {
  napi_value array, text;
  if (napi_create_array_with_length(env, count, &array) != napi_ok) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_create_string_utf8(env, list[i], NAPI_AUTO_LENGTH, &text) != napi_ok ||
        napi_set_element(env, array, i, text) != napi_ok)
      return NULL;
  }
  return array;
}

static const napi_property_descriptor members[] = {
    EJ_METHOD("initialize", initialize),
    EJ_METHOD("execute", execute),
    EJ_METHOD("finish", finish),
    EJ_METHOD("pause", pause_),
    EJ_METHOD("resume", resume_),
    EJ_METHOD("free", free_),
    EJ_METHOD("consume", consume),
    EJ_METHOD("unconsume", unconsume),
    EJ_METHOD("getCurrentBuffer", get_current_buffer),
    EJ_METHOD("duration", duration),
    EJ_METHOD("headersCompleted", headers_completed),
};

static bool set(napi_env env, napi_value object, const char *name, napi_value value) {
  return value != NULL && napi_set_named_property(env, object, name, value) == napi_ok;
}

napi_value ej_binding_http_parser(napi_env env) {
  napi_value binding, class, setter;
  callbacks *calls = calloc(1, sizeof *calls);
  if (calls == NULL || napi_add_env_cleanup_hook(env, drop_callbacks, calls) != napi_ok) {
    free(calls);
    napi_throw_error(env, "ENOMEM", "no memory for parsers");
    return NULL;
  }
  calls->env = env;
  if (napi_create_object(env, &binding) != napi_ok ||
      napi_define_class(env, "HTTPParser", NAPI_AUTO_LENGTH, new_parser, calls,
                        sizeof members / sizeof *members, members, &class) != napi_ok ||
      napi_create_function(env, "setCallbacks", NAPI_AUTO_LENGTH, set_callbacks, calls, &setter) !=
          napi_ok ||
      !set(env, binding, "HTTPParser", class) || !set(env, binding, "setCallbacks", setter) ||
      !set(env, binding, "methods", names(env, methods, sizeof methods / sizeof *methods)) ||
      !set(env, binding, "allMethods",
           names(env, all_methods, sizeof all_methods / sizeof *all_methods)))
    return NULL;
  return binding;
}
