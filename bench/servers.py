# SPDX-License-Identifier: Apache-2.0
"""Requests per second of an HTTP server next to Node's, with the latencies that clients see.

python bench/servers.py [SECONDS]

wrk asks over 64 connections. The servers take turns: one process of each runtime, then `node:cluster` with
two workers of each. The best of three rounds counts. Processor time per request is of the server alone, its
workers included: it says more on a machine that has other work. Ratios are to one process of Node.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from start import node

SERVER = """
const http = require('http');
const cluster = require('cluster');
const workers = Number(process.env.WORKERS);
const large = Buffer.alloc(100_000, 'x');
const server = http.createServer((req, res) => {
  if (req.url === '/large') {
    res.end(large);
  } else if (req.url === '/json') {
    res.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    res.end(JSON.stringify({ hello: 'world', agent: req.headers['user-agent'] }));
  } else res.end('hello world');
});
if (workers > 0 && cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', (worker, { port }) => {
    if (++listening === workers) console.log(port);
  });
  for (let i = 0; i < workers; i++) cluster.fork();
} else {
  server.listen(0, '127.0.0.1', () => {
    if (workers === 0) console.log(server.address().port);
  });
}
"""

CASES = {"hello": "/", "headers and JSON": "/json", "100 kB": "/large"}
ROUNDS = 3


class Server:
    """A runtime that serves the script, alone (`workers` is 0) or as a cluster."""

    def __init__(self, command: list[str], script: Path, workers: int) -> None:
        environment = {**os.environ, "WORKERS": str(workers)}
        self.process = subprocess.Popen(
            [*command, str(script)],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        pid = self.process.pid
        self.workers = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def processor_seconds(self) -> float:
        return sum(_processor_ticks(pid) for pid in (self.process.pid, *self.workers)) / os.sysconf(
            "SC_CLK_TCK"
        )

    def close(self) -> None:
        """The workers of a cluster end when the primary is gone."""
        self.process.kill()
        self.process.wait()

    def ask(self, path: str, seconds: int) -> dict[str, float]:
        """One run of wrk."""
        before = self.processor_seconds()
        url = f"http://127.0.0.1:{self.port}{path}"
        command = ["wrk", "-t1", "-c64", f"-d{seconds}", "--latency", url]
        report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = self.processor_seconds() - before
        count = int(re.search(r"(\d+) requests in", report)[1])  # type: ignore[index]
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1])  # type: ignore[index]
        return {
            "per second": rate,
            **{f"{name} ms": latency(report, name) for name in ("50%", "90%", "99%")},
            "processor us": used / count * 1e6,
        }


def _processor_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def latency(report: str, percentile: str) -> float:
    number, unit = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)", report).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def main() -> None:
    if shutil.which("wrk") is None:
        sys.exit("bench/servers.py: wrk is not installed")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    runtimes = {"edgejs": [str(Path(sys.executable).with_name("edgejs"))]}
    other = node()
    if other is not None:
        runtimes["node"] = [other]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "server.js")
        script.write_text(SERVER)
        servers = {
            f"{name} x{workers}" if workers else name: Server(command, script, workers)
            for workers in (0, 2)
            for name, command in runtimes.items()
        }
        try:
            for case, path in CASES.items():
                print_case(case, measure(servers, path, seconds))
        finally:
            for server in servers.values():
                server.close()


def measure(servers: dict[str, Server], path: str, seconds: int) -> dict[str, dict[str, float]]:
    """The best round of each."""
    for server in servers.values():
        server.ask(path, 1)  # warm
    rounds = [{name: server.ask(path, seconds) for name, server in servers.items()} for _ in range(ROUNDS)]
    return {name: max((each[name] for each in rounds), key=lambda run: run["per second"]) for name in servers}


def print_case(case: str, best: dict[str, dict[str, float]]) -> None:
    has_node = "node" in best
    print(
        f"{case:18}", *(f"{name:>10}" for name in best), "  edgejs/node  edgejs x2/node" if has_node else ""
    )
    for what in best["edgejs"]:
        ratios = ""
        if has_node:
            one, two = (best[name][what] / best["node"][what] for name in ("edgejs", "edgejs x2"))
            ratios = f"{one:13.2f}{two:16.2f}"
        print(f"  {what:16}", *(f"{run[what]:10.2f}" for run in best.values()), ratios)


if __name__ == "__main__":
    main()
