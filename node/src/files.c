// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "binding.h"
#include "ej_engine.h"
#include "system_error.h"

enum { MAX_ARGUMENTS = 6, CHUNK = 512 * 1024, SMALL = 64 * 1024 };

// One call: what was asked, and then what came of it. No value of JavaScript is looked at while it
// runs, so that it may run on another thread: data to write was copied, data that was read is given
// to JavaScript afterwards.
typedef struct file_call {
  const struct file_function *function;
  char *path; // owned; NULL when there is a descriptor instead
  uv_file fd;
  int flags;
  int mode;
  bool big;        // numbers as BigInts
  bool must_exist; // for stat: that nothing is there is a failure
  bool flush;
  bool follow; // for stat: links
  char *bytes; // owned: what to write, or what was read
  size_t size;
  size_t offset; // in the view that is read into
  int64_t position;

  int64_t result; // negative: libuv's status
  const char *syscall;
  bool blames_path;
  uv_stat_t stat;
  uv_statfs_t statfs;

  napi_async_work work;
  napi_deferred deferred;
  napi_ref view; // what is read into
} file_call;

// A primitive: from arguments to a call, the call itself, and from its outcome to a value.
typedef struct file_function {
  const char *name;
  enum {
    FREE,
    READS,
    WRITES,
    OPENS
  } needs; // of its path; a descriptor was allowed when it was opened
  bool (*parse)(napi_env env, napi_value *arguments, file_call *call);
  void (*run)(file_call *call);
  napi_value (*convert)(napi_env env, file_call *call);
} file_function;

static void free_call(napi_env env, file_call *call) {
  if (call->view != NULL) napi_delete_reference(env, call->view);
  if (call->work != NULL) napi_delete_async_work(env, call->work);
  free(call->path);
  free(call->bytes);
  free(call);
}

// -- arguments

static bool parse_path(napi_env env, napi_value value, file_call *call) {
  bool is_bytes = false;
  size_t size;
  void *bytes;
  napi_is_typedarray(env, value, &is_bytes);
  napi_status status = is_bytes
                           ? napi_get_typedarray_info(env, value, NULL, &size, &bytes, NULL, NULL)
                           : napi_get_value_string_utf8(env, value, NULL, 0, &size);
  if (status != napi_ok) return false;
  call->path = malloc(size + 1);
  if (call->path == NULL) return false;
  call->path[size] = '\0';
  call->blames_path = true;
  call->fd = -1;
  if (!is_bytes)
    return napi_get_value_string_utf8(env, value, call->path, size + 1, &size) == napi_ok;
  if (size > 0) memcpy(call->path, bytes, size);
  return true;
}

// A path, or the number of a descriptor.
static bool parse_file(napi_env env, napi_value value, file_call *call) {
  napi_valuetype type;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  if (type != napi_number) return parse_path(env, value, call);
  return napi_get_value_int32(env, value, &call->fd) == napi_ok;
}

static bool parse_int(napi_env env, napi_value value, int *result) {
  int32_t number;
  if (napi_get_value_int32(env, value, &number) != napi_ok) return false;
  *result = number;
  return true;
}

static bool parse_bool(napi_env env, napi_value value, bool *result) {
  return napi_get_value_bool(env, value, result) == napi_ok;
}

// A number, a BigInt, or null for the descriptor's own position.
static bool parse_position(napi_env env, napi_value value, int64_t *result) {
  napi_valuetype type;
  bool lossless;
  *result = -1;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  if (type == napi_number) return napi_get_value_int64(env, value, result) == napi_ok;
  if (type == napi_bigint)
    return napi_get_value_bigint_int64(env, value, result, &lossless) == napi_ok;
  return true;
}

static bool parse_range(napi_env env, napi_value *arguments, file_call *call) {
  int64_t offset, length;
  if (napi_get_value_int64(env, arguments[0], &offset) != napi_ok ||
      napi_get_value_int64(env, arguments[1], &length) != napi_ok || offset < 0 || length < 0)
    return false;
  call->offset = (size_t)offset;
  call->size = (size_t)length;
  return parse_position(env, arguments[2], &call->position);
}

