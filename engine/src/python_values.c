// SPDX-License-Identifier: Apache-2.0
//
// Python values as messages and back, in one pass without a call into Python for the common types.
// The encoding is described in bridge.h; what else there is does engine/message.py.
#include "python.h"

#include <stdlib.h>

enum { MAX_DEPTH = 1000 }; // of lists and dicts in one another; one that contains itself meets it
static const long long SAFE_INTEGER = 9007199254740991; // 2**53 - 1

// --- Writing -------------------------------------------------------------------------------------

void ej_writer_init(ej_writer *writer) {
  writer->data = writer->small;
  writer->size = 0;
  writer->capacity = sizeof writer->small;
}

void ej_writer_free(ej_writer *writer) {
  if (writer->data != writer->small) free(writer->data);
}

static char *room(ej_writer *writer, size_t more) {
  if (writer->capacity - writer->size < more) {
    size_t capacity = writer->capacity * 2;
    while (capacity - writer->size < more) capacity *= 2;
    char *data = writer->data == writer->small ? malloc(capacity) : realloc(writer->data, capacity);
    EJ_CHECK(data != NULL);
    if (writer->data == writer->small) memcpy(data, writer->small, writer->size);
    writer->data = data;
    writer->capacity = capacity;
  }
  char *place = writer->data + writer->size;
  writer->size += more;
  return place;
}

static void put(ej_writer *writer, uint32_t tag, uint32_t size, const void *bytes, size_t count) {
  char *place = room(writer, 8 + count);
  uint32_t header[2] = {tag, size};
  memcpy(place, header, 8);
  if (count != 0) memcpy(place + 8, bytes, count);
}

static bool fits(size_t size) {
  if (size <= UINT32_MAX) return true;
  PyErr_SetString(PyExc_OverflowError, "more than 4 GiB cannot cross in one value");
  return false;
}

static bool put_text(ej_writer *writer, PyObject *text) {
  Py_ssize_t size;
  const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes != NULL) {
    if (!fits((size_t)size)) return false;
    put(writer, EJ_TAG_STRING, (uint32_t)size, bytes, (size_t)size);
    return true;
  }
  PyErr_Clear(); // a surrogate that stands alone, as JavaScript allows
  PyObject *encoded = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
  if (encoded == NULL) return false;
  char *data;
  bool ok = PyBytes_AsStringAndSize(encoded, &data, &size) == 0 && fits((size_t)size);
  if (ok) put(writer, EJ_TAG_STRING, (uint32_t)size, data, (size_t)size);
  Py_DECREF(encoded);
  return ok;
}

static bool put_other(ej_writer *writer, PyObject *isolate, int form, PyObject *value) {
  PyObject *number = PyLong_FromLong(form);
  if (number == NULL) return false;
  PyObject *message =
      PyObject_CallFunctionObjArgs(ej_python.write_other, isolate, number, value, NULL);
  Py_DECREF(number);
  if (message == NULL) return false;
  char *bytes;
  Py_ssize_t size;
  bool ok = PyBytes_AsStringAndSize(message, &bytes, &size) == 0;
  if (ok) memcpy(room(writer, (size_t)size), bytes, (size_t)size);
  Py_DECREF(message);
  return ok;
}

static bool put_int(ej_writer *writer, PyObject *isolate, int form, PyObject *value) {
  int overflow;
  long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
  if (number == -1 && !overflow && PyErr_Occurred()) return false;
  if (overflow || number > SAFE_INTEGER || number < -SAFE_INTEGER)
    return put_other(writer, isolate, form, value); // a BigInt
  if (number == (int32_t)number) {
    put(writer, EJ_TAG_SMALL, (uint32_t)(int32_t)number, NULL, 0);
  } else {
    int64_t wide = number;
    put(writer, EJ_TAG_INT, 8, &wide, 8);
  }
  return true;
}

static bool put_bytes(ej_writer *writer, PyObject *value) {
  char *bytes;
  Py_ssize_t size;
  if (PyBytes_AsStringAndSize(value, &bytes, &size) < 0 || !fits((size_t)size)) return false;
  put(writer, EJ_TAG_BYTES, (uint32_t)size, bytes, (size_t)size);
  return true;
}

