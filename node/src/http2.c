// SPDX-License-Identifier: Apache-2.0
//
// `Session`: one of nghttp2's sessions as an object. What it has to say goes into the array that
// receive() and send() are given; http2_session.h has the kinds of events.
#include "http2.h"

#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "binding.h"
#include "bytes_internal.h"
#include "http2_session.h"
#include "loop_handle.h"

// --- Memory of nghttp2, counted ------------------------------------------------------------------

enum { ALLOCATION_HEAD = 16 }; // keeps the size, and what follows aligned

static void *counted_realloc(void *memory, size_t size, void *data) {
  http2_session *self = data;
  uint8_t *head = memory == NULL ? NULL : (uint8_t *)memory - ALLOCATION_HEAD;
  size_t old = 0;
  if (head != NULL) memcpy(&old, head, sizeof old);
  uint8_t *grown = realloc(head, size + ALLOCATION_HEAD);
  if (grown == NULL) return NULL;
  memcpy(grown, &size, sizeof size);
  self->memory += size - old;
  return grown + ALLOCATION_HEAD;
}

static void *counted_malloc(size_t size, void *data) { return counted_realloc(NULL, size, data); }

static void *counted_calloc(size_t count, size_t size, void *data) {
  if (size != 0 && count > (SIZE_MAX - ALLOCATION_HEAD) / size) return NULL;
  void *memory = counted_realloc(NULL, count * size, data);
  if (memory != NULL) memset(memory, 0, count * size);
  return memory;
}

static void counted_free(void *memory, void *data) {
  if (memory == NULL) return;
  http2_session *self = data;
  uint8_t *head = (uint8_t *)memory - ALLOCATION_HEAD;
  size_t size;
  memcpy(&size, head, sizeof size);
  self->memory -= size;
  free(head);
}

// --- The object ----------------------------------------------------------------------------------

static const napi_type_tag tag = {0x6564676a732d6832, 0x68747470322d7365};

// The session of `this`, its arguments in `arguments`. NULL with an exception pending.
static http2_session *this_session(napi_env env, napi_callback_info info, size_t count,
                                   napi_value *arguments) {
  napi_value this;
  void *data;
  bool is_ours = false;
  if (napi_get_cb_info(env, info, &count, arguments, &this, NULL) != napi_ok) return NULL;
  if (napi_check_object_type_tag(env, this, &tag, &is_ours) != napi_ok || !is_ours ||
      napi_unwrap(env, this, &data) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_THIS", "Value of \"this\" must be of type Session");
    return NULL;
  }
  http2_session *self = data;
  if (self->machine != NULL && self->depth == 0) return self;
  napi_throw_error(env, "ERR_INVALID_STATE", "Invalid state: the session is closed or running");
  return NULL;
}

static void close_session(http2_session *self) {
  if (self->machine == NULL) return;
  nghttp2_session_del(self->machine);
  self->machine = NULL;
  ej_http2_remove_all(self);
  free(self->output);
  self->output = NULL;
  self->output_size = self->output_room = 0;
}

static void on_collected(node_api_basic_env env, void *data, void *hint) {
  (void)env, (void)hint;
  close_session(data);
  free(data);
}

// A number of 32 bits without sign, as Node keeps them; a larger one is the largest.
static bool option_of(napi_env env, napi_value options, const char *name, double *number) {
  napi_value value;
  if (napi_get_named_property(env, options, name, &value) != napi_ok ||
      napi_get_value_double(env, value, number) != napi_ok || !(*number >= 0))
    return false;
  if (*number > UINT32_MAX) *number = UINT32_MAX;
  return true;
}

static double option_or(napi_env env, napi_value options, const char *name, double otherwise) {
  double number;
  return option_of(env, options, name, &number) ? number : otherwise;
}

static double at_least(double number, double least) { return number < least ? least : number; }

