# SPDX-License-Identifier: Apache-2.0
"""A certificate and what Node tells of it."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import der
from .errors import openssl_error
from .host_match import matches
from .key_input import parse_public, pem_block
from .key_output import pem_text
from .keys import CURVE_NAMES, Key
from .names import DNS, EMAIL, IP, attributes, general_name, general_values, multiline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Certificate"]

_ALT_NAME, _BASIC, _USAGE, _PURPOSE = "2.5.29.17", "2.5.29.19", "2.5.29.15", "2.5.29.37"
_INFO, _KEY_ID, _AUTHORITY_ID = "1.3.6.1.5.5.7.1.1", "2.5.29.14", "2.5.29.35"
_METHODS = {"1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "CA Issuers"}
_SIGNATURES = {
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "rsassaPss",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10040.4.3": "dsaWithSHA1",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.112": "ED25519",
    "1.3.101.113": "ED448",
    "2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}
_NIST = {"prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp224r1": "P-224"}
_CERT_SIGN = 0x04


class Certificate:
    """Made of PEM or DER. Its extensions are read here: `cryptography` refuses some that OpenSSL shows."""

    def __init__(self, data: bytes) -> None:
        if b"-----BEGIN" in data:
            block = pem_block(data, "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
            if block is None:
                raise openssl_error(0x0480006C, "no start line")
            data = block[2]
        try:
            size = len(data) - len(der.first(data)[2])
            self.raw = data[:size]
            self.native = x509.load_der_x509_certificate(self.raw)
            fields = der.children(der.children(der.unpack(self.raw))[0][1])
        except (ValueError, IndexError):
            raise openssl_error(0x0480006C, "no start line") from None  # PEM is what was tried last
        at = 1 if fields[0][0] == 0xA0 else 0
        (_, self.serial), (_, signature), (_, self.issuer_name), (_, times), (_, self.subject_name), spki = (
            fields[at : at + 6]
        )
        self.signature_oid = der.oid_text(der.children(signature)[0][1])
        self.not_before, self.not_after = (_time(*time) for time in der.children(times))
        self._spki = der.pack(*spki)
        self._extensions = _extensions(fields[at + 6 :])

    @property
    def ca(self) -> bool:
        """Whether it may issue others."""
        basic = self._extensions.get(_BASIC)
        if basic is None:
            return False
        flags = der.children(der.unpack(basic))
        return bool(flags) and flags[0] == (0x01, b"\xff")

    def public_key(self) -> Key:
        """Its key. HostError when that cannot be read."""
        try:
            return parse_public(self._spki, "der", "spki", None)
        except Exception:
            raise openssl_error(0x0300007D, "decode error") from None

    def alt_name(self) -> str | None:
        """subjectAltName."""
        names = self._names()
        return None if names is None else ", ".join(general_name(*name) for name in der.children(names))

    def _names(self) -> bytes | None:
        extension = self._extensions.get(_ALT_NAME)
        return None if extension is None else der.unpack(extension)

    def info_access(self) -> str | None:
        """infoAccess, a line for each."""
        extension = self._extensions.get(_INFO)
        if extension is None:
            return None
        lines = []
        for _, access in der.children(der.unpack(extension)):
            (_, method), place = der.children(access)
            oid = der.oid_text(method)
            lines.append(f"{_METHODS.get(oid, oid)} - {general_name(*place)}")
        return "\n".join(lines)

    def purposes(self) -> list[str] | None:
        """The OIDs of extendedKeyUsage."""
        extension = self._extensions.get(_PURPOSE)
        if extension is None:
            return None
        return [der.oid_text(content) for _, content in der.children(der.unpack(extension))]

    def about(self) -> dict[str, object]:
        """The properties of X509Certificate that are text."""
        return {
            "subject": multiline(self.subject_name) or None,
            "issuer": multiline(self.issuer_name) or None,
            "subjectAltName": self.alt_name(),
            "infoAccess": self.info_access(),
            "validFrom": _shown_time(self.not_before),
            "validTo": _shown_time(self.not_after),
            "validFromMs": self.not_before.timestamp() * 1000,
            "validToMs": self.not_after.timestamp() * 1000,
            "serialNumber": _hex(self.serial),
            "keyUsage": self.purposes(),
            "ca": self.ca,
            "signatureAlgorithm": _SIGNATURES.get(self.signature_oid),
            "signatureAlgorithmOid": self.signature_oid,
        }

    def fingerprint(self, name: str) -> str:
        """The digest of it, with colons."""
        return hashlib.new(name, self.raw).digest().hex(":").upper()

    def pem(self) -> str:
        """It as text."""
        return pem_text("CERTIFICATE", self.raw)

    def legacy(self) -> dict[str, object]:
        """The parts of what tls.TLSSocket.getPeerCertificate() gives that are about the key."""
        try:
            native = self.public_key().native
        except Exception:
            return {}
        if hasattr(native, "public_numbers") and hasattr(native.public_numbers(), "n"):
            numbers = native.public_numbers()
            return {
                "modulus": f"{numbers.n:X}",
                "bits": numbers.n.bit_length(),
                "exponent": f"0x{numbers.e:x}",
                "pubkey": self.public_key().spki(),
            }
        if isinstance(native, ec.EllipticCurvePublicKey):
            name = CURVE_NAMES[type(native.curve)]
            info: dict[str, object] = {
                "bits": native.curve.key_size,
                "pubkey": native.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
                "asn1Curve": name,
            }
            if name in _NIST:
                info["nistCurve"] = _NIST[name]
            return info
        return {}

    def check_host(self, host: str, options: dict[str, Any]) -> str | None:
        """The name of it that stands for `host`."""
        names = self._names()
        found = [] if names is None else [name.decode("latin-1") for name in general_values(names, DNS)]
        subject = options.get("subject", "default")
        for name in found:
            if matches(name, host, options):
                return name
        if subject == "never" or (found and subject != "always"):
            return None
        common = [value for short, value in attributes(self.subject_name) if short == "CN"]
        return next((name for name in common if matches(name, host, options)), None)

    def check_email(self, address: str, subject: str) -> bool:
        """Whether it is of `address`."""
        names = self._names()
        found = [] if names is None else [name.decode("latin-1") for name in general_values(names, EMAIL)]
        if any(_same_address(name, address) for name in found):
            return True
        if subject == "never" or (found and subject != "always"):
            return False
        own = attributes(self.subject_name)
        return any(_same_address(value, address) for short, value in own if short == "emailAddress")

    def check_ip(self, address: str) -> bool:
        """Whether it is of an IP address. ValueError when that is none."""
        names = self._names()
        wanted = ipaddress.ip_address(address).packed
        return names is not None and wanted in general_values(names, IP)

    def issued_by(self, issuer: Certificate) -> bool:
        """Whether names, key identifiers and usage say that `issuer` issued it. No signature is looked at."""
        if self.issuer_name != issuer.subject_name:
            return False
        try:
            issuer.public_key()
        except Exception:
            return False
        authority, own = self._extensions.get(_AUTHORITY_ID), issuer._extensions.get(_KEY_ID)
        if authority is not None and own is not None:
            wanted = dict(der.children(der.unpack(authority))).get(0x80)
            if wanted is not None and wanted != der.unpack(own, der.OCTETS):
                return False
        usage = issuer._extensions.get(_USAGE)
        return usage is None or bool(der.unpack(usage, 0x03)[1:2] and der.unpack(usage, 0x03)[1] & _CERT_SIGN)

    def verified_by(self, key: Key) -> bool:
        """Whether its signature is one of `key`."""
        native, certificate = key.public().native, self.native
        content: tuple[Any, ...] = (certificate.signature, certificate.tbs_certificate_bytes)
        try:
            parameters = certificate.signature_algorithm_parameters
            if key.kind in ("rsa", "rsa-pss"):
                native.verify(*content, parameters, certificate.signature_hash_algorithm)
            elif key.kind == "ec":
                native.verify(*content, parameters)
            elif key.kind == "dsa":
                native.verify(*content, certificate.signature_hash_algorithm)
            else:
                native.verify(*content)
        except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
            return False
        return True


def _extensions(rest: list[tuple[int, bytes]]) -> dict[str, bytes]:
    found = {}
    for tag, content in rest:
        if tag != 0xA3:
            continue
        for _, extension in der.children(der.unpack(content)):
            (_, number), *_critical, (_, value) = der.children(extension)
            found[der.oid_text(number)] = value
    return found


def _time(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == 0x17:  # UTCTime: the years 1950 to 2049
        text = ("19" if text[:2] >= "50" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _shown_time(time: datetime) -> str:
    return f"{_MONTHS[time.month - 1]} {time.day:2} {time:%H:%M:%S} {time.year} GMT"


def _hex(serial: bytes) -> str:
    return serial.lstrip(b"\0").hex().upper() or "0"


def _same_address(name: str, address: str) -> bool:
    """The part before the @ keeps its case."""
    own, _, own_host = name.rpartition("@")
    other, _, other_host = address.rpartition("@")
    return own == other and own_host.lower() == other_host.lower()
