// SPDX-License-Identifier: Apache-2.0
//
// What we call of wasmtime's C interface, whose library comes with its Python package and is found
// at run time. The layouts are those of version 50; tests/node/test_wasm_layouts.py compares them
// with the package's own.
#ifndef EJ_WASM_API_H
#define EJ_WASM_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wt_config wt_config;
typedef struct wt_context wt_context; // a store, seen by its functions
typedef struct wt_engine wt_engine;
typedef struct wt_error wt_error;
typedef struct wt_exporttype wt_exporttype;
typedef struct wt_externtype wt_externtype;
typedef struct wt_caller wt_caller;
typedef struct wt_frame wt_frame;
typedef struct wt_functype wt_functype;
typedef struct wt_globaltype wt_globaltype;
typedef struct wt_importtype wt_importtype;
typedef struct wt_memorytype wt_memorytype;
typedef struct wt_module wt_module;
typedef struct wt_sharedmemory wt_sharedmemory;
typedef struct wt_store wt_store;
typedef struct wt_tabletype wt_tabletype;
typedef struct wt_tagtype wt_tagtype;
typedef struct wt_trap wt_trap;
typedef struct wt_valtype wt_valtype;

// --- Types ---------------------------------------------------------------------------------------

typedef struct wt_bytes {
  size_t size;
  char *data;
} wt_bytes;

typedef struct wt_imports {
  size_t size;
  wt_importtype **data;
} wt_imports;

typedef struct wt_exports {
  size_t size;
  wt_exporttype **data;
} wt_exports;

typedef struct wt_valtypes {
  size_t size;
  wt_valtype **data;
} wt_valtypes;

typedef struct wt_limits {
  uint32_t least, most;
} wt_limits;

// The kind of a type, and of a value: 0 to 4 are the same for both.
enum { WT_I32, WT_I64, WT_F32, WT_F64, WT_V128, WT_REF };
enum { WT_FUNCREF = 5, WT_EXTERNREF, WT_ANYREF, WT_EXNREF };

enum {
  WT_HEAP_EXTERN,
  WT_HEAP_NOEXTERN,
  WT_HEAP_FUNC,
  WT_HEAP_CONCRETE_FUNC,
  WT_HEAP_NOFUNC,
  WT_HEAP_ANY,
  WT_HEAP_NONE,
  WT_HEAP_EQ,
  WT_HEAP_I31,
  WT_HEAP_ARRAY,
  WT_HEAP_CONCRETE_ARRAY,
  WT_HEAP_STRUCT,
  WT_HEAP_CONCRETE_STRUCT,
  WT_HEAP_EXN,
  WT_HEAP_CONCRETE_EXN,
  WT_HEAP_NOEXN
};

typedef struct wt_kind {
  uint8_t kind;
  struct {
    bool nullable;
    struct {
      uint8_t kind;
      void *concrete;
    } heap;
  } ref;
} wt_kind;

// --- Values --------------------------------------------------------------------------------------

typedef struct wt_func {
  uint64_t store; // 0 for null
  void *pointer;
} wt_func;

// A memory, a table or a tag.
typedef struct wt_place {
  struct {
    uint64_t store;
    uint32_t first;
  } of;
  uint32_t second;
} wt_place;

typedef struct wt_global {
  uint64_t store;
  uint32_t first, second, third;
} wt_global;

typedef struct wt_ref {
  uint64_t store; // 0 for null
  uint32_t first, second;
  void *third;
} wt_ref;

typedef struct wt_instance {
  uint64_t store;
  size_t index;
} wt_instance;

enum { WT_FUNC, WT_GLOBAL, WT_TABLE, WT_MEMORY, WT_SHARED, WT_TAG };

typedef struct wt_extern {
  uint8_t kind;
  union {
    wt_func func;
    wt_global global;
    wt_place place;
    wt_sharedmemory *shared;
  } of;
} wt_extern;

typedef struct wt_val {
  uint8_t kind;
  union {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    wt_ref ref;
    wt_func func;
    uint8_t v128[16];
  } of;
} wt_val;

typedef union wt_raw {
  int32_t i32;
  int64_t i64;
  float f32;
  double f64;
  uint8_t v128[16];
} wt_raw;

typedef wt_trap *(*wt_callback)(void *data, wt_caller *caller, const wt_val *args, size_t count,
                                wt_val *results, size_t result_count);
typedef wt_trap *(*wt_raw_callback)(void *data, wt_caller *caller, wt_raw *values, size_t count);
typedef wt_error *(*wt_deadline_callback)(wt_context *context, void *data, uint64_t *delta,
                                          uint8_t *kind);