static void set_limits(http2_session *self, napi_value options) {
  enum {
    PAIRS = 128,
    MEMORY = 10,
    MEGABYTE = 1000000,
    INVALID_FRAMES = 1000,
    REJECTED_STREAMS = 100
  };
  napi_env env = self->env;
  self->memory_limit = (size_t)(option_or(env, options, "maxSessionMemory", MEMORY) * MEGABYTE);
  // Less would refuse the pseudo-headers that every request, or response, has.
  self->header_pairs = (size_t)at_least(option_or(env, options, "maxHeaderListPairs", PAIRS),
                                        self->is_server ? 4 : 1);
  self->padding = (padding_strategy)option_or(env, options, "paddingStrategy", PADDING_NONE);
  self->invalid_frames_limit =
      (uint32_t)option_or(env, options, "maxSessionInvalidFrames", INVALID_FRAMES);
  self->rejected_streams_limit =
      (uint32_t)option_or(env, options, "maxSessionRejectedStreams", REJECTED_STREAMS);
}

static void set_options(nghttp2_option *to, napi_env env, napi_value options) {
  enum { PEER_STREAMS = 100, RESET_RATE = 33 };
  double number;
  nghttp2_option_set_no_closed_streams(to, 1);
  nghttp2_option_set_no_auto_window_update(to, 1); // what was read opens the window
  nghttp2_option_set_peer_max_concurrent_streams(
      to, (uint32_t)option_or(env, options, "peerMaxConcurrentStreams", PEER_STREAMS));
  if (option_of(env, options, "maxDeflateDynamicTableSize", &number))
    nghttp2_option_set_max_deflate_dynamic_table_size(to, (size_t)number);
  if (option_of(env, options, "maxReservedRemoteStreams", &number))
    nghttp2_option_set_max_reserved_remote_streams(to, (uint32_t)number);
  if (option_of(env, options, "maxSendHeaderBlockLength", &number))
    nghttp2_option_set_max_send_header_block_length(to, (size_t)number);
  if (option_of(env, options, "maxSettings", &number))
    nghttp2_option_set_max_settings(to, (size_t)number);
  if (option_of(env, options, "streamResetBurst", &number))
    nghttp2_option_set_stream_reset_rate_limit(
        to, (uint64_t)number, (uint64_t)option_or(env, options, "streamResetRate", RESET_RATE));
  if (option_of(env, options, "lenientFieldWhitespace", &number))
    nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(to, number != 0);
}

static bool start(http2_session *self, napi_value options) {
  nghttp2_option *set;
  nghttp2_mem memory = {self, counted_malloc, counted_free, counted_calloc, counted_realloc};
  nghttp2_session_callbacks *calls = ej_http2_callbacks(self->padding != PADDING_NONE);
  bool is_started = false;
  if (calls != NULL && nghttp2_option_new(&set) == 0) {
    set_options(set, self->env, options);
    if (!self->is_server) {
      nghttp2_option_set_builtin_recv_extension_type(set, NGHTTP2_ALTSVC);
      nghttp2_option_set_builtin_recv_extension_type(set, NGHTTP2_ORIGIN);
    }
    is_started =
        (self->is_server
             ? nghttp2_session_server_new3(&self->machine, calls, self, set, &memory)
             : nghttp2_session_client_new3(&self->machine, calls, self, set, &memory)) == 0;
    nghttp2_option_del(set);
  }
  nghttp2_session_callbacks_del(calls);
  return is_started;
}

// new Session(is server, options)
static napi_value new_session(napi_env env, napi_callback_info info) {
  napi_value this, arguments[2];
  size_t count = 2;
  if (napi_get_cb_info(env, info, &count, arguments, &this, NULL) != napi_ok) return NULL;
  http2_session *self = calloc(1, sizeof *self);
  if (self != NULL) {
    self->env = env;
    self->started = uv_hrtime();
    if (napi_get_value_bool(env, arguments[0], &self->is_server) != napi_ok) {
      free(self);
      napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "isServer must be a boolean");
      return NULL;
    }
    set_limits(self, arguments[1]);
  }
  if (self != NULL && start(self, arguments[1]) &&
      napi_type_tag_object(env, this, &tag) == napi_ok &&
      napi_wrap(env, this, self, on_collected, NULL, NULL) == napi_ok)
    return this;
  if (self != NULL) close_session(self);
  free(self);
  napi_throw_error(env, "ENOMEM", "no memory for a session");
  return NULL;
}