// A bytearray is lent: a memoryview that is kept holds its memory in place.
static bool lend_bytearray(ej_writer *writer, PyObject *isolate, PyObject *value) {
  PyObject *view = PyMemoryView_FromObject(value);
  if (view == NULL) return false;
  PyObject *number = PyObject_CallMethodObjArgs(isolate, ej_python_name.keep, view, NULL);
  Py_DECREF(view);
  if (number == NULL) return false;
  struct {
    int32_t type, read_only;
    uint64_t address, size;
  } memory = {JS_TYPED_ARRAY_UINT8, 0, (uintptr_t)PyByteArray_AsString(value),
              (uint64_t)PyByteArray_Size(value)};
  put(writer, EJ_TAG_MEMORY, (uint32_t)PyLong_AsUnsignedLong(number), &memory, sizeof memory);
  Py_DECREF(number);
  return true;
}

static bool put_reference(ej_writer *writer, PyObject *isolate, PyObject *value) {
  PyObject *owner = PyObject_GenericGetAttr(value, ej_python_name.isolate);
  if (owner == NULL) return false;
  Py_DECREF(owner);
  if (owner != isolate) {
    PyErr_SetString(PyExc_ValueError,
                    "a JavaScript value of one runtime cannot be used in another");
    return false;
  }
  PyObject *number = PyObject_GenericGetAttr(value, ej_python_name.number);
  if (number == NULL) return false;
  put(writer, EJ_TAG_REFERENCE, (uint32_t)PyLong_AsUnsignedLong(number), NULL, 0);
  Py_DECREF(number);
  return !PyErr_Occurred();
}

static bool put_value(ej_writer *writer, PyObject *isolate, int form, PyObject *value, int depth);

static bool too_deep(int depth) {
  if (depth < MAX_DEPTH) return false;
  PyErr_Format(PyExc_RecursionError,
               "lists and dicts that are nested deeper than %d levels, or contain themselves, "
               "cannot be copied into JavaScript",
               (int)MAX_DEPTH);
  return true;
}

// The count goes in at the end: an element's own code may change the collection meanwhile.
static void set_count(ej_writer *writer, size_t header, size_t count) {
  uint32_t number = (uint32_t)count;
  memcpy(writer->data + header + 4, &number, 4);
}

static bool put_sequence(ej_writer *writer, PyObject *isolate, int form, PyObject *value,
                         int depth) {
  if (too_deep(depth)) return false;
  bool is_list = PyList_Check(value);
  size_t header = writer->size, count = 0;
  put(writer, EJ_TAG_ARRAY, 0, NULL, 0);
  for (;;) {
    Py_ssize_t size = is_list ? PyList_Size(value) : PyTuple_Size(value);
    if ((Py_ssize_t)count >= size) break;
    PyObject *element = is_list ? PyList_GetItem(value, (Py_ssize_t)count)
                                : PyTuple_GetItem(value, (Py_ssize_t)count);
    Py_INCREF(element);
    bool ok = put_value(writer, isolate, form, element, depth + 1);
    Py_DECREF(element);
    if (!ok) return false;
    count++;
  }
  set_count(writer, header, count);
  return fits(count);
}

static bool put_dict(ej_writer *writer, PyObject *isolate, int form, PyObject *value, int depth) {
  if (too_deep(depth)) return false;
  size_t header = writer->size, count = 0;
  put(writer, EJ_TAG_OBJECT, 0, NULL, 0);
  PyObject *key, *element;
  Py_ssize_t position = 0;
  while (PyDict_Next(value, &position, &key, &element)) {
    if (!PyUnicode_Check(key)) {
      PyErr_Format(PyExc_TypeError, "the keys of a dict must be str to become an object's, not %R",
                   (PyObject *)Py_TYPE(key));
      return false;
    }
    Py_INCREF(key);
    Py_INCREF(element);
    bool ok = put_text(writer, key) && put_value(writer, isolate, form, element, depth + 1);
    Py_DECREF(key);
    Py_DECREF(element);
    if (!ok) return false;
    count++;
  }
  set_count(writer, header, count);
  return fits(count);
}

static bool put_value(ej_writer *writer, PyObject *isolate, int form, PyObject *value, int depth) {
  PyTypeObject *type = Py_TYPE(value);
  if (type == &PyUnicode_Type) return put_text(writer, value);
  if (type == &PyLong_Type) return put_int(writer, isolate, form, value);
  if (value == Py_None || value == Py_True || value == Py_False || value == ej_python.null) {
    uint32_t tag = value == Py_None    ? EJ_TAG_UNDEFINED
                   : value == Py_True  ? EJ_TAG_TRUE
                   : value == Py_False ? EJ_TAG_FALSE
                                       : EJ_TAG_NULL;
    put(writer, tag, 0, NULL, 0);
    return true;
  }
  if (type == &PyFloat_Type) {
    double number = PyFloat_AsDouble(value);
    put(writer, EJ_TAG_DOUBLE, 8, &number, 8);
    return true;
  }
  if (type == &PyList_Type || type == &PyTuple_Type)
    return put_sequence(writer, isolate, form, value, depth);
  if (type == &PyDict_Type) return put_dict(writer, isolate, form, value, depth);
  if (type == &PyBytes_Type) return put_bytes(writer, value);
  if (type == &PyByteArray_Type && form != EJ_PYTHON_PRIMITIVE)
    return lend_bytearray(writer, isolate, value);
  if (PyType_IsSubtype(type, (PyTypeObject *)ej_python.reference))
    return put_reference(writer, isolate, value);
  return put_other(writer, isolate, form, value);
}

