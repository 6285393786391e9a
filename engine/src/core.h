// SPDX-License-Identifier: Apache-2.0
//
// What Python sees of the core. Between the two "cdef" lines it is plain C declarations: the build
// gives the same text to cffi.
#ifndef EJ_CORE_H
#define EJ_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// cdef: begin
typedef struct ej_isolate ej_isolate;

// A message: values in the encoding of engine/src/message.c. What the core wrote lives until its
// next message on the same isolate; what Python replied is freed by who reads it.
typedef struct ej_message {
  const char *data;
  size_t size;
  int status;  // one of EJ_STATUS_*
  int dropped; // Python references that JavaScript let go of since the last message
} ej_message;

enum {
  EJ_STATUS_OK,
  EJ_STATUS_THROWN,
  EJ_STATUS_EXITED,     // process.exit, or an error that nobody caught: the isolate has ended
  EJ_STATUS_TIMED_OUT,  // stopped by the time limit; usable again once every entry has returned
  EJ_STATUS_INTERRUPTED // stopped by ej_python_signals; the same
};

// Puts the functions of python.c into a dict of Python, given by its address.
void ej_python_install(uintptr_t dict);

// A new isolate whose Python side is the object at address `host`, which outlives it. Aborts when
// out of memory. NULL, with an errno in `error`, when the system gives it no event loop.
ej_isolate *ej_isolate_new(uintptr_t host, int *error);
void ej_isolate_free(ej_isolate *isolate, bool process_ends);

// Turns the loop until nothing keeps it alive; one of EJ_STATUS_*.
int ej_isolate_spin(ej_isolate *isolate);
// Waits for the loop's next event and handles it; one of EJ_STATUS_*.
int ej_isolate_step(ej_isolate *isolate);
// One turn without waiting, for a program with a loop of its own; one of EJ_STATUS_*.
int ej_isolate_turn(ej_isolate *isolate);
bool ej_isolate_alive(ej_isolate *isolate);
// When that program must turn it: when the descriptor is readable, and after so many ms (-1: no
// need).
int ej_isolate_backend_fd(ej_isolate *isolate);
int ej_isolate_backend_timeout(ej_isolate *isolate);

// Limits; 0 leaves one as it is. `nanoseconds` is the time that an entry from outside may take.
void ej_isolate_set_limits(ej_isolate *isolate, size_t memory, size_t stack, uint64_t nanoseconds);
// From any thread, while the isolate lives: ms since its loop began, and how many of them it
// waited.
void ej_isolate_loop_times(ej_isolate *isolate, double *times);
// Drops the end of a channel that internalBinding('messaging').detach() gave the number of.
void ej_port_drop(uintptr_t port);
// From any thread: ends the isolate with exit code 1 as soon as possible.
void ej_isolate_stop(ej_isolate *isolate);
// Lets a full heap that nobody caught end the isolate without a report: a worker's parent tells.
void ej_isolate_end_when_full(ej_isolate *isolate);
// True when that happened.
bool ej_isolate_out_of_memory(const ej_isolate *isolate);
// Python object `decide` is asked from now on by primitives in C, and stays the caller's to keep.
void ej_isolate_restrict(ej_isolate *isolate, uint32_t decide);
// Whether long-running JavaScript and an idle loop call ej_python_signals now and then.
void ej_isolate_watch_signals(ej_isolate *isolate, bool watch);

// True once process.exit or an unhandled error ended the isolate; its exit code in `exit_code`.
bool ej_isolate_exited(const ej_isolate *isolate, int *exit_code);

// From any thread: settles the promise that a primitive's future became.
void ej_isolate_settle(ej_isolate *isolate, uint32_t promise, int status, const char *data,
                       size_t size);

// The memory of an ArrayBuffer, a typed array or a DataView that Python holds under `number`.
typedef struct ej_window {
  uint64_t address, size;
  int type;   // of its elements: what JS_GetTypedArrayType() says; -1 for bytes
  void *hold; // keeps the memory when JavaScript lets go of it; NULL: it has to be copied at once
} ej_window;
bool ej_isolate_view(ej_isolate *isolate, uint32_t number, ej_window *view);
// From any thread, also when the isolate is gone.
void ej_window_release(void *hold);

// libuv's name and text of an errno, which are Node's: "ENOENT", "no such file or directory".
const char *ej_error_name(int number);
const char *ej_error_message(int number);

// Versions of Node that we stand in for, of QuickJS-NG and of libuv.
const char *ej_version_node(void);
const char *ej_version_quickjs(void);
const char *ej_version_uv(void);

// Records the Node-API calls of addons that are loaded from now on in a new file, once in a
// process, and reports a crash to it and to standard error; 0 or an errno, EWOULDBLOCK when another
// process records there. See napi/src/trace.h.
int ej_trace_start(const char *path);

// Where ada's functions are, in the order of node/src/urls.c. They and the array stay there.
void ej_urls_use(const void *functions);

// Loads wasmtime's library, which is at `path`, for node/src/wasm.c. NULL, or why it cannot be.
const char *ej_wasm_use(const char *path);
// Sizes of its structures as node/src/wasm_api.h has them, for a test.
enum { EJ_WASM_LAYOUTS = 11 };
void ej_wasm_layouts(size_t *sizes);

// Collects garbage now.
void ej_isolate_collect(ej_isolate *isolate);

// registry_cache/src/disk.c, which has nothing to do with isolates. `names` are strings one after
// the other; what these return is how many files are done, with an errno in `error` for the next
// one.
//
// Writes new files `root`/name with the modification time `seal` (ns), unless such a file is there.
// Temporary names have `prefix` in them.
size_t ej_disk_write(const char *root, const char *prefix, const char *names,
                     const char *const *data, const uint64_t *sizes, const char *executable,
                     size_t count, int64_t seal, int *error);
// Links each `root`/name to `folder`/path; `names` are pairs of the two. Stops, without an error,
// at a file that is not sealed or not of its size.
size_t ej_disk_link(const char *root, const char *folder, const char *names, const uint64_t *sizes,
                    size_t count, int64_t seal, int *error);
// cdef: end

// Runs internal/bootstrap. The reply holds the object of embedder's functions that it exports.
void ej_isolate_boot(ej_isolate *isolate, ej_message *reply);
// One operation. The request is [target, ...]; see enum ej_operation in bridge.h.
void ej_isolate_perform(ej_isolate *isolate, int operation, const char *data, size_t size,
                        ej_message *reply);
// The bytes of what Python holds under `number`, borrowed until JavaScript runs again. False when
// it has none.
bool ej_isolate_bytes(ej_isolate *isolate, uint32_t number, uint8_t **data, size_t *size);
// Lets go of JavaScript values that Python held.
void ej_isolate_release(ej_isolate *isolate, const uint32_t *references, size_t count);
// Moves at most `capacity` numbers of dropped Python references to `references`; how many.
size_t ej_isolate_take_dropped(ej_isolate *isolate, uint32_t *references, size_t capacity);

#endif
