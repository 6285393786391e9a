// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('http_parser'): llhttp as a class. Written over Node-API.
#ifndef EJ_HTTP_PARSER_H
#define EJ_HTTP_PARSER_H

#include <node_api.h>

// { HTTPParser, methods, allMethods, setCallbacks }. NULL with an exception pending when it cannot
// be made.
napi_value ej_binding_http_parser(napi_env env);

#endif
