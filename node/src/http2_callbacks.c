// SPDX-License-Identifier: Apache-2.0
//
// What nghttp2 calls: it tells what came and asks for what is to be sent. The limits that Node adds
// to nghttp2's own are kept here.
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "bytes_internal.h"
#include "http2_session.h"

// --- Events --------------------------------------------------------------------------------------

static void push(http2_session *self, napi_value value) {
  if (self->failed) return;
  if (value == NULL ||
      napi_set_element(self->env, self->events, self->event_count++, value) != napi_ok)
    self->failed = true;
}

void ej_http2_emit(http2_session *self, http2_event kind, size_t count, const napi_value *values) {
  push(self, ej_number(self->env, kind));
  for (size_t i = 0; i < count; i++) push(self, values[i]);
}

static void emit_id(http2_session *self, http2_event kind, int32_t id) {
  napi_value value = ej_number(self->env, id);
  ej_http2_emit(self, kind, 1, &value);
}

static napi_value undefined(http2_session *self) {
  napi_value value;
  return napi_get_undefined(self->env, &value) == napi_ok ? value : NULL;
}

static napi_value latin1(http2_session *self, const uint8_t *text, size_t size) {
  napi_value string;
  return napi_create_string_latin1(self->env, (const char *)text, size, &string) == napi_ok ? string
                                                                                            : NULL;
}

static napi_value buffer(http2_session *self, const uint8_t *bytes, size_t size) {
  napi_value value;
  void *copy;
  return napi_create_buffer_copy(self->env, size, bytes, &copy, &value) == napi_ok ? value : NULL;
}

static void emit_bytes(http2_session *self, http2_event kind, const uint8_t *bytes, size_t size) {
  napi_value value = buffer(self, bytes, size);
  ej_http2_emit(self, kind, 1, &value);
}

static void emit_error(http2_session *self, int error) {
  napi_value values[] = {ej_number(self->env, error), undefined(self)};
  ej_http2_emit(self, EVENT_ERROR, 2, values);
}

static napi_value array(http2_session *self, size_t length) {
  napi_value list;
  if (napi_create_array_with_length(self->env, length, &list) == napi_ok) return list;
  self->failed = true;
  return NULL;
}

static void set(http2_session *self, napi_value list, size_t index, napi_value value) {
  if (self->failed) return;
  if (value == NULL || napi_set_element(self->env, list, (uint32_t)index, value) != napi_ok)
    self->failed = true;
}

