// SPDX-License-Identifier: Apache-2.0
//
// Compiled code in files that are mapped, not read: machine code of Wasm. They are in the folder
// code-v1/wasm and look like
//
//   what was compiled   as whoever maps it wants it, from the first byte on
//   trailer             a keyed hash of that and of the file's name
//
// The file that was checked is the one that is mapped: a file is not written to after it has its
// name. Together they take no more than a gigabyte: what has not been used for longest goes first.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "code_cache.h"
#include "napi_internal.h"
#include "siphash.h"

enum { NAME_SIZE = 40, TAG_SIZE = 16 };
static const off_t most = (off_t)1 << 30;

struct ej_code_file {
  int folder;
  uint8_t key[EJ_CODE_KEY];
  uint8_t content[16]; // keyed hash of what is compiled
};

ej_code_file *ej_code_file_new(napi_env env, const uint8_t *source, size_t size) {
  ej_code_file *file = malloc(sizeof *file);
  EJ_CHECK(file != NULL);
  file->folder = ej_code_cache_folder(env->isolate, "../wasm", file->key);
  if (file->folder < 0) {
    free(file);
    return NULL;
  }
  ej_siphash(file->key, source, size, file->content);
  return file;
}

void ej_code_file_free(ej_code_file *file) {
  if (file == NULL) return;
  close(file->folder);
  free(file);
}

static void name_of(const ej_code_file *file, int variant, char name[NAME_SIZE]) {
  memset(name, 0, NAME_SIZE);
  for (int i = 0; i < 16; i++) snprintf(name + 2 * i, 3, "%02x", file->content[i]);
  snprintf(name + 32, NAME_SIZE - 32, ".%d", variant);
}

// Of the bytes and the name that they have.
static void compute_tag(const ej_code_file *file, const char *name, const uint8_t *bytes,
                        size_t size, uint8_t tag[TAG_SIZE]) {
  uint8_t text[TAG_SIZE + NAME_SIZE];
  ej_siphash(file->key + 16, bytes, size, text);
  memcpy(text + TAG_SIZE, name, NAME_SIZE);
  ej_siphash(file->key + 16, text, sizeof text, tag);
}

static bool is_good(const ej_code_file *file, const char *name, int fd) {
  struct stat found;
  if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != geteuid() ||
      (found.st_mode & 022) != 0 || found.st_size <= TAG_SIZE)
    return false;
  size_t size = (size_t)found.st_size;
  uint8_t *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED) return false;
  uint8_t expected[TAG_SIZE];
  compute_tag(file, name, bytes, size - TAG_SIZE, expected);
  int different = 0; // in constant time
  for (size_t i = 0; i < TAG_SIZE; i++) different |= expected[i] ^ bytes[size - TAG_SIZE + i];
  munmap(bytes, size);
  return different == 0;
}

int ej_code_file_open(const ej_code_file *file, int variant) {
  char name[NAME_SIZE];
  name_of(file, variant, name);
  int fd = openat(file->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  if (is_good(file, name, fd)) {
    futimens(fd, NULL); // now is when it was used last
    return fd;
  }
  close(fd);
  return -1;
}

// Removes the file that has not been used for longest, if all together are too many.
static bool make_room(DIR *folder) {
  char oldest[256] = "";
  struct timespec when = {0, 0};
  off_t sum = 0;
  rewinddir(folder);
  for (struct dirent *each; (each = readdir(folder)) != NULL;) {
    struct stat found;
    if (fstatat(dirfd(folder), each->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(found.st_mode))
      continue;
    sum += found.st_size;
    bool older = found.st_mtim.tv_sec < when.tv_sec ||
                 (found.st_mtim.tv_sec == when.tv_sec && found.st_mtim.tv_nsec < when.tv_nsec);
    if (oldest[0] != '\0' && !older) continue;
    when = found.st_mtim;
    snprintf(oldest, sizeof oldest, "%s", each->d_name);
  }
  return sum > most && unlinkat(dirfd(folder), oldest, 0) == 0;
}

static void limit_folder(int fd) {
  int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = own < 0 ? NULL : fdopendir(own);
  if (folder == NULL) {
    if (own >= 0) close(own);
    return;
  }
  while (make_room(folder)) continue;
  closedir(folder);
}

void ej_code_file_write(const ej_code_file *file, int variant, const uint8_t *bytes, size_t size) {
  char name[NAME_SIZE], temporary[64];
  uint8_t tag[TAG_SIZE];
  if ((off_t)size > most / 2) return;
  name_of(file, variant, name);
  compute_tag(file, name, bytes, size, tag);
  snprintf(temporary, sizeof temporary, ".tmp-%d-%p", (int)getpid(), (const void *)file);
  int fd =
      openat(file->folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return;
  bool done =
      ej_code_cache_write_all(fd, bytes, size) && ej_code_cache_write_all(fd, tag, sizeof tag);
  if (close(fd) != 0) done = false;
  if (done) done = renameat(file->folder, temporary, file->folder, name) == 0;
  if (!done) unlinkat(file->folder, temporary, 0);
  limit_folder(file->folder);
}

void ej_code_file_remove(const ej_code_file *file, int variant) {
  char name[NAME_SIZE];
  name_of(file, variant, name);
  unlinkat(file->folder, name, 0);
}