// A copy of a text as UTF-8, or of a view's bytes from `offset`, at most `size` of them.
static bool copy_data(napi_env env, napi_value value, file_call *call) {
  napi_valuetype type;
  size_t size;
  void *bytes;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  if (type == napi_string) {
    if (napi_get_value_string_utf8(env, value, NULL, 0, &size) != napi_ok) return false;
    call->size = size;
    call->bytes = malloc(size + 1);
    return call->bytes != NULL &&
           napi_get_value_string_utf8(env, value, call->bytes, size + 1, &size) == napi_ok;
  }
  bool is_view = false;
  napi_is_dataview(env, value, &is_view);
  napi_status status = is_view
                           ? napi_get_dataview_info(env, value, &size, &bytes, NULL, NULL)
                           : napi_get_typedarray_info(env, value, NULL, &size, &bytes, NULL, NULL);
  if (status != napi_ok) return false;
  size_t left = size > call->offset ? size - call->offset : 0;
  if (call->size > left) call->size = left;
  call->bytes = malloc(call->size + 1);
  if (call->bytes == NULL) return false;
  if (call->size > 0) memcpy(call->bytes, (char *)bytes + call->offset, call->size);
  return true;
}

// -- outcomes

static void fail(file_call *call, int64_t status, const char *syscall, bool blames_path) {
  call->result = status;
  call->syscall = syscall;
  call->blames_path = blames_path;
}

// The outcome of a request of libuv's, which is let go of.
static int64_t finish(uv_fs_t *request) {
  int64_t result = request->result;
  uv_fs_req_cleanup(request);
  return result;
}

static napi_value to_undefined(napi_env env, file_call *call) {
  napi_value value = NULL;
  (void)call;
  napi_get_undefined(env, &value);
  return value;
}

static napi_value to_number(napi_env env, file_call *call) {
  napi_value value = NULL;
  napi_create_int64(env, call->result, &value);
  return value;
}

// What was read, as an ArrayBuffer: a small one is a copy, in no more memory than it needs.
static napi_value to_array_buffer(napi_env env, file_call *call) {
  napi_value value = NULL;
  void *bytes;
  if (call->size <= SMALL) {
    if (napi_create_arraybuffer(env, call->size, &bytes, &value) == napi_ok && call->size > 0)
      memcpy(bytes, call->bytes, call->size);
    return value;
  }
  bytes = call->bytes;
  call->bytes = NULL;
  return ej_env_own_arraybuffer(env, bytes, call->size, true);
}

static napi_value to_text(napi_env env, file_call *call) {
  napi_value value = NULL;
  napi_create_string_utf8(env, call->bytes, call->size, &value);
  return value;
}

// -- descriptors

static bool parse_open(napi_env env, napi_value *arguments, file_call *call) {
  return parse_path(env, arguments[0], call) && parse_int(env, arguments[1], &call->flags) &&
         parse_int(env, arguments[2], &call->mode);
}

static void run_open(file_call *call) {
  uv_fs_t request;
  uv_fs_open(NULL, &request, call->path, call->flags, call->mode, NULL);
  call->syscall = "open";
  call->result = finish(&request);
}

static bool parse_close(napi_env env, napi_value *arguments, file_call *call) {
  return parse_int(env, arguments[0], &call->fd);
}

static void run_close(file_call *call) {
  uv_fs_t request;
  uv_fs_close(NULL, &request, call->fd, NULL);
  fail(call, finish(&request), "close", false);
}

// read(fd, view, offset, length, position)
static bool parse_read(napi_env env, napi_value *arguments, file_call *call) {
  if (!parse_int(env, arguments[0], &call->fd) || !parse_range(env, arguments + 2, call))
    return false;
  if (napi_create_reference(env, arguments[1], 1, &call->view) != napi_ok) return false;
  call->bytes = malloc(call->size + 1);
  return call->bytes != NULL;
}