// What a callback returns at its end.
static int outcome(const http2_session *self) {
  return self->failed ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

// --- Header blocks -------------------------------------------------------------------------------

static int32_t id_of(const nghttp2_frame *frame) {
  return frame->hd.type == NGHTTP2_PUSH_PROMISE ? frame->push_promise.promised_stream_id
                                                : frame->hd.stream_id;
}

static bool can_add(const http2_session *self) {
  return self->stream_count < nghttp2_session_get_local_settings(
                                  self->machine, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS) &&
         ej_http2_has_memory(self, EJ_HTTP2_STREAM_WEIGHT);
}

static int on_begin_headers(nghttp2_session *machine, const nghttp2_frame *frame, void *data) {
  http2_session *self = data;
  int32_t id = id_of(frame);
  http2_stream *stream = ej_http2_find(self, id);
  if (stream == NULL) {
    if (!can_add(self) || (stream = ej_http2_add(self, id)) == NULL) {
      if (self->rejected_streams++ > self->rejected_streams_limit)
        return NGHTTP2_ERR_CALLBACK_FAILURE;
      nghttp2_submit_rst_stream(machine, NGHTTP2_FLAG_NONE, id, NGHTTP2_ENHANCE_YOUR_CALM);
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }
    self->rejected_streams = 0;
  }
  ej_http2_forget_headers(self, stream);
  stream->category = frame->headers.cat;
  return 0;
}

static bool add_header(http2_session *self, http2_stream *stream, nghttp2_rcbuf *name,
                       nghttp2_rcbuf *value, uint8_t flags) {
  enum { OVERHEAD = 32 }; // of a field, as RFC 9113 (6.5.2) counts
  size_t size = nghttp2_rcbuf_get_buf(name).len + nghttp2_rcbuf_get_buf(value).len + OVERHEAD;
  if (size == nghttp2_rcbuf_get_buf(value).len + OVERHEAD) return true; // without a name
  if (!ej_http2_has_memory(self, size) || stream->header_count >= self->header_pairs ||
      stream->header_size + size > stream->header_limit)
    return false;
  if (stream->header_count == stream->header_room) {
    size_t room = stream->header_room == 0 ? 12 : stream->header_room * 2;
    http2_header *grown = realloc(stream->headers, room * sizeof *grown);
    if (grown == NULL) return false;
    stream->headers = grown;
    stream->header_room = room;
  }
  nghttp2_rcbuf_incref(name);
  nghttp2_rcbuf_incref(value);
  stream->headers[stream->header_count++] = (http2_header){name, value, flags};
  stream->header_size += size;
  self->memory += size;
  if (stream->first_header == 0) stream->first_header = uv_hrtime();
  return true;
}

static int on_header(nghttp2_session *machine, const nghttp2_frame *frame, nghttp2_rcbuf *name,
                     nghttp2_rcbuf *value, uint8_t flags, void *data) {
  http2_session *self = data;
  int32_t id = id_of(frame);
  http2_stream *stream = ej_http2_find(self, id);
  if (stream == NULL) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  if (stream->gone || add_header(self, stream, name, value, flags)) return 0;
  nghttp2_submit_rst_stream(machine, NGHTTP2_FLAG_NONE, id, NGHTTP2_ENHANCE_YOUR_CALM);
  return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

// Fields that are no tokens are left out, the message goes on: as Node.
static int on_invalid_header(nghttp2_session *machine, const nghttp2_frame *frame,
                             nghttp2_rcbuf *name, nghttp2_rcbuf *value, uint8_t flags, void *data) {
  (void)machine, (void)frame, (void)name, (void)value, (void)flags, (void)data;
  return 0;
}

static napi_value text_of(http2_session *self, nghttp2_rcbuf *text) {
  nghttp2_vec at = nghttp2_rcbuf_get_buf(text);
  return latin1(self, at.base, at.len);
}

static void on_headers(http2_session *self, const nghttp2_frame *frame) {
  int32_t id = id_of(frame);
  http2_stream *stream = ej_http2_find(self, id);
  if (stream == NULL || stream->gone) return;
  napi_value list = array(self, stream->header_count * 2), never = array(self, 0);
  size_t never_count = 0;
  for (size_t i = 0; i < stream->header_count; i++) {
    const http2_header *each = &stream->headers[i];
    napi_value name = text_of(self, each->name);
    set(self, list, i * 2, name);
    set(self, list, i * 2 + 1, text_of(self, each->value));
    if ((each->flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0) set(self, never, never_count++, name);
  }
  ej_http2_forget_headers(self, stream);
  stream->shown = true;
  napi_value values[] = {ej_number(self->env, id), ej_number(self->env, stream->category),
                         ej_number(self->env, frame->hd.flags), list, never};
  ej_http2_emit(self, EVENT_HEADERS, 5, values);
}

// --- Other frames --------------------------------------------------------------------------------

static int too_many_invalid(http2_session *self) {
  self->error_code = "ERR_HTTP2_TOO_MANY_INVALID_FRAMES";
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int on_data_end(http2_session *self, const nghttp2_frame *frame) {
  http2_stream *stream = ej_http2_find(self, frame->hd.stream_id);
  bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (stream != NULL && !stream->gone && ends)
    emit_id(self, EVENT_END, frame->hd.stream_id);
  else if (frame->hd.length == 0 && self->invalid_frames++ > self->invalid_frames_limit)
    return too_many_invalid(self); // empty frames that end nothing cost us and bring nothing
  return 0;
}

static void on_settings(http2_session *self, const nghttp2_settings *frame) {
  if ((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) {
    ej_http2_emit(self, EVENT_SETTINGS_ACK, 0, NULL);
    return;
  }
  napi_value list = array(self, frame->niv * 2);
  for (size_t i = 0; i < frame->niv; i++) {
    set(self, list, i * 2, ej_number(self->env, frame->iv[i].settings_id));
    set(self, list, i * 2 + 1, ej_number(self->env, frame->iv[i].value));
  }
  ej_http2_emit(self, EVENT_SETTINGS, 1, &list);
}

static void on_goaway(http2_session *self, const nghttp2_goaway *frame) {
  napi_value values[] = {ej_number(self->env, frame->error_code),
                         ej_number(self->env, frame->last_stream_id),
                         buffer(self, frame->opaque_data, frame->opaque_data_len)};
  ej_http2_emit(self, EVENT_GOAWAY, 3, values);
}

static void on_altsvc(http2_session *self, const nghttp2_extension *frame) {
  const nghttp2_ext_altsvc *given = frame->payload;
  napi_value values[] = {ej_number(self->env, frame->hd.stream_id),
                         latin1(self, given->origin, given->origin_len),
                         latin1(self, given->field_value, given->field_value_len)};
  ej_http2_emit(self, EVENT_ALTSVC, 3, values);
}

static void on_origin(http2_session *self, const nghttp2_extension *frame) {
  const nghttp2_ext_origin *given = frame->payload;
  napi_value list = array(self, given->nov);
  for (size_t i = 0; i < given->nov; i++)
    set(self, list, i, latin1(self, given->ov[i].origin, given->ov[i].origin_len));
  ej_http2_emit(self, EVENT_ORIGIN, 1, &list);
}

static void on_priority(http2_session *self, const nghttp2_priority *frame) {
  napi_value values[] = {ej_number(self->env, frame->hd.stream_id),
                         ej_number(self->env, frame->pri_spec.stream_id),
                         ej_number(self->env, frame->pri_spec.weight),
                         ej_boolean(self->env, frame->pri_spec.exclusive != 0)};
  ej_http2_emit(self, EVENT_PRIORITY, 4, values);
}

static int on_frame(nghttp2_session *machine, const nghttp2_frame *frame, void *data) {
  (void)machine;
  http2_session *self = data;
  int verdict = 0;
  self->frames_received++;
  switch (frame->hd.type) {
  case NGHTTP2_DATA:
    verdict = on_data_end(self, frame);
    break;
  case NGHTTP2_PUSH_PROMISE:
  case NGHTTP2_HEADERS:
    on_headers(self, frame);
    break;
  case NGHTTP2_SETTINGS:
    on_settings(self, &frame->settings);
    break;
  case NGHTTP2_PRIORITY:
    on_priority(self, &frame->priority);
    break;
  case NGHTTP2_GOAWAY:
    on_goaway(self, &frame->goaway);
    break;
  case NGHTTP2_PING:
    emit_bytes(self, (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0 ? EVENT_PING_ACK : EVENT_PING,
               frame->ping.opaque_data, sizeof frame->ping.opaque_data);
    break;
  case NGHTTP2_ALTSVC:
    on_altsvc(self, &frame->ext);
    break;
  case NGHTTP2_ORIGIN:
    on_origin(self, &frame->ext);
    break;
  default:
    break;
  }
  return verdict != 0 ? verdict : outcome(self);
}

static int on_data(nghttp2_session *machine, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t size, void *data) {
  (void)flags;
  http2_session *self = data;
  http2_stream *stream = ej_http2_find(self, id);
  // The window of the connection opens at once, that of the stream when JavaScript has read.
  if (nghttp2_session_consume_connection(machine, size) != 0) return NGHTTP2_ERR_CALLBACK_FAILURE;
  if (stream == NULL || stream->gone) return 0;
  if (stream->first_byte == 0) stream->first_byte = uv_hrtime();
  stream->received += (double)size;
  napi_value values[] = {ej_number(self->env, id),
                         ej_number(self->env, (double)(bytes - self->chunk)),
                         ej_number(self->env, (double)size)};
  ej_http2_emit(self, EVENT_DATA, 3, values);
  return outcome(self);
}

static int on_stream_close(nghttp2_session *machine, int32_t id, uint32_t code, void *data) {
  (void)machine;
  http2_session *self = data;
  http2_stream *stream = ej_http2_find(self, id);
  if (stream == NULL || stream->gone) return 0;
  if (!stream->shown) { // a message that was refused before its head was complete
    ej_http2_remove(self, stream);
    return 0;
  }
  napi_value values[] = {ej_number(self->env, id), ej_number(self->env, code)};
  ej_http2_emit(self, EVENT_CLOSE, 2, values);
  return outcome(self);
}

static int on_invalid_frame(nghttp2_session *machine, const nghttp2_frame *frame, int error,
                            void *data) {
  (void)frame;
  http2_session *self = data;
  if (self->invalid_frames++ > self->invalid_frames_limit) return too_many_invalid(self);
  if (nghttp2_is_fatal(error) || error == NGHTTP2_ERR_STREAM_CLOSED || error == NGHTTP2_ERR_PROTO ||
      error == NGHTTP2_ERR_FLOW_CONTROL) {
    emit_error(self, error);
    // As Node, whose session is destroyed before nghttp2 says a code of its own.
    nghttp2_session_terminate_session(machine, NGHTTP2_INTERNAL_ERROR);
  }
  return outcome(self);
}

// A peer that does not speak HTTP/2 at all is told by this text alone.
static int on_error(nghttp2_session *machine, int code, const char *text, size_t size, void *data) {
  (void)machine, (void)code, (void)size;
  static const char bad_peer[] = "Remote peer returned unexpected data while we expected SETTINGS";
  http2_session *self = data;
  if (strncmp(text, bad_peer, sizeof bad_peer - 1) == 0) emit_error(self, NGHTTP2_ERR_PROTO);
  return outcome(self);
}

// --- Sending -------------------------------------------------------------------------------------

static void maybe_drained(http2_session *self, http2_stream *stream) {
  if (!stream->waiting || stream->queued > 0) return;
  stream->waiting = false;
  emit_id(self, EVENT_DRAINED, stream->id);
}

static nghttp2_ssize read_body(nghttp2_session *machine, int32_t id, uint8_t *to, size_t room,
                               uint32_t *flags, nghttp2_data_source *source, void *data) {
  (void)machine, (void)to, (void)source;
  http2_session *self = data;
  http2_stream *stream = ej_http2_find(self, id);
  if (stream == NULL) return NGHTTP2_ERR_DEFERRED; // its reset is on its way
  if (stream->first_byte_sent == 0) stream->first_byte_sent = uv_hrtime();
  size_t size = stream->queued < room ? stream->queued : room;
  if (size > 0) *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (size == 0 && !stream->ended) {
    maybe_drained(self, stream);
    return self->failed ? NGHTTP2_ERR_CALLBACK_FAILURE : NGHTTP2_ERR_DEFERRED;
  }
  if (size == stream->queued && stream->ended) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream->wants_trailers) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      stream->wants_trailers = false;
      emit_id(self, EVENT_WANT_TRAILERS, id);
    }
    if (size == 0) maybe_drained(self, stream);
  }
  stream->sent += (double)size;
  return self->failed ? NGHTTP2_ERR_CALLBACK_FAILURE : (nghttp2_ssize)size;
}

nghttp2_data_provider2 ej_http2_provider(void) {
  return (nghttp2_data_provider2){.source = {.ptr = NULL}, .read_callback = read_body};
}

static int send_data(nghttp2_session *machine, nghttp2_frame *frame, const uint8_t *head,
                     size_t size, nghttp2_data_source *source, void *data) {
  enum { FRAME_HEAD = 9 };
  static const uint8_t zeros[256];
  (void)machine, (void)source;
  http2_session *self = data;
  http2_stream *stream = ej_http2_find(self, frame->hd.stream_id);
  size_t padding = frame->data.padlen; // with the byte that tells it
  uint8_t told = padding > 0 ? (uint8_t)(padding - 1) : 0;
  if (stream == NULL || !ej_http2_append(self, head, FRAME_HEAD) ||
      (padding > 0 && !ej_http2_append(self, &told, 1)) || !ej_http2_move(self, stream, size) ||
      (padding > 0 && !ej_http2_append(self, zeros, told)))
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  maybe_drained(self, stream);
  return outcome(self);
}

// A GOAWAY that JavaScript did not ask for is nghttp2's verdict: it reads no more, the session is
// over.
static int on_frame_sent(nghttp2_session *machine, const nghttp2_frame *frame, void *data) {
  (void)machine;
  http2_session *self = data;
  self->frames_sent++;
  if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR &&
      !self->said_goodbye)
    emit_error(self, NGHTTP2_ERR_PROTO);
  return outcome(self);
}

static int on_frame_not_sent(nghttp2_session *machine, const nghttp2_frame *frame, int error,
                             void *data) {
  (void)machine;
  http2_session *self = data;
  if (error == NGHTTP2_ERR_SESSION_CLOSING || error == NGHTTP2_ERR_STREAM_CLOSED ||
      error == NGHTTP2_ERR_STREAM_CLOSING)
    return 0;
  napi_value values[] = {ej_number(self->env, frame->hd.stream_id),
                         ej_number(self->env, frame->hd.type), ej_number(self->env, error)};
  ej_http2_emit(self, EVENT_FRAME_ERROR, 3, values);
  return outcome(self);
}

static nghttp2_ssize select_padding(nghttp2_session *machine, const nghttp2_frame *frame,
                                    size_t most, void *data) {
  enum { FRAME_HEAD = 9, ALIGNMENT = 8 };
  (void)machine;
  const http2_session *self = data;
  size_t size = frame->hd.length;
  if (self->padding == PADDING_MAX) return (nghttp2_ssize)most;
  size_t over = (size + FRAME_HEAD) % ALIGNMENT;
  size_t padded = over == 0 ? size : size + ALIGNMENT - over;
  return (nghttp2_ssize)(padded < most ? padded : most);
}

nghttp2_session_callbacks *ej_http2_callbacks(bool pads) {
  nghttp2_session_callbacks *calls;
  if (nghttp2_session_callbacks_new(&calls) != 0) return NULL;
  nghttp2_session_callbacks_set_on_begin_headers_callback(calls, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback2(calls, on_header);
  nghttp2_session_callbacks_set_on_invalid_header_callback2(calls, on_invalid_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(calls, on_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(calls, on_stream_close);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(calls, on_invalid_frame);
  nghttp2_session_callbacks_set_error_callback2(calls, on_error);
  nghttp2_session_callbacks_set_send_data_callback(calls, send_data);
  nghttp2_session_callbacks_set_on_frame_send_callback(calls, on_frame_sent);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(calls, on_frame_not_sent);
  if (pads) nghttp2_session_callbacks_set_select_padding_callback2(calls, select_padding);
  return calls;
}
