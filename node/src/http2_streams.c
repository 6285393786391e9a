// SPDX-License-Identifier: Apache-2.0
//
// The streams of a session by their numbers, what they wait to send, and what all that weighs.
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "http2_session.h"

enum { FIRST_BUCKETS = 16, FIRST_OUTPUT = 1024 };

bool ej_http2_has_memory(const http2_session *self, size_t size) {
  return self->memory + size <= self->memory_limit;
}

// --- The map -------------------------------------------------------------------------------------

static http2_stream **bucket_of(http2_stream **buckets, size_t count, int32_t id) {
  return &buckets[((uint32_t)id >> 1) & (count - 1)]; // numbers of one side are odd, or even
}

http2_stream *ej_http2_find(http2_session *self, int32_t id) {
  if (self->bucket_count == 0) return NULL;
  http2_stream *found = *bucket_of(self->buckets, self->bucket_count, id);
  while (found != NULL && found->id != id) found = found->next;
  return found;
}

static bool grow(http2_session *self) {
  size_t count = self->bucket_count == 0 ? FIRST_BUCKETS : self->bucket_count * 2;
  http2_stream **buckets = calloc(count, sizeof *buckets);
  if (buckets == NULL) return false;
  for (size_t i = 0; i < self->bucket_count; i++) {
    for (http2_stream *each = self->buckets[i], *next; each != NULL; each = next) {
      http2_stream **bucket = bucket_of(buckets, count, each->id);
      next = each->next;
      each->next = *bucket;
      *bucket = each;
    }
  }
  free(self->buckets);
  self->buckets = buckets;
  self->bucket_count = count;
  return true;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

http2_stream *ej_http2_add(http2_session *self, int32_t id) {
  enum { MOST_HEADER_BYTES = 16777215 };
  if (self->stream_count >= self->bucket_count && !grow(self)) return NULL;
  http2_stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  http2_stream **bucket = bucket_of(self->buckets, self->bucket_count, id);
  stream->id = id;
  stream->next = *bucket;
  stream->header_limit = least(
      MOST_HEADER_BYTES,
      nghttp2_session_get_local_settings(self->machine, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE));
  stream->started = uv_hrtime();
  *bucket = stream;
  self->stream_count++;
  self->memory += EJ_HTTP2_STREAM_WEIGHT;
  self->streams_opened++;
  if ((double)self->stream_count > self->streams_at_once)
    self->streams_at_once = (double)self->stream_count;
  return stream;
}

static void free_stream(http2_session *self, http2_stream *stream) {
  for (http2_chunk *each = stream->first, *next; each != NULL; each = next) {
    next = each->next;
    free(each);
  }
  self->memory -= stream->queued + EJ_HTTP2_STREAM_WEIGHT;
  ej_http2_forget_headers(self, stream);
  free(stream->headers);
  free(stream);
}

void ej_http2_remove(http2_session *self, http2_stream *stream) {
  http2_stream **link = bucket_of(self->buckets, self->bucket_count, stream->id);
  while (*link != stream) link = &(*link)->next;
  *link = stream->next;
  self->stream_count--;
  self->average = (double)(uv_hrtime() - stream->started) / self->streams_opened / 1e6;
  free_stream(self, stream);
}

void ej_http2_remove_all(http2_session *self) {
  for (size_t i = 0; i < self->bucket_count; i++) {
    for (http2_stream *each = self->buckets[i], *next; each != NULL; each = next) {
      next = each->next;
      free_stream(self, each);
    }
  }
  free(self->buckets);
  self->buckets = NULL;
  self->bucket_count = self->stream_count = 0;
}

void ej_http2_forget_headers(http2_session *self, http2_stream *stream) {
  for (size_t i = 0; i < stream->header_count; i++) {
    nghttp2_rcbuf_decref(stream->headers[i].name);
    nghttp2_rcbuf_decref(stream->headers[i].value);
  }
  self->memory -= stream->header_size;
  stream->header_count = stream->header_size = 0;
}

// --- Bytes to send -------------------------------------------------------------------------------

bool ej_http2_queue(http2_session *self, http2_stream *stream, const uint8_t *bytes, size_t size) {
  if (size == 0) return true;
  http2_chunk *chunk = malloc(sizeof *chunk + size);
  if (chunk == NULL) return false;
  memcpy(chunk->bytes, bytes, size);
  chunk->next = NULL;
  chunk->size = size;
  chunk->sent = 0;
  if (stream->last == NULL)
    stream->first = chunk;
  else
    stream->last->next = chunk;
  stream->last = chunk;
  stream->queued += size;
  self->memory += size;
  return true;
}

bool ej_http2_append(http2_session *self, const uint8_t *bytes, size_t size) {
  size_t wanted = self->output_size + size;
  if (wanted > self->output_room) {
    size_t room = self->output_room == 0 ? FIRST_OUTPUT : self->output_room;
    while (room < wanted) room *= 2;
    uint8_t *grown = realloc(self->output, room);
    if (grown == NULL) return false;
    self->output = grown;
    self->output_room = room;
  }
  memcpy(self->output + self->output_size, bytes, size);
  self->output_size = wanted;
  return true;
}

bool ej_http2_move(http2_session *self, http2_stream *stream, size_t size) {
  while (size > 0) {
    http2_chunk *chunk = stream->first;
    size_t part = least(size, chunk->size - chunk->sent);
    if (!ej_http2_append(self, chunk->bytes + chunk->sent, part)) return false;
    chunk->sent += part;
    size -= part;
    stream->queued -= part;
    self->memory -= part;
    if (chunk->sent < chunk->size) continue;
    stream->first = chunk->next;
    if (stream->first == NULL) stream->last = NULL;
    free(chunk);
  }
  return true;
}
