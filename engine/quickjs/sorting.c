// SPDX-License-Identifier: Apache-2.0
//
// Array.prototype.sort of short arrays, in the steps of V8's TimSort for those. Comparison
// functions that contradict themselves (`() => 1`) are common in packages, and what they give
// depends on who is compared with whom. Part of quickjs.c.

static void ej_move_slot(ValueSlot *array, size_t from, size_t to) { // `from` is after `to`
  ValueSlot moved = array[from];
  memmove(array + to + 1, array + to, (from - to) * sizeof(*array));
  array[to] = moved;
}

// How many elements at the start are in order; if they fall, they are turned round.
static size_t ej_first_run(ValueSlot *array, size_t count, ej_slot_order *order, void *opaque) {
  bool falls = order(&array[1], &array[0], opaque) < 0;
  size_t run = 2;
  while (run < count && (order(&array[run], &array[run - 1], opaque) < 0) == falls) run++;
  for (size_t i = 0; falls && i < run / 2; i++) {
    ValueSlot other = array[i];
    array[i] = array[run - 1 - i];
    array[run - 1 - i] = other;
  }
  return run;
}

static void ej_sort_slots(void *slots, size_t count, ej_slot_order *order, void *opaque) {
  enum { SHORT = 64 }; // V8 makes one run of what is shorter
  ValueSlot *array = slots;
  if (count < 2) return;
  if (count >= SHORT) {
    rqsort(array, count, sizeof(*array), order, opaque);
    return;
  }
  for (size_t i = ej_first_run(array, count, order, opaque); i < count; i++) {
    size_t left = 0, right = i;
    while (left < right) {
      size_t middle = left + (right - left) / 2;
      if (order(&array[i], &array[middle], opaque) < 0)
        right = middle;
      else
        left = middle + 1;
    }
    ej_move_slot(array, i, left);
  }
}
