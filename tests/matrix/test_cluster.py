# SPDX-License-Identifier: Apache-2.0
"""Cells on a Dask cluster, one of whose workers is killed."""

from __future__ import annotations

import pytest
from edgejs.napi.matrix.command import main
from edgejs.napi.matrix.executors import NoDask, executor_of
from edgejs.napi.matrix.results import load

from edgejs.configuration import command_path

distributed = pytest.importorskip("distributed")


def test_a_worker_killed_in_the_middle(tmp_path, package, capsys):
    # The first cell kills the worker that runs it, once: the parent of the parent of the case.
    mark = tmp_path / "killed"
    killer = f"""
    import {{ existsSync, readFileSync, writeFileSync }} from 'node:fs';
    if (!existsSync({str(mark)!r})) {{
      writeFileSync({str(mark)!r}, '');
      const parent = (pid) => readFileSync(`/proc/${{pid}}/stat`, 'utf8').split(') ')[1].split(' ')[1];
      process.kill(Number(parent(process.ppid)), 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 60000));
    }}
    console.log(JSON.stringify('survived'));
    """
    folders = [package("killer", killer)]
    folders += [package(f"p{i}", f"console.log(JSON.stringify({i}));") for i in range(5)]
    out = tmp_path / "out.jsonl"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        options = ["--runtime", "edgejs", "--executor", address, "--work", str(tmp_path / "work")]
        main(["run", *options, "-o", str(out), *map(str, folders)], command_path())
    assert mark.exists()
    documents = {line["package"]: line["outcome"]["document"] for line in load(out)}
    assert documents == {"killer": "survived", **{f"p{i}": i for i in range(5)}}


def test_nobody_answers():
    with pytest.raises(NoDask, match=r"127\.0\.0\.1:1"):
        executor_of("dask://127.0.0.1:1", 1)
    with pytest.raises(NoDask, match="is written dask"):
        executor_of("local", 1)
