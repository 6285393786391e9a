# SPDX-License-Identifier: Apache-2.0
"""The server of docs/tutorial/thumbnails.md answers eight clients at once, every request of theirs."""

import asyncio
import socket
import subprocess
import sys

import pytest
from edgejs.registry_cache import install
from tutorial_pages import blocks, packages

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

CLIENTS, REQUESTS = 8, 25


@pytest.fixture
def address(tmp_path):
    for _, title, text in blocks("thumbnails"):
        if title:
            (tmp_path / title).write_text(text)
    install(packages("thumbnails"), str(tmp_path))
    listener = socket.create_server(("127.0.0.1", 0))
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--fd",
        str(listener.fileno()),
        "--log-level",
        "warning",
        "server:app",
    ]
    server = subprocess.Popen(
        command, cwd=tmp_path, pass_fds=[listener.fileno()], stderr=subprocess.PIPE, text=True
    )
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.terminate()
    assert server.communicate(timeout=60)[1] == ""
    listener.close()


def picture(width):
    """A PNG of one colour, as wide as asked."""
    import struct
    import zlib

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\xff\x80\x00" * width) * width
    header = struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.network
def test_eight_clients_at_once(address):
    async def client(number):
        image = picture(100 + number)
        async with httpx.AsyncClient(timeout=60) as session:
            answers = [
                await session.post(f"{address}/thumbnail?width={16 + number}", content=image)
                for _ in range(REQUESTS)
            ]
        return [(answer.status_code, answer.content[8:12]) for answer in answers]

    async def main():
        return await asyncio.gather(*(client(number) for number in range(CLIENTS)))

    answers = [answer for one in asyncio.run(main()) for answer in one]
    assert answers == [(200, b"WEBP")] * (CLIENTS * REQUESTS)
