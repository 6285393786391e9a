# SPDX-License-Identifier: Apache-2.0
"""Worker threads of a runtime end with it, and are held to its limits."""

from __future__ import annotations

import threading

import pytest

import edgejs

START = """
const { Worker } = require('worker_threads');
const start = (source) => new Promise((resolve) => {
  const worker = new Worker(source, { eval: true });
  const seen = [];
  worker.on('error', (error) => seen.push(error.code));
  worker.on('message', (message) => seen.push(message));
  worker.on('exit', (code) => resolve([...seen, code]));
});
"""


def threads() -> int:
    return sum(thread.name == "WorkerThread" for thread in threading.enumerate())


def test_closing_ends_them() -> None:
    with edgejs.Runtime() as js:
        js.eval(
            "const { Worker } = require('worker_threads');"
            "globalThis.online = Promise.all([0, 1].map(() => new Promise((resolve) =>"
            "  new Worker('for (;;);', { eval: true }).once('online', resolve))))"
        )
        js.wait_for(js.globals.online)
        assert threads() == 2
    assert threads() == 0


def test_values_come_back() -> None:
    with edgejs.Runtime() as js:
        promise = js.eval(START + "start(`require('worker_threads').parentPort.postMessage(6 * 7)`)")
        assert js.wait_for(promise).to_py() == [42, 0]


def test_the_memory_limit_is_theirs_too() -> None:
    with edgejs.Runtime(memory_limit="32MiB") as js:
        promise = js.eval(START + "start('const kept = []; for (;;) kept.push(new Array(1000).fill(0))')")
        assert js.wait_for(promise).to_py() == ["ERR_WORKER_OUT_OF_MEMORY", 1]


@pytest.mark.parametrize(
    "source", ["for (;;);", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"]
)
def test_the_time_limit_is_theirs_too(source: str) -> None:
    with edgejs.Runtime(timeout=1) as js:
        js.eval(START + f"start(`{source}`).then((seen) => {{ globalThis.seen = seen }})")
        for _ in range(5):
            try:
                js.run_until_idle()
            except edgejs.JSTimeout:
                continue
            break
        assert js.globals.seen.to_py() == [1]
