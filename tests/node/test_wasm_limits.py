# SPDX-License-Identifier: Apache-2.0
"""Limits of an isolate hold for Wasm: time stops a loop, memory counts linear memories."""

from __future__ import annotations

import pytest

import edgejs

pytest.importorskip("wasmtime")

# (module (func (export "spin") (loop $again (br $again))))
SPIN = "AGFzbQEAAAABBAFgAAADAgEABwgBBHNwaW4AAAoJAQcAA0AMAAsL"
# (module (memory (export "memory") 1) (func (export "f") (result i32) (i32.const 42)))
SMALL = "AGFzbQEAAAABBQFgAAF/AwIBAAUDAQABBw4CBm1lbW9yeQIAAWYAAAoGAQQAQSoL"
COMPILE = "new WebAssembly.Module(Buffer.from('{}', 'base64'))"


def test_a_time_limit_stops_a_loop() -> None:
    with edgejs.Runtime(timeout=0.2) as runtime:
        with pytest.raises(edgejs.JSTimeout):
            runtime.eval(f"new WebAssembly.Instance({COMPILE.format(SPIN)}).exports.spin()")
        assert runtime.eval("1 + 1") == 2


def test_memories_count() -> None:
    with edgejs.Runtime(memory_limit=64 << 20) as runtime:
        message = runtime.eval("""
            try { new WebAssembly.Memory({ initial: 2048 }); } catch (error) { `${error}`; }
        """)
    assert message == "RangeError: WebAssembly.Memory(): could not allocate memory"


def test_an_instance_goes_with_its_last_reference() -> None:
    """Each reserves more than 4 GB of addresses: a process has room for some 20,000."""
    with edgejs.Runtime() as runtime:
        runtime.eval(f"globalThis.compiled = {COMPILE.format(SMALL)}")
        for _ in range(300):
            runtime.eval("""
                for (let i = 0; i < 100; i++) {
                    const instance = new WebAssembly.Instance(compiled);
                    instance.exports.f();
                }
            """)
            runtime.run_until_idle()
        assert runtime.eval("new WebAssembly.Instance(compiled).exports.f()") == 42
