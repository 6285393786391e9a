# SPDX-License-Identifier: Apache-2.0
"""What `v8` tells of the heap, and the flags that mean something."""

from __future__ import annotations

import json

from node_support import Run, run_edgejs

__all__ = ["run_edgejs"]


def test_queries_find_living_objects(run_edgejs: Run) -> None:
    script = """
    const { queryObjects } = require('v8');
    class Found {}
    class Child extends Found {} // whose prototype inherits from Found's
    const counts = [queryObjects(Found)];
    let kept = [new Found(), new Child()];
    counts.push(queryObjects(Found), queryObjects(Child));
    kept = undefined;
    counts.push(queryObjects(Found));
    console.log(JSON.stringify(counts));
    """
    assert json.loads(run_edgejs(script).stdout) == [1, 3, 1, 1]


def test_a_profiler_notes_collections(run_edgejs: Run) -> None:
    script = """
    const v8 = require('v8');
    const { runInNewContext } = require('vm');
    v8.setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const profiler = new v8.GCProfiler();
    profiler.start();
    collect();
    collect();
    const { statistics } = profiler.stop();
    console.log(JSON.stringify([statistics.length >= 2, statistics.every(({ cost }) => cost > 0), profiler.stop()]));
    """
    assert json.loads(run_edgejs(script).stdout) == [True, True, None]


def test_flags_of_another_engine_are_refused(run_edgejs: Run) -> None:
    script = """
    try {
      require('v8').setFlagsFromString('--allow-natives-syntax');
    } catch (error) {
      console.log(error.code, error.message);
    }
    """
    assert run_edgejs(script).stdout == (
        "ERR_METHOD_NOT_IMPLEMENTED "
        "The v8.setFlagsFromString('--allow-natives-syntax') method is not implemented\n"
    )
