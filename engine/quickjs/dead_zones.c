// SPDX-License-Identifier: Apache-2.0
//
// Which uses of `let` and `const` need no look at whether they are initialized. Code is resolved in
// the order in which it runs: a scope is entered at its beginning, so what comes after the
// declaration in the code comes after it in time as well. Two things jump over declarations: a
// `switch`, whose cases share a scope, and `super()`, which need not be reached. Closures may be
// called at any time, and look. Part of quickjs.c.

// An initialization of a variable has been emitted.
static void ej_note_initialized(JSFunctionDef *s, int index) {
  JSVarDef *var = &s->vars[index];
  if (var->var_name != JS_ATOM_this && !s->scopes[var->scope_level].is_switch)
    var->is_initialized = 1;
}

// Whether a use that is emitted now may find it uninitialized.
static bool ej_use_is_checked(JSFunctionDef *s, int index) {
  JSVarDef *var = &s->vars[index];
  if (!var->is_lexical || var->is_initialized) return false;
  var->is_checked = 1;
  return true;
}

// Whether somebody can see that a variable is uninitialized when its scope is entered: a checked
// use, a closure, or the end of a scope that has `using`.
static bool ej_has_dead_zone(const JSFunctionDef *s, int index) {
  const JSVarDef *var = &s->vars[index];
  return !var->is_initialized || var->is_checked || var->is_captured ||
         s->scopes[var->scope_level].has_using;
}
