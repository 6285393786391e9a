# SPDX-License-Identifier: Apache-2.0
"""Under --permission sockets and lookups are refused unless --allow-net names them."""

from __future__ import annotations

import pytest
from node_support import Run, run_edgejs

__all__ = ["run_edgejs"]

SCRIPT = """
    const { once } = require('events');
    const net = require('net');
    const show = (error) => [error.code, error.permission, error.resource].join(' ');
    const tried = async (name, emitter, event) => {
      const { promise, resolve } = Promise.withResolvers();
      emitter.on('error', (error) => resolve(show(error)));
      emitter.on(event, () => resolve('allowed'));
      console.log(name, await promise);
    };
    (async () => {
      const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1');
      await tried('listen', server, 'listening');
      const port = server.address()?.port ?? 1;
      await tried('connect', net.connect(port, '127.0.0.1').resume(), 'connect');
      await tried('elsewhere', net.connect(port, '127.0.0.2'), 'connect');
      const udp = require('dgram').createSocket('udp4');
      udp.bind(0, '127.0.0.1');
      await tried('udp', udp, 'listening');
      require('dns').lookup('localhost', (error) => console.log('lookup', error ? show(error) : 'allowed'));
      if (server.listening) server.close();
      udp.close();
    })();"""

DENIED = "ERR_ACCESS_DENIED Net"


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (
            [],
            f"listen {DENIED} 127.0.0.1\nconnect {DENIED} 127.0.0.1\nelsewhere {DENIED} 127.0.0.2\n"
            f"udp {DENIED} 127.0.0.1\nlookup {DENIED} localhost\n",
        ),
        (
            ["--allow-net=127.0.0.1"],
            f"listen allowed\nconnect allowed\nelsewhere {DENIED} 127.0.0.2\nudp allowed\nlookup {DENIED} localhost\n",
        ),
    ],
    ids=["nothing", "one-address"],
)
def test_what_is_not_allowed_is_denied(run_edgejs: Run, option: list[str], expected: str) -> None:
    outcome = run_edgejs(SCRIPT, options=["--permission", "--allow-fs-read=*", *option])
    assert outcome.stderr == ""
    assert outcome.stdout == expected
