// SPDX-License-Identifier: Apache-2.0
//
// The expression that failed, in V8's words: "o.list(...).x". V8 finds it in the source text; here
// it is read off the bytecode. A walk over the function from its start notes for each instruction
// where its operands came from; the expression is then printed from the operand back. What has no
// short form is an "(intermediate value)", as in V8. Part of quickjs.c. Runs for errors only.

enum { EJ_UNKNOWN = -1, EJ_DEPTH_LIMIT = 24, EJ_NO_JUMP = -1, EJ_NOTES = 6 };

typedef struct ej_operands {
  JSContext *ctx;
  JSFunctionBytecode *b;
  int32_t *top;    // per instruction: what made its last operand,
  int32_t *second; // the one before it,
  int32_t *callee; // and the function of a call
  int32_t *depth;  // for the target of a jump: the stack depth there,
  int32_t *from;   // the jump,
  int32_t *kept;   // and what made the last value on the stack
  int32_t *stack;
  int sp; // stack depth where the walk ended
} ej_operands;

static bool ej_operands_init(ej_operands *o, JSContext *ctx, JSFunctionBytecode *b) {
  size_t length = b->byte_code_len;
  int32_t *cells = js_malloc_rt(ctx->rt, (EJ_NOTES * length + b->stack_size + 8) * sizeof *cells);
  if (!cells) return false;
  for (size_t i = 0; i < EJ_NOTES * length; i++) cells[i] = EJ_UNKNOWN;
  *o = (ej_operands){.ctx = ctx, .b = b, .top = cells, .stack = cells + EJ_NOTES * length};
  o->second = o->top + length;
  o->callee = o->second + length;
  o->depth = o->callee + length;
  o->from = o->depth + length;
  o->kept = o->from + length;
  return true;
}

static void ej_operands_free(ej_operands *o) { js_free_rt(o->ctx->rt, o->top); }

// Values that an instruction takes, with the arguments of a call.
static int ej_pops(const uint8_t *pc) {
  int op = *pc, pops = short_opcode_info(op).n_pop;
  switch (short_opcode_info(op).fmt) {
  case OP_FMT_npop:
  case OP_FMT_npop_u16:
    return pops + get_u16(pc + 1);
  case OP_FMT_npopx:
    return pops + op - OP_call0;
  default:
    return pops;
  }
}

// Where a jump leads, as an offset into the bytecode; EJ_NO_JUMP for what does not jump.
static int ej_jump_target(const ej_operands *o, int pos) {
  const uint8_t *pc = o->b->byte_code_buf + pos;
  switch (short_opcode_info(*pc).fmt) {
  case OP_FMT_label:
    return pos + 1 + (int32_t)get_u32(pc + 1);
  case OP_FMT_label8:
    return pos + 1 + (int8_t)pc[1];
  case OP_FMT_label16:
    return pos + 1 + (int16_t)get_u16(pc + 1);
  default:
    return EJ_NO_JUMP;
  }
}

static bool ej_ends_flow(int op) {
  switch (op) {
  case OP_goto:
  case OP_goto8:
  case OP_goto16:
  case OP_return:
  case OP_return_undef:
  case OP_return_async:
  case OP_tail_call:
  case OP_tail_call_method:
  case OP_throw:
  case OP_throw_error:
  case OP_ret:
    return true;
  default:
    return false;
  }
}

// Moves the notes of `stack` as instruction `pos` moves values; returns the new depth.
static int ej_move(ej_operands *o, int pos, int sp) {
  const uint8_t *pc = o->b->byte_code_buf + pos;
  int32_t *s = o->stack + sp, note;
  int pops = ej_pops(pc), pushes = short_opcode_info(*pc).n_push;
  switch (*pc) {
  case OP_dup:
    s[0] = s[-1];
    return sp + 1;
  case OP_dup1:
    s[0] = s[-1];
    s[-1] = s[-2];
    return sp + 1;
  case OP_dup2:
    s[0] = s[-2];
    s[1] = s[-1];
    return sp + 2;
  case OP_dup3:
    s[0] = s[-3];
    s[1] = s[-2];
    s[2] = s[-1];
    return sp + 3;
  case OP_nip:
    s[-2] = s[-1];
    return sp - 1;
  case OP_swap:
    note = s[-2];
    s[-2] = s[-1];
    s[-1] = note;
    return sp;
  case OP_insert2:
    s[0] = note = s[-1];
    s[-1] = s[-2];
    s[-2] = note;
    return sp + 1;
  case OP_insert3:
    s[0] = note = s[-1];
    s[-1] = s[-2];
    s[-2] = s[-3];
    s[-3] = note;
    return sp + 1;
  case OP_rot3l:
    note = s[-3];
    s[-3] = s[-2];
    s[-2] = s[-1];
    s[-1] = note;
    return sp;
  case OP_get_field2:
    s[0] = pos;
    return sp + 1;
  case OP_get_array_el2:
  case OP_set_name_computed:
  case OP_check_brand:
    s[-1] = *pc == OP_get_array_el2 ? pos : s[-1];
    return sp;
  case OP_set_loc: // `let x = value; x`
  case OP_set_loc8:
  case OP_set_loc0 ... OP_set_loc3:
    s[-1] = pos;
    return sp;
  case OP_to_object:
  case OP_to_propkey:
  case OP_set_name:
  case OP_set_arg:
  case OP_set_arg0 ... OP_set_arg3:
  case OP_set_var_ref:
  case OP_set_var_ref0 ... OP_set_var_ref3:
    return sp;
  }
  sp -= pops;
  for (int i = 0; i < pushes; i++) o->stack[sp + i] = pos;
  return sp + pushes;
}