// --- Receiving and sending -----------------------------------------------------------------------

static void enter(http2_session *self, napi_value events) {
  self->depth++;
  self->events = events;
  self->event_count = 0;
  self->failed = false;
  self->error_code = NULL;
}

static void leave(http2_session *self) {
  self->depth--;
  self->events = NULL;
}

static void emit_failure(http2_session *self, nghttp2_ssize error) {
  napi_value values[2];
  napi_status status =
      self->error_code == NULL
          ? napi_get_undefined(self->env, &values[1])
          : napi_create_string_utf8(self->env, self->error_code, NAPI_AUTO_LENGTH, &values[1]);
  values[0] = ej_number(self->env, (double)error);
  if (status == napi_ok) ej_http2_emit(self, EVENT_ERROR, 2, values);
}

// receive(bytes, events)
static napi_value receive(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  ej_bytes bytes;
  http2_session *self = this_session(env, info, 2, arguments);
  if (self == NULL || !ej_bytes_of(env, arguments[0], &bytes)) return NULL;
  enter(self, arguments[1]);
  self->chunk = bytes.data;
  self->received += (double)bytes.size;
  self->memory += bytes.size;
  nghttp2_ssize parsed = nghttp2_session_mem_recv2(self->machine, bytes.data, bytes.size);
  self->memory -= bytes.size;
  if (parsed < 0 && !self->failed) emit_failure(self, parsed);
  self->chunk = NULL;
  leave(self);
  return NULL;
}

static void free_output(node_api_basic_env env, void *bytes, void *hint) {
  (void)env, (void)hint;
  free(bytes);
}

static napi_value take_output(http2_session *self) {
  napi_value buffer;
  size_t size = self->output_size;
  if (size == 0) return NULL;
  uint8_t *output = self->output;
  self->output = NULL;
  self->output_size = self->output_room = 0;
  self->sent += (double)size;
  if (napi_create_external_buffer(self->env, size, output, free_output, NULL, &buffer) == napi_ok)
    return buffer;
  free(output);
  return NULL;
}

// send(events): the bytes that are to be sent now, undefined when there are none.
static napi_value send_(napi_env env, napi_callback_info info) {
  napi_value events;
  const uint8_t *bytes;
  nghttp2_ssize size;
  http2_session *self = this_session(env, info, 1, &events);
  if (self == NULL) return NULL;
  enter(self, events);
  while ((size = nghttp2_session_mem_send2(self->machine, &bytes)) > 0)
    if (!ej_http2_append(self, bytes, (size_t)size)) {
      size = NGHTTP2_ERR_NOMEM;
      break;
    }
  if (size < 0 && !self->failed) emit_failure(self, size);
  napi_value output = self->failed ? NULL : take_output(self);
  leave(self);
  return output;
}

// --- Messages ------------------------------------------------------------------------------------

typedef struct field_list {
  char *text; // owned: name NUL value NUL flag, for each field
  nghttp2_nv *fields;
  size_t count;
} field_list;

static void free_fields(field_list *list) {
  free(list->text);
  free(list->fields);
}

// A value with a NUL in it would give its rest as another field: the whole list becomes one field
// that no peer takes, as in Node.
static void split(field_list *list, size_t size) {
  static uint8_t zero[1];
  char *at = list->text, *end = at + size;
  size_t n = 0;
  for (; at < end && n < list->count; n++) {
    nghttp2_nv *each = &list->fields[n];
    each->name = (uint8_t *)at;
    each->namelen = strlen(at);
    at += each->namelen + 1;
    each->value = (uint8_t *)at;
    each->valuelen = at < end ? strlen(at) : 0;
    at += each->valuelen + 1;
    each->flags = at < end && *at == '1' ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
    at++;
  }
  if (at == end && n == list->count) return;
  list->fields[0] = (nghttp2_nv){zero, zero, 1, 1, NGHTTP2_NV_FLAG_NONE};
  list->count = 1;
}

