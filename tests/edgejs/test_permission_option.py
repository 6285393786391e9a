# SPDX-License-Identifier: Apache-2.0
"""--permission: what is forbidden is refused by the primitives, and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("edgejs"))


def run(folder: Path, script: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "program.js").write_text(script)
    return subprocess.run(
        [COMMAND, "--permission", "--no-warnings", *options, "program.js"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


# Each would change or tell something; Node 24 refuses them with the same permission and resource.
FORBIDDEN = {
    "fs.readFileSync('secret')": "FileSystemRead secret",
    "fs.readFileSync('secret', { flag: 'w+' })": "FileSystemRead secret",
    "fs.statSync('secret')": "FileSystemRead secret",
    "fs.readdirSync('.')": "FileSystemRead .",
    "fs.writeFileSync('new', '')": "FileSystemWrite new",
    "fs.openSync('secret', 'r+')": "FileSystemRead secret",
    "fs.mkdirSync('new/deep', { recursive: true })": "FileSystemWrite new/deep",
    "fs.unlinkSync('secret')": "FileSystemWrite secret",
    "fs.renameSync('program.js', 'new')": "FileSystemWrite program.js",
    "fs.copyFileSync('program.js', 'new')": "FileSystemWrite new",
    "fs.chmodSync('secret', 0)": "FileSystemWrite secret",
    "fs.mkdtempSync('new')": "FileSystemWrite newXXXXXX",
    "require('./secret.json')": "FileSystemRead",
    "require('child_process').spawnSync('touch', ['new'])": "ChildProcess touch",
    "require('child_process').exec('touch new')": "ChildProcess /bin/sh",
    "new (require('worker_threads').Worker)('1', { eval: true })": "WorkerThreads ",
    "process.chdir('/')": "FileSystemRead /",
}


@pytest.mark.parametrize(("code", "refusal"), FORBIDDEN.items())
def test_forbidden(tmp_path: Path, code: str, refusal: str) -> None:
    (tmp_path / "secret").write_text("text")
    (tmp_path / "secret.json").write_text("1")
    script = f"""
        const fs = require('fs');
        try {{ {code} }} catch ({{ code, permission, resource }}) {{ console.log(code, permission, resource); }}"""
    result = run(tmp_path, script)
    assert result.stdout.startswith(f"ERR_ACCESS_DENIED {refusal}"), result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program.js", "secret", "secret.json"]
    assert (tmp_path / "secret").read_text() == "text"


def test_promises_reject_and_callbacks_are_called(tmp_path: Path) -> None:
    script = """
        const fs = require('fs');
        fs.readFile('/etc/hostname', (error) => console.log(error.code));
        fs.promises.writeFile('new', '').catch((error) => console.log(error.permission, error.resource));"""
    result = run(tmp_path, script)
    assert sorted(result.stdout.splitlines()) == ["ERR_ACCESS_DENIED", "FileSystemWrite new"]
    assert not (tmp_path / "new").exists()


def test_what_is_allowed_works_and_the_program_is_readable(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    script = """
        require('fs').writeFileSync('data/new', 'text');
        const { has } = process.permission;
        console.log(has('fs.write', './data/new'), has('fs.write'), has('fs.read', __filename), has('nonsense'));"""
    result = run(tmp_path, script, "--allow-fs-write=data")
    assert (result.stdout, result.stderr) == ("true false true false\n", "")
    assert (tmp_path / "data" / "new").read_text() == "text"


def test_children_and_workers_may_do_no_more(tmp_path: Path) -> None:
    script = """
        const ask = 'console.log(process.permission.has("fs.read"), process.permission.has("fs.write"))';
        const { execFileSync } = require('child_process');
        console.log(execFileSync(process.execPath, ['-e', ask], { encoding: 'utf8' }).trim());
        new (require('worker_threads').Worker)(ask, { eval: true });"""
    options = ("--allow-child-process", "--allow-worker", "--allow-fs-read=*")
    assert run(tmp_path, script, *options).stdout == "true false\ntrue false\n"


def test_addons_are_disabled(tmp_path: Path) -> None:
    script = "try { process.dlopen({ exports: {} }, '/none.node') } catch ({ code }) { console.log(code) }"
    assert run(tmp_path, script).stdout == "ERR_DLOPEN_DISABLED\n"


def test_the_environment_can_be_cut_down(tmp_path: Path) -> None:
    script = """
        const { SEEN, HIDDEN } = process.env;
        console.log(SEEN, HIDDEN, Object.keys(process.env).join(), 'HIDDEN' in process.env);
        try { process.env.HIDDEN = 1 } catch ({ permission, resource }) { console.log(permission, resource) }"""
    result = run(tmp_path, script, "--allow-env=SEEN", SEEN="1", HIDDEN="2")
    assert result.stdout == "1 undefined SEEN false\nEnvironment HIDDEN\n"


def test_without_the_model_its_options_are_wrong(tmp_path: Path) -> None:
    result = subprocess.run(
        [COMMAND, "--allow-fs-read=*", "-e", "1"], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 1
    assert "[ERR_MISSING_OPTION]: --permission is required" in result.stderr
