// SPDX-License-Identifier: Apache-2.0
//
// What an iterator of a Map or a Set has left, without taking it out. Part of quickjs.c.

static struct list_head *ej_next_record(const JSMapIteratorData *it, JSMapState *map) {
  return it->cur_record ? it->cur_record->link.next : map->records.next;
}

JSValue ej_quickjs_iterator_rest(JSContext *ctx, JSValueConst iterator, bool *has_pairs) {
  JSClassID class_id = JS_GetClassID(iterator);
  bool is_set = class_id == JS_CLASS_SET_ITERATOR;
  *has_pairs = false;
  if (!is_set && class_id != JS_CLASS_MAP_ITERATOR) return JS_UNDEFINED;
  JSMapIteratorData *it = JS_GetOpaque(iterator, class_id);
  *has_pairs = it->kind == JS_ITERATOR_KIND_KEY_AND_VALUE;
  JSValue rest = JS_NewArray(ctx);
  if (JS_IsException(rest) || JS_IsUndefined(it->obj)) return rest; // it has ended
  JSMapState *map = JS_GetOpaque(it->obj, is_set ? JS_CLASS_SET : JS_CLASS_MAP);
  uint32_t count = 0;
  for (struct list_head *el = ej_next_record(it, map); el != &map->records; el = el->next) {
    JSMapRecord *record = list_entry(el, JSMapRecord, link);
    if (record->empty) continue;
    JSValueConst value = is_set ? record->key : record->value;
    bool wants_key = it->kind != JS_ITERATOR_KIND_VALUE;
    bool wants_value = it->kind != JS_ITERATOR_KIND_KEY;
    if ((wants_key && ej_quickjs_append(ctx, rest, count++, js_dup(record->key)) < 0) ||
        (wants_value && ej_quickjs_append(ctx, rest, count++, js_dup(value)) < 0)) {
      JS_FreeValue(ctx, rest);
      return JS_EXCEPTION;
    }
  }
  return rest;
}
