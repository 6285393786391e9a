# SPDX-License-Identifier: Apache-2.0
"""What goes over the wire for the answers of a fetch handler, and what it hears of its clients."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Server, serving

HANDLER = """
const encoder = new TextEncoder();
const stream = (pull, cancel) => new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
const answers = {
  text: () => new Response('grüße'),
  seen: () => { const response = new Response('a\\ud800'); response.headers.set('a', 'b'); return response; },
  none: () => new Response(null),
  204: () => new Response(null, { status: 204 }),
  304: () => new Response(null, { status: 304, headers: { 'content-length': '9' } }),
  read: async () => { const response = new Response('once'); await response.text(); return response; },
  error: () => Response.error(),
  cut() {
    let isSent = false;
    return stream(async (controller) => {
      if (!isSent) controller.enqueue(encoder.encode('first'));
      else setImmediate(() => setImmediate(() => controller.error(new Error('failed'))));
      if (isSent) await new Promise(() => {});
      isSent = true;
    });
  },
  texts: () => stream((c) => c.enqueue('a text')),
  immutable: (request) => { try { request.headers.set('a', 'b'); } catch (error) { return new Response(error.name); } },
  copy: async (request) => Response.json(await new Request(request, { method: 'PUT' }).json()),
  twice: async (request) => {
    const text = await request.text();
    return new Response(`${text} ${request.bodyUsed} ${await request.text().catch((error) => error.name)}`);
  },
  echo: (request) => new Response(request.body),
  cf: (request) => new Response(`${request.cf}`),
  gone(request) {
    request.signal.addEventListener('abort', () => console.log('signal'));
    return stream((c) => c.enqueue(new Uint8Array(65536)), () => console.log('cancelled'));
  },
};
export default {
  async fetch(request, env) {
    const name = new URL(request.url).pathname.slice(1);
    const answer = await answers[name](request, env);
    return answer instanceof ReadableStream ? new Response(answer) : answer;
  },
  scheduled() {},
};
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("serve")
    (folder / "handler.ts").write_text(HANDLER)
    with serving(folder, "handler.ts") as server:
        yield server


def exchange(server: Server, request: str, body: str = "") -> tuple[str, dict[str, str], str]:
    """Status line, headers in small letters, and what follows, up to the end of the connection."""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(f"{request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{length}\r\n{body}".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    head, _, rest = answer.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    return status, dict(line.lower().split(": ", 1) for line in lines), rest


@pytest.mark.parametrize(
    ("request_line", "status", "length", "body"),
    [
        ("GET /text", "200 OK", "7", "grüße"),
        ("HEAD /text", "200 OK", "7", ""),
        ("GET /none", "200 OK", "0", ""),
        ("GET /204", "204 No Content", None, ""),
        ("GET /304", "304 Not Modified", "9", ""),
        ("GET /read", "500 Internal Server Error", "22", "Internal Server Error\n"),
        ("GET /error", "500 Internal Server Error", "22", "Internal Server Error\n"),
        ("GET /immutable", "200 OK", "9", "TypeError"),
        ("GET /cf", "200 OK", "9", "undefined"),
    ],
)
def test_length_and_body(
    server: Server, request_line: str, status: str, length: str | None, body: str
) -> None:
    line, headers, rest = exchange(server, request_line)
    assert (line, headers.get("content-length"), rest) == (f"HTTP/1.1 {status}", length, body)
    assert "transfer-encoding" not in headers


def test_what_is_done_to_a_response_of_a_text(server: Server) -> None:
    _, headers, body = exchange(server, "GET /seen")
    assert (headers["a"], headers["content-type"], body) == ("b", "text/plain;charset=utf-8", "a\ufffd")


def test_a_host_that_makes_no_url(server: Server) -> None:
    for host, status in {"a": 200, "a:99999": 400, "[": 400, "b": 200}.items():
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            client.sendall(f"GET /text HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert client.recv(65536).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize(("path", "sent"), [("cut", "5\r\nfirst\r\n"), ("texts", "")])
def test_a_stream_that_fails_is_cut(server: Server, path: str, sent: str) -> None:
    assert exchange(server, f"GET /{path}")[2] == sent


def test_bodies_of_requests(server: Server) -> None:
    assert json.loads(exchange(server, "POST /copy", '{"a":1}')[2]) == {"a": 1}
    assert exchange(server, "POST /twice", "body")[2] == "body true TypeError"
    assert exchange(server, "POST /echo", "streamed")[2] == "8\r\nstreamed\r\n0\r\n\r\n"


def test_websockets_are_refused(server: Server) -> None:
    request = "GET /text HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(request.encode())
        answer = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 501 Not Implemented\r\n")
    assert answer.endswith("edgejs serve does not upgrade connections to WebSocket\n")


def test_a_client_that_goes_away(server: Server) -> None:
    assert server.process.stdout is not None
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(b"GET /gone HTTP/1.1\r\nHost: a\r\n\r\n")
        client.recv(1)
    assert {server.process.stdout.readline() for _ in range(2)} == {"signal\n", "cancelled\n"}


def test_other_handlers_are_warned_of(tmp_path: Path) -> None:
    (tmp_path / "handler.ts").write_text(HANDLER)
    (tmp_path / "own.env").write_text("FROM_FILE=read")
    with serving(
        tmp_path, "handler.ts", "--env-file", "own.env", "--access-log", "--log-format", "json"
    ) as own:
        exchange(own, "GET /text?q=1")
        assert "scheduled() of handler.ts will not be called" in own.said
        code, output, _ = own.stop()
    line = json.loads(output)
    assert code == 0
    assert {name: line[name] for name in ("method", "url", "status", "size")} == {
        "method": "GET",
        "url": "/text?q=1",
        "status": 200,
        "size": 7,
    }
