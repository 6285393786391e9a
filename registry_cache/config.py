# SPDX-License-Identifier: Apache-2.0
"""The settings an install obeys, typed, with npm's names and defaults."""

from __future__ import annotations

import base64
import fnmatch
import functools
import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from . import npmrc
from .errors import RegistryError
from .pick import parse_date
from .platforms import DEFAULT_NODE_VERSION

__all__ = ["Config", "default_cache", "default_registry"]

_FALSE = ("false", "0", "no", "off", "null", "undefined", "")


@functools.cache
def default_registry() -> str:
    """The address of the public registry, with a trailing slash, as packageurl-python knows it."""
    from packageurl.contrib import purl2url

    url: str | None = purl2url.get_download_url("pkg:npm/a@1.0.0")  # type: ignore[no-untyped-call]
    if not url:
        raise RegistryError("EINVALIDREGISTRY", "packageurl-python names no registry for pkg:npm")
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def default_cache(environ: Mapping[str, str] | None = None) -> str:
    """``EDGEJS_CACHE_DIR``, or the user's cache folder for edgejs."""
    environ = os.environ if environ is None else environ
    named = environ.get("EDGEJS_CACHE_DIR")
    if named:
        return os.path.abspath(named)
    import platformdirs

    return platformdirs.user_cache_dir("edgejs", appauthor=False)


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).strip().lower() not in _FALSE


def _words(value: Any) -> list[str]:
    """A list setting: a real list, or text split at commas and line breaks."""
    items = value if isinstance(value, (list, tuple)) else str(value).replace("\n", ",").split(",")
    return [str(item).strip() for item in items if str(item).strip()]


