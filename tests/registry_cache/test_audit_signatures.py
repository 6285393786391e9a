# SPDX-License-Identifier: Apache-2.0
"""`audit signatures` checks what the registry signed with the registry's keys."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from registry_fixture import run_edgejs


@pytest.fixture
def signed(project: Path, registry: Any) -> Path:
    """A project with the packages ``a`` and ``b``, which the registry signed."""
    private = generate_private_key(SECP256R1())
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    registry.keys = [{"keyid": "SHA256:one", "key": base64.b64encode(public).decode(), "expires": None}]
    for name in ("a", "b"):
        integrity = registry.publish({"name": name, "version": "1.0.0"})
        signature = private.sign(f"{name}@1.0.0:{integrity}".encode(), ECDSA(SHA256()))
        dist = registry.packument(name)["versions"]["1.0.0"]["dist"]
        dist["signatures"] = [{"keyid": "SHA256:one", "sig": base64.b64encode(signature).decode()}]
    assert run_edgejs(project, "install", "a", "b").returncode == 0
    return project


def dist_of(registry: Any, name: str) -> dict[str, Any]:
    return registry.packument(name)["versions"]["1.0.0"]["dist"]  # type: ignore[no-any-return]


def test_all_signed(signed: Path) -> None:
    result = run_edgejs(signed, "audit", "signatures")
    assert result.returncode == 0, result.stderr
    assert "audited 2 packages" in result.stdout
    assert "2 packages have verified registry signatures" in result.stdout


def test_one_without(signed: Path, registry: Any) -> None:
    del dist_of(registry, "b")["signatures"]
    result = run_edgejs(signed, "audit", "signatures", "--json")
    assert result.returncode == 1
    assert [one["name"] for one in json.loads(result.stdout)["missing"]] == ["b"]


def test_attestations_are_named_as_not_checked(signed: Path, registry: Any) -> None:
    dist_of(registry, "b")["attestations"] = {
        "provenance": {"predicateType": "https://slsa.dev/provenance/v1"}
    }
    result = run_edgejs(signed, "audit", "signatures", "--json")
    assert result.returncode == 0, result.stderr
    assert result.stderr == "edgejs warn audit provenance attestations are not checked: b@1.0.0\n"
    assert [one["name"] for one in json.loads(result.stdout)["attestationsNotChecked"]] == ["b"]


def test_a_signature_of_something_else(signed: Path, registry: Any) -> None:
    dist_of(registry, "b")["signatures"] = dist_of(registry, "a")["signatures"]
    result = run_edgejs(signed, "audit", "signatures")
    assert result.returncode == 1
    assert "1 package has an invalid registry signature:\n\nb@1.0.0" in result.stdout
    assert "Someone might have tampered with this package" in result.stdout


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"keyid": "SHA256:other"}, "EMISSINGSIGNATUREKEY"),
        ({"expires": "2014-01-01T00:00:00.000Z"}, "EEXPIREDSIGNATUREKEY"),
    ],
)
def test_keys_that_do_not_serve(signed: Path, registry: Any, change: dict[str, str], code: str) -> None:
    registry.keys[0].update(change)
    result = run_edgejs(signed, "audit", "signatures")
    assert result.returncode == 1
    assert code in result.stderr


def test_a_registry_that_does_not_sign(signed: Path, registry: Any) -> None:
    registry.keys = []
    result = run_edgejs(signed, "audit", "signatures")
    assert result.returncode == 1
    assert "found no dependencies to audit that were installed from a supported registry" in result.stderr
