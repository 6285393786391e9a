// SPDX-License-Identifier: Apache-2.0
//
// What python.c and python_values.c share: the half of the bridge that speaks CPython's stable ABI.
// All of it runs with the GIL held.
#ifndef EJ_PYTHON_H
#define EJ_PYTHON_H

#define Py_LIMITED_API 0x030a0000
#include <Python.h>

#include "bridge.h"

// What engine/ffi.py and engine/message.py give once. Owned for the life of the process.
typedef struct ej_python_hooks {
  PyObject *null;        // JavaScript's null
  PyObject *reference;   // the class of references
  PyObject *bigint;      // the class of BigInts
  PyObject *write_other; // (isolate, form, value): the message of a value of any other type
  PyObject *read_other;  // (isolate, tag, a, b): a value that takes Python to make
  PyObject *write_error; // (isolate, exception): the message of the error that stands for it
  PyObject *fail;        // (isolate, status, values): raises what a message says
} ej_python_hooks;
extern ej_python_hooks ej_python;

// Interned names of attributes.
typedef struct ej_python_names {
  PyObject *address, *dropped, *objects, *number, *isolate, *make_reference, *interruption, *keep,
      *function, *self;
} ej_python_names;
extern ej_python_names ej_python_name;

// A message that is being written; small ones need no allocation.
typedef struct ej_writer {
  char *data;
  size_t size, capacity;
  char small[512];
} ej_writer;

void ej_writer_init(ej_writer *writer);
void ej_writer_free(ej_writer *writer);

// Appends `value`. False with a Python exception set.
bool ej_python_write(ej_writer *writer, PyObject *isolate, int form, PyObject *value);
// The values of a message as a tuple; NULL with a Python exception set.
PyObject *ej_python_read_all(PyObject *isolate, const char *data, size_t size, bool by_reference);
// Its first value.
PyObject *ej_python_read_one(PyObject *isolate, const char *data, size_t size, bool by_reference);
// The Python object under a number of `isolate.objects`; a new reference, or NULL with an
// exception.
PyObject *ej_python_object(PyObject *isolate, uint32_t number);

#endif
