// SPDX-License-Identifier: Apache-2.0
//
// The record of Node-API calls. While nobody asked for one, nothing of it runs: addons see tables
// of the plain functions. ej_trace_start gives addons that are loaded later the traced tables.
//
// The record is a file in shared memory, so it holds the last call even when the process is killed.
// It has a fixed size: exact counts of all calls for each function, and a ring of the last calls.
// napi/trace.py reads it.
#ifndef EJ_NAPI_TRACE_H
#define EJ_NAPI_TRACE_H

#include <stdint.h>

#include "env.h"

// What the env of a new addon and the functions without an env go through.
extern const struct ej_napi_table *ej_napi_addon_table;
extern const struct ej_napi_process_table *ej_napi_process;

enum { EJ_TRACE_STATUSES = 24, EJ_TRACE_RING = 1 << 16 };

// The layout of the file, in the machine's byte order.
typedef struct ej_trace_head {
  char magic[8]; // "ejnapi1\n"
  uint32_t functions;
  uint32_t statuses;
  uint32_t ring;
  int32_t pid;
  uint64_t made;    // calls that have begun
  int32_t signal;   // what ended the process, 0 when no handler saw an end
  int32_t thread;   // where
  uint64_t address; // that was touched
  uint64_t text;    // offset of the native backtrace, which reaches to the end of the file
} ej_trace_head;

typedef struct ej_trace_function {
  char name[56];
  uint64_t returned[EJ_TRACE_STATUSES]; // calls by the status that they gave
  uint64_t nanoseconds;                 // of all of them, those of calls inside of them included
  uint64_t slowest;
} ej_trace_function;

typedef struct ej_trace_record {
  uint64_t number;      // from 1
  uint64_t nanoseconds; // it took
  int32_t thread;
  uint16_t function;
  int16_t status; // -1: has not returned
} ej_trace_record;

typedef struct ej_trace_file {
  ej_trace_head head;
  ej_trace_function functions[EJ_NAPI_FUNCTIONS];
  ej_trace_record ring[EJ_TRACE_RING];
} ej_trace_file;

typedef struct ej_trace_call {
  uint64_t number;
  uint64_t began;
  uint16_t function;
} ej_trace_call;

// Around each call, in any thread.
ej_trace_call ej_trace_begin(uint16_t function);
void ej_trace_end(const ej_trace_call *call, napi_status status);

#endif
