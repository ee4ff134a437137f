"""However and wherever the check of a pack is started, it checks the pack that it lies in."""

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from functions.build_audit_pack.archive import ENDINGS
from tests.functions.packs import INTACT, NOT_INTACT, SHELLS, check, installed, unpack
from tests.functions.sealed import Sealed

PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack of a session with a few entries."""
    return unpack(Sealed(), tmp_path_factory.mktemp("pack"))


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    return Path(shutil.copytree(pristine, tmp_path / "pack"))


def run(
    command: Sequence[str], at: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder."""
    return subprocess.run(  # noqa: S603 - the check is what is tested
        command,
        cwd=at,
        env={"PATH": PATH, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_script_checks_the_pack_that_it_lies_in(folder: Path) -> None:
    """A variable of the shell can lead `cd` elsewhere, to a pack that is intact."""
    decoy = Path(shutil.copytree(folder, folder.parent / "decoys" / "pack"))
    (folder / "sheet.pdf").unlink()

    ran = run(
        ["sh", "pack/verify.sh"], folder.parent, {"CDPATH": str(decoy.parent), "GLOBIGNORE": "*"}
    )

    assert ran.stdout.splitlines()[-1] == NOT_INTACT


@pytest.mark.parametrize(
    "start",
    [
        ["sh", "--", "-d/verify.sh"],
        ["sh", "-efu", "./-d/verify.sh"],
        ["bash", "-O", "failglob", "--", "-d/verify.sh"],
        ["bash", "-O", "nocasematch", "-O", "dotglob", "--", "-d/verify.sh"],
    ],
    ids=" ".join,
)
def test_script_is_not_led_astray_by_how_it_is_started(folder: Path, start: Sequence[str]) -> None:
    """A folder may have any name, and a shell any option."""
    folder.rename(folder.with_name("-d"))

    ran = run(start, folder.parent)

    assert ran.stdout.splitlines()[-1] == INTACT


def test_link_to_the_script_checks_nothing(folder: Path) -> None:
    """It lies in another folder than the pack."""
    link = folder.parent / "check"
    link.symlink_to(folder / "verify.sh")

    ran = run(["sh", str(link)], folder)

    assert (ran.returncode, ran.stdout.startswith("NOT CHECKED: ")) == (2, True)


def test_script_that_a_shell_finds_elsewhere_checks_nothing(folder: Path, tmp_path: Path) -> None:
    """Bash looks along its path, and does not say where it found it."""
    ran = run(["bash", "verify.sh"], tmp_path, {"PATH": f"{folder}:{PATH}"})

    assert (ran.returncode, ran.stdout.startswith("NOT CHECKED: ")) == (2, True)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_script_with_line_ends_of_windows_says_so(folder: Path, shell: Sequence[str]) -> None:
    """A syntax error is no verdict."""
    script = folder / "verify.sh"
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))

    ran = run([*installed(shell), "verify.sh"], folder)

    assert ran.returncode == 2
    assert ran.stdout.splitlines()[-1].startswith("NOT CHECKED: verify.sh has line ends of Windows")


@pytest.mark.parametrize("name", [".DS_Store", "._sheet.pdf", "Thumbs.db", "desktop.ini"])
def test_file_that_a_computer_makes_itself_is_no_fault(folder: Path, name: str) -> None:
    """Whoever opens a folder on a Mac has one; it is named, because nothing covers it."""
    (folder / name).write_bytes(b"\0")
    (folder / "__MACOSX").mkdir()

    said = check(folder)

    assert f"Not covered: {name}, which is no part of the pack" in said
    assert "Not covered: __MACOSX, which is no part of the pack" in said
    assert said.splitlines()[-1] == INTACT


@pytest.mark.parametrize(("content_type", "ending"), ENDINGS.items())
def test_sheet_ends_as_its_type_does(folder: Path, content_type: str, ending: str) -> None:
    """Script and pack know the same endings."""
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("application/pdf", content_type))
    (folder / "sheet.pdf").rename(folder / f"sheet.{ending}")

    assert f"sheet.{ending} is called" not in check(folder)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGPIPE])
def test_script_that_is_ended_leaves_nothing_behind(
    folder: Path, tmp_path: Path, shell: Sequence[str], number: signal.Signals
) -> None:
    """A person presses Ctrl-C, or a pipe is closed."""
    temporary, tools = tmp_path / "temporary", tmp_path / "tools"
    temporary.mkdir()
    tools.mkdir()
    # The first thing that the script runs in its temporary folder sends the signal to it.
    (tools / "split").write_text(f"#!/bin/sh\nkill -{number.value} $PPID\n")
    (tools / "split").chmod(0o755)

    ran = run(
        [*installed(shell), "verify.sh"],
        folder,
        {"PATH": f"{tools}:{PATH}", "TMPDIR": str(temporary)},
    )

    assert ran.returncode == 128 + number
    assert not any(temporary.iterdir())
