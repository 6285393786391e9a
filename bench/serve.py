# SPDX-License-Identifier: Apache-2.0
"""Requests per second of a fetch handler under `edgejs serve`, next to Node's `http`, `deno serve` and Bun.

python bench/serve.py [SECONDS]

wrk asks over 64 connections. The runtimes take turns, the best of three rounds counts. DENO and BUN in the
environment, or on PATH, are the other programs. Then the time from the start to the first answer, and memory,
with 1, 2 and 8 workers.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servers import latency
from start import node

HANDLER = """
const large = 'x'.repeat(100_000);
export default {
  fetch(request) {
    return new Response(request.url.endsWith('/large') ? large : 'hello world');
  },
};
"""

NODE = """
import cluster from 'node:cluster';
import http from 'node:http';
const [port, workers] = process.argv.slice(2).map(Number);
const large = 'x'.repeat(100_000);
if (workers > 1 && cluster.isPrimary) for (let i = 0; i < workers; i++) cluster.fork();
else {
  const server = http.createServer((req, res) => res.end(req.url === '/large' ? large : 'hello world'));
  server.listen(port, '127.0.0.1');
}
"""

BUN = """
import handler from './handler.mjs';
const [port, workers] = process.argv.slice(2).map(Number);
Bun.serve({ ...handler, port, hostname: '127.0.0.1', reusePort: workers > 1 });
"""

ROUNDS = 3
PATIENCE = 30  # seconds that a server has for its first answer, and for its end


def commands(port: int, workers: int) -> dict[str, list[list[str]]]:
    """For each runtime the processes that serve."""
    edgejs = str(Path(sys.executable).with_name("edgejs"))
    options = ["--port", str(port), "--workers", str(workers)]
    found = {"edgejs": [[edgejs, "serve", *options, "handler.mjs"]]}
    if program := node():
        found["node"] = [[program, "node.mjs", str(port), str(workers)]]
    if program := os.environ.get("DENO") or shutil.which("deno"):
        parallel = ["--parallel"] if workers > 1 else []
        found["deno"] = [
            [program, "serve", "--port", str(port), "--host", "127.0.0.1", *parallel, "handler.mjs"]
        ]
    if program := os.environ.get("BUN") or shutil.which("bun"):
        found["bun"] = [[program, "bun.mjs", str(port), str(workers)]] * workers
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def first_answer(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for process in processes:
            if process.poll() is not None:
                sys.exit(f"{process.args!r} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.001)
    sys.exit(f"{processes[0].args!r} did not answer")


def finish(processes: list[subprocess.Popen[bytes]]) -> None:
    """All of each group ends, so that nothing of it answers in place of the next server."""
    for signal_, patience in ((signal.SIGTERM, 2), (signal.SIGKILL, PATIENCE)):
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal_)
        end = time.monotonic() + patience
        while any(map(is_alive, processes)) and time.monotonic() < end:
            time.sleep(0.01)


def is_alive(process: subprocess.Popen[bytes]) -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def running(lines: list[list[str]], folder: str, port: int, workers: int) -> Iterator[list[int]]:
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "DENO_JOBS": str(workers), "DENO_NO_UPDATE_CHECK": "1"}
    # Deno and Bun of npm are scripts that start the program: all of a group ends.
    processes = [
        subprocess.Popen(
            line,
            cwd=folder,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            env=environment,
            start_new_session=True,
        )
        for line in lines
    ]
    try:
        first_answer(port, processes)
        yield [process.pid for process in processes]
    finally:
        finish(processes)


def ask(port: int, path: str, seconds: int) -> tuple[float, float]:
    """Requests per second and the 99th percentile in milliseconds."""
    command = ["wrk", "-t1", "-c64", f"-d{seconds}", "--latency", f"http://127.0.0.1:{port}{path}"]
    report = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=seconds + PATIENCE
    ).stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]), latency(report, "99%")  # type: ignore[index]


def speed(folder: str, workers: int, seconds: int) -> None:
    best: dict[tuple[str, str], tuple[float, float]] = {}
    for _ in range(ROUNDS):
        port = free_port()
        for name, lines in commands(port, workers).items():
            with running(lines, folder, port, workers):
                for path in ("/", "/large"):
                    ask(port, path, 1)  # warm
                    best[name, path] = max(best.get((name, path), (0, 0)), ask(port, path, seconds))
    for path in ("/", "/large"):
        print(f"{path} with {workers} worker{'s' if workers > 1 else ''}")
        for (name, asked), (rate, late) in best.items():
            if asked == path:
                ratio = best["edgejs", path][0] / rate
                print(f"  {name:8}{rate:12.0f} per second {late:8.1f} ms  edgejs/{name} {ratio:.2f}")


def resident_kilobytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4


def start(folder: str, workers: int) -> None:
    """Best of five."""
    for name in commands(0, workers):
        found = []
        for _ in range(5):
            port = free_port()
            lines = commands(port, workers)[name]
            begin = time.perf_counter()
            with running(lines, folder, port, workers) as pids:
                found.append((time.perf_counter() - begin, sum(map(resident_kilobytes, pids))))
        print(f"  {name:8} {workers} workers {min(found)[0] * 1e3:8.1f} ms {min(found)[1] / 1024:8.1f} MiB")


def main() -> None:
    if shutil.which("wrk") is None:
        sys.exit("bench/serve.py: wrk is not installed")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"handler.mjs": HANDLER, "node.mjs": NODE, "bun.mjs": BUN}.items():
            Path(folder, name).write_text(text)
        for workers in (1, 2):
            speed(folder, workers, seconds)
        print("first answer after, and memory of the first process")
        for workers in (1, 2, 8):
            start(folder, workers)


if __name__ == "__main__":
    main()
