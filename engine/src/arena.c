// SPDX-License-Identifier: Apache-2.0
//
// The handle arena: chunks of JSValue slots in a list, used like a stack. Opening a scope is taking
// a mark, closing it frees the slots above.
#include <stdlib.h>

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
  *arena = (ej_arena){0};
}
