"""The time-stamp authority that runs beside an embedded stack."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from local.authority import process
from local.authority.process import Authority
from testing.waiting import wait_for


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    """Start an authority, and stop it after the test."""
    running = process.start(tmp_path)
    yield running
    process.stop(running)


def stamped(authority: Authority) -> bytes:
    """Ask for a stamp, as soon as it listens."""
    query = TimestampRequestBuilder(b"{}", HashAlgorithm.SHA256).build().as_bytes()

    def ask() -> bytes | None:
        try:
            return httpx.post(authority.url, content=query, trust_env=False).content
        except httpx.TransportError:
            return None

    return wait_for("the authority", ask)


def test_authority_keeps_address_and_root_when_it_is_renewed(
    authority: Authority, tmp_path: Path
) -> None:
    """`make up` on a running stack restarts it; stamps that were made before stay good."""
    before = stamped(authority)
    process.stop(authority)

    renewed = process.start(tmp_path, authority.url)
    after = stamped(renewed)
    process.stop(renewed)

    assert (renewed.url, renewed.root) == (authority.url, authority.root)
    for number, stamp in enumerate((before, after)):
        (tmp_path / "data").write_bytes(b"{}")
        (tmp_path / f"{number}.tsr").write_bytes(stamp)
        subprocess.run(  # noqa: S603 - our own commands
            [
                *("/usr/bin/env", "openssl", "ts", "-verify", "-data", str(tmp_path / "data")),
                *("-in", str(tmp_path / f"{number}.tsr")),
                *("-CAfile", str(authority.folder / "root.pem")),
                *("-untrusted", str(authority.folder / "chain.pem")),
            ],
            check=True,
            capture_output=True,
        )


def test_new_authority_has_a_root_of_its_own(authority: Authority, tmp_path: Path) -> None:
    """Stamps of one throw-away stack say nothing on another."""
    root = authority.root
    process.stop(authority)

    another = process.start(tmp_path)
    process.stop(another)

    assert another.root != root


def test_stopped_authority_is_gone(authority: Authority) -> None:
    """No process is left behind; stopping it again is no error."""
    process.stop(authority)

    assert not psutil.pid_exists(authority.pid)
    process.stop(authority)


def test_a_stranger_with_the_authoritys_number_is_left_alone(authority: Authority) -> None:
    """Only the authority of this very folder is ended, not another process of the same number."""
    process.stop(replace(authority, pid=os.getpid(), process=None))

    assert psutil.Process().is_running()
