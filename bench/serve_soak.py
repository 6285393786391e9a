# SPDX-License-Identifier: Apache-2.0
"""Many requests to `edgejs serve` with two workers, of clients that go away at any moment, and what is left.

python bench/serve_soak.py [REQUESTS]

Exits with 1 when a descriptor or a thread is left, or memory grows in the second half.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from http_soak import soak

HANDLER = """
const large = new Uint8Array(300_000).fill(120);
export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (request.method === 'POST') return new Response(request.body);
    if (pathname === '/large') return new Response(ReadableStream.from([large.subarray(0, 150_000), large]));
    if (pathname === '/late') {
      request.signal.addEventListener("abort", () => ctx.waitUntil(Promise.resolve()));
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new Response('late');
    }
    return new Response('hello');
  },
};
"""


def state(pid: int) -> dict[str, int]:
    """What the process has, once it is at rest."""
    time.sleep(7)  # connections that are kept alive have timed out
    process = Path(f"/proc/{pid}")
    pages = int((process / "statm").read_text().split()[1])
    return {
        "threads": len(list((process / "task").iterdir())),
        "descriptors": len(list((process / "fd").iterdir())),
        "resident kB": pages * 4,
    }


def main() -> int:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    edgejs = str(Path(sys.executable).with_name("edgejs"))
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "handler.mjs").write_text(HANDLER)
        command = [edgejs, "serve", "--workers", "2", "--port", "0", "handler.mjs"]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as server:
            assert server.stderr is not None
            port = int(server.stderr.readline().rpartition(":")[2].strip().strip("/"))
            states = []
            for share in (requests // 10, requests // 2, requests // 2):  # the first fills caches and pools
                soak(port, share, chance)
                states.append(state(server.pid))
            server.terminate()
            errors = server.stderr.read()
            code = server.wait()
    print(f"{requests} requests, exit code {code}, {len(errors)} characters on standard error")
    for what in states[0]:
        print(f"  {what:12}", *(f"{each[what]:>10}" for each in states))
    same = all(states[2][what] <= states[0][what] for what in ("threads", "descriptors"))
    grown = states[2]["resident kB"] - states[1]["resident kB"]
    return 0 if same and code == 0 and grown < 2_000 else 1


if __name__ == "__main__":
    sys.exit(main())
