# SPDX-License-Identifier: Apache-2.0
"""http_soak.py over TLS: clients go away before, while and after hands are shaken.

python bench/https_soak.py [REQUESTS]

Exits with 1 when a handle, a thread or memory is left.
"""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import sys
import time
from pathlib import Path

import http_soak

PEM = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "tls"
SERVER = (
    http_soak.SERVER.replace("require('http')", "require('https')")
    .replace(
        "createServer({",
        "createServer({ handshakeTimeout: 1000, key: read('server-key'), cert: read('server'),",
    )
    .replace(
        "const large",
        f"const read = (name) => require('fs').readFileSync(`{PEM}/${{name}}.pem`);\nconst large",
    )
)
KEPT = 8 << 20  # bytes of the process that caches and the allocator may keep


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _hello(context: ssl.SSLContext) -> bytes:
    """The first message of a client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):  # nobody answers
        context.wrap_bio(incoming, outgoing).do_handshake()
    return outgoing.read()


def break_off(port: int, chance: random.Random, hello: bytes) -> None:
    """A connection on which hands are never shaken."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(0.3)
        try:
            data = chance.choice([hello, hello, b"GET / HTTP/1.1\r\n\r\n", bytes(chance.randbytes(100))])
            client.sendall(data[: chance.randint(0, len(data))] if chance.random() < 0.5 else data)
            if chance.random() < 0.5:
                client.recv(65536)
            if chance.random() < 0.5:
                http_soak.reset(client)
        except (ConnectionError, TimeoutError):
            pass  # the server may be first


def visit(port: int, chance: random.Random, context: ssl.SSLContext) -> int:
    """A connection with some requests on it that ends in some way; how many there were at most."""
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.settimeout(0.3)
        try:
            client = context.wrap_socket(raw, do_handshake_on_connect=True)
            for _ in range(chance.randint(0, 8)):
                client.sendall(http_soak.HELLO * 10)
                count += 10
                received = b""
                while received.count(b"hello") < 10:
                    received += client.recv(65536)
            request = chance.choice(http_soak.REQUESTS)
            client.sendall(request[: chance.randint(1, len(request))] if chance.random() < 0.5 else request)
            count += 1
            if chance.random() < 0.5:
                client.recv(chance.choice([1, 65536]))
            if chance.random() < 0.3:
                client.unwrap()
            elif chance.random() < 0.5:
                http_soak.reset(client)
            client.close()
        except (ConnectionError, TimeoutError, ssl.SSLError):
            pass  # the server may be first
    return count


def soak(port: int, requests: int, chance: random.Random) -> int:
    context = _trusting()
    hello = _hello(context)
    visits = 0
    while requests > 0:
        if chance.random() < 0.3:
            break_off(port, chance, hello)
        else:
            requests -= visit(port, chance, context)
        visits += 1
    time.sleep(3)  # what was never complete has timed out
    return visits


def state(port: int, pid: int) -> dict[str, int]:
    """What the server has, once it is at rest."""
    found = http_soak.state(_trusting().wrap_socket(socket.create_connection(("127.0.0.1", port))), pid)
    found["resident"] = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return found


def main() -> int:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    return http_soak.compare(
        SERVER, requests, max(requests // 5, 1000), soak, state, {"heap": 500_000, "resident": KEPT}
    )


if __name__ == "__main__":
    sys.exit(main())
