// SPDX-License-Identifier: Apache-2.0
//
// The two loops of an install that touch every file, for Python to call without its lock: five
// thousand files, six system calls each, and after each the thread would wait for its turn again.
// registry_cache/disk.py says what they do; nothing here outlives a call.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"

enum { PATH_SIZE = 4096, SECOND = 1000000000 };

// Makes the folder of `path`, and those above it that are not there. 0, or an errno.
static int make_parents(char *path) {
  char *slash = strrchr(path, '/');
  if (slash == NULL || slash == path) return 0;
  *slash = '\0';
  int failed = mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : errno;
  if (failed == ENOENT) {
    failed = make_parents(path);
    if (failed == 0 && mkdir(path, 0777) != 0 && errno != EEXIST) failed = errno;
  }
  *slash = '/';
  return failed;
}

static bool is_whole(const char *path, uint64_t size, int64_t seal) {
  struct stat found;
  if (stat(path, &found) != 0) return false;
  int64_t modified = (int64_t)found.st_mtim.tv_sec * SECOND + found.st_mtim.tv_nsec;
  return modified == seal && (uint64_t)found.st_size == size;
}

// Opens a new file; makes its folder when that is what is missing. A descriptor, or -1 with errno.
static int create(char *path, mode_t mode) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file >= 0 || errno != ENOENT) return file;
  int failed = make_parents(path);
  if (failed != 0) {
    errno = failed;
    return -1;
  }
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

// Fills a new file, seals and closes it. 0, or an errno; the file is gone then.
static int fill(int file, const char *path, const char *data, uint64_t size, int64_t seal) {
  int failed = 0;
  while (size > 0 && failed == 0) {
    ssize_t count = write(file, data, size);
    if (count < 0) {
      if (errno != EINTR) failed = errno;
    } else {
      data += count;
      size -= (uint64_t)count;
    }
  }
  struct timespec time = {.tv_sec = seal / SECOND, .tv_nsec = seal % SECOND};
  struct timespec times[2] = {time, time};
  if (failed == 0 && futimens(file, times) != 0) failed = errno;
  if (close(file) != 0 && failed == 0) failed = errno;
  if (failed != 0) unlink(path);
  return failed;
}

// One file at `path`. What is there and not sealed was left by a process that died, was altered,
// or is being written: its place is taken by a rename.
static int put(char *path, const char *prefix, size_t number, const char *data, uint64_t size,
               bool executable, int64_t seal) {
  mode_t mode = executable ? 0755 : 0644;
  int file = create(path, mode);
  if (file >= 0) return fill(file, path, data, size, seal);
  if (errno != EEXIST) return errno;
  if (is_whole(path, size, seal)) return 0;
  char temporary[PATH_SIZE];
  int folder = (int)(strrchr(path, '/') - path);
  int length =
      snprintf(temporary, sizeof temporary, "%.*s/.tmp-%s-%zx", folder, path, prefix, number);
  if (length >= (int)sizeof temporary) return ENAMETOOLONG;
  file = create(temporary, mode);
  if (file < 0) return errno;
  int failed = fill(file, temporary, data, size, seal);
  if (failed == 0 && rename(temporary, path) != 0) {
    failed = errno;
    unlink(temporary);
  }
  return failed;
}

size_t ej_disk_write(const char *root, const char *prefix, const char *names,
                     const char *const *data, const uint64_t *sizes, const char *executable,
                     size_t count, int64_t seal, int *error) {
  char path[PATH_SIZE];
  const char *name = names;
  *error = 0;
  for (size_t i = 0; i < count; i++, name += strlen(name) + 1) {
    int length = snprintf(path, sizeof path, "%s/%s", root, name);
    *error = length >= (int)sizeof path
                 ? ENAMETOOLONG
                 : put(path, prefix, i, data[i], sizes[i], executable[i] != 0, seal);
    if (*error != 0) return i;
  }
  return count;
}

size_t ej_disk_link(const char *root, const char *folder, const char *names, const uint64_t *sizes,
                    size_t count, int64_t seal, int *error) {
  char source[PATH_SIZE], target[PATH_SIZE];
  const char *name = names;
  *error = 0;
  for (size_t i = 0; i < count; i++) {
    const char *path = name + strlen(name) + 1;
    if (snprintf(source, sizeof source, "%s/%s", root, name) >= (int)sizeof source ||
        snprintf(target, sizeof target, "%s/%s", folder, path) >= (int)sizeof target) {
      *error = ENAMETOOLONG;
      return i;
    }
    if (!is_whole(source, sizes[i], seal)) return i;
    int failed = link(source, target) == 0 ? 0 : errno;
    if (failed == ENOENT) {
      failed = make_parents(target);
      if (failed == 0 && link(source, target) != 0) failed = errno;
    }
    if (failed != 0) {
      *error = failed;
      return i;
    }
    name = path + strlen(path) + 1;
  }
  return count;
}
