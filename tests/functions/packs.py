"""Audit packs, requested and checked as an outsider does it."""

import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from functions.build_audit_pack.use_case import build_audit_pack
from testing.builders import NOW, SESSION_ID
from tests.functions.sealed import Sealed

INTACT = "INTACT"
NOT_INTACT = "NOT INTACT"
# Debian's sh is dash, macOS' is a bash of 2007 in its POSIX mode, Alpine's is busybox.
SHELLS = [("sh",), ("bash", "--posix"), ("busybox", "sh")]


def packed(sealed: Sealed, now: datetime = NOW) -> dict[str, bytes]:
    """Request a pack, and return the stored files by their keys."""
    build_audit_pack(SESSION_ID, "token", now, sealed.world, BytesIO)
    return sealed.world.packs.files


def unpack(sealed: Sealed, folder: Path, now: datetime = NOW) -> Path:
    """Unpack a new pack into an empty folder."""
    (data,) = packed(sealed, now).values()
    with ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


def installed(shell: Sequence[str]) -> Sequence[str]:
    """Return the shell, or skip the test."""
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    return shell


def check(folder: Path, shell: Sequence[str] = ("sh",)) -> str:
    """
    Run the pack's own check in a shell; return its output, whose last line its exit status
    repeats.
    """
    ran = _run([*shell, "verify.sh"], folder)
    assert ran.stdout.splitlines()[-1] == (NOT_INTACT if ran.returncode else INTACT)
    return ran.stdout


def flip(path: Path, position: int = -2) -> None:
    """Flip one bit of one byte."""
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))


def check_by_commands(folder: Path) -> str:
    """Run the commands that the packs of the first release have in their VERIFY.md."""
    text = (folder / "VERIFY.md").read_text()
    return _run(["sh", "-c", text.partition("```sh\n")[2].partition("```")[0]], folder).stdout


def _run(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - the check is what is tested
        command,
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
