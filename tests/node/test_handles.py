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


SOCKETS_FOREIGN = """
    const net = require('net');
    const dgram = require('dgram');
    const tcp = net.createServer().listen(0, '127.0.0.1');
    const pipe = net.createServer().listen('./foreign.sock');
    const udp = dgram.createSocket('udp4');
    udp.bind(0, '127.0.0.1', () => {
      const handles = [tcp._handle, pipe._handle, udp._handle];
      const wanted = new Set();
      for (const handle of handles) {
        const native = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(handle)));
        const prototype = handle === udp._handle ? Object.getPrototypeOf(Object.getPrototypeOf(handle)) : native;
        for (const name of Object.getOwnPropertyNames(prototype)) {
          if (['constructor', 'close', 'ref', 'unref', 'hasRef', 'accept'].includes(name)) continue;
          const { value, get } = Object.getOwnPropertyDescriptor(prototype, name);
          for (const victim of [{}, null, 1, new Proxy({}, {}), udp, tcp]) {
            try { (value ?? get).call(victim, Buffer.from('x'), 1, () => {}); wanted.add(`${name} ran`); }
            catch (error) { wanted.add(error.constructor.name); }
          }
        }
      }
      console.log([...wanted].join());
      for (const each of [tcp, pipe, udp]) each.close();
    });"""

SOCKETS_TERMINATED = """
    const { Worker } = require('worker_threads');
    const source = `
      const net = require('net');
      const server = net.createServer((socket) => socket.pause()).listen(0, '127.0.0.1', () => {
        const client = net.connect(server.address().port, '127.0.0.1', () => {
          client.write(Buffer.alloc(8e6));
          client.end();
          const udp = require('dgram').createSocket('udp4');
          udp.bind(0, '127.0.0.1', () => {
            require('dns').lookup('localhost', () => {});
            net.connect(server.address().port, '127.0.0.1');
            require('worker_threads').parentPort.postMessage('ready');
          });
        });
      });`;
    const worker = new Worker(source, { eval: true });
    worker.once('message', async () => {
      console.log(await worker.terminate());
    });"""


def test_methods_refuse_what_is_no_handle_of_theirs(run_edgejs: Run) -> None:
    assert run_edgejs(FOREIGN).stdout == "TypeError\n0 null\n"


def test_a_thread_may_end_with_open_handles(run_edgejs: Run) -> None:
    result = run_edgejs(TERMINATED)
    assert (result.stdout, result.stderr, result.returncode) == ("terminated\n", "", 0)


def test_methods_of_sockets_refuse_foreign_objects(run_edgejs: Run) -> None:
    outcome = run_edgejs(SOCKETS_FOREIGN, options=["--no-deprecation"])
    assert outcome.stderr == ""
    assert outcome.stdout == "TypeError\n"


def test_sockets_end_with_their_thread(run_edgejs: Run) -> None:
    outcome = run_edgejs(SOCKETS_TERMINATED)
    assert outcome.stderr == ""
    assert outcome.stdout == "1\n"
