// SPDX-License-Identifier: Apache-2.0
//
// A binary heap that tells its items where they are, so that one can move or leave from the middle.
'use strict';

module.exports = class PriorityQueue {
  #before;
  #place;
  #heap = [];

  // `before(a, b)`: a leaves first. `place(item, index)`: item is now at index.
  constructor(before, place) {
    this.#before = before;
    this.#place = place;
  }

  insert(item) {
    this.#heap.push(item);
    this.#up(this.#heap.length - 1);
  }

  peek() {
    return this.#heap[0];
  }

  // The item at `index` became smaller or larger.
  moved(index) {
    this.#down(this.#up(index));
  }

  removeAt(index) {
    const last = this.#heap.pop();
    if (index < this.#heap.length) {
      this.#set(index, last);
      this.moved(index);
    }
  }

  shift() {
    const first = this.#heap[0];
    if (first !== undefined) this.removeAt(0);
    return first;
  }

  #set(index, item) {
    this.#heap[index] = item;
    this.#place(item, index);
  }

  #up(index) {
    const heap = this.#heap;
    const item = heap[index];
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(item, heap[parent])) break;
      this.#set(index, heap[parent]);
      index = parent;
    }
    this.#set(index, item);
    return index;
  }

  #down(index) {
    const heap = this.#heap;
    const item = heap[index];
    for (let child = 2 * index + 1; child < heap.length; child = 2 * index + 1) {
      if (child + 1 < heap.length && this.#before(heap[child + 1], heap[child])) child++;
      if (!this.#before(heap[child], item)) break;
      this.#set(index, heap[child]);
      index = child;
    }
    this.#set(index, item);
    return index;
  }
};
