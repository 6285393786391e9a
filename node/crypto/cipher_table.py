# SPDX-License-Identifier: Apache-2.0
"""The ciphers by OpenSSL's names: sizes and numbers, without loading what computes them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CIPHERS", "Cipher", "find"]


class Cipher(NamedTuple):
    """What `crypto.getCipherInfo()` tells, and the family that computes it."""

    name: str
    nid: int
    mode: str
    key: int
    iv: int
    block: int
    family: str


def _block_modes(family: str, block: int, sizes: dict[int, dict[str, int]]) -> list[Cipher]:
    ciphers = []
    for bits, numbers in sizes.items():
        for mode, nid in numbers.items():
            name = f"{family}-{bits}-{mode}" if bits else f"{family}-{mode}"
            iv = 0 if mode == "ecb" else 12 if mode in ("gcm", "ccm", "ocb") else block
            shown = block if mode in ("cbc", "ecb", "ocb") else 1
            ciphers.append(Cipher(name, nid, mode, (bits or 128) // 8, iv, shown, family))
    return ciphers


_MODES = ("cbc", "cfb", "cfb8", "ctr", "ecb", "ofb")


def _numbers(*nids: int) -> dict[str, int]:
    return dict(zip(_MODES, nids, strict=False))


_ALL = [
    *_block_modes(
        "aes",
        16,
        {
            128: {**_numbers(419, 421, 653, 904, 418, 420), "ocb": 958},
            192: {**_numbers(423, 425, 654, 905, 422, 424), "ocb": 959},
            256: {**_numbers(427, 429, 655, 906, 426, 428), "ocb": 960},
        },
    ),
    Cipher("aes-128-xts", 913, "xts", 32, 16, 1, "aes"),
    Cipher("aes-256-xts", 914, "xts", 64, 16, 1, "aes"),
    *(
        Cipher(f"id-aes{bits}-{mode}", nid, mode, bits // 8, 12, 1, "aes")
        for mode, nids in (("gcm", (895, 898, 901)), ("ccm", (896, 899, 902)))
        for bits, nid in zip((128, 192, 256), nids, strict=True)
    ),
    *(
        Cipher(f"id-aes{bits}-wrap{pad}", nid, "wrap", bits // 8, 4 if pad else 8, 8, "aes")
        for pad, nids in (("", (788, 789, 790)), ("-pad", (897, 900, 903)))
        for bits, nid in zip((128, 192, 256), nids, strict=True)
    ),
    *_block_modes(
        "camellia",
        16,
        {
            128: {"cbc": 751, "cfb": 757, "ecb": 754, "ofb": 766},
            192: {"cbc": 752, "cfb": 758, "ecb": 755, "ofb": 767},
            256: {"cbc": 753, "cfb": 759, "ecb": 756, "ofb": 768},
        },
    ),
    *_block_modes("sm4", 16, {0: {"cbc": 1134, "cfb": 1137, "ctr": 1139, "ecb": 1133, "ofb": 1135}}),
    Cipher("chacha20", 1019, "stream", 32, 16, 0, "chacha20"),
    Cipher("chacha20-poly1305", 1018, "stream", 32, 12, 0, "chacha20"),
    Cipher("des-ede", 32, "ecb", 16, 0, 8, "des"),
    Cipher("des-ede-cbc", 43, "cbc", 16, 8, 8, "des"),
    Cipher("des-ede-cfb", 60, "cfb", 16, 8, 1, "des"),
    Cipher("des-ede-ofb", 62, "ofb", 16, 8, 1, "des"),
    Cipher("des-ede3", 33, "ecb", 24, 0, 8, "des"),
    Cipher("des-ede3-cbc", 44, "cbc", 24, 8, 8, "des"),
    Cipher("des-ede3-cfb", 61, "cfb", 24, 8, 1, "des"),
    Cipher("des-ede3-cfb8", 659, "cfb8", 24, 8, 1, "des"),
    Cipher("des-ede3-ofb", 63, "ofb", 24, 8, 1, "des"),
]
_BY_NAME = {cipher.name: cipher for cipher in _ALL}
_ALIASES = {
    **{f"aes{bits}": f"aes-{bits}-cbc" for bits in (128, 192, 256)},
    **{f"camellia{bits}": f"camellia-{bits}-cbc" for bits in (128, 192, 256)},
    **{f"aes-{bits}-{mode}": f"id-aes{bits}-{mode}" for bits in (128, 192, 256) for mode in ("gcm", "ccm")},
    **{f"aes{bits}-wrap{pad}": f"id-aes{bits}-wrap{pad}" for bits in (128, 192, 256) for pad in ("", "-pad")},
    "des-ede-ecb": "des-ede",
    "des-ede3-ecb": "des-ede3",
    "des3": "des-ede3-cbc",
    "sm4": "sm4-cbc",
}
_SHOWN = {
    f"id-aes{bits}-{mode}": f"id-aes{bits}-{mode.upper()}"
    for bits in (128, 192, 256)
    for mode in ("gcm", "ccm")
}

CIPHERS = sorted({_SHOWN.get(name, name) for name in (*_BY_NAME, *_ALIASES)})
"""Every name, as `crypto.getCiphers()` has it."""


def find(name: str | int) -> Cipher | None:
    """The cipher of a name, in whatever case, or of a number."""
    if isinstance(name, str):
        plain = name.lower()
        return _BY_NAME.get(_ALIASES.get(plain, plain))
    return next((cipher for cipher in _ALL if cipher.nid == name), None)
