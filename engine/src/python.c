// SPDX-License-Identifier: Apache-2.0
//
// Calls between Python and the core that are too frequent for a foreign function interface: the
// operations of an isolate, and JavaScript's calls of Python. ej_python_install() puts the
// functions below into engine/ffi.py. The stable ABI of CPython is all they use.
#include "python.h"

#include <pthread.h>
#include <stdlib.h>

ej_python_hooks ej_python;
ej_python_names ej_python_name;

// --- Who is inside -------------------------------------------------------------------------------

static int generation; // how many forks made this process
static void in_child(void) { generation++; }
int ej_python_generation(void) { return generation; }

static ej_isolate *core_of(PyObject *isolate) {
  PyObject *address = PyObject_GetAttr(isolate, ej_python_name.address);
  if (address == NULL) return NULL;
  ej_isolate *core = PyLong_AsVoidPtr(address);
  Py_DECREF(address);
  if (core == NULL && !PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "the runtime is closed");
  return core;
}

// The isolate, ready for one more entry of this thread; NULL with an exception. Guarded by the GIL.
static ej_isolate *enter(PyObject *isolate) {
  ej_isolate *core = core_of(isolate);
  if (core == NULL) return NULL;
  ej_entry *entry = &core->python;
  unsigned long thread = PyThread_get_thread_ident();
  if (entry->generation != generation) {
    PyErr_SetString(PyExc_RuntimeError,
                    "the runtime was made before this process was forked: it stays the parent's, "
                    "make another one here");
    return NULL;
  }
  if (entry->depth > 0 ? entry->thread != thread : entry->owner != 0 && entry->owner != thread) {
    PyErr_SetString(
        PyExc_RuntimeError,
        entry->depth > 0
            ? "the runtime is in use on another thread"
            : "the runtime belongs to another thread: use one for each thread, or edgejs.Pool");
    return NULL;
  }
  entry->thread = thread;
  entry->depth++;
  return core;
}

static void leave(ej_isolate *core) { core->python.depth--; }

static PyObject *py_enter(PyObject *self, PyObject *isolate) {
  (void)self;
  ej_isolate *core = enter(isolate);
  return core == NULL ? NULL : PyLong_FromLong(core->python.depth);
}

static PyObject *py_leave(PyObject *self, PyObject *isolate) {
  (void)self;
  ej_isolate *core = core_of(isolate);
  if (core == NULL) return NULL;
  leave(core);
  Py_RETURN_NONE;
}

// own(isolate, thread): from now on only this thread may enter; any that asks first when it is 0.
static PyObject *py_own(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  (void)self, (void)count;
  ej_isolate *core = core_of(args[0]);
  if (core == NULL) return NULL;
  core->python.owner = PyLong_AsUnsignedLong(args[1]);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
}

// is_forked(isolate): whether it was made before this process was forked off.
static PyObject *py_is_forked(PyObject *self, PyObject *isolate) {
  (void)self;
  ej_isolate *core = core_of(isolate);
  return core == NULL ? NULL : PyBool_FromLong(core->python.generation != generation);
}

// --- Operations ----------------------------------------------------------------------------------

// Tells the core which of its values Python let go of. Other threads may add to the list meanwhile.
static bool release_dropped(PyObject *isolate, ej_isolate *core) {
  PyObject *dropped = PyObject_GetAttr(isolate, ej_python_name.dropped);
  if (dropped == NULL) return false;
  Py_ssize_t count = PyList_Size(dropped);
  bool ok = true;
  if (count > 0) {
    uint32_t *numbers = malloc((size_t)count * sizeof *numbers);
    EJ_CHECK(numbers != NULL);
    for (Py_ssize_t i = 0; i < count; i++)
      numbers[i] = (uint32_t)PyLong_AsUnsignedLong(PyList_GetItem(dropped, i));
    ok = PyList_SetSlice(dropped, 0, count, NULL) == 0;
    PyThreadState *state = PyEval_SaveThread(); // finalizers of addons may be what runs now
    ej_isolate_release(core, numbers, (size_t)count);
    PyEval_RestoreThread(state);
    free(numbers);
  }
  Py_DECREF(dropped);
  return ok;
}

