# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 next to Node's: the server under Node's client, and the client against Node's server.

python bench/http2.py [SECONDS]

One connection without TLS. Requests per second over one, ten and a hundred streams at once, then megabytes
per second of 100 MB up and down. The pairs of processes take turns; the best of three rounds counts. Ratios
are to Node's client against Node's server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from start import node

SERVER = """
const http2 = require('http2');
const server = http2.createServer();
const answers = {
  '/'(stream) {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end('hello world');
  },
  '/up'(stream) {
    let size = 0;
    stream.on('data', (chunk) => { size += chunk.length; });
    stream.on('end', () => {
      stream.respond({ ':status': 200 });
      stream.end(String(size));
    });
  },
  '/down'(stream) {
    stream.respond({ ':status': 200 });
    send(stream);
  },
};
SEND
server.on('stream', (stream, headers) => answers[headers[':path']](stream));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

SEND = """
const block = Buffer.alloc(65536, 'x');
function send(stream) {
  let left = 1600;
  const go = () => {
    while (left-- > 0) if (!stream.write(block)) return stream.once('drain', go);
    stream.end();
  };
  go();
}
"""

CLIENT = """
const http2 = require('http2');
const [port, seconds] = process.argv.slice(2);
const client = http2.connect('http://127.0.0.1:' + port);
SEND
function ask(headers) {
  const request = client.request(headers);
  if (headers[':method'] === 'POST') send(request);
  else request.end();
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('data', () => {});
    request.on('end', resolve);
  });
}
async function perSecond(streams, seconds) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let count = 0;
  const one = async () => {
    for (; performance.now() < end; count++) await ask({ ':path': '/' });
  };
  await Promise.all(Array.from({ length: streams }, one));
  return (count / (performance.now() - start)) * 1000;
}
async function megabytes(headers) {
  const start = performance.now();
  await ask(headers);
  return (1600 * 65.536) / (performance.now() - start);
}
(async () => {
  await perSecond(10, 0.3);
  const found = {};
  for (const streams of [1, 10, 100]) {
    found[`${streams} at once, per second`] = await perSecond(streams, Number(seconds));
  }
  found['up, MB per second'] = await megabytes({ ':path': '/up', ':method': 'POST' });
  found['down, MB per second'] = await megabytes({ ':path': '/down' });
  console.log(JSON.stringify(found));
  client.close();
})();
"""

ROUNDS = 3


def measure(server: str, client: str, folder: Path, seconds: float) -> dict[str, float]:
    with subprocess.Popen([server, folder / "server.js"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = process.stdout.readline().strip()
            command = [client, folder / "client.js", port, str(seconds)]
            found: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
        finally:
            process.kill()
    return found


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    ours, other = str(Path(sys.executable).with_name("edgejs")), node()
    if other is None:
        sys.exit("bench/http2.py: there is no Node to compare with")
    pairs = {
        "Node's client, Node's server": (other, other),
        "Node's client, our server": (ours, other),
        "our client, Node's server": (other, ours),
    }
    best: dict[str, dict[str, float]] = {name: {} for name in pairs}
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        (folder / "server.js").write_text(SERVER.replace("SEND", SEND))
        (folder / "client.js").write_text(CLIENT.replace("SEND", SEND))
        for _ in range(ROUNDS):
            for name, (server, client) in pairs.items():
                for key, value in measure(server, client, folder, seconds).items():
                    best[name][key] = max(value, best[name].get(key, 0))
    base = next(iter(best.values()))
    for name, found in best.items():
        print(name)
        for key, value in found.items():
            print(f"  {key:28}{value:10.0f}{value / base[key]:8.2f}")


if __name__ == "__main__":
    main()