// False with an exception pending.
static bool fields_of(napi_env env, napi_value text, napi_value count, field_list *list) {
  size_t size;
  *list = (field_list){NULL, NULL, 0};
  if (!ej_size_of(env, count, &list->count) ||
      napi_get_value_string_latin1(env, text, NULL, 0, &size) != napi_ok)
    return false;
  list->text = malloc(size + 4); // the end is read past a list that a NUL cut
  list->fields = calloc(list->count + 1, sizeof *list->fields);
  if (list->text == NULL || list->fields == NULL) {
    free_fields(list);
    napi_throw_error(env, "ENOMEM", "no memory for header fields");
    return false;
  }
  memset(list->text + size, 0, 4);
  napi_get_value_string_latin1(env, text, list->text, size + 1, &size);
  if (list->count > 0) split(list, size);
  return true;
}

static napi_value no_memory(napi_env env) {
  napi_throw_error(env, "ENOMEM", "no memory for a stream");
  return NULL;
}

static napi_value result_of(napi_env env, int32_t result) {
  return result == NGHTTP2_ERR_NOMEM ? no_memory(env) : ej_number(env, result);
}

// The stream is JavaScript's.
static http2_stream *open_stream(http2_session *self, int32_t id, bool ended, bool trailers) {
  http2_stream *stream = ej_http2_add(self, id);
  if (stream == NULL) return NULL;
  stream->shown = true;
  stream->ended = ended;
  stream->wants_trailers = trailers;
  return stream;
}

static bool flags_of(napi_env env, const napi_value *arguments, bool *end, bool *trailers) {
  return napi_get_value_bool(env, arguments[0], end) == napi_ok &&
         napi_get_value_bool(env, arguments[1], trailers) == napi_ok;
}

// request(fields, count, end, trailers): the number of the stream, or an error.
static napi_value request(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  field_list list;
  bool end, trailers;
  http2_session *self = this_session(env, info, 4, arguments);
  if (self == NULL || !flags_of(env, arguments + 2, &end, &trailers) ||
      !fields_of(env, arguments[0], arguments[1], &list))
    return NULL;
  nghttp2_data_provider2 provider = ej_http2_provider();
  int32_t id = nghttp2_submit_request2(self->machine, NULL, list.fields, list.count,
                                       end ? NULL : &provider, NULL);
  free_fields(&list);
  if (id > 0 && open_stream(self, id, end, trailers) == NULL) return no_memory(env);
  return result_of(env, id);
}

// The stream whose number is the first argument; NULL when there is none, or with an exception.
static http2_session *this_stream(napi_env env, napi_callback_info info, size_t count,
                                  napi_value *arguments, http2_stream **stream) {
  int32_t id;
  *stream = NULL;
  http2_session *self = this_session(env, info, count, arguments);
  if (self == NULL || napi_get_value_int32(env, arguments[0], &id) != napi_ok) return NULL;
  *stream = ej_http2_find(self, id);
  return self;
}

// respond(id, fields, count, end, trailers)
static napi_value respond(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  field_list list;
  http2_stream *stream;
  bool end, trailers;
  http2_session *self = this_stream(env, info, 5, arguments, &stream);
  if (self == NULL || stream == NULL || !flags_of(env, arguments + 3, &end, &trailers) ||
      !fields_of(env, arguments[1], arguments[2], &list))
    return NULL;
  nghttp2_data_provider2 provider = ej_http2_provider();
  stream->wants_trailers = trailers;
  if (end) stream->ended = true;
  int result = nghttp2_submit_response2(self->machine, stream->id, list.fields, list.count,
                                        end ? NULL : &provider);
  free_fields(&list);
  return result_of(env, result);
}

// The stream and the header fields of a call (id, fields, count); the caller frees the fields. NULL
// when there is no such stream, or with an exception.
static http2_session *this_message(napi_env env, napi_callback_info info, http2_stream **stream,
                                   field_list *list) {
  napi_value arguments[3];
  http2_session *self = this_stream(env, info, 3, arguments, stream);
  if (self == NULL || *stream == NULL || !fields_of(env, arguments[1], arguments[2], list))
    return NULL;
  return self;
}

