# SPDX-License-Identifier: Apache-2.0
"""The registry client: packuments by name, manifests by spec, tarballs by address."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from .config import Config, default_registry
from .errors import RegistryError
from .packument import ACCEPT_CORGI, ACCEPT_FULL, MetadataCache, Packument, decode
from .pick import pick
from .reporter import Reporter
from .spec import Spec, escape_name, require_registry
from .transport import RequestsTransport, Response, Transport

__all__ = ["RegistryClient", "status_error"]

_WORKERS = max(2, min(4, os.cpu_count() or 2))


class RegistryClient:
    """Asks registries, each thing once, many at a time.

    `packument` may be called from any thread and never twice for one name; `submit` runs work on the
    client's pool of `config.maxsockets` threads. Close the client, or use it in a `with`.
    """

    def __init__(
        self,
        config: Config,
        *,
        transport: Transport | None = None,
        reporter: Reporter | None = None,
        full_metadata: bool = False,
    ) -> None:
        self.config = config
        self.node_version = config.node_version
        self.avoid: Mapping[str, str] = {}
        """Ranges of versions, by name, that are chosen only where nothing else fits."""
        self.reporter = reporter or Reporter()
        self._accept = ACCEPT_FULL if full_metadata or config.before is not None else ACCEPT_CORGI
        self._cache = MetadataCache(config.cache)
        self._transport = transport
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._packuments: dict[str, Future[Packument]] = {}
        self.working = threading.BoundedSemaphore(_WORKERS)
        """Held while a body is read, parsed or unpacked: many threads may wait for answers, few may work.

        More would fight for the interpreter's lock: with 16 at work the same downloads cost three times
        the processor time of 4.
        """

    def __enter__(self) -> RegistryClient:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Drops work not begun, waits for the rest, and closes the connections."""
        with self._lock:
            self._closed = True
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._transport is not None:
            self._transport.close()

    @property
    def transport(self) -> Transport:
        with self._lock:
            if self._transport is None:
                self._transport = RequestsTransport(self.config, on_retry=self.reporter.retrying)
            return self._transport

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any] | None:
        """Runs ``work(*args)`` on the pool; None, and nothing runs, once the client is closed."""
        with self._lock:
            if self._closed:
                return None
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.config.maxsockets, thread_name_prefix="edgejs-registry")
            return self._pool.submit(work, *args)

    def packument(self, name: str) -> Packument:
        """The document about `name`, from memory, disk or registry.

        Raises RegistryError E404, E401, E403, ENOTCACHED, EJSONPARSE or a network code.
        """
        return self.request(name).result()

    def request(self, name: str) -> Future[Packument]:
        """`packument` as a Future; fetching starts at once. Cancelled when the client is closed."""
        with self._lock:
            future = self._packuments.get(name)
            if future is not None:
                return future
            future = self._packuments[name] = Future()
        self.settle_by(future, self._settle, name, future)
        return future

    def settle_by(self, future: Future[Any], work: Callable[..., Any], *args: Any) -> None:
        """Runs ``work(*args)``, which settles `future`, on the pool; closing first cancels `future`."""
        running = self.submit(work, *args)
        if running is None:
            future.cancel()
        else:
            running.add_done_callback(lambda done: done.cancelled() and future.cancel())

    def _settle(self, name: str, future: Future[Packument]) -> None:
        try:
            future.set_result(self._load(name))
        except BaseException as error:
            future.set_exception(error)

    def manifest(self, spec: Spec) -> dict[str, Any]:
        """The normalised manifest that `spec` selects. Raises also ETARGET and ENOVERSIONS."""
        wanted = require_registry(spec).registry
        try:
            packument = self.packument(wanted.name)
        except RegistryError as error:
            # one failed request serves many specs; each gets an error of its own that names it
            raise RegistryError(error.code, error.message, {**error.details, "pkgid": str(wanted)}) from error
        return packument.manifest(self.pick(packument.document, wanted))

    def pick(self, document: dict[str, Any], spec: Spec) -> str:
        """The version that `spec` selects under the settings: Node's version, ``tag``, ``before``."""
        before = self.config.before_for(str(document.get("name") or spec.name))
        avoid = self.avoid.get(spec.name)
        return pick(document, spec, self.node_version, self.config.tag, before, avoid)

    def is_abbreviated(self, name: str) -> bool:
        """Did the registry send the short document, which lacks ``license``?"""
        future = self._packuments.get(name)
        return (
            future is not None
            and future.done()
            and future.exception() is None
            and future.result().abbreviated
        )

    def _load(self, name: str) -> Packument:
        config, accept = self.config, self._accept
        url = config.registry_for(name) + escape_name(name)
        cached = self._cache.read(url, accept)
        if cached and (
            config.offline or config.prefer_offline or (cached.fresh and not config.prefer_online)
        ):
            return decode(cached.body, url, cached.content_type)
        if config.offline:
            raise _not_cached(url, name)
        headers = {"accept": accept}
        if cached and cached.etag:
            headers["if-none-match"] = cached.etag
        elif cached and cached.last_modified:
            headers["if-modified-since"] = cached.last_modified
        self.reporter.requesting(url)
        try:
            response = self.transport.get(url, headers)
            with self.working:
                body = response.read()
                if response.status == 304 and cached:
                    self._cache.refresh(url, accept, cached, response.headers)
                    return decode(cached.body, url, cached.content_type)
                if response.status != 200:
                    raise status_error(response, body, url, name)
                packument = decode(body, url, response.headers.get("content-type") or "")
                self._cache.write(url, accept, body, response.headers)
                return packument
        finally:
            self.reporter.answered(url)

    def tarball_url(self, name: str, url: str) -> str:
        """`url`, on the configured registry when it names the public one (``replace-registry-host``)."""
        registry = self.config.registry_for(name)
        public = urlsplit(default_registry()).netloc
        parts = urlsplit(url)
        if parts.netloc != public or urlsplit(registry).netloc == public:
            return url
        target = urlsplit(registry)
        return parts._replace(scheme=target.scheme, netloc=target.netloc).geturl()

    def tarball(self, url: str, pkgid: str) -> Response:
        """The open answer for a tarball; the caller reads or closes it. Raises E404, E401 ..., ENOTCACHED."""
        if self.config.offline:
            raise _not_cached(url, pkgid)
        self.reporter.requesting(url)
        response = self.transport.get(url, {"accept": "*/*", "accept-encoding": "identity"})
        if response.status != 200:
            raise status_error(response, response.read(), url, pkgid)
        return response


