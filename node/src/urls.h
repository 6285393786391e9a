// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('urls'): URLs through ada, the parser that Node has. ada is in the Python package
// ada_url; its functions are called from here directly, since a URL is parsed in less than a
// microsecond and a crossing into Python takes ten. Written over Node-API.
#ifndef EJ_URLS_H
#define EJ_URLS_H

#include <node_api.h>

napi_value ej_binding_urls(napi_env env);

#endif
