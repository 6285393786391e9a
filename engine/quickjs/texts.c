// SPDX-License-Identifier: Apache-2.0
//
// Source texts that are shared: the functions compiled from one point into it, where the engine
// alone gives each a copy of its part, nested functions several times over. Bytecode of such
// functions holds offsets, and the name of the file not at all. Part of quickjs.c.

struct ej_text {
  size_t references;
  size_t size;
  JSAtom filename;
  char bytes[];
};

enum { EJ_OBJ_TEXT = 1 << 7 }; // for JS_WriteObject and JS_ReadObject: with rt->text

ej_text *ej_text_new(JSContext *ctx, const char *filename, size_t size) {
  ej_text *text = js_malloc(ctx, sizeof *text + size + 1);
  if (text == NULL) return NULL;
  *text = (ej_text){1, size, JS_NewAtom(ctx, filename)};
  text->bytes[size] = '\0'; // the parser reads one byte past the end
  return text;
}

char *ej_text_bytes(ej_text *text) { return text->bytes; }

static void ej_text_release(JSRuntime *rt, ej_text *text) {
  if (--text->references > 0) return;
  JS_FreeAtomRT(rt, text->filename);
  js_free_rt(rt, text);
}

void ej_text_free(JSContext *ctx, ej_text *text) { ej_text_release(ctx->rt, text); }

// A collection finds nothing in a function that is being made, and would look at all that is made
// of it again and again.
static size_t ej_gc_pause(JSRuntime *rt) {
  size_t threshold = JS_GetGCThreshold(rt);
  JS_SetGCThreshold(rt, SIZE_MAX);
  return threshold;
}

JSValue ej_text_compile(JSContext *ctx, ej_text *text, JSEvalOptions *options) {
  ej_text *outer = ctx->rt->text;
  bool loads = (options->eval_flags & JS_EVAL_TYPE_MASK) == JS_EVAL_TYPE_MODULE; // and runs hooks
  size_t threshold = loads ? JS_GetGCThreshold(ctx->rt) : ej_gc_pause(ctx->rt);
  ctx->rt->text = text;
  text->references++;
  JSValue result = JS_Eval2(ctx, text->bytes, text->size, options);
  ctx->rt->text = outer;
  if (!loads) JS_SetGCThreshold(ctx->rt, threshold);
  ej_text_release(ctx->rt, text);
  return result;
}

uint8_t *ej_text_write(JSContext *ctx, size_t *size, JSValueConst code, ej_text *text) {
  ej_text *outer = ctx->rt->text;
  ctx->rt->text = text;
  uint8_t *bytes = JS_WriteObject(ctx, size, code, JS_WRITE_OBJ_BYTECODE | EJ_OBJ_TEXT);
  ctx->rt->text = outer;
  return bytes;
}

JSValue ej_text_read(JSContext *ctx, ej_text *text, const uint8_t *bytes, size_t size,
                     bool is_module) {
  ej_text *outer = ctx->rt->text;
  size_t threshold = is_module ? 0 : ej_gc_pause(ctx->rt);
  ctx->rt->text = text;
  JSValue code = JS_ReadObject(ctx, bytes, size, JS_READ_OBJ_BYTECODE | EJ_OBJ_TEXT);
  ctx->rt->text = outer;
  if (!is_module) JS_SetGCThreshold(ctx->rt, threshold);
  return code;
}

// --- Called by the edits -------------------------------------------------------------------------

static bool ej_is_shared(JSRuntime *rt, const char *source) {
  const ej_text *text = rt->text;
  return text != NULL && source >= text->bytes && source <= text->bytes + text->size;
}

static char *ej_source_take(JSContext *ctx, const uint8_t *start, size_t size) {
  char *source = (char *)start;
  return ej_is_shared(ctx->rt, source) ? source : js_strndup(ctx, source, size);
}

static void ej_source_drop(JSContext *ctx, char *source) {
  if (!ej_is_shared(ctx->rt, source)) js_free(ctx, source);
}

static void ej_function_share(JSRuntime *rt, JSFunctionBytecode *b) {
  if (!ej_is_shared(rt, b->source)) return;
  b->text = rt->text;
  b->text->references++;
}

static void ej_function_free_source(JSRuntime *rt, JSFunctionBytecode *b) {
  if (b->text != NULL)
    ej_text_release(rt, b->text);
  else
    js_free_rt(rt, b->source);
}

static JSAtom ej_name_to_write(BCWriterState *s, JSAtom name) {
  return s->text != NULL && name == s->text->filename ? JS_ATOM_NULL : name;
}

static JSAtom ej_name_read(BCReaderState *s, JSAtom name) {
  return s->text != NULL && name == JS_ATOM_NULL ? JS_DupAtom(s->ctx, s->text->filename) : name;
}

// Length and offset; a function made by the engine, of a class's fields for one, has no text.
static void ej_put_source(BCWriterState *s, const JSFunctionBytecode *b) {
  assert(b->source == NULL || b->text == s->text);
  bc_put_leb128(s, b->source == NULL ? 0 : b->source_len);
  if (b->source != NULL) bc_put_leb128(s, (uint32_t)(b->source - s->text->bytes));
}

// After the length.
static int ej_get_source(BCReaderState *s, JSFunctionBytecode *b) {
  uint32_t offset;
  if (b->source_len == 0) return 0;
  if (bc_get_leb128(s, &offset)) return -1;
  if (offset > s->text->size || (size_t)b->source_len > s->text->size - offset)
    return bc_read_error_end(s);
  b->source = s->text->bytes + offset;
  b->text = s->text;
  b->text->references++;
  return 0;
}
