# SPDX-License-Identifier: Apache-2.0
"""Keys whose curve is written as its numbers instead of its name (`paramEncoding: 'explicit'`)."""

from __future__ import annotations

import binascii

from . import der

__all__ = ["named", "named_curve", "with_parameters"]

_EC = "1.2.840.10045.2.1"
_SEC1_PARAMETERS = 0xA0

# ECParameters of SEC 1, C.2, in DER: field, curve with its seed, generator, its order, cofactor.
_PARAMETERS = {
    "brainpoolP256r1": (
        "MIHgAgEBMCwGByqGSM49AQECIQCp+1fboe6pvD5mCpCdg41ybjv2I9UmICggE0gdH25TdzBEBCB9Wgl1/CwwV+72"
        "dTBBev/n+4BVwSbcXGzpSktE8zC12QQgJtxcbOlKS0TzMLXZu9d8v5WEFilc9+HOa8zcGP+MB7YEQQSL0q65y35X"
        "yyxLSC/8gbevud4n4eO9I8I6RFO9ms4yYlR++DXD2sT9l/hGGhRhHcnCd0UTLe2OVFwdVMcvBGmXAiEAqftX26Hu"
        "qbw+ZgqQnYONcYw5eqO1Yab3kB4OgpdIVqcCAQE="
    ),
    "brainpoolP384r1": (
        "MIIBQAIBATA8BgcqhkjOPQEBAjEAjLkegqM4bSgPXW9+UOZB3xUvcQntVFa0ErHaGX+3ESOs06cpkB0acYdHABMx"
        "B+xTMGQEMHvDgsY9jBUMPHIICs4Fr6DCvqKOT7InhxORZe+6kfkPiqWBSlA61OsEqMfdIs4oJgQwBKjH3SLOKCaL"
        "ObVUFvBEfC+3feEH3NKmLogOpT7rYtV8tDkCldvJlDq3hpb6UEwRBGEEHRxk8GjPRf+ipjqBt8E/a4hHo+d+8U/j"
        "23/K/gy9EOjoJuA0NtZGqu+HsuJH1K8eir4ddSD5wqRcseuOlc/VUmK3Cyn+7Fhk4ZwFT/mRKSgORkYhd5GBEUKC"
        "A0EmPFMVAjEAjLkegqM4bSgPXW9+UOZB3xUvcQntVFazHxZubKwEJafPOrava3/DEDuIMgLpBGVlAgEB"
    ),
    "brainpoolP512r1": (
        "MIIBogIBATBMBgcqhkjOPQEBAkEAqt2duNvpxIs/1OauM8n8B8swjbOzydIO1mOcynAzCHF9TZsAm8ZoQq7NoSrm"
        "o4DmKIH/Ly2CxoUoqmBWWDpI8zCBhARAeDCjMYtgO4niMnFFrCNMxZTL3Y09+RYQqDRByuqYY7wt7V1aqCU6oQou"
        "8cmLmsi1fxEXpyvyx7nnwaxNd/yUygRAPfkWEKg0QcrqmGO8Le1dWqglOqEKLvHJi5rItX8RF6cr8se558GsTXf8"
        "lMrcCD5nmEBQt1665d0oCb1jgBb3IwSBgQSBruS92C7ZZFohMi6cTGqThe2fcLXZFsG0O2Lu9NAJjv87H3ji0NSN"
        "UNFoe5O5fV98bVBHQGpeaIs1Igm8ufgifd44XVZjMuzA6r+pz3gi/fIJ9wAkpXsaoADFW4gfgRGy3N5JSl9IXlvK"
        "S9iKJ2Ou0corL6jwVAZ4zR4POtgIkgJBAKrdnbjb6cSLP9TmrjPJ/AfLMI2zs8nSDtZjnMpwMwhwVT5cQUypJhlB"
        "hmEZf6wQRx2x04EIXdrdtYeWgpypAGkCAQE="
    ),
    "prime192v1": (
        "MIHHAgEBMCQGByqGSM49AQECGQD////////////////////+//////////8wSwQY/////////////////////v//"
        "///////8BBhkIQUZ5ZyA5w+n6atyJDBJ/rje7MFGubEDFQAwRa5vyEIvZO1XlSjTgSDq4SGW1QQxBBiNqA6wMJD2"
        "fL8g60OhiAD0/wr9gv8QEgcZK5X/yNp4YxAR7WskzdVz+XehHnlIEQIZAP///////////////5ne+DYUa8mxtNIo"
        "MQIBAQ=="
    ),
    "prime256v1": (
        "MIH3AgEBMCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBbBCD/////AAAAAQAA"
        "AAAAAAAAAAAAAP///////////////AQgWsY12Ko6k+ez671VdpiGvGUdBrDMU7D2O848PifSYEsDFQDEnTYIhucE"
        "k2pmeOETnSa3gZ9+kARBBGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivO"
        "M1drMV7Oy7ZAaDe/UfUCIQD/////AAAAAP//////////vOb6racXnoTzucrC/GMlUQIBAQ=="
    ),
    "secp224r1": (
        "MIHfAgEBMCgGByqGSM49AQECHQD/////////////////////AAAAAAAAAAAAAAABMFMEHP//////////////////"
        "//7///////////////4EHLQFCoUMBLOr9UEyVlBEsLfXv9i6Jws5QyNV/7QDFQC9cTRHmdXH/NxFtZ+juauPapSL"
        "xQQ5BLcODL1rtL9/MhOQuUoDwdNWwhEiNDKA1hFcHSG9N2OItfcj+0wi3+bNQ3WgWgdHZETVgZmFAH40Ah0A////"
        "//////////////8WouC48D4T3SlFXFwqPQIBAQ=="
    ),
    "secp256k1": (
        "MIHgAgEBMCwGByqGSM49AQECIQD////////////////////////////////////+///8LzBEBCAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcEQQR5vmZ++dy7"
        "rFWgYpXOhwsHApv82y3OKNlZ8oFbFvgXmEg62ncmo8RlXaT7/A4RCKj9F7RIpoVUGZxH0I/7ENS4AiEA////////"
        "/////////////rqu3OavSKA7v9JejNA2QUECAQE="
    ),
    "secp384r1": (
        "MIIBVwIBATA8BgcqhkjOPQEBAjEA//////////////////////////////////////////7/////AAAAAAAAAAD/"
        "////MHsEMP/////////////////////////////////////////+/////wAAAAAAAAAA/////AQwszEvp+I+5+SY"
        "jgVr4/gtGRgdnG7+gUESAxQIj1ATh1rGVjmNii7RnSqFyO3T7CrvAxUAozWSaqMZonodAIlqZ3OkgnrNrHMEYQSq"
        "h8oivosFN46xxx7zIK10bh07Younm5hZ90HgglQqOFUC8l2/VSlsOlReOHJ2Crc2F95KliYsb12emL+Sktwp+PQd"
        "vSiaFHzp2jETtfC4wApgsc4dfoGdekMdfJDqDl8CMQD////////////////////////////////HY02B9Dct31ga"
        "DbJIsKd67OwZaszFKXMCAQE="
    ),
    "secp521r1": (
        "MIIBwwIBATBNBgcqhkjOPQEBAkIB////////////////////////////////////////////////////////////"
        "//////////////////////////8wgZ8EQgH/////////////////////////////////////////////////////"
        "/////////////////////////////////ARCAFGVPrlhjhyaH5KaIaC2hUDuotpyW5mzFfO4tImRjvEJ4VYZOVHs"
        "fpN7FlLAvTuxvwc1c9+IPSw08e9FH9RrUD8AAxUA0J6IACkcuFOWzGcXOTKEqqDaZLoEgYUEAMaFjga3BATpzZ4+"
        "y2YjlbRCnGSBOQU/tSH4KK9ga009uqFLXnfv51ko/h3BJ6L/qN4zSLPBhWpCm/l+fjHC5b1mARg5KWp4mjvABFyK"
        "X7QsfRvZmPVESVebRGgXr70XJz5mLJfucple9CZAxVC5AT+tB2E1PHCGonLCQIi+lHaf0WZQAkIB////////////"
        "///////////////////////////////6UYaHg78vlmt/zAFI9wml0Du1ybiJnEeuu2+3HpE4ZAkCAQE="
    ),
}