bool ej_python_write(ej_writer *writer, PyObject *isolate, int form, PyObject *value) {
  return put_value(writer, isolate, form, value, 0);
}

// --- Reading -------------------------------------------------------------------------------------

typedef struct reader {
  const char *at, *end;
  PyObject *isolate;
  bool by_reference;
  PyObject *containers; // a list of those read so far, for EJ_TAG_BACK; NULL before the first
} reader;

static PyObject *read_value(reader *in);

static const char *take(reader *in, size_t size) {
  EJ_CHECK((size_t)(in->end - in->at) >= size); // our own C wrote it
  const char *bytes = in->at;
  in->at += size;
  return bytes;
}

static bool remember(reader *in, PyObject *container) {
  if (container == NULL) return false;
  if (in->containers == NULL) in->containers = PyList_New(0);
  return in->containers != NULL && PyList_Append(in->containers, container) == 0;
}

PyObject *ej_python_object(PyObject *isolate, uint32_t number) {
  PyObject *objects = PyObject_GetAttr(isolate, ej_python_name.objects);
  PyObject *key = objects ? PyLong_FromUnsignedLong(number) : NULL;
  PyObject *found = key ? PyDict_GetItemWithError(objects, key) : NULL;
  if (found != NULL) {
    Py_INCREF(found);
  } else if (key != NULL && !PyErr_Occurred()) {
    PyErr_SetObject(PyExc_KeyError, key);
  }
  Py_XDECREF(key);
  Py_XDECREF(objects);
  return found;
}

static PyObject *read_reference(reader *in, uint32_t number) {
  uint32_t kind;
  memcpy(&kind, take(in, sizeof kind), sizeof kind);
  PyObject *make = PyObject_GetAttr(in->isolate, ej_python_name.make_reference);
  PyObject *first = PyLong_FromUnsignedLong(number), *second = PyLong_FromUnsignedLong(kind);
  PyObject *made = make == NULL || first == NULL || second == NULL
                       ? NULL
                       : PyObject_CallFunctionObjArgs(make, in->isolate, first, second, NULL);
  Py_XDECREF(make);
  Py_XDECREF(first);
  Py_XDECREF(second);
  return made;
}

static PyObject *read_other(reader *in, uint32_t tag, PyObject *first, PyObject *second) {
  PyObject *kind = PyLong_FromUnsignedLong(tag), *made = NULL;
  if (kind != NULL && first != NULL && second != NULL)
    made =
        PyObject_CallFunctionObjArgs(ej_python.read_other, in->isolate, kind, first, second, NULL);
  Py_XDECREF(kind);
  Py_XDECREF(first);
  Py_XDECREF(second);
  return made;
}

static PyObject *read_view(reader *in) {
  uint64_t view[2];
  memcpy(view, take(in, sizeof view), sizeof view);
  return read_other(in, EJ_TAG_VIEW, PyLong_FromUnsignedLongLong(view[0]),
                    PyLong_FromUnsignedLongLong(view[1]));
}

static double take_double(reader *in) {
  double number;
  memcpy(&number, take(in, sizeof number), sizeof number);
  return number;
}

static PyObject *read_text(reader *in, uint32_t size) {
  return PyUnicode_DecodeUTF8(take(in, size), size, "surrogatepass");
}

// Hexadecimal digits: a power of two, which Python reads at any length.
static PyObject *read_bigint(reader *in, uint32_t size) {
  char *digits = malloc((size_t)size + 1);
  EJ_CHECK(digits != NULL);
  memcpy(digits, take(in, size), size);
  digits[size] = '\0';
  PyObject *number = PyLong_FromString(digits, NULL, 16);
  free(digits);
  if (number == NULL) return NULL;
  PyObject *made = PyObject_CallFunctionObjArgs(ej_python.bigint, number, NULL);
  Py_DECREF(number);
  return made;
}

