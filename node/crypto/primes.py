# SPDX-License-Identifier: Apache-2.0
"""Prime numbers: found and tested, for crypto.generatePrime(), odd sizes of keys and groups of any size."""

from __future__ import annotations

import secrets

from .errors import openssl_error

__all__ = ["binding", "find_prime", "is_prime"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SIEVE = 8192
_LONGEST = 1 << 26  # bytes


def _small_primes() -> list[int]:
    marked = bytearray(_SIEVE)
    for number in range(2, 91):
        marked[number * number :: number] = b"\1" * len(range(number * number, _SIEVE, number))
    return [number for number in range(2, _SIEVE) if not marked[number]]


_SMALL = _small_primes()


def _rounds(bits: int) -> int:
    """OpenSSL's, for an error of less than one in 2**128."""
    return 128 if bits > 2048 else 64


def is_prime(number: int, rounds: int = 0) -> bool:
    """Miller and Rabin's test, `rounds` times."""
    if number < 2:
        return False
    for small in _SMALL[:64]:
        if number % small == 0:
            return number == small
    twos = (number - 1 & 1 - number).bit_length() - 1
    odd = number - 1 >> twos
    return all(_passes(number, odd, twos) for _ in range(rounds or _rounds(number.bit_length())))


def _passes(number: int, odd: int, twos: int) -> bool:
    power = pow(secrets.randbelow(number - 3) + 2, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def find_prime(bits: int, safe: bool = False, add: int = 0, rem: int | None = None) -> int:
    """A prime of `bits` bits that leaves `rem` (1, of a safe prime 3) when divided by `add`."""
    step = add or (4 if safe else 2)
    left = rem if rem is not None else (3 if safe and add != 2 else 1) if step > 2 or add else 1
    if bits < 14 or bits < step.bit_length() + 8:
        return _find_small(bits, safe, step, left)
    while True:
        start = secrets.randbits(bits) | (3 << bits - 2 if not add else 1 << bits - 1)
        found = _search(start - start % step + left, step, bits, safe)
        if found is not None:
            return found


def _search(start: int, step: int, bits: int, safe: bool) -> int | None:
    """Sieve the numbers from `start` on by small primes, then test what is left."""
    count = max(4 * bits, 512)
    dead = bytearray(count)
    for small in _SMALL:
        inverse = pow(step, -1, small) if step % small else None
        if inverse is None:
            continue
        # start + at * step = 0, and of a safe prime also = 1: then its half is divisible
        for wanted in (0, 1) if safe and small > 2 else (0,):
            first = (wanted - start) * inverse % small
            dead[first::small] = b"\1" * len(range(first, count, small))
    for at in range(count):
        candidate = start + at * step
        if dead[at] or candidate.bit_length() != bits:
            continue
        if not is_prime(candidate, 1) or (safe and not is_prime(candidate >> 1, 1)):
            continue
        if is_prime(candidate) and (not safe or is_prime(candidate >> 1)):
            return candidate
    return None


def _find_small(bits: int, safe: bool, step: int, left: int) -> int:
    low = 3 << bits - 2 if step < 4 and bits > 2 else 1 << bits - 1
    fitting = range(low + (left - low) % step, 1 << bits, step)
    tries = fitting if len(fitting) <= 1 << 16 else [secrets.choice(fitting) for _ in range(1 << 16)]
    if step == 2 and bits == 2:
        tries = [2, 3] if not safe else [3]
    primes = [n for n in tries if is_prime(n) and (not safe or is_prime(n >> 1) or n == 3)]
    if not primes and safe and bits == 3:
        primes = [5, 7]
    if not primes:
        raise openssl_error(0x0180008D, "bits too small")
    return secrets.choice(primes)


def _number(data: Any) -> int:
    return int.from_bytes(bytes(data), "big")


def _generate(bits: int, safe: bool, add: Any = None, rem: Any = None) -> bytes:
    number = find_prime(bits, safe, 0 if add is None else _number(add), None if rem is None else _number(rem))
    return number.to_bytes((bits + 7) // 8, "big")


def _sized(candidate: Any) -> bytes:
    """The bytes of a number. HostError when OpenSSL could not hold it."""
    data = bytes(candidate)
    if len(data) >= _LONGEST:
        raise openssl_error(0x01800072, "bignum too long")
    return data


def _check(candidate: Any, rounds: int) -> bool:
    return is_prime(_number(candidate), rounds)


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.primes')`."""

    def copied(data: Any) -> bytes | None:
        return None if data is None else bytes(data)

    return {
        "check": lambda candidate, rounds: _check(_sized(candidate), rounds),
        "checkLater": lambda candidate, rounds: isolate.submit(_check, _sized(candidate), rounds),
        "generate": _generate,
        "generateLater": lambda bits, safe, add=None, rem=None: isolate.submit(
            _generate, bits, safe, copied(add), copied(rem)
        ),
    }
