# SPDX-License-Identifier: Apache-2.0
"""``edgejs serve``: an HTTP server of a module with the fetch handler of edge platforms."""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["cli", "main"]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 takes a free one",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Isolates that accept connections, each on a thread of its own",
)
@click.option("--access-log", is_flag=True, help="Print a line for each request")
@click.option("--log-format", default="common", show_default=True, type=click.Choice(["common", "json"]))
@click.option("--env-file", "env_files", multiple=True, metavar="FILE", help="Variables for `env`")
@click.option(
    "--memory-limit", type=click.IntRange(1), metavar="MIB", help="What the heap of an isolate may take"
)
@click.option(
    "--grace",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Seconds that open requests have at the end",
)
def cli(
    file: str,
    host: str,
    port: int,
    workers: int,
    access_log: bool,
    log_format: str,
    env_files: tuple[str, ...],
    memory_limit: int | None,
    grace: float,
) -> int:
    """Serve HTTP with the default export of FILE: { fetch(request, env, ctx) { return new Response() } }.

    `env` holds the environment's variables, `ctx.waitUntil(promise)` lets work go on after the answer.
    SIGINT and SIGTERM let open requests finish; a second one ends at once. Of several workers, one that
    ends is replaced.
    """
    from edgejs.program import load_variables, run_program

    if not load_variables([(path, True) for path in env_files]):
        return 9  # as Node without a file of --env-file
    settings = {
        "host": host,
        "port": port,
        "workers": workers,
        "accessLog": log_format if access_log else None,
        "memory": memory_limit,
        "grace": grace,
    }
    limits = {"--max-heap-size": memory_limit} if memory_limit and workers == 1 else {}
    return run_program(limits, [], [file], "serve", file, settings)


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code is the program's, 2 for a wrong command line."""
    code: int = cli.main(args=list(argv), prog_name="edgejs serve", standalone_mode=False)
    return code
