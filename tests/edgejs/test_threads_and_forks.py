# SPDX-License-Identifier: Apache-2.0
"""A runtime belongs to the thread, and to the process, that made it."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

import edgejs


def test_another_thread_is_refused():
    with edgejs.Runtime() as js, ThreadPoolExecutor(1) as pool:
        function = js.eval("() => 1")
        with pytest.raises(RuntimeError, match="belongs to another thread"):
            pool.submit(js.eval, "1").result(30)
        with pytest.raises(RuntimeError, match="belongs to another thread"):
            pool.submit(function).result(30)
        assert function() == 1


def test_another_thread_may_close_it():
    js = edgejs.Runtime()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(js.close).result(30)
    assert js.closed


def test_each_thread_has_a_default_runtime():
    def program():
        edgejs.eval("globalThis.mine = (globalThis.mine ?? 0) + 1")
        return edgejs.eval("mine")

    with ThreadPoolExecutor(1) as pool:
        assert [pool.submit(program).result(30), pool.submit(program).result(30)] == [1, 2]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(program).result(30) == 1


def test_a_forked_process_cannot_use_it_and_can_make_another():
    js = edgejs.Runtime()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            js.eval("1")
        except RuntimeError as error:
            js.close()
            with edgejs.Runtime() as own:
                own_works = own.wait_for(own.eval("require('fs').promises.readFile('/dev/null')")) is not None
            code = 0 if "forked" in str(error) and own_works else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert js.eval("1") == 1
    js.close()