def _not_cached(url: str, pkgid: str) -> RegistryError:
    text = "cache mode is 'only-if-cached' but no cached response is available."
    return RegistryError("ENOTCACHED", f"request to {url} failed: {text}", {"url": url, "pkgid": pkgid})


def status_error(
    response: Response, body: bytes, url: str, pkgid: str, *, method: str = "GET"
) -> RegistryError:
    """npm-registry-fetch's error for an answer that is not 200."""
    import json

    status = response.status
    details = {"url": url, "statusCode": status, "pkgid": pkgid, "method": method}
    challenge = response.headers.get("www-authenticate") or ""
    if challenge:
        details["www-authenticate"] = challenge
    if status == 401 and challenge:
        if "otp" in challenge.lower():
            text = "OTP required for authentication"
            return RegistryError("EOTP", text, details)
        return RegistryError("E401", f"Unable to authenticate, need: {challenge}", details)
    said = ""
    try:
        answer = json.loads(body) if body else None
    except ValueError:
        answer = None  # an error page in HTML says nothing that npm would print either
    if isinstance(answer, dict) and isinstance(answer.get("error"), str):
        said = f" - {answer['error']}"
    message = f"{status} {response.reason} - {method} {url}{said}"
    return RegistryError(f"E{status}", message, details)