// inform(id, fields, count): header fields before those of the response.
static napi_value inform(napi_env env, napi_callback_info info) {
  field_list list;
  http2_stream *stream;
  http2_session *self = this_message(env, info, &stream, &list);
  if (self == NULL) return NULL;
  int32_t result = nghttp2_submit_headers(self->machine, NGHTTP2_FLAG_NONE, stream->id, NULL,
                                          list.fields, list.count, NULL);
  free_fields(&list);
  return result_of(env, result);
}

// trail(id, fields, count): trailers. Without fields an empty frame of data ends the stream, which
// every browser takes.
static napi_value trail(napi_env env, napi_callback_info info) {
  field_list list;
  http2_stream *stream;
  http2_session *self = this_message(env, info, &stream, &list);
  if (self == NULL) return NULL;
  nghttp2_data_provider2 provider = ej_http2_provider();
  int result =
      list.count == 0
          ? nghttp2_submit_data2(self->machine, NGHTTP2_FLAG_END_STREAM, stream->id, &provider)
          : nghttp2_submit_trailer(self->machine, stream->id, list.fields, list.count);
  free_fields(&list);
  return result_of(env, result);
}

// push(id, fields, count): the number of the promised stream, or an error.
static napi_value push(napi_env env, napi_callback_info info) {
  field_list list;
  http2_stream *stream;
  http2_session *self = this_message(env, info, &stream, &list);
  if (self == NULL) return NULL;
  int32_t id = nghttp2_submit_push_promise(self->machine, NGHTTP2_FLAG_NONE, stream->id,
                                           list.fields, list.count, NULL);
  free_fields(&list);
  if (id > 0 && open_stream(self, id, false, false) == NULL) return no_memory(env);
  return result_of(env, id);
}

// --- Streams -------------------------------------------------------------------------------------

// write(id, bytes): whether the stream takes them. EVENT_DRAINED tells when they are on their way.
static napi_value write_(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  ej_bytes bytes;
  http2_stream *stream;
  http2_session *self = this_stream(env, info, 2, arguments, &stream);
  if (self == NULL || !ej_bytes_of(env, arguments[1], &bytes)) return NULL;
  if (stream == NULL || stream->ended) return ej_boolean(env, false);
  if (!ej_http2_queue(self, stream, bytes.data, bytes.size)) return no_memory(env);
  stream->waiting = true;
  nghttp2_session_resume_data(self->machine,
                              stream->id); // no error: what waits for its head starts then
  return ej_boolean(env, true);
}

// end(id): nothing more will be written.
static napi_value end_(napi_env env, napi_callback_info info) {
  napi_value id;
  http2_stream *stream;
  http2_session *self = this_stream(env, info, 1, &id, &stream);
  if (self == NULL || stream == NULL) return NULL;
  stream->ended = true;
  nghttp2_session_resume_data(self->machine, stream->id);
  return NULL;
}

// reset(id, code)
static napi_value reset(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int32_t id;
  uint32_t code;
  http2_session *self = this_session(env, info, 2, arguments);
  if (self == NULL || napi_get_value_int32(env, arguments[0], &id) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &code) != napi_ok)
    return NULL;
  return result_of(env, nghttp2_submit_rst_stream(self->machine, NGHTTP2_FLAG_NONE, id, code));
}

static double since(uint64_t start, uint64_t time) {
  return time == 0 ? 0 : (double)(time - start) / 1e6;
}

static napi_value numbers(napi_env env, size_t count, const double *list) {
  napi_value array;
  if (napi_create_array_with_length(env, count, &array) != napi_ok) return NULL;
  for (uint32_t i = 0; i < count; i++)
    if (napi_set_element(env, array, i, ej_number(env, list[i])) != napi_ok) return NULL;
  return array;
}

// destroyStream(id): JavaScript is done with it.
static napi_value destroy_stream(napi_env env, napi_callback_info info) {
  napi_value id;
  http2_stream *stream;
  http2_session *self = this_stream(env, info, 1, &id, &stream);
  if (self != NULL && stream != NULL) ej_http2_remove(self, stream);
  return NULL;
}

