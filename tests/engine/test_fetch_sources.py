# SPDX-License-Identifier: Apache-2.0
"""The build's sources are the pinned ones, or the build stops and says why."""

import importlib.util
import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "engine" / "tools" / "fetch_sources.py"


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """The tool as a module, with one small source pinned and an empty cache."""
    spec = importlib.util.spec_from_file_location("fetch_sources", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    archive = make_archive()
    source = {
        "name": "tiny-source",
        "version": "1.0",
        "sha256": module.hashlib.sha256(archive).hexdigest(),
        "folder": "src",
        "licence": "src/LICENSE",
        "carries": "Tiny 1.0, MIT",
    }
    pins = tmp_path / "sources.json"
    pins.write_text(json.dumps([source]))
    monkeypatch.setattr(module, "__file__", str(tmp_path / "fetch_sources.py"))
    monkeypatch.setenv("EDGEJS_BUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.argv", ["fetch_sources.py", "--out", str(tmp_path / "out")])
    module.archive = archive
    return module


def make_archive() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name in ("src/main.c", "docs/readme"):
            member = tarfile.TarInfo(f"tiny_source-1.0/{name}")
            member.size = 2
            tar.addfile(member, io.BytesIO(b"x\n"))
    return data.getvalue()


def put_in_cache(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "tiny_source-1.0.tar.gz").write_bytes(data)


def test_a_cached_archive_is_unpacked(tool, tmp_path):
    put_in_cache(tmp_path, tool.archive)
    assert tool.main() == 0
    assert (tmp_path / "out" / "tiny-source" / "main.c").read_text() == "x\n"
    assert not (tmp_path / "out" / "tiny-source" / "docs").exists()


def test_a_corrupted_archive_stops_the_build(tool, tmp_path, capsys):
    put_in_cache(tmp_path, tool.archive[:-1])
    assert tool.main() == 1
    said = capsys.readouterr().err
    assert "tiny_source-1.0.tar.gz is not the pinned archive of tiny-source 1.0" in said
    assert "wanted sha256" in said
    assert not (tmp_path / "out" / "tiny-source").exists()


def test_a_failed_download_stops_the_build(tool, tmp_path, capsys, monkeypatch):
    def no_network(command, **options):
        return subprocess.CompletedProcess(command, 1, "", "ConnectError: network is unreachable")

    monkeypatch.setattr(tool.subprocess, "run", no_network)
    assert tool.main() == 1
    said = capsys.readouterr().err
    assert "could not download tiny-source==1.0 (Tiny 1.0, MIT)" in said
    assert "network is unreachable" in said


def test_a_wrong_download_is_not_kept(tool, tmp_path, capsys, monkeypatch):
    def wrong_file(command, **options):
        Path(command[-1], "tiny_source-1.0.tar.gz").write_bytes(b"something else")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(tool.subprocess, "run", wrong_file)
    assert tool.main() == 1
    assert "is not the pinned archive" in capsys.readouterr().err
    assert list((tmp_path / "cache").iterdir()) == []
