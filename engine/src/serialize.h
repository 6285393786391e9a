// SPDX-License-Identifier: Apache-2.0
//
// Values as bytes in V8's wire format (version 15): what `v8.serialize` gives, and what crosses
// between isolates. serialize.c writes it, deserialize.c reads it, both with the help of hooks for
// what is no plain data. V8: src/objects/value-serializer.cc.
#ifndef EJ_SERIALIZE_H
#define EJ_SERIALIZE_H

#include "napi_internal.h"

enum { EJ_WIRE_VERSION = 15 };

enum ej_wire_tag {
  WIRE_VERSION = 0xFF,
  WIRE_PADDING = 0,
  WIRE_HOLE = '-',
  WIRE_UNDEFINED = '_',
  WIRE_NULL = '0',
  WIRE_TRUE = 'T',
  WIRE_FALSE = 'F',
  WIRE_INT32 = 'I',
  WIRE_UINT32 = 'U',
  WIRE_DOUBLE = 'N',
  WIRE_BIGINT = 'Z',
  WIRE_UTF8_STRING = 'S',
  WIRE_ONE_BYTE_STRING = '"',
  WIRE_TWO_BYTE_STRING = 'c',
  WIRE_REFERENCE = '^',
  WIRE_OBJECT = 'o',
  WIRE_END_OBJECT = '{',
  WIRE_SPARSE_ARRAY = 'a',
  WIRE_END_SPARSE_ARRAY = '@',
  WIRE_DENSE_ARRAY = 'A',
  WIRE_END_DENSE_ARRAY = '$',
  WIRE_DATE = 'D',
  WIRE_TRUE_OBJECT = 'y',
  WIRE_FALSE_OBJECT = 'x',
  WIRE_NUMBER_OBJECT = 'n',
  WIRE_BIGINT_OBJECT = 'z',
  WIRE_STRING_OBJECT = 's',
  WIRE_REGEXP = 'R',
  WIRE_MAP = ';',
  WIRE_END_MAP = ':',
  WIRE_SET = '\'',
  WIRE_END_SET = ',',
  WIRE_ARRAY_BUFFER = 'B',
  WIRE_RESIZABLE_ARRAY_BUFFER = '~',
  WIRE_TRANSFERRED_ARRAY_BUFFER = 't',
  WIRE_SHARED_ARRAY_BUFFER = 'u',
  WIRE_VIEW = 'V',
  WIRE_HOST_OBJECT = '\\',
  WIRE_ERROR = 'r',
};

enum ej_wire_error_tag {
  WIRE_ERROR_MESSAGE = 'm',
  WIRE_ERROR_STACK = 's',
  WIRE_ERROR_CAUSE = 'c',
  WIRE_ERROR_END = '.',
};

// The subtypes of WIRE_VIEW, by JSTypedArrayEnum; a DataView is '?'.
extern const char ej_wire_views[];
enum { WIRE_DATA_VIEW = '?', EJ_TYPED_ARRAY_COUNT = 12 };
enum { WIRE_VIEW_TRACKS_LENGTH = 1, WIRE_VIEW_IS_RESIZABLE = 2 };

// The flags of a regular expression, a bit each, in V8's order.
extern const char ej_wire_regexp_flags[];

// --- Writing ------------------------------------------------------------------------------------

typedef struct ej_encoder ej_encoder;

typedef struct ej_encoder_hooks {
  // Asked for each object: 1 when it was written as a host object, the tag included, 0 when it is
  // none, -1 with an exception pending. `known` is false for a kind that the format lacks.
  int (*host)(ej_encoder *encoder, JSValueConst object, bool known);
  // The number under which a SharedArrayBuffer travels; -1 with an exception pending.
  int64_t (*shared)(ej_encoder *encoder, JSValueConst buffer);
  // Throws the DataCloneError of this text.
  void (*refuse)(ej_encoder *encoder, const char *text);
} ej_encoder_hooks;

struct ej_encoder {
  ej_isolate *isolate;
  const ej_encoder_hooks *hooks;
  void *data; // of the hooks
  uint8_t *bytes;
  size_t size, capacity;
  // The objects written so far, by number; a hash table from their addresses, number + 1.
  JSValue *objects;
  uint32_t *table;
  uint32_t count, table_size;
  // ArrayBuffers that are not copied: pairs of (buffer, id).
  JSValue *transferred;
  uint32_t *transferred_ids;
  uint32_t transferred_count;
  bool views_are_hosts; // DefaultSerializer of the module `v8`
  const char *stack;    // where the C stack was when a value began
};

void ej_encoder_init(ej_encoder *encoder, ej_isolate *isolate, const ej_encoder_hooks *hooks,
                     void *data);
void ej_encoder_free(ej_encoder *encoder);
// The bytes, now the caller's to free().
uint8_t *ej_encoder_take(ej_encoder *encoder, size_t *size);
void ej_encode_header(ej_encoder *encoder);
bool ej_encode(ej_encoder *encoder, JSValueConst value);
void ej_encode_transfer(ej_encoder *encoder, JSValueConst buffer, uint32_t id);
void ej_encode_tag(ej_encoder *encoder, uint8_t tag);
void ej_encode_varint(ej_encoder *encoder, uint64_t number);
void ej_encode_double(ej_encoder *encoder, double number);
void ej_encode_bytes(ej_encoder *encoder, const void *bytes, size_t size);

// Throws `object could not be cloned.`
int ej_encode_refuse(ej_encoder *encoder, JSValueConst value);

// --- Reading ------------------------------------------------------------------------------------

typedef struct ej_decoder ej_decoder;

typedef struct ej_decoder_hooks {
  JSValue (*host)(ej_decoder *decoder); // what follows the tag of a host object
  JSValue (*shared)(ej_decoder *decoder, uint32_t id);
} ej_decoder_hooks;

struct ej_decoder {
  ej_isolate *isolate;
  const ej_decoder_hooks *hooks;
  void *data;
  const uint8_t *at, *end, *start;
  uint32_t version;
  JSValue *objects;
  uint32_t count, capacity;
  JSValue *transferred; // buffers that stand for what was not copied, and their ids
  uint32_t *transferred_ids;
  uint32_t transferred_count;
  const char *stack;
};

void ej_decoder_init(ej_decoder *decoder, ej_isolate *isolate, const ej_decoder_hooks *hooks,
                     void *data, const uint8_t *bytes, size_t size);
void ej_decoder_free(ej_decoder *decoder);
// False, nothing pending, when there is no header or one of a later version.
bool ej_decode_header(ej_decoder *decoder);
// JS_EXCEPTION with the hook's or the engine's exception, or `Unable to deserialize cloned data.`
JSValue ej_decode(ej_decoder *decoder);
void ej_decode_transfer(ej_decoder *decoder, uint32_t id, JSValueConst buffer);
// The buffer of `id`; JS_EXCEPTION when there is none.
JSValue ej_decode_transferred(ej_decoder *decoder, uint32_t id);
// Each is false, with nothing pending, at the end of the bytes.
bool ej_decode_varint(ej_decoder *decoder, uint64_t *number);
bool ej_decode_double(ej_decoder *decoder, double *number);
bool ej_decode_bytes(ej_decoder *decoder, size_t size, const uint8_t **bytes);

// --- Both ---------------------------------------------------------------------------------------

// True, with a RangeError pending, when values are nested too deeply for the C stack.
bool ej_wire_too_deep(ej_isolate *isolate, const char *start);

#endif