// streamCounts(id): bytes received and sent, then milliseconds to the first header, the first byte,
// and the first byte sent.
static napi_value stream_counts(napi_env env, napi_callback_info info) {
  napi_value id;
  http2_stream *stream;
  http2_session *self = this_stream(env, info, 1, &id, &stream);
  if (self == NULL || stream == NULL) return NULL;
  double counted[] = {stream->received, stream->sent, since(stream->started, stream->first_header),
                      since(stream->started, stream->first_byte),
                      since(stream->started, stream->first_byte_sent)};
  return numbers(env, sizeof counted / sizeof *counted, counted);
}

// consume(id, size): JavaScript has read so much, the window of the stream opens.
static napi_value consume(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int32_t id;
  size_t size;
  http2_session *self = this_session(env, info, 2, arguments);
  if (self == NULL || napi_get_value_int32(env, arguments[0], &id) != napi_ok ||
      !ej_size_of(env, arguments[1], &size))
    return NULL;
  return result_of(env, nghttp2_session_consume_stream(self->machine, id, size));
}

// streamState(id)
static napi_value stream_state(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t id;
  http2_session *self = this_session(env, info, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &id) != napi_ok) return NULL;
  nghttp2_stream *stream = nghttp2_session_find_stream(self->machine, id);
  double state[] = {
      stream == NULL ? NGHTTP2_STREAM_STATE_IDLE : (double)nghttp2_stream_get_state(stream),
      stream == NULL ? 0 : nghttp2_stream_get_weight(stream),
      stream == NULL ? 0 : nghttp2_stream_get_sum_dependency_weight(stream),
      stream == NULL ? 0 : nghttp2_session_get_stream_local_close(self->machine, id),
      stream == NULL ? 0 : nghttp2_session_get_stream_remote_close(self->machine, id),
      stream == NULL ? 0 : nghttp2_session_get_stream_local_window_size(self->machine, id)};
  return numbers(env, sizeof state / sizeof *state, state);
}

// --- The session ---------------------------------------------------------------------------------

// settings([number, value, …])
static napi_value settings(napi_env env, napi_callback_info info) {
  enum { MOST_SETTINGS = 32 };
  napi_value list, item;
  nghttp2_settings_entry entries[MOST_SETTINGS];
  uint32_t length;
  http2_session *self = this_session(env, info, 1, &list);
  if (self == NULL || napi_get_array_length(env, list, &length) != napi_ok) return NULL;
  size_t count = length / 2 < MOST_SETTINGS ? length / 2 : MOST_SETTINGS;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, list, i * 2, &item) != napi_ok ||
        napi_get_value_int32(env, item, &entries[i].settings_id) != napi_ok ||
        napi_get_element(env, list, i * 2 + 1, &item) != napi_ok ||
        napi_get_value_uint32(env, item, &entries[i].value) != napi_ok)
      return NULL;
  }
  return result_of(env, nghttp2_submit_settings(self->machine, NGHTTP2_FLAG_NONE, entries, count));
}

// ping(8 bytes)
static napi_value ping(napi_env env, napi_callback_info info) {
  enum { PING_SIZE = 8 };
  napi_value argument;
  ej_bytes bytes;
  http2_session *self = this_session(env, info, 1, &argument);
  if (self == NULL || !ej_bytes_of(env, argument, &bytes)) return NULL;
  if (bytes.size != PING_SIZE) {
    napi_throw_range_error(env, "ERR_HTTP2_PING_LENGTH", "HTTP2 ping payload must be 8 bytes");
    return NULL;
  }
  return result_of(env, nghttp2_submit_ping(self->machine, NGHTTP2_FLAG_NONE, bytes.data));
}

// goaway(code, last id or 0, bytes)
static napi_value goaway(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  uint32_t code;
  int32_t last;
  ej_bytes bytes;
  http2_session *self = this_session(env, info, 3, arguments);
  if (self == NULL || napi_get_value_uint32(env, arguments[0], &code) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &last) != napi_ok ||
      !ej_bytes_of(env, arguments[2], &bytes))
    return NULL;
  self->said_goodbye = true;
  if (last <= 0) last = nghttp2_session_get_last_proc_stream_id(self->machine);
  return result_of(env, nghttp2_submit_goaway(self->machine, NGHTTP2_FLAG_NONE, last, code,
                                              bytes.data, bytes.size));
}