static bool forget_dropped(PyObject *isolate, ej_isolate *core) {
  enum { BATCH = 64 };
  uint32_t numbers[BATCH];
  size_t got;
  PyObject *objects = PyObject_GetAttr(isolate, ej_python_name.objects);
  if (objects == NULL) return false;
  do {
    got = ej_isolate_take_dropped(core, numbers, BATCH);
    for (size_t i = 0; i < got; i++) {
      PyObject *key = PyLong_FromUnsignedLong(numbers[i]);
      if (key == NULL ||
          (PyDict_DelItem(objects, key) < 0 && !PyErr_ExceptionMatches(PyExc_KeyError))) {
        Py_XDECREF(key);
        Py_DECREF(objects);
        return false;
      }
      PyErr_Clear();
      Py_DECREF(key);
    }
  } while (got == BATCH);
  Py_DECREF(objects);
  return true;
}

// Raises what the values of a message that is no result say. Takes them.
static PyObject *raise_for(PyObject *isolate, int status, PyObject *values) {
  PyObject *number = PyLong_FromLong(status), *none = NULL;
  if (number != NULL)
    none = PyObject_CallFunctionObjArgs(ej_python.fail, isolate, number, values, NULL);
  Py_XDECREF(number);
  Py_DECREF(values);
  if (none != NULL) {
    Py_DECREF(none);
    PyErr_SetString(PyExc_SystemError, "a failure that raised nothing");
  }
  return NULL;
}

// The core's message lives until its next one, and making Python objects may cause that. What
// JavaScript dropped goes after it was read: the message may be the last to refer to it.
static PyObject *result_of(PyObject *isolate, ej_isolate *core, const ej_message *message,
                           bool by_reference) {
  char small[256];
  char *data = message->size <= sizeof small ? small : malloc(message->size);
  EJ_CHECK(data != NULL);
  if (message->size != 0) memcpy(data, message->data, message->size);
  bool ok = message->status == EJ_STATUS_OK;
  PyObject *result = ok ? ej_python_read_one(isolate, data, message->size, by_reference)
                        : ej_python_read_all(isolate, data, message->size, true);
  if (data != small) free(data);
  if (result != NULL && message->dropped && !forget_dropped(isolate, core)) Py_CLEAR(result);
  return ok || result == NULL ? result : raise_for(isolate, message->status, result);
}

// The operands are `first` and then `rest`, `options` if there are some last.
typedef struct operands {
  PyObject *const *first;
  Py_ssize_t count;
  PyObject *rest, *options; // a tuple and a dict, or NULL
} operands;

static bool write_operands(ej_writer *writer, PyObject *isolate, const operands *in) {
  bool ok = true;
  for (Py_ssize_t i = 0; ok && i < in->count; i++)
    ok = ej_python_write(writer, isolate, EJ_PYTHON_CALLABLE, in->first[i]);
  Py_ssize_t more = in->rest != NULL ? PyTuple_Size(in->rest) : 0;
  for (Py_ssize_t i = 0; ok && i < more; i++)
    ok = ej_python_write(writer, isolate, EJ_PYTHON_CALLABLE, PyTuple_GetItem(in->rest, i));
  if (ok && in->options != NULL && PyDict_Size(in->options) > 0)
    ok = ej_python_write(writer, isolate, EJ_PYTHON_CALLABLE, in->options);
  return ok;
}

static PyObject *perform(PyObject *isolate, int operation, const operands *in) {
  ej_isolate *core = enter(isolate);
  if (core == NULL) return NULL;
  PyObject *result = NULL;
  ej_writer writer;
  ej_writer_init(&writer);
  if (release_dropped(isolate, core) && write_operands(&writer, isolate, in)) {
    ej_message message;
    PyThreadState *state = PyEval_SaveThread();
    ej_isolate_perform(core, operation, writer.data, writer.size, &message);
    PyEval_RestoreThread(state);
    result = result_of(isolate, core, &message, operation != EJ_DO_COPY);
  }
  ej_writer_free(&writer);
  leave(core);
  return result;
}

// perform(isolate, operation, *operands): the value, or raises.
static PyObject *py_perform(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  (void)self;
  return perform(args[0], (int)PyLong_AsLong(args[1]),
                 &(operands){args + 2, count - 2, NULL, NULL});
}

// What the classes of functions and of bound methods inherit: being called. Keywords become an
// object, the last argument.
static PyObject *call(PyObject *function, PyObject *this, PyObject *args, PyObject *options) {
  PyObject *isolate = PyObject_GenericGetAttr(function, ej_python_name.isolate);
  if (isolate == NULL) return NULL;
  PyObject *const first[] = {function, this};
  PyObject *result = perform(isolate, EJ_DO_CALL, &(operands){first, 2, args, options});
  Py_DECREF(isolate);
  return result;
}

