// SPDX-License-Identifier: Apache-2.0
#include "module_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "binding.h"
#include "condense.h"
#include "system_error.h"

#include "ej_engine.h"

// The first argument as a path. False with an exception pending when it is none.
static bool path_argument(napi_env env, napi_callback_info info, char path[PATH_MAX]) {
  size_t count = 1, size;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_value_string_utf8(env, argument, path, PATH_MAX, &size) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE",
                          "The \"path\" argument must be of type string.");
    return false;
  }
  return true;
}

static napi_value throw_system_error(napi_env env, int number, const char *syscall,
                                     const char *path) {
  ej_throw_system_error(env, -number, syscall, path);
  return NULL;
}

// internalModuleStat(path): 0 for a file, 1 for a directory, negative when there is nothing.
static napi_value module_stat(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  struct stat found;
  napi_value result = NULL;
  if (!path_argument(env, info, path)) return NULL;
  // Whether there is something is told, as in Node: loading looks at many places.
  int status = stat(path, &found) != 0 ? -errno : S_ISDIR(found.st_mode);
  napi_create_int32(env, status, &result);
  return result;
}

// Reads to the end; the size that fstat gives is only a hint. 0 or an errno; `bytes` to be freed.
static int read_all(int fd, char **bytes, size_t *size) {
  struct stat found;
  if (fstat(fd, &found) != 0) return errno;
  size_t capacity = (size_t)found.st_size + 1;
  *size = 0;
  *bytes = malloc(capacity);
  if (*bytes == NULL) return ENOMEM;
  for (;;) {
    if (*size == capacity) {
      char *larger = realloc(*bytes, capacity *= 2);
      if (larger == NULL) return ENOMEM;
      *bytes = larger;
    }
    ssize_t got = read(fd, *bytes + *size, capacity - *size);
    if (got == 0) return 0;
    if (got > 0) {
      *size += (size_t)got;
    } else if (errno != EINTR) {
      return errno;
    }
  }
}

// readFileUtf8(path): the whole file as text; bytes that are not UTF-8 become U+FFFD.
static napi_value read_file(napi_env env, napi_callback_info info) {
  char path[PATH_MAX], *bytes = NULL;
  size_t size = 0;
  napi_value text = NULL;
  if (!path_argument(env, info, path) || !ej_env_require_permission(env, "fs.read", path))
    return NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return throw_system_error(env, errno, "open", path);
  int error = read_all(fd, &bytes, &size);
  close(fd);
  if (error != 0) {
    throw_system_error(env, error, "read", path);
  } else {
    napi_create_string_utf8(env, bytes, size, &text);
  }
  free(bytes);
  return text;
}

// realpath(path): without symbolic links, `.` and `..`.
static napi_value real_path(napi_env env, napi_callback_info info) {
  char path[PATH_MAX], real[PATH_MAX];
  napi_value result = NULL;
  if (!path_argument(env, info, path) || !ej_env_require_permission(env, "fs.read", path))
    return NULL;
  if (realpath(path, real) == NULL) return throw_system_error(env, errno, "realpath", path);
  napi_create_string_utf8(env, real, NAPI_AUTO_LENGTH, &result);
  return result;
}

napi_value ej_binding_module_files(napi_env env) {
  napi_property_descriptor functions[] = {
      {.utf8name = "condense", .method = ej_condense, .attributes = napi_enumerable},
      {.utf8name = "internalModuleStat", .method = module_stat, .attributes = napi_enumerable},
      {.utf8name = "readFileUtf8", .method = read_file, .attributes = napi_default_jsproperty},
      {.utf8name = "realpath", .method = real_path, .attributes = napi_enumerable},
  };
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