static PyObject *read_array(reader *in, uint32_t count) {
  PyObject *list = PyList_New(count);
  if (!remember(in, list)) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    PyObject *element = read_value(in);
    if (element == NULL || PyList_SetItem(list, (Py_ssize_t)i, element) < 0) {
      Py_DECREF(list);
      return NULL;
    }
  }
  return list;
}

static PyObject *read_pairs(reader *in, uint32_t count) {
  PyObject *dict = PyDict_New();
  if (!remember(in, dict)) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    PyObject *key = read_value(in), *value = key ? read_value(in) : NULL;
    bool ok = value != NULL && PyDict_SetItem(dict, key, value) == 0;
    Py_XDECREF(key);
    Py_XDECREF(value);
    if (!ok) {
      Py_DECREF(dict);
      return NULL;
    }
  }
  return dict;
}

static PyObject *read_set(reader *in, uint32_t count) {
  PyObject *set = PySet_New(NULL);
  if (!remember(in, set)) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    PyObject *element = read_value(in);
    bool ok = element != NULL && PySet_Add(set, element) == 0;
    Py_XDECREF(element);
    if (!ok) {
      Py_DECREF(set);
      return NULL;
    }
  }
  return set;
}

static PyObject *shared(PyObject *value) {
  Py_INCREF(value);
  return value;
}

static PyObject *read_simple(reader *in, uint32_t tag) {
  switch (tag) {
  case EJ_TAG_NULL:
    return shared(in->by_reference ? ej_python.null : Py_None);
  case EJ_TAG_FALSE:
    return shared(Py_False);
  case EJ_TAG_TRUE:
    return shared(Py_True);
  default:
    return shared(Py_None);
  }
}

static PyObject *read_value(reader *in) {
  uint32_t header[2];
  memcpy(header, take(in, sizeof header), sizeof header);
  uint32_t tag = header[0], size = header[1];
  switch (tag) {
  case EJ_TAG_SMALL:
    return PyLong_FromLong((int32_t)size);
  case EJ_TAG_STRING:
    return read_text(in, size);
  case EJ_TAG_INT: {
    int64_t number;
    memcpy(&number, take(in, sizeof number), sizeof number);
    return PyLong_FromLongLong(number);
  }
  case EJ_TAG_DOUBLE:
    return PyFloat_FromDouble(take_double(in));
  case EJ_TAG_REFERENCE:
    return read_reference(in, size);
  case EJ_TAG_VIEW:
    return read_view(in);
  case EJ_TAG_BIGINT:
    return read_bigint(in, size);
  case EJ_TAG_BYTES:
    return PyBytes_FromStringAndSize(take(in, size), size);
  case EJ_TAG_PYTHON:
    return ej_python_object(in->isolate, size);
  case EJ_TAG_DATE:
    return read_other(in, tag, PyFloat_FromDouble(take_double(in)), shared(Py_None));
  case EJ_TAG_ARRAY:
    return read_array(in, size);
  case EJ_TAG_OBJECT:
  case EJ_TAG_MAP:
    return read_pairs(in, size);
  case EJ_TAG_SET:
    return read_set(in, size);
  case EJ_TAG_BACK:
    return shared(PyList_GetItem(in->containers, (Py_ssize_t)size));
  default:
    return read_simple(in, tag);
  }
}

PyObject *ej_python_read_one(PyObject *isolate, const char *data, size_t size, bool by_reference) {
  reader in = {data, data + size, isolate, by_reference, NULL};
  PyObject *value = read_value(&in);
  Py_XDECREF(in.containers);
  return value;
}

PyObject *ej_python_read_all(PyObject *isolate, const char *data, size_t size, bool by_reference) {
  reader in = {data, data + size, isolate, by_reference, NULL};
  PyObject *near[8], **values = near;
  Py_ssize_t count = 0, capacity = 8;
  bool ok = true;
  while (ok && in.at < in.end) {
    if (count == capacity) {
      capacity *= 2;
      PyObject **more = malloc((size_t)capacity * sizeof *more);
      EJ_CHECK(more != NULL);
      memcpy(more, values, (size_t)count * sizeof *more);
      if (values != near) free(values);
      values = more;
    }
    values[count] = read_value(&in);
    ok = values[count] != NULL;
    if (ok) count++;
  }
  Py_XDECREF(in.containers);
  PyObject *tuple = ok ? PyTuple_New(count) : NULL;
  for (Py_ssize_t i = 0; i < count; i++) {
    if (tuple != NULL) {
      PyTuple_SetItem(tuple, i, values[i]); // takes it
    } else {
      Py_DECREF(values[i]);
    }
  }
  if (values != near) free(values);
  return tuple;
}