static PyObject *call_function(PyObject *self, PyObject *args, PyObject *options) {
  return call(self, Py_None, args, options);
}

static PyObject *call_method(PyObject *self, PyObject *args, PyObject *options) {
  PyObject *function = PyObject_GenericGetAttr(self, ej_python_name.function);
  PyObject *this = PyObject_GenericGetAttr(self, ej_python_name.self);
  PyObject *result = function && this ? call(function, this, args, options) : NULL;
  Py_XDECREF(function);
  Py_XDECREF(this);
  return result;
}

static PyType_Slot function_slots[] = {{Py_tp_call, call_function}, {0, NULL}};
static PyType_Slot method_slots[] = {{Py_tp_call, call_method}, {0, NULL}};
static PyType_Spec call_types[] = {
    {"edgejs.engine.ffi.FunctionCall", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
     function_slots},
    {"edgejs.engine.ffi.MethodCall", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, method_slots},
};

// to_bytes(isolate, reference): a copy of the memory of an ArrayBuffer or a view of one.
static PyObject *py_to_bytes(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  (void)self, (void)count;
  ej_isolate *core = enter(args[0]);
  if (core == NULL) return NULL;
  PyObject *number = PyObject_GetAttr(args[1], ej_python_name.number), *bytes = NULL;
  uint8_t *data;
  size_t size;
  if (number == NULL) {
    // no reference
  } else if (ej_isolate_bytes(core, (uint32_t)PyLong_AsUnsignedLong(number), &data, &size)) {
    bytes = PyBytes_FromStringAndSize((const char *)data, (Py_ssize_t)size);
  } else {
    PyErr_SetString(PyExc_TypeError, "the JavaScript object has no bytes");
  }
  Py_XDECREF(number);
  leave(core);
  return bytes;
}

// boot(isolate): the embedder's functions.
static PyObject *py_boot(PyObject *self, PyObject *isolate) {
  (void)self;
  ej_isolate *core = enter(isolate);
  if (core == NULL) return NULL;
  ej_message message;
  PyThreadState *state = PyEval_SaveThread();
  ej_isolate_boot(core, &message);
  PyEval_RestoreThread(state);
  PyObject *result = result_of(isolate, core, &message, true);
  leave(core);
  return result;
}

// encode(isolate, form, value): its message, for what crosses later or is part of another one.
static PyObject *py_encode(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  (void)self, (void)count;
  ej_writer writer;
  ej_writer_init(&writer);
  PyObject *message = NULL;
  if (ej_python_write(&writer, args[0], (int)PyLong_AsLong(args[1]), args[2]))
    message = PyBytes_FromStringAndSize(writer.data, (Py_ssize_t)writer.size);
  ej_writer_free(&writer);
  return message;
}

// --- JavaScript calls Python ---------------------------------------------------------------------

static void reply_with(ej_message *reply, const char *data, size_t size, int status) {
  char *copy = malloc(size);
  EJ_CHECK(copy != NULL);
  memcpy(copy, data, size);
  *reply = (ej_message){copy, size, status, 0};
}

// The message of an error. After endless recursion there is no room left for a call: some is made
// for this one.
static PyObject *error_message(PyObject *isolate, PyObject *error) {
  enum { ROOM = 64 };
  bool is_full = PyErr_GivenExceptionMatches(error, PyExc_RecursionError);
  if (is_full) Py_SetRecursionLimit(Py_GetRecursionLimit() + ROOM);
  PyObject *message = PyObject_CallFunctionObjArgs(ej_python.write_error, isolate, error, NULL);
  if (is_full) Py_SetRecursionLimit(Py_GetRecursionLimit() - ROOM);
  return message;
}

// The exception that is set becomes the reply; it is raised again if it reaches Python.
static void reply_with_error(PyObject *isolate, ej_message *reply) {
  PyObject *kind, *error, *trace;
  PyErr_Fetch(&kind, &error, &trace);
  PyErr_NormalizeException(&kind, &error, &trace);
  if (trace != NULL) PyException_SetTraceback(error, trace);
  PyObject *message = error_message(isolate, error);
  char *bytes;
  Py_ssize_t size;
  if (message == NULL || PyBytes_AsStringAndSize(message, &bytes, &size) < 0) {
    PyErr_Print();
    EJ_CHECK(!"an exception that has no message");
  }
  reply_with(reply, bytes, (size_t)size, EJ_STATUS_THROWN);
  Py_DECREF(message);
  Py_XDECREF(kind);
  Py_XDECREF(error);
  Py_XDECREF(trace);
}

