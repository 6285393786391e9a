# SPDX-License-Identifier: Apache-2.0
"""`edgejs serve --workers N`: a worker that ends is replaced, and the log says why."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from serving import COMMAND, serving

HANDLER = """
import { threadId } from 'node:worker_threads';
export default {
  fetch(request) {
    switch (new URL(request.url).pathname) {
      case '/thrown': setTimeout(() => { throw new Error('thrown in a timer'); }); return new Promise(() => {});
      case '/exit': return process.exit(7);
      case '/memory': for (const all = [];;) all.push({ of: all });
    }
    return new Response(String(threadId));
  },
};
"""


@pytest.mark.parametrize(
    ("path", "reason"),
    [("thrown", "thrown in a timer"), ("exit", "with code 7"), ("memory", "ERR_WORKER_OUT_OF_MEMORY")],
)
def test_a_worker_that_ends_is_replaced(tmp_path: Path, path: str, reason: str) -> None:
    (tmp_path / "handler.mjs").write_text(HANDLER)
    with serving(tmp_path, "handler.mjs", "--workers", "2", "--memory-limit", "64") as server:
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{server.address}{path}", timeout=30)
        threads: set[str] = set()
        while "3" not in threads:
            try:
                threads.add(requests.get(server.address, timeout=30).text)
            except requests.ConnectionError:
                continue  # the kernel may still give connections to the one that ends
        code, _, errors = server.stop()
        assert code == 0
        assert reason in errors
        assert "another one takes its place" in errors


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken(tmp_path: Path, workers: str) -> None:
    (tmp_path / "handler.mjs").write_text(HANDLER)
    with serving(tmp_path, "handler.mjs", "--workers", workers) as server:
        command = [COMMAND, "serve", "--port", str(server.port), "--workers", workers, "handler.mjs"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert f"Error: listen EADDRINUSE: address already in use 127.0.0.1:{server.port}" in done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_file_that_is_not_there(tmp_path: Path, workers: str) -> None:
    command = [COMMAND, "serve", "--port", "0", "--workers", workers, "nowhere.mjs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "ERR_MODULE_NOT_FOUND" in done.stderr


def test_a_request_that_does_not_end_is_cut_after_the_time_of_grace(tmp_path: Path) -> None:
    (tmp_path / "handler.mjs").write_text(
        "export default { fetch() { console.log('asked'); return new Promise(() => {}); } }"
    )
    with serving(tmp_path, "handler.mjs", "--grace", "0.2") as server, ThreadPoolExecutor() as pool:
        assert server.process.stdout is not None
        answer = pool.submit(requests.get, server.address, timeout=30)
        assert server.process.stdout.readline() == "asked\n"
        code, _, errors = server.stop()
        assert (code, errors) == (1, "edgejs serve: requests were still open after 0.2 s\n")
        assert isinstance(answer.exception(), requests.ConnectionError)
