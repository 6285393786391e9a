// SPDX-License-Identifier: Apache-2.0
//
// The record of Node-API calls, and what is said of a crash while it is kept: trace.h.
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core.h"
#include "trace.h"

const struct ej_napi_table *ej_napi_addon_table = &ej_napi_table_quickjs;
const struct ej_napi_process_table *ej_napi_process = &ej_napi_process_functions;

// Mapped for good: threads of addons may call until the process is gone. So is the descriptor,
// whose lock keeps other processes out.
static ej_trace_file *file;
static int descriptor = -1;

// --- Calls -------------------------------------------------------------------------------------

#define ADD(place, value) __atomic_fetch_add(&(place), (value), __ATOMIC_RELAXED)
#define SET(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)
#define GET(place) __atomic_load_n(&(place), __ATOMIC_RELAXED)

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int32_t this_thread(void) {
  static _Thread_local int32_t number;
  if (number == 0) number = (int32_t)syscall(SYS_gettid);
  return number;
}

ej_trace_call ej_trace_begin(uint16_t function) {
  ej_trace_call call = {.number = ADD(file->head.made, 1) + 1, .function = function};
  ej_trace_record *record = &file->ring[call.number % EJ_TRACE_RING];
  SET(record->number, call.number);
  SET(record->thread, this_thread());
  SET(record->function, function);
  SET(record->status, -1);
  SET(record->nanoseconds, 0);
  call.began = now();
  return call;
}

void ej_trace_end(const ej_trace_call *call, napi_status status) {
  uint64_t took = now() - call->began;
  ej_trace_function *function = &file->functions[call->function];
  if ((unsigned)status < EJ_TRACE_STATUSES) ADD(function->returned[status], 1);
  ADD(function->nanoseconds, took);
  if (took > GET(function->slowest)) SET(function->slowest, took);
  ej_trace_record *record = &file->ring[call->number % EJ_TRACE_RING];
  if (GET(record->number) != call->number) return; // a later call has the place
  SET(record->nanoseconds, took);
  SET(record->status, (int16_t)status);
}

// --- Crashes -----------------------------------------------------------------------------------

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { FRAMES = 64, LINE = 256 };

// The newest call of this thread, or of any when it made none of those that are kept.
static const ej_trace_record *last_call(int32_t thread) {
  const ej_trace_record *newest = NULL;
  const ej_trace_record *own = NULL;
  for (int i = 0; i < EJ_TRACE_RING; i++) {
    const ej_trace_record *record = &file->ring[i];
    if (record->number == 0) continue;
    if (newest == NULL || record->number > newest->number) newest = record;
    if (record->thread != thread) continue;
    if (own == NULL || record->number > own->number) own = record;
  }
  return own != NULL ? own : newest;
}

static void write_all(int to, const char *text, size_t size) {
  while (size > 0) {
    ssize_t written = write(to, text, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return; // the process is ending: there is nobody to tell
    text += written;
    size -= (size_t)written;
  }
}

// Only what is safe in a signal handler. `snprintf` with strings and integers takes no lock and
// allocates nothing in glibc and musl; `backtrace` was called before, so its library is loaded.
static void report(int number, siginfo_t *info, void *context) {
  (void)context;
  file->head.signal = number;
  file->head.thread = this_thread();
  file->head.address = number == SIGABRT ? 0 : (uint64_t)(uintptr_t)info->si_addr;
  const ej_trace_record *last = last_call(file->head.thread);
  char line[LINE];
  int size =
      snprintf(line, sizeof(line), "edgejs: signal %d, address %#llx, %s %s\nnative backtrace:\n",
               number, (unsigned long long)file->head.address,
               last == NULL         ? "before any call of"
               : last->status == -1 ? "inside"
                                    : "after",
               last == NULL ? "Node-API" : ej_napi_names[last->function]);
  write_all(STDERR_FILENO, line, (size_t)size);
  void *frames[FRAMES];
  int count = backtrace(frames, FRAMES);
  backtrace_symbols_fd(frames, count, STDERR_FILENO);
  backtrace_symbols_fd(frames, count, descriptor);
  raise(number); // the action is the default again; pending until this returns
}

static void watch_crashes(void) {
  static char stack[1 << 16]; // for a stack overflow in this thread, which the process began with
  stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};
  sigaltstack(&other, NULL);
  void *frame;
  backtrace(&frame, 1);
  struct sigaction action = {.sa_sigaction = report,
                             .sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND)};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++) {
    sigaction(fatal_signals[i], &action, NULL);
  }
}

// --- The file ----------------------------------------------------------------------------------

static void fill_head(void) {
  memcpy(file->head.magic, "ejnapi1\n", sizeof(file->head.magic));
  file->head.functions = EJ_NAPI_FUNCTIONS;
  file->head.statuses = EJ_TRACE_STATUSES;
  file->head.ring = EJ_TRACE_RING;
  file->head.pid = getpid();
  file->head.text = sizeof(*file);
  for (int i = 0; i < EJ_NAPI_FUNCTIONS; i++) {
    EJ_CHECK(strlen(ej_napi_names[i]) < sizeof(file->functions[i].name));
    strcpy(file->functions[i].name, ej_napi_names[i]);
  }
}

// 0 or an errno. Space is reserved: a full disk must not become a SIGBUS later.
static int map_file(int to) {
  if (flock(to, LOCK_EX | LOCK_NB) != 0) return errno;
  if (ftruncate(to, 0) != 0) return errno;
  int error = posix_fallocate(to, 0, sizeof(*file));
  if (error != 0) return error;
  if (lseek(to, 0, SEEK_END) < 0) return errno;
  void *memory = mmap(NULL, sizeof(*file), PROT_READ | PROT_WRITE, MAP_SHARED, to, 0);
  if (memory == MAP_FAILED) return errno;
  file = memory;
  return 0;
}

int ej_trace_start(const char *path) {
  EJ_CHECK(file == NULL);
  int to = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (to < 0) return errno;
  int error = map_file(to);
  if (error != 0) {
    close(to);
    return error;
  }
  descriptor = to;
  fill_head();
  watch_crashes();
  ej_napi_addon_table = &ej_napi_table_traced;
  ej_napi_process = &ej_napi_process_traced;
  return 0;
}