// Takes over what a jump to `pos` recorded: all of it when the code before does not run on into
// `pos`, else only what both ways agree on.
static int ej_join(ej_operands *o, int pos, int sp, bool flows) {
  int depth = o->depth[pos];
  if (depth == EJ_UNKNOWN || (flows && depth != sp)) return sp;
  if (depth > 0 && !flows) o->stack[depth - 1] = o->kept[pos];
  if (depth > 0 && flows && o->stack[depth - 1] != o->kept[pos]) {
    // a pattern takes "undefined" apart unless the code below it jumps back here with the value
    bool is_pattern = o->from[pos] > pos && o->stack[depth - 1] != EJ_UNKNOWN &&
                      o->b->byte_code_buf[o->stack[depth - 1]] == OP_undefined;
    o->stack[depth - 1] = is_pattern ? o->kept[pos] : EJ_UNKNOWN;
  }
  return depth;
}

static void ej_note_operands(ej_operands *o, int pos, int sp) {
  const uint8_t *pc = o->b->byte_code_buf + pos;
  int arguments = ej_pops(pc) - short_opcode_info(*pc).n_pop;
  int below = *pc == OP_call_constructor ? 2 : *pc == OP_apply ? 3 : 1;
  if (sp > 0) o->top[pos] = o->stack[sp - 1];
  if (sp > 1) o->second[pos] = o->stack[sp - 2];
  if (sp >= arguments + below) o->callee[pos] = o->stack[sp - arguments - below];
}

// Walks from the start of the function to `end`, or on until the stack is no deeper than `until`
// values; returns the position of the last instruction, EJ_UNKNOWN when that cannot be reached.
// Code that only a jump backwards leads to is passed over: it is known in a second walk.
static int ej_walk(ej_operands *o, int end, int until) {
  int sp = 0, last = EJ_UNKNOWN, length = o->b->byte_code_len, pos = 0;
  for (bool flows = true; pos < length; pos += short_opcode_info(o->b->byte_code_buf[pos]).size) {
    const uint8_t *pc = o->b->byte_code_buf + pos;
    if (pos >= end && (until < 0 || sp <= until)) break;
    last = EJ_UNKNOWN;
    sp = ej_join(o, pos, sp, flows);
    if (!flows && o->depth[pos] == EJ_UNKNOWN) continue;
    int pops = ej_pops(pc);
    if (sp < pops || sp - pops + short_opcode_info(*pc).n_push > o->b->stack_size)
      return EJ_UNKNOWN;
    ej_note_operands(o, pos, sp);
    last = pos;
    sp = ej_move(o, pos, sp);
    flows = !ej_ends_flow(*pc);
    int target = ej_jump_target(o, pos);
    if (target != EJ_NO_JUMP && target < length) {
      o->depth[target] = sp;
      o->from[target] = pos;
      o->kept[target] = sp > 0 ? o->stack[sp - 1] : EJ_UNKNOWN;
    }
  }
  o->sp = sp;
  return last;
}

static void ej_put_atom(JSContext *ctx, DynBuf *out, JSAtom atom) {
  const char *name = JS_AtomToCString(ctx, atom);
  if (name) dbuf_putstr(out, name);
  JS_FreeCString(ctx, name);
}

static void ej_put_intermediate(DynBuf *out) { dbuf_putstr(out, "(intermediate value)"); }

