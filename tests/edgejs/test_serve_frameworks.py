# SPDX-License-Identifier: Apache-2.0
"""What hono, itty-router and h3 export is served as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from edgejs.registry_cache import install
from serving import serving

HANDLERS = {
    "hono@4": """
import { Hono } from 'hono';
const app = new Hono();
app.get('/', (c) => c.json({ q: c.req.query('q') })).post('/', async (c) => c.json(await c.req.json()));
export default app;
""",
    "itty-router@5": """
import { AutoRouter } from 'itty-router';
export default AutoRouter().get('/', ({ query }) => ({ q: query.q })).post('/', (request) => request.json());
""",
    "h3@2.0.1-rc.32": """
import { H3, readBody } from 'h3';
export default new H3().get('/', ({ url }) => ({ q: url.searchParams.get('q') })).post('/', readBody);
""",
}


@pytest.mark.network
@pytest.mark.parametrize("package", HANDLERS)
def test_what_it_exports_is_a_handler(tmp_path: Path, package: str) -> None:
    (tmp_path / "handler.mjs").write_text(HANDLERS[package])
    install([package], str(tmp_path))
    with serving(tmp_path, "handler.mjs") as server:
        assert requests.get(f"{server.address}?q=1", timeout=30).json() == {"q": "1"}
        assert requests.post(server.address, json={"a": [1]}, timeout=30).json() == {"a": [1]}
        assert requests.get(f"{server.address}nowhere", timeout=30).status_code == 404
        assert (server.said, *server.stop()) == ("", 0, "", "")
