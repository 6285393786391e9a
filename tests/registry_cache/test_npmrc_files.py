# SPDX-License-Identifier: Apache-2.0
"""Where settings come from, and which wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from edgejs.registry_cache import RegistryError
from edgejs.registry_cache.config import Config
from edgejs.registry_cache.npmrc import load, parse_ini


def test_ini() -> None:
    text = "\n".join(
        [
            "; comment",
            "# comment",
            "a=1",
            "b = two words ; tail",
            'c="q;uo"',
            "d",
            "e[]=x",
            "e[]=y",
            "f=${HOME}/x",
            "g=${NOPE}",
            "h=${NOPE?}",
            "[section]",
            "//h/:_authToken=${T}",
        ]
    )
    assert parse_ini(text, {"HOME": "/h", "T": "tok"}) == {
        "a": "1",
        "b": "two words",
        "c": "q;uo",
        "d": "true",
        "e": ["x", "y"],
        "f": "/h/x",
        "g": "${NOPE}",
        "h": "",
        "//h/:_authToken": "tok",
    }


def test_order(tmp_path: Path) -> None:
    for name in ("global", "user"):
        (tmp_path / name).write_text("tag=${NAME}\n".replace("${NAME}", name) + f"{name}=1\n")
    (tmp_path / ".npmrc").write_text("tag=project\n")
    environ = {
        "npm_config_userconfig": str(tmp_path / "user"),
        "NPM_CONFIG_GLOBALCONFIG": str(tmp_path / "global"),
    }
    assert load(str(tmp_path), environ)["tag"] == "project"
    assert load(str(tmp_path), {**environ, "npm_config_tag": "env"})["tag"] == "env"
    merged = load(str(tmp_path), {**environ, "npm_config_tag": "env"}, {"tag": "flag", "offline": None})
    assert (merged["tag"], merged["user"], merged["global"], "offline" in merged) == ("flag", "1", "1", False)
    (tmp_path / ".npmrc").unlink()
    assert load(str(tmp_path), environ)["tag"] == "user"


def test_environment_names() -> None:
    environ = {
        "npm_config_userconfig": "/none",
        "npm_config_globalconfig": "/none",
        "npm_config_fetch_retry_mintimeout": "5",
        "npm_config__auth": "x",
        "npm_config_empty": "",
    }
    values = load("/none", environ)
    assert (values["fetch-retry-mintimeout"], values["_auth"]) == ("5", "x")
    assert "empty" not in values


def test_scopes_have_registries() -> None:
    config = Config({"registry": "http://a.invalid/npm", "@s:registry": "http://b.invalid/"}, {})
    assert config.registry_for("x") == "http://a.invalid/npm/"
    assert config.registry_for("@s/x") == "http://b.invalid/"
    assert config.registry_for("@t/x") == "http://a.invalid/npm/"


def test_the_default_registry_is_derived() -> None:
    assert Config({}, {}).registry.startswith("https://registry.")


@pytest.mark.parametrize(
    ("values", "environ", "expected"),
    [
        ({"omit": "dev"}, {}, {"dev"}),
        ({"omit": ["dev", "peer"], "include": ["peer"]}, {}, {"dev"}),
        ({}, {"NODE_ENV": "production"}, {"dev"}),
        ({"include": "dev"}, {"NODE_ENV": "production"}, set()),
        ({"production": "true"}, {}, {"dev"}),
        ({}, {}, set()),
    ],
)
def test_omit(values: dict[str, object], environ: dict[str, str], expected: set[str]) -> None:
    assert Config(values, environ).omit == expected


def test_a_number_that_is_none() -> None:
    with pytest.raises(RegistryError, match="invalid config fetch-retries='many'"):
        Config({"fetch-retries": "many"}, {})


def test_the_cache_folder(tmp_path: Path) -> None:
    assert Config({}, {"EDGEJS_CACHE_DIR": str(tmp_path)}).cache == str(tmp_path)
    assert Config({"edgejs-cache": str(tmp_path / "b")}, {"EDGEJS_CACHE_DIR": str(tmp_path)}).cache.endswith(
        "/b"
    )
