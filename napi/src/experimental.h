// SPDX-License-Identifier: Apache-2.0
//
// What Node declares under NAPI_EXPERIMENTAL and the node-api-headers package leaves out. Include
// it after <node_api.h>. Node's own headers declare the same functions with the same types, so
// including both is allowed.
#ifndef EDGEJS_NAPI_EXPERIMENTAL_H
#define EDGEJS_NAPI_EXPERIMENTAL_H

#include <node_api.h>

EXTERN_C_START

#ifdef NAPI_EXPERIMENTAL

NAPI_EXTERN napi_status NAPI_CDECL node_api_create_object_with_properties(
    napi_env env, napi_value prototype_or_null, napi_value *property_names,
    napi_value *property_values, size_t property_count, napi_value *result);

NAPI_EXTERN napi_status NAPI_CDECL node_api_set_prototype(napi_env env, napi_value object,
                                                          napi_value value);

NAPI_EXTERN napi_status NAPI_CDECL node_api_is_sharedarraybuffer(napi_env env, napi_value value,
                                                                 bool *result);

NAPI_EXTERN napi_status NAPI_CDECL node_api_create_sharedarraybuffer(napi_env env,
                                                                     size_t byte_length,
                                                                     void **data,
                                                                     napi_value *result);

NAPI_EXTERN napi_status NAPI_CDECL node_api_create_external_sharedarraybuffer(
    napi_env env, void *external_data, size_t byte_length, node_api_noenv_finalize finalize_cb,
    void *finalize_hint, napi_value *result);

NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(node_api_basic_env env,
                                                           napi_finalize finalize_cb,
                                                           void *finalize_data,
                                                           void *finalize_hint);

#endif // NAPI_EXPERIMENTAL

EXTERN_C_END

#endif