// What one side let go of the other lets go of too. A program that runs on the loop does so inside
// of one call of Python's, so this cannot wait for the next one.
static void let_go(PyObject *isolate, const ej_message *arguments) {
  ej_isolate *core = core_of(isolate);
  bool ok = core != NULL && (!arguments->dropped || forget_dropped(isolate, core)) &&
            release_dropped(isolate, core);
  if (!ok) PyErr_WriteUnraisable(isolate);
}

void ej_python_call(void *host, uint32_t callee, int form, ej_message *arguments,
                    ej_message *reply) {
  PyGILState_STATE state = PyGILState_Ensure();
  PyObject *isolate = host;
  let_go(isolate, arguments);
  PyObject *function = ej_python_object(isolate, callee);
  PyObject *args = function == NULL ? NULL
                                    : ej_python_read_all(isolate, arguments->data, arguments->size,
                                                         form == EJ_PYTHON_CALLABLE);
  PyObject *result = args ? PyObject_Call(function, args, NULL) : NULL;
  ej_writer writer;
  ej_writer_init(&writer);
  if (result != NULL && ej_python_write(&writer, isolate, form, result)) {
    reply_with(reply, writer.data, writer.size, EJ_STATUS_OK);
  } else {
    reply_with_error(isolate, reply);
  }
  ej_writer_free(&writer);
  Py_XDECREF(result);
  Py_XDECREF(args);
  Py_XDECREF(function);
  PyGILState_Release(state);
}

// Lets Python's signal handlers run. What one raises is kept, and raised where Python called.
bool ej_python_signals(void *host) {
  PyGILState_STATE state = PyGILState_Ensure();
  bool raised = PyErr_CheckSignals() < 0;
  if (raised) {
    PyObject *kind, *error, *trace;
    PyErr_Fetch(&kind, &error, &trace);
    PyErr_NormalizeException(&kind, &error, &trace);
    EJ_CHECK(PyObject_SetAttr(host, ej_python_name.interruption, error) == 0);
    Py_XDECREF(kind);
    Py_XDECREF(error);
    Py_XDECREF(trace);
  }
  PyGILState_Release(state);
  return raised;
}

// --- Installation --------------------------------------------------------------------------------

// configure(null, reference, bigint, write_other, read_other, write_error, fail), once.
static PyObject *py_configure(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  (void)self;
  PyObject **hooks = (PyObject **)&ej_python;
  EJ_CHECK((size_t)count == sizeof ej_python / sizeof *hooks);
  for (Py_ssize_t i = 0; i < count; i++) {
    Py_INCREF(args[i]);
    Py_XDECREF(hooks[i]);
    hooks[i] = args[i];
  }
  Py_RETURN_NONE;
}

#define FAST(name, function) {name, (PyCFunction)(void (*)(void))(function), METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    FAST("perform", py_perform),       FAST("encode", py_encode),
    FAST("configure", py_configure),   FAST("own", py_own),
    FAST("to_bytes", py_to_bytes),     {"enter", py_enter, METH_O, NULL},
    {"leave", py_leave, METH_O, NULL}, {"is_forked", py_is_forked, METH_O, NULL},
    {"boot", py_boot, METH_O, NULL},
};

void ej_python_install(uintptr_t namespace) {
  PyGILState_STATE state = PyGILState_Ensure();
  static const char *const names[] = {"_address", "_dropped",       "objects",       "_number",
                                      "_isolate", "make_reference", "_interruption", "keep",
                                      "__func__", "__self__"};
  PyObject **interned = (PyObject **)&ej_python_name;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    interned[i] = PyUnicode_InternFromString(names[i]);
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    PyObject *function = PyCFunction_NewEx(&methods[i], NULL, NULL);
    EJ_CHECK(function != NULL);
    EJ_CHECK(PyDict_SetItemString((PyObject *)namespace, methods[i].ml_name, function) == 0);
    Py_DECREF(function);
  }
  static const char *const types[] = {"FunctionCall", "MethodCall"};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    PyObject *type = PyType_FromSpec(&call_types[i]);
    EJ_CHECK(type != NULL && PyDict_SetItemString((PyObject *)namespace, types[i], type) == 0);
    Py_DECREF(type);
  }
  EJ_CHECK(pthread_atfork(NULL, NULL, in_child) == 0);
  PyGILState_Release(state);
}