class Config:
    """Settings read once; attributes carry npm's names with underscores.

    Times (`fetch_timeout`, `fetch_retry_mintimeout`, `fetch_retry_maxtimeout`) are milliseconds.
    """

    def __init__(self, values: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self.values = dict(values)
        self.cache = os.path.abspath(str(values.get("edgejs-cache") or default_cache(environ)))
        self.fetch_retries = self._number("fetch-retries", 2)
        self.fetch_retry_factor = self._number("fetch-retry-factor", 10)
        self.fetch_retry_mintimeout = self._number("fetch-retry-mintimeout", 10_000)
        self.fetch_retry_maxtimeout = self._number("fetch-retry-maxtimeout", 60_000)
        self.fetch_timeout = self._number("fetch-timeout", 300_000)
        self.maxsockets = max(1, self._number("maxsockets", 15))
        self.strict_ssl = self._bool("strict-ssl", True)
        self.cafile = (
            self._text("cafile") or environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE")
        )
        self.extra_cafile = environ.get("NODE_EXTRA_CA_CERTS")
        self.noproxy = self._text("noproxy") or environ.get("NO_PROXY") or environ.get("no_proxy") or ""
        self.proxy = self._text("proxy") or environ.get("HTTP_PROXY") or environ.get("http_proxy")
        self.https_proxy = (
            self._text("https-proxy")
            or self._text("proxy")
            or environ.get("HTTPS_PROXY")
            or environ.get("https_proxy")
        )
        self.offline = self._bool("offline", False) or _flag(environ.get("EDGEJS_OFFLINE", ""))
        self.prefer_offline = self._bool("prefer-offline", False)
        self.prefer_online = self._bool("prefer-online", False)
        self.omit_lockfile_registry_resolved = self._bool("omit-lockfile-registry-resolved", False)
        self.save_exact = self._bool("save-exact", False)
        self.save_prefix = str(self.values.get("save-prefix", "^"))
        self.package_lock = self._bool("package-lock", True)
        self.legacy_peer_deps = self._bool("legacy-peer-deps", False)
        self.strict_peer_deps = self._bool("strict-peer-deps", False)
        self.prefer_dedupe = self._bool("prefer-dedupe", False)
        self.install_strategy = self._strategy()
        self.force = self._bool("force", False)
        self.engine_strict = self._bool("engine-strict", False)
        self.ignore_scripts = self._bool("ignore-scripts", False)
        self.bin_links = self._bool("bin-links", True)
        self.tag = self._text("tag") or "latest"
        self.before = self._before()
        """Versions published later than this, in seconds since 1970, are not chosen; None: all are."""
        self.omit = self._omitted(environ)
        self.node_version = self._text("node-version") or DEFAULT_NODE_VERSION
        self.os = self._text("os")
        self.cpu = self._text("cpu")
        self.libc = self._text("libc")

    @classmethod
    def load(
        cls,
        project: str,
        environ: Mapping[str, str] | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> Config:
        """Reads `.npmrc` files and the environment for the project folder `project`."""
        return cls(npmrc.load(project, environ, overrides), environ)

    def _text(self, key: str) -> str | None:
        value = self.values.get(key)
        return None if value is None or str(value) in ("null", "") else str(value)

    def _bool(self, key: str, default: bool) -> bool:
        value = self.values.get(key)
        return default if value is None else _flag(value)

    def _number(self, key: str, default: int) -> int:
        value = self._text(key)
        if value is None:
            return default
        try:
            return int(float(value))
        except ValueError as error:
            raise RegistryError(
                "EINVALIDCONFIG", f"invalid config {key}={value!r}: must be a number"
            ) from error

    def _omitted(self, environ: Mapping[str, str]) -> frozenset[str]:
        """Dependency types left out: ``omit``, minus ``include``, plus dev in production."""
        omit = set(_words(self.values.get("omit", "")))
        production = self._bool("production", False) or self._text("only") in ("prod", "production")
        if production or environ.get("NODE_ENV") == "production":
            omit.add("dev")
        if "dev" in self.values and self._bool("dev", False):
            omit.discard("dev")
        return frozenset(omit - set(_words(self.values.get("include", ""))))

    def _strategy(self) -> str:
        """``install-strategy``; the older ``legacy-bundling`` and ``global-style`` mean two of them."""
        if self._bool("legacy-bundling", False):
            return "nested"
        if self._bool("global-style", False):
            return "shallow"
        chosen = self._text("install-strategy") or "hoisted"
        if chosen not in ("hoisted", "nested", "shallow", "linked"):
            text = f"install-strategy={chosen!r} is none of hoisted, nested, shallow and linked"
            raise RegistryError("EINVALIDCONFIG", text)
        return chosen

    def _before(self) -> float | None:
        """``before``, or ``min-release-age`` days ago."""
        before, days = self._text("before"), self._text("min-release-age")
        if before:
            return parse_date(before)
        if days is None:
            return None
        try:
            return time.time() - float(days) * 86_400
        except ValueError as error:
            text = f"invalid config min-release-age={days!r}: must be a number of days"
            raise RegistryError("EINVALIDCONFIG", text) from error

    def before_for(self, name: str) -> float | None:
        """`before`, but None for the packages that ``min-release-age-exclude`` names (``@scope/*`` too)."""
        excluded = _words(self.values.get("min-release-age-exclude", ""))
        return None if any(fnmatch.fnmatchcase(name, one) for one in excluded) else self.before

    @property
    def prefix(self) -> str:
        """Where global packages are: in ``lib/node_modules`` below it, their commands in ``bin``.

        Without the setting it is a folder of the user's own.
        """
        named = self._text("prefix")
        if named:
            return os.path.abspath(os.path.expanduser(named))
        import platformdirs

        return platformdirs.user_data_dir("edgejs", appauthor=False)

    @property
    def registry(self) -> str:
        """The registry for unscoped packages, with a trailing slash."""
        return self._text("registry").rstrip("/") + "/" if self._text("registry") else default_registry()  # type: ignore[union-attr]

    def registry_for(self, name: str) -> str:
        """The registry for the package `name`: ``@scope:registry`` when set."""
        if name.startswith("@"):
            scoped = self._text(name.partition("/")[0] + ":registry")
            if scoped:
                return scoped.rstrip("/") + "/"
        return self.registry

    def _credential(self, url: str, key: str) -> str | None:
        """``//host/path/:key`` for the deepest configured path that `url` lies under."""
        parts = urlsplit(url)
        path = parts.path
        while True:
            for slash in ("/", ""):
                value = self._text(f"//{parts.netloc}{path.rstrip('/')}{slash}:{key}")
                if value:
                    return value
            if path in ("", "/"):
                return None
            path = path.rstrip("/").rpartition("/")[0] + "/"

    def authorization(self, url: str) -> str | None:
        """The Authorization header for `url`, or None; credentials never leave their host and path."""
        token = self._credential(url, "_authToken")
        if token:
            return f"Bearer {token}"
        basic = self._credential(url, "_auth")
        if basic:
            return f"Basic {basic}"
        user, password = self._credential(url, "username"), self._credential(url, "_password")
        if user and password:
            plain = base64.b64decode(password).decode("utf-8")
            return "Basic " + base64.b64encode(f"{user}:{plain}".encode()).decode("ascii")
        return None

    def client_certificate(self, url: str) -> tuple[str, str] | None:
        """The (certfile, keyfile) configured for `url`'s host and path, or None."""
        cert, key = self._credential(url, "certfile"), self._credential(url, "keyfile")
        return (cert, key) if cert and key else None
