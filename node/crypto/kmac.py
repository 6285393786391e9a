# SPDX-License-Identifier: Apache-2.0
"""KMAC (NIST SP 800-185), which neither hashlib nor `cryptography` has: Keccak itself, in Python.

It is rare, and its messages are short; hashes of the SHA-3 family come from hashlib.
"""

from __future__ import annotations

__all__ = ["kmac"]

_MASK = (1 << 64) - 1


def _round_constants() -> list[int]:
    """By the shift register of FIPS 202, algorithm 5."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << (1 << power) - 1
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants


def _rotations() -> list[int]:
    """Of each lane, by FIPS 202, algorithm 2."""
    offsets, x, y = [0] * 25, 1, 0
    for step in range(24):
        offsets[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return offsets


_CONSTANTS, _ROTATIONS = _round_constants(), _rotations()


def _rotated(lane: int, by: int) -> int:
    return (lane << by | lane >> 64 - by) & _MASK


def _permuted(lanes: list[int]) -> list[int]:
    """Keccak-f[1600]: theta, rho and pi, chi, iota."""
    for constant in _CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        mixed = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [0] * 25
        for at in range(25):
            x, y = at % 5, at // 5
            moved[y + 5 * ((2 * x + 3 * y) % 5)] = _rotated(lanes[at] ^ mixed[x], _ROTATIONS[at])
        lanes = [
            moved[at] ^ (~moved[at - at % 5 + (at + 1) % 5] & moved[at - at % 5 + (at + 2) % 5]) & _MASK
            for at in range(25)
        ]
        lanes[0] ^= constant
    return lanes


def _sponge(rate: int, data: bytes, length: int) -> bytes:
    """`length` bytes of cSHAKE's sponge, whose padding begins with the bits 00."""
    padded = bytearray(data + b"\x04" + bytes(-(len(data) + 1) % rate))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), rate):
        for at in range(rate // 8):
            lanes[at] ^= int.from_bytes(padded[start + 8 * at : start + 8 * at + 8], "little")
        lanes = _permuted(lanes)
    output = b""
    while True:
        output += b"".join(lane.to_bytes(8, "little") for lane in lanes[: rate // 8])
        if len(output) >= length:
            return output[:length]
        lanes = _permuted(lanes)


def _number(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def _left(value: int) -> bytes:
    digits = _number(value)
    return bytes([len(digits)]) + digits


def _string(data: bytes) -> bytes:
    return _left(len(data) * 8) + data


def _whole(data: bytes, rate: int) -> bytes:
    data = _left(rate) + data
    return data + bytes(-len(data) % rate)


def kmac(strength: int, key: bytes, data: bytes, length: int, customization: bytes) -> bytes:
    """KMAC128 or KMAC256 of `data`, in `length` bytes."""
    rate = 200 - strength // 4
    end = _number(length * 8)
    start = _whole(_string(b"KMAC") + _string(customization), rate) + _whole(_string(key), rate)
    return _sponge(rate, start + data + end + bytes([len(end)]), length)
