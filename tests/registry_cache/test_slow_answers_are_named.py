# SPDX-License-Identifier: Apache-2.0
"""The display names the answer that has been waited for longest, once that is long."""

from edgejs.registry_cache.progress import ConsoleReporter


def test_the_oldest_one(monkeypatch):
    clock = iter([100.0, 103.0])
    monkeypatch.setattr("edgejs.registry_cache.progress.time.monotonic", lambda: next(clock))
    reporter = ConsoleReporter()
    reporter.requesting("https://example.org/@scope%2fslow")
    reporter.requesting("https://example.org/slower")
    assert reporter.slow(104.9) == ""
    assert reporter.slow(105.0) == "waiting for @scope/slow"
    reporter.answered("https://example.org/@scope%2fslow")
    assert reporter.slow(107.9) == ""
    assert reporter.slow(108.0) == "waiting for slower"