static void run_read(file_call *call) {
  uv_fs_t request;
  uv_buf_t buffer = {.base = call->bytes, .len = call->size};
  uv_fs_read(NULL, &request, call->fd, &buffer, 1, call->position, NULL);
  fail(call, finish(&request), "read", false);
}

// The view may have shrunk, or have lost its memory, since it was given.
static napi_value convert_read(napi_env env, file_call *call) {
  napi_value view;
  size_t size;
  void *bytes;
  if (napi_get_reference_value(env, call->view, &view) != napi_ok ||
      napi_get_typedarray_info(env, view, NULL, &size, &bytes, NULL, NULL) != napi_ok)
    return NULL;
  size_t room = size > call->offset ? size - call->offset : 0;
  size_t count = (size_t)call->result < room ? (size_t)call->result : room;
  if (count > 0) memcpy((char *)bytes + call->offset, call->bytes, count);
  return to_number(env, call);
}

// write(fd, data, offset, length, position)
static bool parse_write(napi_env env, napi_value *arguments, file_call *call) {
  return parse_int(env, arguments[0], &call->fd) && parse_range(env, arguments + 2, call) &&
         copy_data(env, arguments[1], call);
}

static void run_write(file_call *call) {
  uv_fs_t request;
  uv_buf_t buffer = {.base = call->bytes, .len = call->size};
  uv_fs_write(NULL, &request, call->fd, &buffer, 1, call->position, NULL);
  fail(call, finish(&request), "write", false);
}

// -- whole files

// readFile(file, flags)
static bool parse_read_file(napi_env env, napi_value *arguments, file_call *call) {
  return parse_file(env, arguments[0], call) && parse_int(env, arguments[1], &call->flags);
}

// Opens the path, unless there is a descriptor. False when that fails.
static bool open_file(file_call *call, int mode) {
  if (call->fd >= 0) return true;
  call->mode = mode;
  run_open(call);
  if (call->result < 0) return false;
  call->fd = (uv_file)call->result;
  return true;
}

// Reads to the end. The size that fstat tells is only a hint: it is 0 in /proc, and may change
// meanwhile.
static void read_to_end(file_call *call) {
  uv_fs_t request;
  uv_fs_fstat(NULL, &request, call->fd, NULL);
  size_t capacity = request.result == 0 ? request.statbuf.st_size + 1 : 1;
  int64_t got = finish(&request);
  call->size = 0;
  while (got >= 0) {
    if (call->bytes == NULL || call->size == capacity) {
      if (call->bytes != NULL || capacity == 1) capacity += CHUNK;
      char *larger = realloc(call->bytes, capacity);
      if (larger == NULL) {
        got = UV_ENOMEM;
        break;
      }
      call->bytes = larger;
    }
    uv_buf_t buffer = {.base = call->bytes + call->size, .len = capacity - call->size};
    uv_fs_read(NULL, &request, call->fd, &buffer, 1, -1, NULL);
    got = finish(&request);
    if (got <= 0) break;
    call->size += (size_t)got;
  }
  fail(call, got, "read", false);
}

static void close_file(const file_call *call) {
  uv_fs_t request;
  if (call->path == NULL) return; // the caller's
  uv_fs_close(NULL, &request, call->fd, NULL);
  finish(&request);
}

static void run_read_file(file_call *call) {
  if (!open_file(call, 0666)) return;
  read_to_end(call);
  close_file(call);
}

// writeFile(file, data, flags, mode, flush)
static bool parse_write_file(napi_env env, napi_value *arguments, file_call *call) {
  call->size = SIZE_MAX;
  return parse_file(env, arguments[0], call) && copy_data(env, arguments[1], call) &&
         parse_int(env, arguments[2], &call->flags) && parse_int(env, arguments[3], &call->mode) &&
         parse_bool(env, arguments[4], &call->flush);
}

