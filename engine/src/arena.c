// SPDX-License-Identifier: Apache-2.0
//
// The handle arena: chunks of JSValue slots in a list, used like a stack. Opening a scope is taking
// a mark, closing it frees the slots above.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static ej_arena_chunk *new_chunk(ej_arena_chunk *previous) {
  ej_arena_chunk *chunk = malloc(sizeof(*chunk));
  EJ_CHECK(chunk != NULL);
  chunk->previous = previous;
  chunk->next = NULL;
  return chunk;
}

static void enter_chunk(ej_arena *arena, ej_arena_chunk *chunk, JSValue *top) {
  arena->chunk = chunk;
  arena->top = top;
  arena->limit = chunk->slots + EJ_ARENA_CHUNK;
}

void ej_arena_init(ej_arena *arena) {
  ej_arena_chunk *chunk = new_chunk(NULL);
  enter_chunk(arena, chunk, chunk->slots);
}

void ej_arena_grow(ej_arena *arena) {
  ej_arena_chunk *chunk = arena->chunk;
  if (chunk->next == NULL) chunk->next = new_chunk(chunk);
  enter_chunk(arena, chunk->next, chunk->next->slots);
}

static void release_down_to(ej_isolate *isolate, JSValue *floor) {
  while (isolate->arena.top > floor) ej_arena_pop(isolate);
}

// One spare chunk stays, so that a scope on the edge of a chunk does not allocate on every turn.
static void drop_spares(ej_arena_chunk *spare) {
  if (spare == NULL) return;
  ej_arena_chunk *chunk = spare->next;
  spare->next = NULL;
  while (chunk != NULL) {
    ej_arena_chunk *next = chunk->next;
    free(chunk);
    chunk = next;
  }
}

void ej_arena_release_slow(ej_isolate *isolate, ej_mark mark) {
  ej_arena *arena = &isolate->arena;
  while (arena->chunk != mark.chunk) {
    ej_arena_chunk *chunk = arena->chunk;
    EJ_CHECK(chunk->previous != NULL);
    release_down_to(isolate, chunk->slots);
    enter_chunk(arena, chunk->previous, chunk->previous->slots + EJ_ARENA_CHUNK);
  }
  release_down_to(isolate, mark.top);
  drop_spares(arena->chunk->next);
}

void ej_arena_close(ej_isolate *isolate, ej_mark mark) {
  ej_arena *arena = &isolate->arena;
  if (arena->kept_count != 0) ej_arena_drop_kept(isolate);
  if (mark.chunk != arena->chunk) {
    ej_arena_release_slow(isolate, mark);
    return;
  }
  if (arena->kept == NULL) arena->kept = malloc(EJ_ARENA_CHUNK * sizeof(*arena->kept));
  EJ_CHECK(arena->kept != NULL);
  arena->kept_count = (size_t)(arena->top - mark.top);
  memcpy(arena->kept, mark.top, arena->kept_count * sizeof(*arena->kept));
  arena->kept_slots = mark.top;
  arena->kept_chunk = arena->chunk;
  arena->top = mark.top;
}

// The slots that no handle took read undefined from now on. Their chunk is still there: chunks go
// in ej_arena_release_slow alone, and every way to it leads through here.
void ej_arena_drop_kept(ej_isolate *isolate) {
  ej_arena *arena = &isolate->arena;
  size_t count = arena->kept_count;
  arena->kept_count = 0;
  // In a later chunk than theirs, all of the slots are taken.
  bool is_current = arena->chunk == arena->kept_chunk;
  for (size_t i = 0; is_current && i < count; i++)
    if (arena->kept_slots + i >= arena->top) arena->kept_slots[i] = JS_UNDEFINED;
  for (size_t i = 0; i < count; i++) JS_FreeValue(isolate->ctx, arena->kept[i]);
}

ej_arena_chunk *ej_arena_chunk_of(const ej_arena *arena, const JSValue *slot) {
  if (slot >= arena->chunk->slots && slot < arena->top) return arena->chunk;
  for (ej_arena_chunk *chunk = arena->chunk->previous; chunk != NULL; chunk = chunk->previous)
    if (slot >= chunk->slots && slot < chunk->slots + EJ_ARENA_CHUNK) return chunk;
  return NULL;
}

void ej_arena_free(ej_isolate *isolate) {
  ej_arena *arena = &isolate->arena;
  ej_arena_chunk *first = arena->chunk;
  while (first->previous != NULL) first = first->previous;
  ej_arena_release(isolate, (ej_mark){first->slots, first});
  drop_spares(first);
  free(first);
  free(arena->kept);
  *arena = (ej_arena){0};
}
