// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('wasm'): WebAssembly over wasmtime, whose library node/wasm_host.py finds.
#ifndef EJ_WASM_H
#define EJ_WASM_H

#include <node_api.h>

napi_value ej_binding_wasm(napi_env env);

#endif