static void run_write_file(file_call *call) {
  if (!open_file(call, call->mode)) return;
  uv_fs_t request;
  int64_t written = 0;
  size_t done = 0;
  while (done < call->size && written >= 0) {
    uv_buf_t buffer = {.base = call->bytes + done, .len = call->size - done};
    uv_fs_write(NULL, &request, call->fd, &buffer, 1, -1, NULL);
    written = finish(&request);
    if (written > 0) done += (size_t)written;
  }
  fail(call, written < 0 ? written : 0, "write", false);
  if (call->flush && call->result == 0) {
    uv_fs_fsync(NULL, &request, call->fd, NULL);
    fail(call, finish(&request), "fsync", false);
  }
  close_file(call);
}

// -- metadata

// stat(path, big, mustExist)
static bool parse_stat(napi_env env, napi_value *arguments, file_call *call) {
  call->follow = true;
  return parse_path(env, arguments[0], call) && parse_bool(env, arguments[1], &call->big) &&
         parse_bool(env, arguments[2], &call->must_exist);
}

static bool parse_lstat(napi_env env, napi_value *arguments, file_call *call) {
  if (!parse_stat(env, arguments, call)) return false;
  call->follow = false;
  return true;
}

static bool parse_fstat(napi_env env, napi_value *arguments, file_call *call) {
  call->must_exist = true;
  return parse_int(env, arguments[0], &call->fd) && parse_bool(env, arguments[1], &call->big);
}

static void run_stat(file_call *call) {
  uv_fs_t request;
  if (call->path == NULL) {
    uv_fs_fstat(NULL, &request, call->fd, NULL);
    call->syscall = "fstat";
  } else if (call->follow) {
    uv_fs_stat(NULL, &request, call->path, NULL);
    call->syscall = "stat";
  } else {
    uv_fs_lstat(NULL, &request, call->path, NULL);
    call->syscall = "lstat";
  }
  call->stat = request.statbuf;
  call->result = finish(&request);
  bool is_absent = call->result == UV_ENOENT || (call->follow && call->result == UV_ENOTDIR);
  if (!call->must_exist && is_absent) call->result = 1;
}

static double milliseconds(uv_timespec_t time) {
  return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1e6;
}

enum { STAT_FIELDS = 14, BIG_FIELDS = 18 };

// Ten numbers, then four times: doubles in milliseconds, or 64-bit integers, seconds and
// nanoseconds.
static napi_value convert_stat(napi_env env, file_call *call) {
  const uv_stat_t *stat = &call->stat;
  const uint64_t numbers[] = {stat->st_dev,  stat->st_mode,  stat->st_nlink,   stat->st_uid,
                              stat->st_gid,  stat->st_rdev,  stat->st_blksize, stat->st_ino,
                              stat->st_size, stat->st_blocks};
  const uv_timespec_t times[] = {stat->st_atim, stat->st_mtim, stat->st_ctim, stat->st_birthtim};
  napi_value buffer, value = NULL;
  void *memory;
  if (call->result == 1) return to_undefined(env, call);
  size_t fields = call->big ? BIG_FIELDS : STAT_FIELDS;
  if (napi_create_arraybuffer(env, fields * 8, &memory, &buffer) != napi_ok) return NULL;
  int64_t *integers = memory;
  double *doubles = memory;
  for (int i = 0; i < 10; i++) {
    if (call->big)
      integers[i] = (int64_t)numbers[i];
    else
      doubles[i] = (double)numbers[i];
  }
  for (int i = 0; i < 4; i++) {
    if (call->big) {
      integers[10 + 2 * i] = times[i].tv_sec;
      integers[11 + 2 * i] = times[i].tv_nsec;
    } else {
      doubles[10 + i] = milliseconds(times[i]);
    }
  }
  napi_create_typedarray(env, call->big ? napi_bigint64_array : napi_float64_array, fields, buffer,
                         0, &value);
  return value;
}

