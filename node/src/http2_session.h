// SPDX-License-Identifier: Apache-2.0
//
// A session of HTTP/2: nghttp2's, the streams that JavaScript knows, and what is counted for the
// limits. nghttp2 never calls JavaScript: what it tells is put into an array, an event after the
// other, each its kind and then what belongs to it. JavaScript reads the array when nghttp2 has
// returned.
#ifndef EJ_HTTP2_SESSION_H
#define EJ_HTTP2_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nghttp2/nghttp2.h>
#include <node_api.h>

// `internal/http2/events` has the same numbers.
typedef enum http2_event {
  EVENT_HEADERS,       // id, category, flags, [name, value, …], [names never to be indexed]
  EVENT_DATA,          // id, offset in the chunk, size
  EVENT_END,           // id: the peer sends no more
  EVENT_CLOSE,         // id, code
  EVENT_DRAINED,       // id: all that was written is on its way
  EVENT_WANT_TRAILERS, // id: its body is on its way, trailers can be sent
  EVENT_SETTINGS,      // [number, value, …]
  EVENT_SETTINGS_ACK,
  EVENT_PING,        // 8 bytes
  EVENT_PING_ACK,    // 8 bytes
  EVENT_GOAWAY,      // code, last id, bytes
  EVENT_ALTSVC,      // id, origin, value
  EVENT_ORIGIN,      // [origin, …]
  EVENT_PRIORITY,    // id, parent, weight, exclusive
  EVENT_FRAME_ERROR, // id, type of the frame, nghttp2's error
  EVENT_ERROR,       // nghttp2's error, a code of Node or undefined
} http2_event;

// What a stream counts for in the memory of its session, beside nghttp2's part: as in Node.
enum { EJ_HTTP2_STREAM_WEIGHT = 512 };

typedef enum padding_strategy { PADDING_NONE, PADDING_ALIGNED, PADDING_MAX } padding_strategy;

// What waits to be sent.
typedef struct http2_chunk {
  struct http2_chunk *next;
  size_t size, sent;
  uint8_t bytes[];
} http2_chunk;

typedef struct http2_header {
  nghttp2_rcbuf *name, *value; // both counted
  uint8_t flags;
} http2_header;

typedef struct http2_stream {
  struct http2_stream *next; // in its bucket
  int32_t id;
  bool shown;   // JavaScript knows it, and says when it may go
  bool ended;   // nothing more will be written
  bool waiting; // JavaScript waits for EVENT_DRAINED
  bool wants_trailers;
  bool gone; // JavaScript has destroyed it
  http2_chunk *first, *last;
  size_t queued;         // bytes in the chunks
  http2_header *headers; // of the block under way
  size_t header_count, header_room, header_size, header_limit;
  nghttp2_headers_category category;
  uint64_t started, first_header, first_byte, first_byte_sent;
  double received, sent;
} http2_stream;

typedef struct http2_session {
  nghttp2_session *machine; // NULL when closed
  napi_env env;
  bool is_server;
  int depth; // of nghttp2's functions that call back

  napi_value events; // being filled
  uint32_t event_count;
  bool failed;          // an event could not be made, an exception is pending
  bool said_goodbye;    // JavaScript has sent a GOAWAY
  const uint8_t *chunk; // what is being received

  uint8_t *output;
  size_t output_size, output_room;

  http2_stream **buckets; // a power of two
  size_t bucket_count, stream_count;

  size_t memory, memory_limit; // nghttp2's, header blocks, bodies, streams
  size_t header_pairs;         // most of a block
  padding_strategy padding;
  uint32_t invalid_frames, invalid_frames_limit, rejected_streams, rejected_streams_limit;
  const char *error_code; // Node's, of what made a callback fail

  uint64_t started;
  double received, sent, frames_received, frames_sent, streams_opened, streams_at_once, average;
} http2_session;

// --- Streams

http2_stream *ej_http2_find(http2_session *self, int32_t id);
// NULL for lack of memory.
http2_stream *ej_http2_add(http2_session *self, int32_t id);
void ej_http2_remove(http2_session *self, http2_stream *stream);
void ej_http2_remove_all(http2_session *self);
void ej_http2_forget_headers(http2_session *self, http2_stream *stream);
// Copies what is to be sent. False for lack of memory.
bool ej_http2_queue(http2_session *self, http2_stream *stream, const uint8_t *bytes, size_t size);
// Moves the first `size` bytes of a stream to the output.
bool ej_http2_move(http2_session *self, http2_stream *stream, size_t size);
bool ej_http2_append(http2_session *self, const uint8_t *bytes, size_t size);
bool ej_http2_has_memory(const http2_session *self, size_t size);

// --- nghttp2

// What a session calls. NULL for lack of memory.
nghttp2_session_callbacks *ej_http2_callbacks(bool pads);
// Where bodies come from.
nghttp2_data_provider2 ej_http2_provider(void);
void ej_http2_emit(http2_session *self, http2_event kind, size_t count, const napi_value *values);

#endif
