# SPDX-License-Identifier: Apache-2.0
"""Many requests, of clients that go away at any moment, and what a server has afterwards that it had not.

python bench/http_soak.py [REQUESTS]

Exits with 1 when a handle, a thread or memory is left.
"""

from __future__ import annotations

import json
import random
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SERVER = """
const http = require('http');
const large = Buffer.alloc(300_000, 'x');
const server = http.createServer({ requestTimeout: 2000, connectionsCheckingInterval: 200 }, (req, res) => {
  if (req.url === '/state') {
    res.setHeader('Connection', 'close');
    setTimeout(() => {
      gc();
      res.end(JSON.stringify({
        resources: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
        heap: process.memoryUsage().heapUsed,
      }));
    }, 500);
  } else if (req.method === 'POST') req.pipe(res);
  else if (req.url === '/large') res.end(large);
  else if (req.url === '/late') setTimeout(() => res.end('late'), 5);
  else res.end('hello');
});
server.on('clientError', (error, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

HELLO = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
REQUESTS = [
    HELLO,
    HELLO * 5,  # pipelined
    b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n",
    POST,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nnot all",
    b"nonsense\r\n\r\n",
]


def reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def visit(port: int, chance: random.Random) -> int:
    """A connection with some requests on it that ends in some way; how many there were at most."""
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(0.3)
        try:
            for _ in range(chance.randint(0, 8)):
                client.sendall(HELLO * 10)
                count += 10
                received = b""
                while received.count(b"hello") < 10:
                    received += client.recv(65536)
            request = chance.choice(REQUESTS)
            client.sendall(request[: chance.randint(1, len(request))] if chance.random() < 0.5 else request)
            count += 1
            if chance.random() < 0.5:
                client.recv(chance.choice([1, 65536]))
            if chance.random() < 0.3:
                client.shutdown(socket.SHUT_WR)
            elif chance.random() < 0.5:
                reset(client)
        except (ConnectionError, TimeoutError):
            pass  # the server may be first
    return count


def state(client: socket.socket, pid: int) -> dict[str, int]:
    """What the server has, once it is at rest; `client` is connected to it."""
    with client:
        client.sendall(b"GET /state HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
    found: dict[str, int] = json.loads(answer.partition(b"\r\n\r\n")[2])
    found["threads"] = len(list(Path(f"/proc/{pid}/task").iterdir()))
    found["descriptors"] = min(descriptors(pid) for _ in range(20))
    return found


def descriptors(pid: int) -> int:
    """How many are open; the server closes the connection that asked a moment after all was read."""
    time.sleep(0.05)
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def soak(port: int, requests: int, chance: random.Random) -> int:
    visits = 0
    while requests > 0:
        requests -= visit(port, chance)
        visits += 1
    time.sleep(3)  # requests that were never complete have timed out
    return visits


def compare(
    server: str,
    requests: int,
    warm: int,
    visit_all: Callable[[int, int, random.Random], int],
    ask: Callable[[int, int], dict[str, int]],
    kept: dict[str, int],
) -> int:
    """What `requests` requests leave in the script `server`, `warm` others being over by then.

    Prints what `ask(port, pid)` tells before and after. Returns the exit code: 1 when more than `kept` bytes,
    or any handle, thread or descriptor, is left.
    """
    edgejs = str(Path(sys.executable).with_name("edgejs"))
    chance = random.Random(1)
    with subprocess.Popen(
        [edgejs, "--expose-gc", "-e", server], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        visit_all(port, warm, chance)  # until caches and pools are full
        before = ask(port, process.pid)
        visits = visit_all(port, requests, chance)
        after = ask(port, process.pid)
        process.kill()
    print(f"{requests} requests, {visits} connections")
    for what, count in before.items():
        print(f"  {what:12} {count:>12} before {after[what]:>12} after")
    same = all(after[what] <= before[what] for what in ("resources", "threads", "descriptors"))
    grown = any(after[what] - before[what] >= most for what, most in kept.items())
    return 0 if same and not grown else 1


def main() -> int:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    return compare(
        SERVER,
        requests,
        requests // 10,
        soak,
        lambda port, pid: state(socket.create_connection(("127.0.0.1", port)), pid),
        {"heap": 500_000},
    )


if __name__ == "__main__":
    sys.exit(main())