// exists(path)
static bool parse_exists(napi_env env, napi_value *arguments, file_call *call) {
  return parse_path(env, arguments[0], call);
}

static void run_exists(file_call *call) {
  uv_fs_t request;
  uv_fs_access(NULL, &request, call->path, F_OK, NULL);
  call->result = finish(&request) == 0;
}

static napi_value to_boolean(napi_env env, file_call *call) {
  napi_value value = NULL;
  napi_get_boolean(env, call->result == 1, &value);
  return value;
}

// access(path, mode)
static bool parse_access(napi_env env, napi_value *arguments, file_call *call) {
  return parse_path(env, arguments[0], call) && parse_int(env, arguments[1], &call->mode);
}

static void run_access(file_call *call) {
  uv_fs_t request;
  uv_fs_access(NULL, &request, call->path, call->mode, NULL);
  call->syscall = "access";
  call->result = finish(&request);
}

// statfs(path, big)
static bool parse_statfs(napi_env env, napi_value *arguments, file_call *call) {
  return parse_path(env, arguments[0], call) && parse_bool(env, arguments[1], &call->big);
}

static void run_statfs(file_call *call) {
  uv_fs_t request;
  uv_fs_statfs(NULL, &request, call->path, NULL);
  if (request.result == 0) call->statfs = *(uv_statfs_t *)request.ptr;
  call->syscall = "statfs";
  call->result = finish(&request);
}

static napi_value convert_statfs(napi_env env, file_call *call) {
  const uv_statfs_t *found = &call->statfs;
  const uint64_t numbers[] = {found->f_type,  found->f_bsize,  found->f_frsize, found->f_blocks,
                              found->f_bfree, found->f_bavail, found->f_files,  found->f_ffree};
  napi_value list = NULL, value;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    napi_status made = call->big ? napi_create_bigint_uint64(env, numbers[i], &value)
                                 : napi_create_double(env, (double)numbers[i], &value);
    if (made != napi_ok || napi_set_element(env, list, i, value) != napi_ok) return NULL;
  }
  return list;
}

// -- calling

// False with ERR_ACCESS_DENIED pending. Opening needs what its flags say, writing first, as in
// Node.
static bool is_permitted(napi_env env, const file_call *call) {
  int needs = call->path == NULL ? FREE : (int)call->function->needs;
  const int writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  bool writes = needs == OPENS && (call->flags & writing) != 0;
  bool reads = needs == READS || (needs == OPENS && (call->flags & O_WRONLY) == 0);
  return (!reads || ej_env_require_permission(env, "fs.read", call->path)) &&
         (!writes || ej_env_require_permission(env, "fs.write", call->path));
}

static const file_function table[] = {
    {"access", READS, parse_access, run_access, to_undefined},
    {"close", FREE, parse_close, run_close, to_undefined},
    {"exists", READS, parse_exists, run_exists, to_boolean},
    {"fstat", FREE, parse_fstat, run_stat, convert_stat},
    {"lstat", READS, parse_lstat, run_stat, convert_stat},
    {"open", OPENS, parse_open, run_open, to_number},
    {"read", FREE, parse_read, run_read, convert_read},
    {"readFile", OPENS, parse_read_file, run_read_file, to_array_buffer},
    {"readFileUtf8", OPENS, parse_read_file, run_read_file, to_text},
    {"stat", READS, parse_stat, run_stat, convert_stat},
    {"statfs", READS, parse_statfs, run_statfs, convert_statfs},
    {"write", FREE, parse_write, run_write, to_number},
    {"writeFile", OPENS, parse_write_file, run_write_file, to_undefined},
};
enum { FUNCTIONS = sizeof table / sizeof *table };

static napi_value error_of(napi_env env, const file_call *call) {
  return ej_system_error(env, (int)call->result, call->syscall,
                         call->blames_path ? call->path : NULL);
}

