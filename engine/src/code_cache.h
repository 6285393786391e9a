// SPDX-License-Identifier: Apache-2.0
//
// The cache of compiled code. An entry is a file that holds what was made out of a text: bytecode,
// stripped TypeScript, the names that a CommonJS file exports.
//
// Bytecode is trusted by the engine, so no byte of a file is looked at before a keyed hash over all
// of it has been checked. The key is a random one of the user's own, kept where nobody else can
// read it. A file that is truncated, altered or somebody else's is as good as none, and replaced.
#ifndef EJ_CODE_CACHE_H
#define EJ_CODE_CACHE_H

#include <quickjs_more.h>

#include "internal.h"

typedef enum ej_code_kind {
  EJ_CODE_COMMONJS,
  EJ_CODE_MODULE,
  EJ_CODE_STRIPPED,            // TypeScript without its types
  EJ_CODE_TRANSFORMED,         // the same, with code for what needs some
  EJ_CODE_TRANSFORMED_AND_MAP, // with its source map
  EJ_CODE_NAMES,               // what cjs-module-lexer finds
  EJ_CODE_KINDS
} ej_code_kind;

// One text that is looked up. Lives as long as the caller's `filename`.
typedef struct ej_code_entry {
  ej_code_kind kind;
  const char *filename;
  uint8_t content[16]; // keyed hash of the text
  char name[33];       // of the file
} ej_code_entry;

// Prepares an entry. False when nothing is cached: it is turned off, or the text is too short for
// reading a file to be quicker than compiling.
bool ej_code_cache_prepare(ej_isolate *isolate, ej_code_kind kind, const char *filename,
                           const char *text, size_t size, ej_code_entry *entry);
// What the cache has for an entry, NULL if nothing: `*size` bytes inside of `*block`, which the
// caller frees.
const uint8_t *ej_code_cache_read(ej_isolate *isolate, const ej_code_entry *entry, size_t *size,
                                  void **block);
// Stores what was made. A cache that cannot be written to is no error.
void ej_code_cache_write(ej_isolate *isolate, const ej_code_entry *entry, const uint8_t *bytes,
                         size_t size);

// Compiles a text, or reads its bytecode. `inspect`, if not NULL, sees the bytecode, and is called
// only when there is some; when it says no, the bytecode is not kept.
typedef struct ej_code_inspector {
  bool (*inspect)(void *data, const uint8_t *code);
  void *data;
} ej_code_inspector;
JSValue ej_code_cache_compile(ej_isolate *isolate, ej_code_kind kind, ej_text *text, size_t size,
                              JSEvalOptions *options, const ej_code_inspector *inspector);

enum { EJ_CODE_KEY = 32 }; // for hashes of texts and names, and for those of entries
// A folder for compiled code of another kind, seen from this build's, and the user's key. The
// caller closes it. -1 when nothing is kept.
int ej_code_cache_folder(ej_isolate *isolate, const char *path, uint8_t key[EJ_CODE_KEY]);
bool ej_code_cache_write_all(int fd, const void *bytes, size_t size);

#endif
