# SPDX-License-Identifier: Apache-2.0
"""`edgejs serve`: the fetch handler of a module answers HTTP, in one isolate or several, and stops gracefully."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests
from serving import COMMAND, Server
from serving import serving as started

HANDLER = """
import { threadId } from 'node:worker_threads';
let release;
export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case '/echo':
        return Response.json(
          { method: request.method, text: await request.text(), header: request.headers.get('x-own'), env: env.OWN },
          { status: 201, headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] },
        );
      case '/chunks':
        return new Response(ReadableStream.from(['one ', 'two']).pipeThrough(new TextEncoderStream()));
      case '/thrown':
        throw new Error('thrown by the handler');
      case '/nothing':
        return undefined;
      case '/thread':
        return new Response(String(threadId));
      case '/held':
        ctx.waitUntil(new Promise((resolve) => { release = resolve; }).then(() => console.log('work is done')));
        console.log('held');
        await new Promise((resolve) => setTimeout(resolve, 200));
        setTimeout(release, 200);
        return new Response('in the end');
    }
    return new Response('hello');
  },
};
"""


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    (folder / "handler.mjs").write_text(HANDLER)
    with started(folder, "handler.mjs", *options) as server:
        yield server


def test_request_and_response(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        answer = requests.post(f"{server.address}echo", data="body", headers={"x-own": "1"}, timeout=30)
        assert answer.status_code == 201
        assert answer.json() == {"method": "POST", "text": "body", "header": "1", "env": "from outside"}
        assert answer.headers["content-type"] == "application/json"
        assert answer.cookies.get_dict() == {"a": "1", "b": "2"}
        assert requests.get(f"{server.address}chunks", timeout=30).text == "one two"
        assert requests.head(f"{server.address}chunks", timeout=30).text == ""
        assert server.stop() == (0, "", "")


@pytest.mark.parametrize(
    ("path", "message"),
    [("thrown", "Error: thrown by the handler"), ("nothing", "TypeError: fetch() did not return a Response")],
)
def test_a_failing_handler_answers_500(tmp_path: Path, path: str, message: str) -> None:
    with serving(tmp_path) as server:
        answer = requests.get(f"{server.address}{path}", timeout=30)
        assert (answer.status_code, answer.text) == (500, "Internal Server Error\n")
        assert requests.get(server.address, timeout=30).text == "hello"
        code, _, errors = server.stop()
        assert code == 0
        assert message in errors


def test_workers_share_the_port(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        threads = {requests.get(f"{server.address}thread", timeout=30).text for _ in range(40)}
        assert len(threads) == 2
        assert server.stop()[0] == 0


def test_a_signal_lets_requests_and_their_work_finish(tmp_path: Path) -> None:
    with serving(tmp_path) as server, ThreadPoolExecutor() as pool:
        assert server.process.stdout is not None
        held = pool.submit(requests.get, f"{server.address}held", timeout=30)
        assert server.process.stdout.readline() == "held\n"
        code, output, _ = server.stop()
        assert held.result().text == "in the end"
        assert (code, output) == (0, "work is done\n")


def test_the_access_log_has_a_line_for_each_request(tmp_path: Path) -> None:
    with serving(tmp_path, "--access-log") as server:
        requests.get(f"{server.address}chunks?q=1", timeout=30)
        _, output, _ = server.stop()
        assert output.startswith("127.0.0.1 - - [")
        assert output.endswith('] "GET /chunks?q=1 HTTP/1.1" 200 7\n')


def test_a_malformed_request_does_not_reach_the_handler(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        connection = HTTPConnection(server.address.removeprefix("http://").strip("/"), timeout=30)
        connection.putrequest("GET", "/thread", skip_host=True)
        connection.putheader("Host", "[bad")
        connection.endheaders()
        assert connection.getresponse().status == 400


def test_a_module_without_a_handler(tmp_path: Path) -> None:
    (tmp_path / "empty.mjs").write_text("export default {}")
    command = [COMMAND, "serve", "--port", "0", "empty.mjs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "empty.mjs has no default export with a function fetch(request, env, ctx)" in done.stderr