// NULL with an exception pending when the arguments are not what JavaScript's side of `fs` gives.
static file_call *make_call(napi_env env, const file_function *function, napi_value *arguments) {
  file_call *call = calloc(1, sizeof *call);
  bool pending = false;
  if (call != NULL) call->function = function;
  if (call != NULL && function->parse(env, arguments, call)) return call;
  if (call != NULL) free_call(env, call);
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "arguments of a file primitive");
  return NULL;
}

static napi_value call_now(napi_env env, napi_callback_info info) {
  size_t count = MAX_ARGUMENTS;
  napi_value arguments[MAX_ARGUMENTS], value = NULL;
  void *function;
  napi_get_cb_info(env, info, &count, arguments, NULL, &function);
  file_call *call = make_call(env, function, arguments);
  if (call == NULL) return NULL;
  bool permitted = is_permitted(env, call);
  if (permitted) call->function->run(call);
  if (permitted && call->result < 0) {
    napi_value error = error_of(env, call);
    if (error != NULL) napi_throw(env, error);
  } else if (permitted) {
    value = call->function->convert(env, call);
  }
  free_call(env, call);
  return value;
}

static void execute(napi_env env, void *data) {
  file_call *call = data;
  (void)env;
  call->function->run(call);
}

static void complete(napi_env env, napi_status status, void *data) {
  file_call *call = data;
  napi_value value, error;
  if (status != napi_ok) { // the isolate ends, and it never ran
    free_call(env, call);
    return;
  }
  if (call->result < 0) {
    if ((error = error_of(env, call)) != NULL) napi_reject_deferred(env, call->deferred, error);
  } else if ((value = call->function->convert(env, call)) != NULL) {
    napi_resolve_deferred(env, call->deferred, value);
  } else if (napi_get_and_clear_last_exception(env, &error) == napi_ok) {
    napi_reject_deferred(env, call->deferred, error);
  }
  free_call(env, call);
}

// A promise that rejects with the pending exception.
static napi_value refused(napi_env env, file_call *call) {
  napi_value error, promise = NULL;
  napi_deferred deferred;
  free_call(env, call);
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok &&
      napi_create_promise(env, &deferred, &promise) == napi_ok)
    napi_reject_deferred(env, deferred, error);
  return promise;
}

// submit(name, ...arguments): a promise of the same.
static napi_value submit(napi_env env, napi_callback_info info) {
  size_t count = MAX_ARGUMENTS + 1, size;
  napi_value arguments[MAX_ARGUMENTS + 1], promise = NULL, name;
  char text[16];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (napi_get_value_string_utf8(env, arguments[0], text, sizeof text, &size) != napi_ok)
    return NULL;
  size_t i = 0;
  while (i < FUNCTIONS && strcmp(table[i].name, text) != 0) i++;
  if (i == FUNCTIONS) {
    napi_throw_error(env, NULL, "no such file primitive");
    return NULL;
  }
  file_call *call = make_call(env, &table[i], arguments + 1);
  if (call == NULL) return NULL;
  if (!is_permitted(env, call)) return refused(env, call);
  if (napi_create_string_utf8(env, "FSREQPROMISE", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, execute, complete, call, &call->work) != napi_ok ||
      napi_create_promise(env, &call->deferred, &promise) != napi_ok ||
      napi_queue_async_work(env, call->work) != napi_ok) {
    free_call(env, call);
    return NULL;
  }
  return promise;
}

napi_value ej_binding_files(napi_env env) {
  napi_property_descriptor properties[FUNCTIONS + 1];
  for (size_t i = 0; i < FUNCTIONS; i++)
    properties[i] = (napi_property_descriptor){.utf8name = table[i].name,
                                               .method = call_now,
                                               .attributes = napi_enumerable,
                                               .data = (void *)&table[i]};
  properties[FUNCTIONS] = (napi_property_descriptor){
      .utf8name = "submit", .method = submit, .attributes = napi_enumerable};
  return ej_binding_of(env, FUNCTIONS + 1, properties);
}
