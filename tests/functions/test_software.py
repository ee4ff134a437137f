"""What a pack says of the software that decided."""

import json
from typing import Any

import pytest

from functions.build_audit_pack.software import of_manifest
from shared.domain.manifest_v3 import manifest
from testing.builders import RELEASE, a_decided

RELEASED: dict[str, Any] = {
    "version": RELEASE.version,
    "python": "3.13.5",
    "architecture": "arm64",
    "functionSha256": "ab" * 32,
    "layerSha256": "cd" * 32,
}


def told(**said: object) -> str:
    """Return the passage about a release that says this."""
    return of_manifest(json.dumps({"release": RELEASED | said}).encode())


def test_software_is_named_with_the_commands_that_build_it_again() -> None:
    """A stranger reads the commit, builds it, and compares hashes with what was signed."""
    text = of_manifest(json.dumps(manifest(a_decided(), [], [])).encode())

    assert f"git checkout {RELEASE.version}\n" in text
    assert "make release RUNTIME=python3.13 ARCHITECTURE=arm64" in text
    assert "Python 3.13.5 for arm64" in text
    assert RELEASE.function_sha256 in text
    assert RELEASE.layer_sha256 in text


def test_software_with_changes_cannot_be_built_again() -> None:
    """It is said, and no command pretends otherwise."""
    text = told(version=f"{RELEASE.version}-with-changes")

    assert "cannot be built again" in text
    assert "make release" not in text


@pytest.mark.parametrize(
    "document",
    [
        b'{"manifestVersion":2}',
        b'{"release":"3"}',
        b"[]",
        b"no JSON",
        json.dumps({"release": RELEASED | {"version": "unknown"}}).encode(),
        json.dumps({"release": {"version": RELEASE.version}}).encode(),
    ],
)
def test_software_that_is_not_known_is_not_guessed(document: bytes) -> None:
    """Neither of earlier manifests nor of what somebody put in the place of one."""
    assert "does not say with which software" in of_manifest(document)


@pytest.mark.parametrize("text", ["x\n\n```sh\nrm -rf /\n```", "a b", "", "a" * 65])
def test_software_is_described_by_no_text_of_others(text: object) -> None:
    """A manifest is packed unchecked, and what it says stands among commands to run."""
    assert "does not say with which software" in told(version=text)
    assert "rm -rf" not in told(version=text)