// terminate(code): a GOAWAY, after which nothing is read.
static napi_value terminate(napi_env env, napi_callback_info info) {
  napi_value argument;
  uint32_t code;
  http2_session *self = this_session(env, info, 1, &argument);
  if (self == NULL || napi_get_value_uint32(env, argument, &code) != napi_ok) return NULL;
  self->said_goodbye = true;
  return result_of(env, nghttp2_session_terminate_session(self->machine, code));
}

// altsvc(id or 0, origin, value), both as bytes
static napi_value altsvc(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  int32_t id;
  ej_bytes origin, value;
  http2_session *self = this_session(env, info, 3, arguments);
  if (self == NULL || napi_get_value_int32(env, arguments[0], &id) != napi_ok ||
      !ej_bytes_of(env, arguments[1], &origin) || !ej_bytes_of(env, arguments[2], &value))
    return NULL;
  return result_of(env, nghttp2_submit_altsvc(self->machine, NGHTTP2_FLAG_NONE, id, origin.data,
                                              origin.size, value.data, value.size));
}

// origin([bytes, …])
static napi_value origin(napi_env env, napi_callback_info info) {
  napi_value list, item;
  uint32_t count;
  ej_bytes bytes;
  http2_session *self = this_session(env, info, 1, &list);
  if (self == NULL || napi_get_array_length(env, list, &count) != napi_ok) return NULL;
  nghttp2_origin_entry *entries = calloc((size_t)count + 1, sizeof *entries);
  if (entries == NULL) return no_memory(env);
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, list, i, &item) != napi_ok || !ej_bytes_of(env, item, &bytes)) {
      free(entries);
      return NULL;
    }
    entries[i] = (nghttp2_origin_entry){bytes.data, bytes.size};
  }
  int result = nghttp2_submit_origin(self->machine, NGHTTP2_FLAG_NONE, entries, count);
  free(entries);
  return result_of(env, result);
}

// setNextStreamID(id): whether that can be.
static napi_value set_next_stream_id(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t id;
  http2_session *self = this_session(env, info, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &id) != napi_ok) return NULL;
  return ej_boolean(env, nghttp2_session_set_next_stream_id(self->machine, id) == 0);
}

// setLocalWindowSize(size): of the connection.
static napi_value set_local_window_size(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t size;
  http2_session *self = this_session(env, info, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &size) != napi_ok) return NULL;
  return result_of(
      env, nghttp2_session_set_local_window_size(self->machine, NGHTTP2_FLAG_NONE, 0, size));
}

static napi_value state(napi_env env, napi_callback_info info) {
  http2_session *self = this_session(env, info, 0, NULL);
  if (self == NULL) return NULL;
  nghttp2_session *machine = self->machine;
  double state[] = {nghttp2_session_get_effective_local_window_size(machine),
                    nghttp2_session_get_effective_recv_data_length(machine),
                    nghttp2_session_get_next_stream_id(machine),
                    nghttp2_session_get_local_window_size(machine),
                    nghttp2_session_get_last_proc_stream_id(machine),
                    nghttp2_session_get_remote_window_size(machine),
                    (double)nghttp2_session_get_outbound_queue_size(machine),
                    (double)nghttp2_session_get_hd_deflate_dynamic_table_size(machine),
                    (double)nghttp2_session_get_hd_inflate_dynamic_table_size(machine)};
  return numbers(env, sizeof state / sizeof *state, state);
}

static napi_value read_settings(napi_env env, napi_callback_info info, bool is_remote) {
  static const nghttp2_settings_id ids[] = {
      NGHTTP2_SETTINGS_HEADER_TABLE_SIZE,      NGHTTP2_SETTINGS_ENABLE_PUSH,
      NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE,
      NGHTTP2_SETTINGS_MAX_FRAME_SIZE,         NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
      NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL};
  enum { COUNT = sizeof ids / sizeof *ids };
  double values[COUNT * 2];
  http2_session *self = this_session(env, info, 0, NULL);
  if (self == NULL) return NULL;
  for (size_t i = 0; i < COUNT; i++) {
    values[i * 2] = ids[i];
    values[i * 2 + 1] = is_remote ? nghttp2_session_get_remote_settings(self->machine, ids[i])
                                  : nghttp2_session_get_local_settings(self->machine, ids[i]);
  }
  return numbers(env, COUNT * 2, values);
}

