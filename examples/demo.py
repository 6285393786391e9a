# SPDX-License-Identifier: Apache-2.0
"""The main job, for real: install lodash and a native addon, then run a script on both.

Run by `make demo`. Uses the npm registry that npm would use.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

SCRIPT = """\
const _ = require('lodash');
const { crc32 } = require('@node-rs/crc32');

const words = ['edge', 'js', 'runs', 'native', 'addons'];
const sums = _.mapValues(_.keyBy(words), (word) => crc32(word));
console.log(_.chunk(words, 2));
console.log(sums);
const addons = Object.keys(require.cache).filter((file) => file.endsWith('.node'));
console.log('loaded', addons.length, 'native addon');
"""


def run(title: str, command: list[str], folder: Path) -> None:
    print(f"\n$ {title}", flush=True)
    subprocess.run(command, cwd=folder, check=True)


def main() -> int:
    edgejs = Path(sys.executable).with_name("edgejs")
    with tempfile.TemporaryDirectory(prefix="edgejs-demo-") as scratch:
        folder = Path(scratch)
        (folder / "app.js").write_text(SCRIPT)
        try:
            run(
                "edgejs install lodash @node-rs/crc32",
                [str(edgejs), "install", "lodash", "@node-rs/crc32"],
                folder,
            )
            print("\napp.js:\n" + textwrap.indent(SCRIPT, "    "), end="")
            run("edgejs app.js", [str(edgejs), "app.js"], folder)
            python = "import edgejs; print(edgejs.require('lodash').chunk([1, 2, 3], 2).to_py())"
            run(f'python -c "{python}"', [sys.executable, "-c", python], folder)
        except subprocess.CalledProcessError as error:
            print(f"\nthe demo stopped: {error.cmd[0]} ended with code {error.returncode}", file=sys.stderr)
            return 1
    print("\nBoth ran without Node.js: the interpreter is QuickJS-NG inside this Python package.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
