# SPDX-License-Identifier: Apache-2.0
"""node:test in a program: what is reported, and how the program ends."""

import re
from pathlib import Path

import pytest
from node_support import Run, run_edgejs, write_files

__all__ = ["run_edgejs"]

HEAD = "const { test, describe, it, before, afterEach } = require('node:test');\nconst assert = require('assert');\n"


def tap(run_edgejs: Run, source: str, *options: str) -> tuple[int, list[str]]:
    """The exit code and TAP's lines without the blocks of details."""
    outcome = run_edgejs(HEAD + source, *options, env={"NODE_TEST_CONTEXT": "child"})
    text = re.sub(r"^ *---\n(?:.*\n)*?^ *\.\.\.\n", "", outcome.stdout, flags=re.MULTILINE)
    return outcome.returncode, [line for line in text.splitlines() if "duration_ms" not in line]


def test_order_is_that_of_the_source(run_edgejs: Run) -> None:
    code, lines = tap(
        run_edgejs,
        """
        describe('suite', () => { it('slow', () => new Promise((r) => setTimeout(r, 20))); it('quick', () => {}); });
        test('nested', async (t) => { await t.test('inner', () => {}); });
        test('left out', { skip: 'reason' }, () => { throw new Error(); });
        """,
    )
    assert code == 0
    assert lines == [
        "TAP version 13",
        "# Subtest: suite",
        "    # Subtest: slow",
        "    ok 1 - slow",
        "    # Subtest: quick",
        "    ok 2 - quick",
        "    1..2",
        "ok 1 - suite",
        "# Subtest: nested",
        "    # Subtest: inner",
        "    ok 1 - inner",
        "    1..1",
        "ok 2 - nested",
        "# Subtest: left out",
        "ok 3 - left out # SKIP reason",
        "1..3",
        "# tests 5",
        "# suites 1",
        "# pass 4",
        "# fail 0",
        "# cancelled 0",
        "# skipped 1",
        "# todo 0",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "() => { assert.strictEqual(1, 2); }",
        "async () => { throw new Error('x'); }",
        "(t, done) => { done(new Error('x')); }",
        "() => new Promise(() => { setTimeout(() => { throw new Error('x'); }, 1); })",
        "() => new Promise(() => { setTimeout(() => Promise.reject(new Error('x')), 1); })",
        "(t) => { t.plan(2); t.assert.ok(true); }",
        "async (t) => { await t.test('inner', () => { throw new Error('x'); }); }",
    ],
)
def test_failure(run_edgejs: Run, body: str) -> None:
    code, lines = tap(run_edgejs, f"test('it', {body}); test('next', () => {{}});")
    assert code == 1
    assert "not ok 1 - it" in lines
    assert "ok 2 - next" in lines


def test_hooks(run_edgejs: Run) -> None:
    code, lines = tap(
        run_edgejs,
        """
        const seen = [];
        describe('s', () => {
          before(() => seen.push('before'));
          afterEach((t) => seen.push(`after ${t.name}`));
          it('a', () => seen.push('a'));
          it('b', () => seen.push('b'));
        });
        process.on('exit', () => console.log(seen.join()));
        """,
    )
    assert code == 0
    assert lines[-1] == "before,a,after a,b,after b"


def test_mocks_end_with_their_test(run_edgejs: Run) -> None:
    code, _ = tap(
        run_edgejs,
        """
        const o = { f: () => 1 };
        test('one', (t) => {
          t.mock.method(o, 'f', () => 2);
          t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
          const fn = t.mock.fn();
          setTimeout(fn, 1000);
          t.mock.timers.tick(1000);
          assert.deepStrictEqual([o.f(), o.f.mock.callCount(), fn.mock.callCount(), Date.now()], [2, 1, 1, 1000]);
        });
        test('two', () => { assert.strictEqual(o.f(), 1); assert.ok(Date.now() > 1000); });
        """,
    )
    assert code == 0


def test_files_run_in_processes_of_their_own(run_edgejs: Run, tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a.test.js": "require('node:test')('passes', () => { console.log('text'); });",
            "test/b.mjs": "import test from 'node:test'; test('fails', () => { throw new TypeError('no'); });",
            "node_modules/c.test.js": "throw new Error('not a test of this package');",
        },
    )
    outcome = run_edgejs(Path("--test"), "--test-reporter=tap")
    assert outcome.returncode == 1
    lines = [
        line for line in outcome.stdout.splitlines() if line.startswith(("ok", "not ok", "# text", "  error"))
    ]
    assert lines == ["# text", "ok 1 - passes", "not ok 2 - fails", "  error: 'no'"]
    assert run_edgejs(Path("--test"), "--test-name-pattern=passes").returncode == 0


def test_only_counts_in_one_process_and_below_suites(run_edgejs: Run, tmp_path: Path) -> None:
    inner = "describe('outer', () => { it('left out', () => {}); it('chosen', { only: true }, () => {}); });"
    write_files(tmp_path, {"a.test.js": HEAD + inner, "b.test.js": HEAD + "test('also left out', () => {});"})
    for options in (["--test", "--test-isolation=none"], ["--test-only"]):
        files = ["a.test.js", "b.test.js"] if options[0] == "--test" else ["a.test.js"]
        outcome = run_edgejs(None, *options, "--test-reporter=tap", *files)
        assert "ok 1 - chosen" in outcome.stdout
        assert "# tests 1" in outcome.stdout


def test_without_isolation_preloaded_hooks_are_those_of_all_files(run_edgejs: Run, tmp_path: Path) -> None:
    files = {
        "hooks.js": HEAD + "before(() => console.log('before all'));",
        "a.test.js": HEAD + "test('a', () => {});",
        "empty.test.js": "",
    }
    write_files(tmp_path, files)
    outcome = run_edgejs(
        None, "--require=./hooks.js", "--test", "--test-isolation=none", "--test-reporter=tap"
    )
    assert outcome.stdout.count("before all") == 1
    assert "ok 2 - empty.test.js" in outcome.stdout


def test_late_errors_of_hooks_name_the_hook(run_edgejs: Run) -> None:
    code, lines = tap(
        run_edgejs,
        "before(() => { setTimeout(() => { throw new Error('late'); }, 20); }); test('a', () => {});",
    )
    assert code == 1
    assert any(line.startswith('# Error: Test hook "before" at ') for line in lines)
