# SPDX-License-Identifier: Apache-2.0
"""Commands of popular packages, installed from the default registry, do their work under edgejs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from registry_fixture import write_json

pytestmark = pytest.mark.network

FILES = {
    "a.js": "export const a = 1;\n",
    "bad.ts": "const n: number = 'text';\n",
    "ugly.js": "x  =  1\n",
    "typed.ts": "import { a } from './a.js';\nconst b: number = a;\nconsole.log(b + 41);\n",
    "eslint.config.mjs": "export default [{ rules: { 'no-undef': 'error' } }];\n",
    "webpack.config.js": "module.exports = {mode: 'none', entry: './a.js'};\n",
    "spec/sum.spec.js": "describe('sum', () => { it('adds', () => { require('assert').equal(1 + 1, 2); }); });\n",
    "spec/sum.test.js": "test('adds', () => { expect([1 + 1]).toEqual([2]); });\ntest('fails', () => { expect(1).toBe(2); });\n",
}
PACKAGES = [
    "typescript@5.9",
    "eslint@9",
    "prettier@3",
    "rollup@4",
    "webpack@5",
    "webpack-cli@6",
    "mocha@11",
    "jest@30",
    "esbuild@0.28",
    "tsx@4",
    "@babel/core@7",
    "@babel/cli@7",
    "@swc/core@1",
    "@swc/cli@0.8",
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    write_json(folder / "package.json", {"name": "commands", "version": "1.0.0"})
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    done = run(folder, "install", *PACKAGES)
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("edgejs")
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=110)


@pytest.mark.parametrize(
    ("command", "code", "output"),
    [
        (
            ["tsc", "--noEmit", "--skipLibCheck", "bad.ts"],
            2,
            "error TS2322: Type 'string' is not assignable to type 'number'.",
        ),
        (["eslint", "ugly.js"], 1, "'x' is not defined"),
        (["prettier", "ugly.js"], 0, "x = 1;\n"),
        (["rollup", "a.js", "-f", "cjs"], 0, "exports.a = a;"),
        (["webpack"], 0, "compiled successfully"),
        (["esbuild", "typed.ts", "--bundle", "--minify"], 0, "console.log("),
        (["tsx", "typed.ts"], 0, "42\n"),
        (["babel", "a.js"], 0, "export const a = 1;"),
        (["swc", "a.js"], 0, "export var a = 1;"),
        (["mocha", "spec/*.spec.js"], 0, "1 passing"),
        (["jest", "spec/sum.test.js"], 1, "Tests:       1 failed, 1 passed, 2 total"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_command(project: Path, command: list[str], code: int, output: str) -> None:
    done = run(project, "exec", "--", *command)
    assert output in done.stdout + done.stderr
    assert done.returncode == code
