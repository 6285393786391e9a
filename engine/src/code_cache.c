// SPDX-License-Identifier: Apache-2.0
//
// Entries are files of one folder, written under another name and then renamed, so that processes
// need not know of each other. The user's own folder holds
//
//   code-v1/key               32 random bytes
//   code-v1/BUILD/NAME        entries of one build of the engine; NAME is a keyed hash of the text
//   code-v1/wasm/NAME         of code_files.c
//
// A folder that the program chose (module.enableCompileCache, NODE_COMPILE_CACHE) holds entries by
// their file's name, one for each file, checked with the same key.
#include "code_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "siphash.h"

enum {
  // Below, the engine compiles in less time than it takes to open, read and check a file.
  WORTHWHILE = 4096,
};

typedef struct header {
  char magic[8];
  uint8_t tag[16]; // of all that follows
  uint8_t content[16];
  uint8_t name[16];
} header;

static const char magic[8] = "edgejs\x01";

struct ej_code_cache {
  bool is_off; // the user\'s folder is not to be used
  bool opened; // `own` is what it is going to be
  bool has_key;
  int own;      // the user's folder of this build, -1 for none
  int chosen;   // the program's, -1 for none
  char *folder; // its path
  char *base;   // the folder that portable names are relative to, NULL when names are absolute
  bool talks;   // NODE_DEBUG_NATIVE=COMPILE_CACHE
  unsigned serial;
  uint8_t key[EJ_CODE_KEY];
};

static const char *const kind_names[EJ_CODE_KINDS] = {
    "CommonJS",
    "ESM",
    "StrippedTypeScript",
    "TransformedTypeScript",
    "TransformedTypeScriptWithSourceMaps",
    "ExportNames",
};

// --- The key and the folders ---------------------------------------------------------------------

// A folder of this user's that nobody else can write to; -1 when there is none.
static int open_private(int parent, const char *path) {
  struct stat found;
  int fd = openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  if (fstat(fd, &found) == 0 && found.st_uid == geteuid() && (found.st_mode & 022) == 0) return fd;
  close(fd);
  return -1;
}

// mkdir -p, for the owner alone.
static int make_folders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    int status = mkdir(path, 0700);
    *slash = '/';
    if (status != 0 && errno != EEXIST && errno != EROFS && errno != EACCES) return errno;
  }
  if (mkdir(path, 0700) == 0) return 0;
  struct stat found;
  if (errno == EEXIST) return stat(path, &found) == 0 && S_ISDIR(found.st_mode) ? 0 : ENOTDIR;
  return errno;
}

static bool user_folder(char path[PATH_MAX]) {
  const char *given = getenv("EDGEJS_CACHE_DIR"), *home = getenv("HOME");
  int size;
  if (given != NULL && *given != '\0') {
    size = snprintf(path, PATH_MAX, "%s/code-v1", given);
  } else if ((given = getenv("XDG_CACHE_HOME")) != NULL && *given == '/') {
    size = snprintf(path, PATH_MAX, "%s/edgejs/code-v1", given);
  } else {
    if (home == NULL || *home == '\0') return false;
#ifdef __APPLE__
    size = snprintf(path, PATH_MAX, "%s/Library/Caches/edgejs/code-v1", home);
#else
    size = snprintf(path, PATH_MAX, "%s/.cache/edgejs/code-v1", home);
#endif
  }
  return size < PATH_MAX;
}

