// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('module_files'): the three questions that the module loader asks the file system,
// for every module of a program and at every start. bench/start.py shows what they cost in Python:
// importing `fs` alone was a tenth of a hello world. Written over Node-API.
#ifndef EJ_MODULE_FILES_H
#define EJ_MODULE_FILES_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_module_files(napi_env env);

#endif