// localSettings(), remoteSettings(): [number, value, …], those in force
static napi_value local_settings(napi_env env, napi_callback_info info) {
  return read_settings(env, info, false);
}

static napi_value remote_settings(napi_env env, napi_callback_info info) {
  return read_settings(env, info, true);
}

// wantsWrite(): whether there is something to send.
static napi_value wants_write(napi_env env, napi_callback_info info) {
  http2_session *self = this_session(env, info, 0, NULL);
  return self == NULL ? NULL : ej_boolean(env, nghttp2_session_want_write(self->machine) != 0);
}

// statistics(): bytes sent and received, frames received and sent, most streams at once, mean
// milliseconds of a stream, streams.
static napi_value statistics(napi_env env, napi_callback_info info) {
  http2_session *self = this_session(env, info, 0, NULL);
  if (self == NULL) return NULL;
  double counted[] = {self->sent,          self->received,        self->frames_received,
                      self->frames_sent,   self->streams_at_once, self->average,
                      self->streams_opened};
  return numbers(env, sizeof counted / sizeof *counted, counted);
}

// close(): frees what nghttp2 has; no other method can be called after it.
static napi_value close_(napi_env env, napi_callback_info info) {
  http2_session *self = this_session(env, info, 0, NULL);
  if (self != NULL) close_session(self);
  return NULL;
}

// --- The binding ---------------------------------------------------------------------------------

// errorString(code): nghttp2's text for one of its errors.
static napi_value error_string(napi_env env, napi_callback_info info) {
  napi_value argument, text;
  size_t count = 1;
  int32_t code;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok ||
      napi_get_value_int32(env, argument, &code) != napi_ok ||
      napi_create_string_utf8(env, nghttp2_strerror(code), NAPI_AUTO_LENGTH, &text) != napi_ok)
    return NULL;
  return text;
}

static const napi_property_descriptor members[] = {
    EJ_METHOD("receive", receive),
    EJ_METHOD("send", send_),
    EJ_METHOD("request", request),
    EJ_METHOD("respond", respond),
    EJ_METHOD("inform", inform),
    EJ_METHOD("trail", trail),
    EJ_METHOD("push", push),
    EJ_METHOD("write", write_),
    EJ_METHOD("end", end_),
    EJ_METHOD("reset", reset),
    EJ_METHOD("destroyStream", destroy_stream),
    EJ_METHOD("streamCounts", stream_counts),
    EJ_METHOD("consume", consume),
    EJ_METHOD("streamState", stream_state),
    EJ_METHOD("settings", settings),
    EJ_METHOD("localSettings", local_settings),
    EJ_METHOD("remoteSettings", remote_settings),
    EJ_METHOD("ping", ping),
    EJ_METHOD("goaway", goaway),
    EJ_METHOD("terminate", terminate),
    EJ_METHOD("altsvc", altsvc),
    EJ_METHOD("origin", origin),
    EJ_METHOD("setNextStreamID", set_next_stream_id),
    EJ_METHOD("setLocalWindowSize", set_local_window_size),
    EJ_METHOD("state", state),
    EJ_METHOD("wantsWrite", wants_write),
    EJ_METHOD("statistics", statistics),
    EJ_METHOD("close", close_),
};

napi_value ej_binding_http2(napi_env env) {
  static const napi_property_descriptor functions[] = {EJ_METHOD("errorString", error_string)};
  napi_value class, binding = ej_binding_of(env, 1, functions);
  if (binding == NULL ||
      napi_define_class(env, "Session", NAPI_AUTO_LENGTH, new_session, NULL,
                        sizeof members / sizeof *members, members, &class) != napi_ok ||
      napi_set_named_property(env, binding, "Session", class) != napi_ok)
    return NULL;
  return binding;
}