static bool read_key(int folder, uint8_t key[EJ_CODE_KEY]) {
  struct stat found;
  int fd = openat(folder, "key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return false;
  bool good = fstat(fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == geteuid() &&
              (found.st_mode & 077) == 0 && found.st_size == EJ_CODE_KEY &&
              read(fd, key, EJ_CODE_KEY) == EJ_CODE_KEY;
  close(fd);
  return good;
}

// Of two processes that make a key at once, the first one's stays. One that is not as it should be
// is replaced, and all entries with it.
static void make_key(int folder) {
  uint8_t key[EJ_CODE_KEY];
  char name[64];
  if (uv_random(NULL, NULL, key, sizeof key, 0, NULL) != 0) return;
  snprintf(name, sizeof name, ".tmp-key-%d", (int)getpid());
  int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return;
  bool whole = write(fd, key, EJ_CODE_KEY) == EJ_CODE_KEY;
  close(fd);
  uint8_t before[EJ_CODE_KEY];
  if (whole && linkat(folder, name, folder, "key", 0) != 0 && errno == EEXIST &&
      !read_key(folder, before))
    renameat(folder, name, folder, "key");
  unlinkat(folder, name, 0);
}

static bool is_set(const char *variable) {
  const char *value = getenv(variable);
  return value != NULL && *value != '\0';
}

// Takes a moment, so it happens when the first text comes that is worth it.
static void open_own(ej_code_cache *cache) {
  char path[PATH_MAX];
  if (cache->opened) return;
  cache->opened = true;
  if (!user_folder(path) || make_folders(path) != 0) return;
  int folder = open_private(AT_FDCWD, path);
  if (folder < 0) return;
  cache->has_key = read_key(folder, cache->key);
  if (!cache->has_key) {
    make_key(folder);
    cache->has_key = read_key(folder, cache->key);
  }
  if (cache->has_key && !cache->is_off && !is_set("EDGEJS_DISABLE_COMPILE_CACHE") &&
      !is_set("NODE_DISABLE_COMPILE_CACHE")) {
    mkdirat(folder, EJ_ENGINE_BUILD, 0700);
    cache->own = open_private(folder, EJ_ENGINE_BUILD);
  }
  close(folder);
}

int ej_code_cache_folder(ej_isolate *isolate, const char *path, uint8_t key[EJ_CODE_KEY]) {
  ej_code_cache *cache = isolate->code_cache;
  open_own(cache);
  if (cache->own < 0) return -1;
  mkdirat(cache->own, path, 0700);
  memcpy(key, cache->key, EJ_CODE_KEY);
  return open_private(cache->own, path);
}

void ej_code_cache_init(ej_isolate *isolate) {
  const char *topics = getenv("NODE_DEBUG_NATIVE");
  ej_code_cache *cache = isolate->code_cache = calloc(1, sizeof *cache);
  EJ_CHECK(cache != NULL);
  cache->own = cache->chosen = -1;
  cache->talks = topics != NULL && strstr(topics, "COMPILE_CACHE") != NULL;
}

void ej_code_cache_free(ej_isolate *isolate) {
  ej_code_cache *cache = isolate->code_cache;
  if (cache->own >= 0) close(cache->own);
  if (cache->chosen >= 0) close(cache->chosen);
  free(cache->folder);
  free(cache->base);
  free(cache);
}

#define TALK(cache, ...)                                                                           \
  do {                                                                                             \
    if ((cache)->talks) fprintf(stderr, "[compile cache] " __VA_ARGS__);                           \
  } while (0)

// --- Entries -------------------------------------------------------------------------------------

// `name` as seen from the folder that holds the cache, the file's whole name if it is elsewhere.
static void portable_name(const char *base, const char *filename, char name[PATH_MAX]) {
  const char *path = strncmp(filename, "file://", 7) == 0 ? filename + 7 : filename;
  size_t common = 0, ups = 0, at = 0;
  for (size_t i = 0; base[i] == path[i] && base[i] != '\0'; i++)
    if (base[i] == '/') common = i;
  if (base[strlen(base) - 1] != '/' && strncmp(base, path, strlen(base)) == 0 &&
      path[strlen(base)] == '/')
    common = strlen(base);
  for (const char *rest = base + common; *rest != '\0'; rest++)
    ups += *rest == '/' && rest[1] != '\0';
  while (ups-- > 0 && at + 4 < PATH_MAX) at += (size_t)snprintf(name + at, PATH_MAX - at, "../");
  snprintf(name + at, PATH_MAX - at, "%s", path + common);
}

static void name_entry(ej_code_cache *cache, ej_code_entry *entry) {
  char name[PATH_MAX + 32], relative[PATH_MAX];
  uint8_t hash[16];
  if (cache->chosen < 0) { // any file with this text
    uint8_t text[17];
    text[0] = (uint8_t)entry->kind;
    memcpy(text + 1, entry->content, 16);
    ej_siphash(cache->key, text, sizeof text, hash);
  } else {
    const char *filename = entry->filename;
    if (cache->base != NULL) {
      portable_name(cache->base, filename, relative);
      filename = relative;
    }
    int size = snprintf(name, sizeof name, "%d %s", entry->kind, filename);
    if (size >= (int)sizeof name) size = (int)sizeof name - 1;
    ej_siphash(cache->key, (const uint8_t *)name, (size_t)size, hash);
  }
  for (int i = 0; i < 16; i++) snprintf(entry->name + 2 * i, 3, "%02x", hash[i]);
}

bool ej_code_cache_prepare(ej_isolate *isolate, ej_code_kind kind, const char *filename,
                           const char *text, size_t size, ej_code_entry *entry) {
  ej_code_cache *cache = isolate->code_cache;
  if (cache->chosen < 0 && size < WORTHWHILE) return false;
  open_own(cache);
  if (cache->chosen < 0 && cache->own < 0) return false;
  *entry = (ej_code_entry){.kind = kind, .filename = filename};
  ej_siphash(cache->key, (const uint8_t *)text, size, entry->content);
  name_entry(cache, entry);
  return true;
}

static int folder_of(const ej_code_cache *cache) {
  return cache->chosen >= 0 ? cache->chosen : cache->own;
}

// What the tag of a file covers: everything after it.
static void compute_tag(const ej_code_cache *cache, const uint8_t *file, size_t size,
                        uint8_t tag[16]) {
  size_t start = offsetof(header, content);
  ej_siphash(cache->key + 16, file + start, size - start, tag);
}

static void fill_name(const ej_code_entry *entry, uint8_t name[16]) {
  for (int i = 0; i < 16; i++) {
    char digits[3] = {entry->name[2 * i], entry->name[2 * i + 1], '\0'};
    name[i] = (uint8_t)strtoul(digits, NULL, 16);
  }
}

// The whole file, NULL with an errno.
static uint8_t *read_file(int folder, const char *name, size_t *size) {
  struct stat found;
  int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return NULL;
  uint8_t *bytes = NULL;
  if (fstat(fd, &found) == 0 && S_ISREG(found.st_mode)) {
    size_t wanted = (size_t)found.st_size, got = 0;
    bytes = malloc(wanted + 1);
    while (bytes != NULL && got < wanted) {
      ssize_t count = read(fd, bytes + got, wanted - got);
      if (count <= 0) break;
      got += (size_t)count;
    }
    *size = got;
  }
  close(fd);
  return bytes;
}

static const char *what_is_wrong(const ej_code_cache *cache, const ej_code_entry *entry,
                                 const uint8_t *file, size_t size) {
  header head;
  uint8_t expected[16];
  if (size < sizeof head) return "too short";
  memcpy(&head, file, sizeof head);
  if (memcmp(head.magic, magic, sizeof magic) != 0) return "magic number mismatch";
  compute_tag(cache, file, size, expected);
  int different = 0; // in constant time
  for (int i = 0; i < 16; i++) different |= expected[i] ^ head.tag[i];
  if (different != 0) return "cache hash mismatch";
  fill_name(entry, expected);
  if (memcmp(head.name, expected, 16) != 0) return "name mismatch";
  if (memcmp(head.content, entry->content, 16) != 0) return "code hash mismatch:";
  return NULL;
}

static void report_use(const ej_code_cache *cache, const ej_code_entry *entry, bool accepted) {
  bool compiled = entry->kind == EJ_CODE_COMMONJS || entry->kind == EJ_CODE_MODULE;
  if (compiled)
    TALK(cache, "V8 code cache for %s %s was %s, %s the in-memory entry\n", kind_names[entry->kind],
         entry->filename, accepted ? "accepted" : "rejected", accepted ? "keeping" : "updating");
  if (accepted)
    TALK(cache, "skip persisting %s %s because cache was the same\n", kind_names[entry->kind],
         entry->filename);
}

const uint8_t *ej_code_cache_read(ej_isolate *isolate, const ej_code_entry *entry, size_t *size,
                                  void **block) {
  ej_code_cache *cache = isolate->code_cache;
  size_t whole = 0;
  uint8_t *file = read_file(folder_of(cache), entry->name, &whole);
  const char *wrong = file == NULL ? uv_strerror(-errno) : what_is_wrong(cache, entry, file, whole);
  bool compiled = entry->kind == EJ_CODE_COMMONJS || entry->kind == EJ_CODE_MODULE;
  if (compiled) {
    TALK(cache, "reading cache from %s/%s for %s %s... %s\n",
         cache->folder == NULL ? "code-v1" : cache->folder, entry->name, kind_names[entry->kind],
         entry->filename, wrong != NULL ? wrong : "success");
  } else {
    TALK(cache, "%s transpile cache for %s %s%s\n", wrong != NULL ? "no" : "retrieving",
         kind_names[entry->kind], entry->filename, wrong != NULL ? "" : "...success");
  }
  if (wrong != NULL) {
    if (compiled)
      TALK(cache, "V8 code cache for %s %s was not initialized, initializing the in-memory entry\n",
           kind_names[entry->kind], entry->filename);
    free(file);
    return NULL;
  }
  if (!compiled) report_use(cache, entry, true);
  *block = file;
  *size = whole - sizeof(header);
  return file + sizeof(header);
}

bool ej_code_cache_write_all(int fd, const void *bytes, size_t size) {
  const char *rest = bytes;
  while (size > 0) {
    ssize_t count = write(fd, rest, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    rest += count;
    size -= (size_t)count;
  }
  return true;
}

void ej_code_cache_write(ej_isolate *isolate, const ej_code_entry *entry, const uint8_t *bytes,
                         size_t size) {
  ej_code_cache *cache = isolate->code_cache;
  char temporary[96];
  size_t whole = sizeof(header) + size;
  uint8_t *file = malloc(whole);
  if (file == NULL) return;
  header head = {.tag = {0}};
  memcpy(head.magic, magic, sizeof magic);
  memcpy(head.content, entry->content, 16);
  fill_name(entry, head.name);
  memcpy(file, &head, sizeof head);
  memcpy(file + sizeof head, bytes, size);
  compute_tag(cache, file, whole, file + offsetof(header, tag));
  int folder = folder_of(cache);
  snprintf(temporary, sizeof temporary, ".tmp-%d-%p-%u", (int)getpid(), (void *)cache,
           cache->serial++);
  int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool done = fd >= 0 && ej_code_cache_write_all(fd, file, whole);
  if (fd >= 0 && close(fd) != 0) done = false;
  if (done) done = renameat(folder, temporary, folder, entry->name) == 0;
  if (!done && fd >= 0) unlinkat(folder, temporary, 0);
  if (entry->kind != EJ_CODE_COMMONJS && entry->kind != EJ_CODE_MODULE)
    TALK(cache, "saving transpilation cache for %s %s\n", kind_names[entry->kind], entry->filename);
  TALK(cache, "writing cache for %s %s to %s...%s\n", kind_names[entry->kind], entry->filename,
       entry->name, done ? "success" : "failed");
  free(file);
}

// --- Bytecode ------------------------------------------------------------------------------------

static JSValue read_code(ej_isolate *isolate, const ej_code_entry *entry, ej_text *text,
                         const ej_code_inspector *inspector) {
  size_t size;
  void *block;
  const uint8_t *bytes = ej_code_cache_read(isolate, entry, &size, &block);
  if (bytes == NULL) return JS_UNDEFINED;
  if (inspector != NULL) inspector->inspect(inspector->data, bytes);
  JSValue code = ej_text_read(isolate->ctx, text, bytes, size, entry->kind == EJ_CODE_MODULE);
  free(block);
  report_use(isolate->code_cache, entry, !JS_IsException(code));
  return code;
}

JSValue ej_code_cache_compile(ej_isolate *isolate, ej_code_kind kind, ej_text *text, size_t size,
                              JSEvalOptions *options, const ej_code_inspector *inspector) {
  JSContext *ctx = isolate->ctx;
  ej_code_entry entry;
  bool cached =
      ej_code_cache_prepare(isolate, kind, options->filename, ej_text_bytes(text), size, &entry);
  if (cached) {
    JSValue code = read_code(isolate, &entry, text, inspector);
    if (!JS_IsUndefined(code)) return code;
  }
  JSValue code = ej_text_compile(ctx, text, options);
  if (!cached) return code;
  if (JS_IsException(code)) {
    TALK(isolate->code_cache, "skip persisting %s %s because the cache was not initialized\n",
         kind_names[kind], options->filename);
    return code;
  }
  uint8_t *bytes = ej_text_write(ctx, &size, code, text);
  if (bytes == NULL) { // out of memory: the code is good
    JS_FreeValue(ctx, JS_GetException(ctx));
  } else {
    if (inspector == NULL || inspector->inspect(inspector->data, bytes))
      ej_code_cache_write(isolate, &entry, bytes, size);
    js_free(ctx, bytes);
  }
  return code;
}

// --- internalBinding('code_cache') ---------------------------------------------------------------

// choose(folder, isPortable): entries go to that folder from now on. NULL, or what went wrong, as a
// text.
static JSValue choose(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_code_cache *cache = ej_isolate_of(ctx)->code_cache;
  char path[PATH_MAX];
  const char *given = JS_ToCString(ctx, argv[0]);
  if (given == NULL) return JS_EXCEPTION;
  snprintf(path, sizeof path, "%s", given);
  JS_FreeCString(ctx, given);
  int error = make_folders(path);
  TALK(cache, "creating cache directory %s...%s\n", path,
       error == 0 ? "success" : uv_strerror(-error));
  if (error != 0) return JS_NewString(ctx, uv_strerror(-error));
  open_own(cache);
  if (!cache->has_key) return JS_NewString(ctx, "no private folder for its key");
  cache->chosen = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (cache->chosen < 0) return JS_NewString(ctx, uv_strerror(-errno));
  cache->folder = strdup(path);
  if (JS_ToBool(ctx, argv[1])) {
    *strrchr(path, '/') = '\0';
    cache->base = strdup(path);
  }
  return JS_NULL;
}

// turnOff(): the user's own folder is left alone.
static JSValue turn_off(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  ej_isolate_of(ctx)->code_cache->is_off = true;
  return JS_UNDEFINED;
}

// Prepares an entry out of (kind, filename, content, …). `*filename` and `*text` are the caller's
// to free.
static int prepare_entry(JSContext *ctx, JSValueConst *argv, ej_code_entry *entry,
                         const char **filename, const char **text) {
  int32_t kind;
  size_t size;
  *text = NULL;
  *filename = JS_ToCString(ctx, argv[1]);
  if (*filename == NULL || JS_ToInt32(ctx, &kind, argv[0]) < 0) return -1;
  *text = JS_ToCStringLen(ctx, &size, argv[2]);
  if (*text == NULL) return -1;
  return ej_code_cache_prepare(ej_isolate_of(ctx), kind, *filename, *text, size, entry);
}

// read(kind, filename, content): what write() was given, undefined if nothing.
static JSValue read_text(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_code_entry entry;
  const char *filename, *text;
  size_t size;
  void *block;
  JSValue result = JS_UNDEFINED;
  int prepared = prepare_entry(ctx, argv, &entry, &filename, &text);
  if (prepared < 0) result = JS_EXCEPTION;
  if (prepared > 0) {
    const uint8_t *found = ej_code_cache_read(ej_isolate_of(ctx), &entry, &size, &block);
    if (found != NULL) {
      result = JS_NewStringLen(ctx, (const char *)found, size);
      free(block);
    }
  }
  JS_FreeCString(ctx, text);
  JS_FreeCString(ctx, filename);
  return result;
}

// write(kind, filename, content, made)
static JSValue write_text(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_code_entry entry;
  const char *filename, *text, *made = NULL;
  size_t size;
  int prepared = prepare_entry(ctx, argv, &entry, &filename, &text);
  if (prepared > 0) made = JS_ToCStringLen(ctx, &size, argv[3]);
  if (made != NULL) ej_code_cache_write(ej_isolate_of(ctx), &entry, (const uint8_t *)made, size);
  JS_FreeCString(ctx, made);
  JS_FreeCString(ctx, text);
  JS_FreeCString(ctx, filename);
  return prepared < 0 || (prepared > 0 && made == NULL) ? JS_EXCEPTION : JS_UNDEFINED;
}

// seal(bytes): a tag of 16 bytes by which this user's processes of this build know again what they
// wrote; undefined when there is no key. What comes before the bytes keeps it apart from the tags
// of files.
static JSValue seal(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  static const char use[] = "cached data of vm, build " EJ_ENGINE_BUILD;
  ej_code_cache *cache = ej_isolate_of(ctx)->code_cache;
  size_t size;
  const uint8_t *bytes = JS_GetUint8Array(ctx, &size, argv[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  open_own(cache);
  if (!cache->has_key) return JS_UNDEFINED;
  uint8_t *whole = js_malloc(ctx, sizeof use + size);
  if (whole == NULL) return JS_EXCEPTION;
  memcpy(whole, use, sizeof use);
  memcpy(whole + sizeof use, bytes, size);
  uint8_t tag[16];
  ej_siphash(cache->key + 16, whole, sizeof use + size, tag);
  js_free(ctx, whole);
  return JS_NewUint8ArrayCopy(ctx, tag, sizeof tag);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("choose", 2, choose),
    JS_CFUNC_DEF("read", 3, read_text),
    JS_CFUNC_DEF("seal", 1, seal),
    JS_CFUNC_DEF("turnOff", 0, turn_off),
    JS_CFUNC_DEF("write", 4, write_text),
    JS_PROP_INT32_DEF("STRIPPED", EJ_CODE_STRIPPED, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("TRANSFORMED", EJ_CODE_TRANSFORMED, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("TRANSFORMED_AND_MAP", EJ_CODE_TRANSFORMED_AND_MAP, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("NAMES", EJ_CODE_NAMES, JS_PROP_ENUMERABLE),
    JS_PROP_STRING_DEF("build", EJ_ENGINE_BUILD, JS_PROP_ENUMERABLE),
};

JSValue ej_binding_code_cache(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