typedef void (*wt_finalizer)(void *data);

// --- Functions -----------------------------------------------------------------------------------

// X(result, name, parameters)
#define EJ_WASM_FUNCTIONS(X)                                                                       \
  X(wt_config *, wasm_config_new, (void))                                                          \
  X(wt_engine *, wasm_engine_new_with_config, (wt_config * config))                                \
  X(void, wasm_byte_vec_delete, (wt_bytes * bytes))                                                \
  X(void, wasm_frame_delete, (wt_frame * frame))                                                   \
  X(size_t, wasm_frame_module_offset, (const wt_frame *frame))                                     \
  X(const wt_functype *, wasm_externtype_as_functype_const, (const wt_externtype *type))           \
  X(const wt_globaltype *, wasm_externtype_as_globaltype_const, (const wt_externtype *type))       \
  X(const wt_memorytype *, wasm_externtype_as_memorytype_const, (const wt_externtype *type))       \
  X(const wt_tabletype *, wasm_externtype_as_tabletype_const, (const wt_externtype *type))         \
  X(const wt_tagtype *, wasm_externtype_as_tagtype_const, (const wt_externtype *type))             \
  X(const wt_bytes *, wasm_exporttype_name, (const wt_exporttype *type))                           \
  X(const wt_externtype *, wasm_exporttype_type, (const wt_exporttype *type))                      \
  X(void, wasm_exporttype_vec_delete, (wt_exports * types))                                        \
  X(const wt_bytes *, wasm_importtype_module, (const wt_importtype *type))                         \
  X(const wt_bytes *, wasm_importtype_name, (const wt_importtype *type))                           \
  X(const wt_externtype *, wasm_importtype_type, (const wt_importtype *type))                      \
  X(void, wasm_importtype_vec_delete, (wt_imports * types))                                        \
  X(void, wasm_functype_delete, (wt_functype * type))                                              \
  X(wt_functype *, wasm_functype_new, (wt_valtypes * params, wt_valtypes * results))               \
  X(const wt_valtypes *, wasm_functype_params, (const wt_functype *type))                          \
  X(const wt_valtypes *, wasm_functype_results, (const wt_functype *type))                         \
  X(const wt_valtype *, wasm_globaltype_content, (const wt_globaltype *type))                      \
  X(void, wasm_globaltype_delete, (wt_globaltype * type))                                          \
  X(uint8_t, wasm_globaltype_mutability, (const wt_globaltype *type))                              \
  X(wt_globaltype *, wasm_globaltype_new, (wt_valtype * content, uint8_t mutability))              \
  X(void, wasm_memorytype_delete, (wt_memorytype * type))                                          \
  X(void, wasm_tabletype_delete, (wt_tabletype * type))                                            \
  X(const wt_valtype *, wasm_tabletype_element, (const wt_tabletype *type))                        \
  X(wt_tabletype *, wasm_tabletype_new, (wt_valtype * element, const wt_limits *limits))           \
  X(void, wasm_tagtype_delete, (wt_tagtype * type))                                                \
  X(const wt_functype *, wasm_tagtype_functype, (const wt_tagtype *type))                          \
  X(wt_tagtype *, wasm_tagtype_new, (wt_functype * type))                                          \
  X(void, wasm_trap_delete, (wt_trap * trap))                                                      \
  X(void, wasm_trap_message, (const wt_trap *trap, wt_bytes *message))                             \
  X(wt_frame *, wasm_trap_origin, (const wt_trap *trap))                                           \
  X(void, wasm_valtype_vec_new, (wt_valtypes * out, size_t size, wt_valtype *const *data))         \
  X(bool, wasmtime_anyref_i31_get_s, (wt_context * context, const wt_ref *ref, int32_t *value))    \
  X(void, wasmtime_anyref_from_i31, (wt_context * context, uint32_t value, wt_ref *out))           \
  X(void, wasmtime_config_cranelift_opt_level_set, (wt_config * config, uint8_t level))            \
  X(void, wasmtime_config_cranelift_regalloc_algorithm_set, (wt_config * config, uint8_t which))   \
  X(void, wasmtime_config_epoch_interruption_set, (wt_config * config, bool value))                \
  X(void, wasmtime_config_max_wasm_stack_set, (wt_config * config, size_t size))                   \
  X(void, wasmtime_config_memory_may_move_set, (wt_config * config, bool value))                   \
  X(void, wasmtime_config_parallel_compilation_set, (wt_config * config, bool value))              \
  X(void, wasmtime_config_shared_memory_set, (wt_config * config, bool value))                     \
  X(void, wasmtime_config_wasm_exceptions_set, (wt_config * config, bool value))                   \
  X(void, wasmtime_config_wasm_function_references_set, (wt_config * config, bool value))          \
  X(void, wasmtime_config_wasm_gc_set, (wt_config * config, bool value))                           \
  X(void, wasmtime_config_wasm_threads_set, (wt_config * config, bool value))                      \
  X(void, wasmtime_config_wasm_memory64_set, (wt_config * config, bool value))                     \
  X(void, wasmtime_config_wasm_tail_call_set, (wt_config * config, bool value))                    \
  X(void, wasmtime_config_wasm_multi_memory_set, (wt_config * config, bool value))                 \
  X(void, wasmtime_context_gc, (wt_context * context))                                             \
  X(void, wasmtime_context_set_epoch_deadline, (wt_context * context, uint64_t ticks))             \
  X(wt_trap *, wasmtime_context_set_exception, (wt_context * context, const wt_ref *exception))    \
  X(bool, wasmtime_context_take_exception, (wt_context * context, wt_ref * out))                   \
  X(void, wasmtime_engine_increment_epoch, (wt_engine * engine))                                   \
  X(void, wasmtime_error_delete, (wt_error * error))                                               \
  X(void, wasmtime_error_message, (const wt_error *error, wt_bytes *message))                      \
  X(wt_error *, wasmtime_error_new, (const char *message))                                         \
  X(wt_error *, wasmtime_exnref_field,                                                             \
    (wt_context * context, const wt_ref *ref, size_t index, wt_val *out))                          \
  X(wt_error *, wasmtime_exnref_new,                                                               \
    (wt_context * context, const wt_place *tag, const wt_val *fields, size_t count, wt_ref *out))  \
  X(wt_error *, wasmtime_exnref_tag, (wt_context * context, const wt_ref *ref, wt_place *out))     \
  X(void, wasmtime_exnref_unroot, (wt_ref * ref))                                                  \
  X(wt_externtype *, wasmtime_extern_type, (wt_context * context, const wt_extern *item))          \
  X(void, wasm_externtype_delete, (wt_externtype * type))                                          \
  X(void *, wasmtime_externref_data, (wt_context * context, const wt_ref *ref))                    \
  X(bool, wasmtime_externref_new,                                                                  \
    (wt_context * context, void *data, wt_finalizer finalizer, wt_ref *out))                       \
  X(wt_error *, wasmtime_func_call,                                                                \
    (wt_context * context, const wt_func *func, const wt_val *args, size_t count, wt_val *results, \
     size_t result_count, wt_trap **trap))                                                         \
  X(wt_error *, wasmtime_func_call_unchecked,                                                      \
    (wt_context * context, const wt_func *func, wt_raw *values, size_t count, wt_trap **trap))     \
  X(void, wasmtime_func_new,                                                                       \
    (wt_context * context, const wt_functype *type, wt_callback callback, void *data,              \
     wt_finalizer finalizer, wt_func *out))                                                        \
  X(void, wasmtime_func_new_unchecked,                                                             \
    (wt_context * context, const wt_functype *type, wt_raw_callback callback, void *data,          \
     wt_finalizer finalizer, wt_func *out))                                                        \
  X(wt_functype *, wasmtime_func_type, (const wt_context *context, const wt_func *func))           \
  X(void, wasmtime_global_get, (wt_context * context, const wt_global *global, wt_val *out))       \
  X(wt_error *, wasmtime_global_new,                                                               \
    (wt_context * context, const wt_globaltype *type, const wt_val *value, wt_global *out))        \
  X(wt_error *, wasmtime_global_set,                                                               \
    (wt_context * context, const wt_global *global, const wt_val *value))                          \
  X(bool, wasmtime_instance_export_nth,                                                            \
    (wt_context * context, wt_instance * instance, size_t index, char **name, size_t *size,        \
     wt_extern *out))                                                                              \
  X(wt_error *, wasmtime_instance_new,                                                             \
    (wt_context * context, const wt_module *module, const wt_extern *imports, size_t count,        \
     wt_instance *out, wt_trap **trap))                                                            \
  X(uint8_t *, wasmtime_memory_data, (const wt_context *context, const wt_place *memory))          \
  X(size_t, wasmtime_memory_data_size, (const wt_context *context, const wt_place *memory))        \
  X(wt_error *, wasmtime_memory_grow,                                                              \
    (wt_context * context, const wt_place *memory, uint64_t pages, uint64_t *before))              \
  X(wt_error *, wasmtime_memory_new,                                                               \
    (wt_context * context, const wt_memorytype *type, wt_place *out))                              \
  X(wt_error *, wasmtime_memorytype_new,                                                           \
    (uint64_t least, bool has_most, uint64_t most, bool is64, bool shared, uint8_t page_log2,      \
     wt_memorytype **out))                                                                         \
  X(bool, wasmtime_memorytype_is64, (const wt_memorytype *type))                                   \
  X(bool, wasmtime_memorytype_isshared, (const wt_memorytype *type))                               \
  X(bool, wasmtime_memorytype_maximum, (const wt_memorytype *type, uint64_t *most))                \
  X(void, wasmtime_module_delete, (wt_module * module))                                            \
  X(wt_error *, wasmtime_module_deserialize,                                                       \
    (wt_engine * engine, const uint8_t *code, size_t size, wt_module **out))                       \
  X(wt_error *, wasmtime_module_deserialize_file,                                                  \
    (wt_engine * engine, const char *path, wt_module **out))                                       \
  X(void, wasmtime_module_exports, (const wt_module *module, wt_exports *out))                     \
  X(void, wasmtime_module_imports, (const wt_module *module, wt_imports *out))                     \
  X(wt_error *, wasmtime_module_new,                                                               \
    (wt_engine * engine, const uint8_t *bytes, size_t size, wt_module **out))                      \
  X(wt_error *, wasmtime_module_serialize, (wt_module * module, wt_bytes * out))                   \
  X(wt_error *, wasmtime_module_validate, (wt_engine * engine, const uint8_t *bytes, size_t size)) \
  X(uint8_t *, wasmtime_sharedmemory_data, (const wt_sharedmemory *memory))                        \
  X(void, wasmtime_sharedmemory_delete, (wt_sharedmemory * memory))                                \
  X(wt_context *, wasmtime_store_context, (wt_store * store))                                      \
  X(void, wasmtime_store_delete, (wt_store * store))                                               \
  X(void, wasmtime_store_epoch_deadline_callback,                                                  \
    (wt_store * store, wt_deadline_callback callback, void *data, wt_finalizer finalizer))         \
  X(void, wasmtime_store_limiter,                                                                  \
    (wt_store * store, int64_t memory, int64_t elements, int64_t instances, int64_t tables,        \
     int64_t memories))                                                                            \
  X(wt_store *, wasmtime_store_new, (wt_engine * engine, void *data, wt_finalizer finalizer))      \
  X(wt_error *, wasmtime_table_grow,                                                               \
    (wt_context * context, const wt_place *table, uint64_t count, const wt_val *value,             \
     uint64_t *before))                                                                            \
  X(bool, wasmtime_table_get,                                                                      \
    (wt_context * context, const wt_place *table, uint64_t index, wt_val *out))                    \
  X(wt_error *, wasmtime_table_new,                                                                \
    (wt_context * context, const wt_tabletype *type, const wt_val *value, wt_place *out))          \
  X(wt_error *, wasmtime_table_set,                                                                \
    (wt_context * context, const wt_place *table, uint64_t index, const wt_val *value))            \
  X(uint64_t, wasmtime_table_size, (const wt_context *context, const wt_place *table))             \
  X(wt_error *, wasmtime_tag_new, (wt_context * context, const wt_tagtype *type, wt_place *out))   \
  X(bool, wasmtime_trap_code, (const wt_trap *trap, uint8_t *code))                                \
  X(wt_trap *, wasmtime_trap_new, (const char *message, size_t size))                              \
  X(void, wasmtime_val_unroot, (wt_val * value))                                                   \
  X(void, wasmtime_valtype_delete, (wt_kind * type))                                               \
  X(void, wasmtime_valtype_new, (const wt_valtype *type, wt_kind *out))                            \
  X(wt_valtype *, wasmtime_valtype_to_wasm, (wt_engine * engine, const wt_kind *type))

typedef struct ej_wasm_api {
#define EJ_WASM_MEMBER(result, name, parameters) result(*name) parameters;
  EJ_WASM_FUNCTIONS(EJ_WASM_MEMBER)
#undef EJ_WASM_MEMBER
  wt_engine *engine; // the process has one, so modules and shared memories go from thread to thread
} ej_wasm_api;

// NULL until ej_wasm_use has found everything; stays as it is after that.
const ej_wasm_api *ej_wasm(void);

// Engines that only compile: their code is for the process's own.
typedef enum wasm_compiler {
  WASM_HASTY,   // twice as quickly, code that takes twice as long
  WASM_PATIENT, // on the calling thread alone
  WASM_COMPILERS
} wasm_compiler;
wt_engine *ej_wasm_compiler(wasm_compiler which);

#endif
