# SPDX-License-Identifier: Apache-2.0
"""``edgejs serve``: an HTTP server of a module with the fetch handler of edge platforms."""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["cli", "main"]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
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
    help="Isolates that accept connections, each on a thread",
)
@click.option("--access-log", is_flag=True, help="Print a line for each request")
def cli(file: str, host: str, port: int, workers: int, access_log: bool) -> int:
    """Serve HTTP with the default export of FILE: { fetch(request, env, ctx) { return new Response() } }.

    `env` holds the environment's variables, `ctx.waitUntil(promise)` lets work go on after the answer.
    SIGINT and SIGTERM let open requests finish; a second one ends at once.
    """
    from edgejs.program import run_program

    settings = {"host": host, "port": port, "workers": workers, "accessLog": access_log}
    return run_program({}, [], [file], "serve", file, settings)


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code is the program's, 2 for a wrong command line."""
    code: int = cli.main(args=list(argv), prog_name="edgejs serve", standalone_mode=False)
    return code
