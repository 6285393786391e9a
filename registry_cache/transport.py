# SPDX-License-Identifier: Apache-2.0
"""The one place that speaks HTTP: a `Transport` seam, and requests behind it.

Retries follow make-fetch-happen: network errors and the statuses 408, 420, 429 and 5xx, with
exponential waits. Redirects are followed here, so that credentials are looked up anew for every
address and never travel to another host.
"""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin, urlsplit

from .config import Config
from .errors import RegistryError

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter

__all__ = ["USER_AGENT", "RequestsTransport", "Response", "Transport"]

USER_AGENT = "edgejs registry_cache"
_CHUNK = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 20


class Response(Protocol):
    """What a transport hands back; the body is read once, by `read` or by `chunks`."""

    status: int
    reason: str
    headers: Mapping[str, str]
    url: str

    def read(self) -> bytes: ...

    def chunks(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class Transport(Protocol):
    """Requests; raises RegistryError with a network code (ECONNREFUSED, ENOTFOUND ...)."""

    def get(self, url: str, headers: Mapping[str, str]) -> Response: ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Response: ...

    def close(self) -> None: ...


class _Reply:
    """A requests answer as a `Response`; a connection that breaks while reading gives ECONNRESET."""

    def __init__(self, raw: Any, url: str) -> None:
        self._raw = raw
        self.status: int = raw.status_code
        self.reason: str = raw.reason or ""
        self.headers: Mapping[str, str] = raw.headers
        self.url = url

    def chunks(self) -> Iterator[bytes]:
        try:
            yield from self._raw.raw.stream(_CHUNK, decode_content=True)
        except Exception as error:
            raise network_error(error, self.url) from error
        finally:
            self.close()

    def read(self) -> bytes:
        return b"".join(self.chunks())

    def close(self) -> None:
        self._raw.raw.release_conn()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that it wraps, by `__cause__`, `__context__`, `reason` and `args`."""
    seen: set[int] = set()
    queue = [error]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), *current.args, current.__cause__, current.__context__]


def network_error(error: Exception, url: str) -> RegistryError:
    """What Node would have called `error`; the text is node-fetch's."""
    import socket
    import ssl

    host = urlsplit(url).hostname or ""
    address = urlsplit(url).netloc
    for cause in _causes(error):
        name = type(cause).__name__
        if isinstance(cause, socket.gaierror) or name == "NameResolutionError":
            code, reason, syscall = "ENOTFOUND", f"getaddrinfo ENOTFOUND {host}", "getaddrinfo"
        elif isinstance(cause, ssl.SSLError):
            code, reason, syscall = "ERR_SSL", str(cause.reason or cause).lower().replace("_", " "), ""
        elif isinstance(cause, TimeoutError) or name in ("ReadTimeoutError", "ConnectTimeoutError"):
            code, reason, syscall = "ERR_SOCKET_TIMEOUT", f"Socket timeout to {address}", ""
        elif isinstance(cause, OSError) and isinstance(cause.errno, int) and cause.errno in errno.errorcode:
            code = errno.errorcode[cause.errno]
            syscall = "read" if code == "ECONNRESET" else "connect"
            reason = "socket hang up" if code == "ECONNRESET" else f"connect {code} {_dialled(url)}"
        else:
            continue
        details: dict[str, Any] = {"url": url, "type": "system"}
        if syscall:
            details["syscall"] = syscall
            details["errno"] = code  # node-fetch's errors carry the name here, not the number
        return RegistryError(code, f"request to {url} failed, reason: {reason}", details)
    return RegistryError("ECONNRESET", f"request to {url} failed, reason: socket hang up", {"url": url})


def _dialled(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


class RequestsTransport:
    """A keep-alive pool of requests' adapters; safe to use from many threads."""

    RETRIABLE = frozenset(
        {"ECONNRESET", "ECONNREFUSED", "EADDRINUSE", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "EPIPE", "EAI_AGAIN"}
    )

    def __init__(
        self,
        config: Config,
        *,
        sleep: Callable[[float], None] = time.sleep,
        on_retry: Callable[[str, str, float], None] | None = None,
    ) -> None:
        self._config = config
        self._sleep = sleep
        self._on_retry = on_retry
        self._lock = threading.Lock()
        self._adapters: dict[tuple[str, str] | None, HTTPAdapter] = {}

    def close(self) -> None:
        for adapter in self._adapters.values():
            adapter.close()

    def _adapter(self, certificate: tuple[str, str] | None) -> HTTPAdapter:
        """The pool for requests that show `certificate`; apart from others, so that nobody else sees it."""
        with self._lock:
            if certificate not in self._adapters:
                from .tls import shared_context_adapter

                self._adapters[certificate] = shared_context_adapter(self._config, certificate)
            return self._adapters[certificate]

    def get(self, url: str, headers: Mapping[str, str]) -> Response:
        """The answer after retries and redirects, whatever its status."""
        return self._ask("GET", url, headers, None, self._config.fetch_retries)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """The answer to one POST, which is not repeated."""
        return self._ask("POST", url, headers, body, 0)

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, retries: int
    ) -> Response:
        config, attempt = self._config, 0
        while True:
            try:
                reply: _Reply | None = self._follow(method, url, headers, body)
                failure: RegistryError | None = None
            except RegistryError as error:
                reply, failure = None, error
            again = failure.code in self.RETRIABLE if failure else _transient(reply.status)  # type: ignore[union-attr]
            if not again or attempt >= retries:
                if failure:
                    raise failure
                return reply  # type: ignore[return-value]
            if reply:
                for _ in reply.chunks():  # drain, so that the connection can be used again
                    pass
            wait = (
                min(
                    config.fetch_retry_mintimeout * config.fetch_retry_factor**attempt,
                    config.fetch_retry_maxtimeout,
                )
                / 1000
            )
            attempt += 1
            if self._on_retry:
                self._on_retry(url, failure.message if failure else f"status {reply.status}", wait)  # type: ignore[union-attr]
            self._sleep(wait)

    def _follow(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> _Reply:
        for _ in range(_MAX_REDIRECTS + 1):
            reply = self._send(method, url, headers, body)
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target:
                return reply
            for _chunk in reply.chunks():
                pass
            url = urljoin(url, target)
        raise RegistryError("EMAXREDIRECT", f"maximum redirect reached at: {url}", {"url": url})

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> _Reply:
        from requests import RequestException
        from requests.models import PreparedRequest
        from requests.structures import CaseInsensitiveDict

        request = PreparedRequest()
        request.method = method
        request.url = url
        request.body = body
        sent = CaseInsensitiveDict(
            {"user-agent": USER_AGENT, "accept-encoding": "gzip", "connection": "keep-alive"}
        )
        sent.update(headers)
        if body is not None:
            sent["content-length"] = str(len(body))
        authorization = self._config.authorization(url)
        if authorization:
            sent["authorization"] = authorization
        request.headers = sent
        timeout = self._config.fetch_timeout / 1000
        adapter = self._adapter(self._config.client_certificate(url))
        try:
            raw = adapter.send(
                request,
                stream=True,
                timeout=(timeout, timeout),
                verify=self._config.strict_ssl,
                proxies=self._proxies(url),
            )
        except (RequestException, OSError) as error:
            raise network_error(error, url) from error
        return _Reply(raw, url)

    def _proxies(self, url: str) -> dict[str, str]:
        config = self._config
        if not (config.proxy or config.https_proxy):
            return {}
        host = urlsplit(url).hostname or ""
        for entry in config.noproxy.replace(" ", ",").split(","):
            suffix = entry.lstrip("*.")
            if entry == "*" or (suffix and (host == suffix or host.endswith("." + suffix))):
                return {}
        chosen = {"http": config.proxy, "https": config.https_proxy}
        return {scheme: address for scheme, address in chosen.items() if address}


def _transient(status: int) -> bool:
    return status in (408, 420, 429) or status >= 500
