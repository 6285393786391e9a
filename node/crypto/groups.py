# SPDX-License-Identifier: Apache-2.0
"""The groups of RFC 2409 and RFC 3526 for Diffie and Hellman's exchange, by their formula."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["GROUPS", "group_prime"]

# Of each group: bits of the prime, and the number that the RFC adds to pi.
GROUPS = {
    "modp1": (768, 149686),
    "modp2": (1024, 129093),
    "modp5": (1536, 741804),
    "modp14": (2048, 124476),
    "modp15": (3072, 1690314),
    "modp16": (4096, 240904),
    "modp17": (6144, 929484),
    "modp18": (8192, 4743158),
}


def _scaled_pi(bits: int) -> int:
    """floor(pi * 2**bits), by Machin's formula."""
    guard = 64

    def inverse_tangent(of: int) -> int:
        power = (1 << bits + guard) // of
        total, at, sign = power, 1, 1
        while power:
            power //= of * of
            at, sign = at + 2, -sign
            total += sign * (power // at)
        return total

    return 4 * (4 * inverse_tangent(5) - inverse_tangent(239)) >> guard


@lru_cache(maxsize=len(GROUPS))
def group_prime(name: str) -> int:
    """2**n - 2**(n-64) - 1 + 2**64 * (floor(2**(n-130) * pi) + k)"""
    bits, added = GROUPS[name]
    return (1 << bits) - (1 << bits - 64) - 1 + (_scaled_pi(bits - 130) + added << 64)