_OIDS = {
    "brainpoolP256r1": "1.3.36.3.3.2.8.1.1.7",
    "brainpoolP384r1": "1.3.36.3.3.2.8.1.1.11",
    "brainpoolP512r1": "1.3.36.3.3.2.8.1.1.13",
    "prime192v1": "1.2.840.10045.3.1.1",
    "prime256v1": "1.2.840.10045.3.1.7",
    "secp224r1": "1.3.132.0.33",
    "secp256k1": "1.3.132.0.10",
    "secp384r1": "1.3.132.0.34",
    "secp521r1": "1.3.132.0.35",
}


def named(data: bytes) -> bytes | None:
    """A SubjectPublicKeyInfo, PrivateKeyInfo or ECPrivateKey with a name for its numbers.

    None when it has no numbers. ValueError when they are those of no curve here.
    """
    written = _written_parameters(der.children(der.unpack(data)))
    if written is None:
        return None
    for curve, number in _OIDS.items():
        if written == _parameters(curve):
            return _replaced(data, der.oid(number))
    raise ValueError("a curve without a name")


def named_curve(number: str) -> str | None:
    """The curve of an OID."""
    return next((curve for curve, known in _OIDS.items() if known == number), None)


def with_parameters(data: bytes, curve: str) -> bytes:
    """The other way."""
    return _replaced(data, _parameters(curve))


def _written_parameters(parts: list[tuple[int, bytes]]) -> bytes | None:
    for tag, content in parts[:3]:
        if tag == _SEC1_PARAMETERS and content[0] == der.SEQUENCE:
            return content
        if tag == der.SEQUENCE:
            (_, number), *parameters = der.children(content)
            if der.oid_text(number) == _EC and parameters and parameters[0][0] == der.SEQUENCE:
                return der.pack(*parameters[0])
    return None


def _replaced(data: bytes, parameters: bytes) -> bytes:
    parts = []
    for tag, content in der.children(der.unpack(data)):
        if tag == der.SEQUENCE:
            content = der.oid(_EC) + parameters
        elif tag == _SEC1_PARAMETERS:
            content = parameters
        parts.append(der.pack(tag, content))
    return der.sequence(*parts)


def _parameters(curve: str) -> bytes:
    return binascii.a2b_base64(_PARAMETERS[curve])
