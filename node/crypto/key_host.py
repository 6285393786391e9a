# SPDX-License-Identifier: Apache-2.0
"""KeyObjects behind the JavaScript module `crypto`: JavaScript holds `Key`s and asks here."""

from __future__ import annotations

import hashlib

from .errors import crypto_error, needs_cryptography
from .groups import GROUPS
from .hash_names import hashlib_name

try:
    from . import key_generation, key_input, key_output
    from .keys import CURVES, Key
    from .pss import is_known
except ImportError as error:
    raise needs_cryptography(error) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]


def _passphrase(given: Any) -> bytes | None:
    return None if given is None else bytes(given)


def _parse_private(data: Any, form: str, type_: str | None = None, passphrase: Any = None) -> Key:
    return key_input.parse_private(bytes(data), form, type_, _passphrase(passphrase))


def _parse_public(data: Any, form: str, type_: str | None = None, passphrase: Any = None) -> Key:
    return key_input.parse_public(bytes(data), form, type_, _passphrase(passphrase))


def _export_private(
    key: Key, form: str, type_: str, cipher: str | None = None, passphrase: Any = None
) -> str | bytes:
    return key_output.export_private(key, form, type_, cipher, _passphrase(passphrase))


def _pss_options(
    hash_: str | None = None, mask: str | None = None, salt: int | None = None
) -> dict[str, object]:
    """What an RSA-PSS key will allow: nothing but defaults where nothing is said."""
    if hash_ is None and mask is None and salt is None:
        return {}
    chosen = _checked(hash_ or "sha1", "Invalid digest: ")
    mgf = _checked(mask or chosen, "Invalid MGF1 digest: ")
    size = hashlib.new(hashlib_name(chosen)).digest_size
    return {"hash": chosen, "mgf": mgf, "salt": size if salt is None else salt}


def _checked(name: str, message: str) -> str:
    if not is_known(name):
        raise crypto_error("INVALID_DIGEST", message + name, "TypeError")
    return name.lower()


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.key_host')`."""
    return {
        "about": lambda key: [key.type, key.kind],
        "content": lambda key: key.content(),
        "curves": lambda: sorted(CURVES),
        "details": lambda key: key.details(),
        "equals": lambda first, second: first.equals(second),
        "exportPrivate": _export_private,
        "exportPublic": key_output.export_public,
        "fromRaw": key_output.from_raw,
        "fromJwk": key_output.from_jwk,
        "generate": key_generation.generate,
        "generateLater": lambda kind, options: isolate.submit(key_generation.generate, kind, options),
        "groups": lambda: list(GROUPS),
        "parsePrivate": _parse_private,
        "parsePublic": _parse_public,
        "pssOptions": _pss_options,
        "publicOf": lambda key: key.public(),
        "toJwk": key_output.to_jwk,
        "toRaw": key_output.to_raw,
    }