static void ej_put_variable(ej_operands *o, DynBuf *out, JSAtom atom) {
  if (atom == JS_ATOM_NULL || JS_AtomGetKind(o->ctx, atom) == JS_ATOM_KIND_SYMBOL)
    ej_put_intermediate(out);
  else
    ej_put_atom(o->ctx, out, atom);
}

// A local, an argument or a variable of an outer function: true when `pos` reads one.
static bool ej_put_slot(ej_operands *o, DynBuf *out, int pos) {
  const uint8_t *pc = o->b->byte_code_buf + pos;
  JSFunctionBytecode *b = o->b;
  int op = *pc, index;
  switch (op) {
  case OP_get_loc:
  case OP_get_loc_check:
  case OP_set_loc:
    index = get_u16(pc + 1);
    break;
  case OP_get_loc8:
  case OP_set_loc8:
    index = pc[1];
    break;
  case OP_set_loc0 ... OP_set_loc3:
    index = op - OP_set_loc0;
    break;
  case OP_get_loc0 ... OP_get_loc3:
    index = op - OP_get_loc0;
    break;
  case OP_get_arg:
    index = (int)get_u16(pc + 1) - b->arg_count;
    break;
  case OP_get_arg0 ... OP_get_arg3:
    index = op - OP_get_arg0 - b->arg_count;
    break;
  case OP_get_var_ref:
  case OP_get_var_ref_check:
    ej_put_variable(o, out, b->closure_var[get_u16(pc + 1)].var_name);
    return true;
  case OP_get_var_ref0 ... OP_get_var_ref3:
    ej_put_variable(o, out, b->closure_var[op - OP_get_var_ref0].var_name);
    return true;
  default:
    return false;
  }
  ej_put_variable(o, out, b->vardefs ? b->vardefs[b->arg_count + index].var_name : JS_ATOM_NULL);
  return true;
}

// A literal: true when `pos` pushes one.
static bool ej_put_literal(ej_operands *o, DynBuf *out, int pos) {
  const uint8_t *pc = o->b->byte_code_buf + pos;
  JSValueConst constant;
  switch (*pc) {
  case OP_push_i32:
    dbuf_printf(out, "%d", (int)get_u32(pc + 1));
    return true;
  case OP_push_i16:
    dbuf_printf(out, "%d", (int16_t)get_u16(pc + 1));
    return true;
  case OP_push_i8:
    dbuf_printf(out, "%d", (int8_t)pc[1]);
    return true;
  case OP_push_minus1 ... OP_push_7:
    dbuf_printf(out, "%d", *pc - OP_push_0);
    return true;
  case OP_undefined:
    dbuf_putstr(out, "undefined");
    return true;
  case OP_null:
    dbuf_putstr(out, "null");
    return true;
  case OP_push_true:
    dbuf_putstr(out, "true");
    return true;
  case OP_push_false:
    dbuf_putstr(out, "false");
    return true;
  case OP_push_this:
    dbuf_putstr(out, "this");
    return true;
  case OP_object:
    dbuf_putstr(out, "{}");
    return true;
  case OP_push_empty_string:
    dbuf_putstr(out, "\"\"");
    return true;
  case OP_push_atom_value:
    dbuf_putc(out, '"');
    ej_put_atom(o->ctx, out, get_u32(pc + 1));
    dbuf_putc(out, '"');
    return true;
  case OP_array_from:
    if (get_u16(pc + 1) != 0) return false;
    dbuf_putstr(out, "[]");
    return true;
  case OP_push_const:
  case OP_push_const8:
    constant = o->b->cpool[*pc == OP_push_const ? get_u32(pc + 1) : pc[1]];
    if (!JS_IsNumber(constant) && !JS_IsString(constant)) return false;
    ej_put_quoted(o->ctx, out, constant);
    return true;
  default:
    return false;
  }
}

static const char *ej_operator(int op) {
  static const char *const binary[] = {
      "*",  "/", "%",  "+", "-",  "<<",         ">>", ">>>", "&",  "^",   "|",
      "**", "<", "<=", ">", ">=", "instanceof", "in", "==",  "!=", "===", "!=="};
  return op >= OP_mul && op <= OP_strict_neq ? binary[op - OP_mul] : NULL;
}

static void ej_put_expression(ej_operands *o, DynBuf *out, int pos, int depth);

