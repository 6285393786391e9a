# SPDX-License-Identifier: Apache-2.0
"""Handles of the event loop as objects: methods on what is no such handle, and handles that outlive their thread."""

from __future__ import annotations

from node_support import Run, run_edgejs

__all__ = ["run_edgejs"]

FOREIGN = """
    const child = require('child_process').spawn('true');
    const prototypes = [child.stdin._handle, child._handle].map(Object.getPrototypeOf);
    const foreign = [{}, null, 1, process, new Proxy({}, {})];
    const seen = new Set();
    for (const [i, prototype] of prototypes.entries()) {
      for (const name of Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor')) {
        const { value, get } = Object.getOwnPropertyDescriptor(prototype, name);
        const victims = ['close', 'ref', 'unref', 'hasRef'].includes(name)
          ? foreign
          : [...foreign, i === 0 ? child._handle : child.stdin._handle];
        for (const victim of victims) {
          try { (value ?? get).call(victim, Buffer.from('x'), () => {}); seen.add(`${name} ran`); }
          catch (error) { seen.add(error.constructor.name); }
        }
      }
    }
    console.log([...seen].join());
    child.on('close', (...ending) => console.log(...ending));"""

TERMINATED = """
    const { Worker } = require('worker_threads');
    const source = `
      const child = require('child_process').spawn('sleep', ['60'], { stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
      child.stdin.write(Buffer.alloc(1e6));
      require('worker_threads').parentPort.postMessage(child.pid);`;
    const worker = new Worker(source, { eval: true });
    worker.once('message', async (pid) => {
      await worker.terminate();
      process.kill(pid);
      console.log('terminated');
    });"""


def test_methods_refuse_what_is_no_handle_of_theirs(run_edgejs: Run) -> None:
    assert run_edgejs(FOREIGN).stdout == "TypeError\n0 null\n"


def test_a_thread_may_end_with_open_handles(run_edgejs: Run) -> None:
    result = run_edgejs(TERMINATED)
    assert (result.stdout, result.stderr, result.returncode) == ("terminated\n", "", 0)