static void ej_put_operation(ej_operands *o, DynBuf *out, int pos, int depth) {
  int op = o->b->byte_code_buf[pos];
  const char *binary = ej_operator(op);
  const char *unary = op == OP_neg      ? "-"
                      : op == OP_plus   ? "+"
                      : op == OP_not    ? "~"
                      : op == OP_lnot   ? "!"
                      : op == OP_typeof ? "typeof "
                                        : NULL;
  if (binary) {
    dbuf_putc(out, '(');
    ej_put_expression(o, out, o->second[pos], depth + 1);
    dbuf_printf(out, " %s ", binary);
  } else if (unary) {
    dbuf_printf(out, "(%s", unary);
  } else {
    ej_put_intermediate(out);
    return;
  }
  ej_put_expression(o, out, o->top[pos], depth + 1);
  dbuf_putc(out, ')');
}

// "?" of "?.": a comparison of the object with undefined and null jumped here.
static bool ej_is_optional(const ej_operands *o, int pos) {
  int jump = o->from[pos];
  return jump > 0 && o->b->byte_code_buf[jump - 1] == OP_is_undefined_or_null;
}

// Prints the expression whose value instruction `pos` made.
static void ej_put_expression(ej_operands *o, DynBuf *out, int pos, int depth) {
  if (pos == EJ_UNKNOWN || depth > EJ_DEPTH_LIMIT) {
    ej_put_intermediate(out);
    return;
  }
  const uint8_t *pc = o->b->byte_code_buf + pos;
  if (ej_put_slot(o, out, pos) || ej_put_literal(o, out, pos)) return;
  switch (*pc) {
  case OP_get_var:
  case OP_get_var_undef:
    ej_put_variable(o, out, get_u32(pc + 1));
    return;
  case OP_get_field:
  case OP_get_field2:
  case OP_get_length:
    ej_put_expression(o, out, o->top[pos], depth + 1);
    dbuf_putstr(out, ej_is_optional(o, pos) ? "?." : ".");
    ej_put_atom(o->ctx, out, *pc == OP_get_length ? JS_ATOM_length : get_u32(pc + 1));
    return;
  case OP_get_array_el:
  case OP_get_array_el2:
  case OP_get_private_field:
    ej_put_expression(o, out, o->second[pos], depth + 1);
    if (ej_is_optional(o, pos)) dbuf_putc(out, '?');
    if (o->top[pos] != EJ_UNKNOWN && o->b->byte_code_buf[o->top[pos]] == OP_push_atom_value) {
      dbuf_putc(out, '.');
      ej_put_atom(o->ctx, out, get_u32(o->b->byte_code_buf + o->top[pos] + 1));
      return;
    }
    dbuf_putc(out, '[');
    ej_put_expression(o, out, o->top[pos], depth + 1);
    dbuf_putc(out, ']');
    return;
  case OP_get_super_value:
    ej_put_intermediate(out);
    if (o->top[pos] != EJ_UNKNOWN && o->b->byte_code_buf[o->top[pos]] == OP_push_atom_value) {
      dbuf_putc(out, '.');
      ej_put_atom(o->ctx, out, get_u32(o->b->byte_code_buf + o->top[pos] + 1));
    }
    return;
  case OP_call:
  case OP_call0 ... OP_call3:
  case OP_call_method:
  case OP_apply:
    ej_put_expression(o, out, o->callee[pos], depth + 1);
    dbuf_putstr(out, "(...)");
    return;
  default:
    ej_put_operation(o, out, pos, depth);
  }
}

// The bytecode instruction that runs now, when it was entered straight from bytecode; fills `o`,
// which the caller frees.
static int ej_current_instruction(JSContext *ctx, ej_operands *o) {
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  JSFunctionBytecode *b = sf ? JS_GetFunctionBytecode(sf->cur_func) : NULL;
  if (!b || !sf->cur_pc || !ej_operands_init(o, ctx, b)) return EJ_UNKNOWN;
  int end = sf->cur_pc - b->byte_code_buf;
  int pos = ej_walk(o, end, -1), op = pos == EJ_UNKNOWN ? OP_to_object : b->byte_code_buf[pos];
  if (op == OP_to_object ||
      op == OP_for_of_start) { // perhaps a pattern, whose value is computed below it
    ej_walk(o, b->byte_code_len, -1);
    pos = ej_walk(o, end, -1);
  }
  if (pos != EJ_UNKNOWN && pos + short_opcode_info(b->byte_code_buf[pos]).size == end) return pos;
  ej_operands_free(o);
  return EJ_UNKNOWN;
}

static bool ej_is_call(int op) {
  switch (op) {
  case OP_call:
  case OP_call0 ... OP_call3:
  case OP_tail_call:
  case OP_call_method:
  case OP_tail_call_method:
  case OP_call_constructor:
  case OP_apply:
  case OP_eval:
    return true;
  default:
    return false;
  }
}
