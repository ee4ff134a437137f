"""Which software is deployed: its version, and bytes that whoever builds it again gets too."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from local import artifacts, release
from local.sam import SAM_PYTHON
from local.workspace import ROOT
from shared.domain.release import UNKNOWN
from testing.template import Template

SOURCE = "NAMES = {'a', 'b', 'c'}\n\n\ndef fail(x: int) -> int:\n    return x / 0\n"
# As docs and packs tell it to people.
BY_HAND = "find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"


def run(arguments: Sequence[str], folder: Path, **environment: str) -> str:
    """Run a command in a folder, and return what it prints."""
    ran = subprocess.run(  # noqa: S603 - our own commands
        arguments,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.strip()


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody."""
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    return run(["git", *who, *arguments], folder)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a repository with one commit."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "file").write_text("content")
    git(folder, "init", "--quiet")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def test_version_is_the_commit(checkout: Path) -> None:
    """Whoever reads it can check it out."""
    assert release.source_version(checkout) == git(checkout, "rev-parse", "HEAD")


@pytest.mark.parametrize("name", ["file", "new"])
def test_version_says_that_there_are_changes(checkout: Path, name: str) -> None:
    """What nobody committed cannot be built again, be it a changed file or a new one."""
    (checkout / name).write_text("changed")

    commit = git(checkout, "rev-parse", "HEAD")
    assert release.source_version(checkout) == f"{commit}-with-changes"


@pytest.mark.parametrize("around", ["checkout", "elsewhere"])
def test_version_without_a_repository_is_unknown(checkout: Path, around: str) -> None:
    """An unpacked archive has no commit, and not that of a repository it lies in."""
    archive = checkout.parent / around / "archive"
    archive.mkdir(parents=True)

    assert release.source_version(archive) == UNKNOWN


def test_version_without_a_commit_is_unknown(tmp_path: Path) -> None:
    """A repository in which nothing was committed yet names none."""
    git(tmp_path, "init", "--quiet")

    assert release.source_version(tmp_path) == UNKNOWN


def test_artifact_hash_is_what_a_stranger_computes(tmp_path: Path) -> None:
    """With the tools of any Linux, in the order of bytes whatever the language."""
    for name in ("b.py", "B.py", "a/b.py", "a-b.py", "ä.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)

    by_hand = run(["sh", "-c", BY_HAND], tmp_path)

    assert release.artifact_sha256(tmp_path) == by_hand.partition(" ")[0]


def test_modules_are_compiled_to_the_same_bytes_in_any_folder(tmp_path: Path) -> None:
    """A compiled module names its source, but not where it was built."""
    folders = [tmp_path / "a", tmp_path / "another" / "place"]
    for folder in folders:
        (folder / "package").mkdir(parents=True)
        (folder / "package" / "module.py").write_text(SOURCE)
        artifacts.compile_all(folder, sys.executable)

    first, second = (release.artifact_sha256(folder) for folder in folders)

    assert first == second
    assert len(list(folders[0].rglob("*.pyc"))) == 1


def test_release_is_written_into_the_template_that_was_built() -> None:
    """As a text, also where a commit has digits alone."""
    template = "    Deployed:\n      SourceVersion: unknown\n      Other: unknown\n"

    filled = release.filled_in(template, {"SourceVersion": "1234567"})

    assert filled == '    Deployed:\n      SourceVersion: "1234567"\n      Other: unknown\n'
    assert release.filled_in(filled, {"SourceVersion": "1234567"}) == filled


def test_release_that_has_no_place_is_no_release() -> None:
    """A template that does not take the version fails the build, instead of saying unknown."""
    with pytest.raises(ValueError, match="SourceVersion"):
        release.filled_in("Mappings: {}\n", {"SourceVersion": "1234567"})


@pytest.mark.build
def test_build_says_what_it_was_made_of(build: Path) -> None:
    """The template that is deployed names the commit and the hashes of its artifacts."""
    template = (build / "template.yaml").read_text()

    assert re.search(r'SourceVersion: "([0-9a-f]{40}(-with-changes)?|unknown)"', template)
    for artifact in (release.DECIDING, release.LAYER):
        assert release.artifact_sha256(build / artifact) in template


@pytest.mark.build
def test_wheels_are_those_that_fit_every_machine(build: Path) -> None:
    """Of several that fit, not the machine that builds chooses: these fit every runtime."""
    wheels = list(build.rglob("*.dist-info/WHEEL"))

    assert wheels
    for wheel in wheels:
        tags = re.findall(r"^Tag: (\S+)$", wheel.read_text(), re.MULTILINE)
        assert any(tag.endswith("-any") or "manylinux2014_" in tag for tag in tags), wheel


def test_release_is_built_for_what_lambda_runs(template: Template) -> None:
    """`make release` builds what `make deploy` deploys: for the runtime that the template has."""
    parameters, makefile = template.document["Parameters"], (ROOT / "Makefile").read_text()

    assert f"RUNTIME ?= {parameters['PythonRuntime']['Default']}\n" in makefile
    assert f"ARCHITECTURE ?= {parameters['Architecture']['Default']}\n" in makefile


BUILD_IT = "import os; os.umask({umask}); from local import sam; sam.build()"
SAM_KEYS = (
    "import sys; from samcli.lib.utils.hash import dir_checksum\n"
    "print([dir_checksum(folder) for folder in sys.argv[1:]])"
)


def cloned(folder: Path) -> Path:
    """Clone this checkout, and lend it the installed tools."""
    git(ROOT, "clone", "--quiet", str(ROOT), str(folder))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


@pytest.mark.torture
def test_two_builds_of_a_commit_are_the_same_to_the_byte(tmp_path: Path) -> None:
    """
    In other folders, with another home, clock, language and mask; and SAM names what it uploads by
    its content alone, so that a deployment from either changes no function.
    """
    one, other = cloned(tmp_path / "one"), cloned(tmp_path / "somewhere" / "else")
    run([sys.executable, "-c", BUILD_IT.format(umask="0o022")], one, TZ="UTC", LANG="C.UTF-8")
    shutil.rmtree(one / ".aws-sam" / "cache", ignore_errors=True)
    abroad = {"TZ": "Asia/Kathmandu", "LANG": "C", "HOME": str(tmp_path), "USER": "other"}
    run([sys.executable, "-c", BUILD_IT.format(umask="0o077")], other, **abroad)
    builds = [folder / ".aws-sam" / "build" for folder in (one, other)]
    names = sorted(path.name for path in builds[0].iterdir() if path.is_dir())

    found = [{name: release.artifact_sha256(build / name) for name in names} for build in builds]
    keys = [
        run([SAM_PYTHON, "-c", SAM_KEYS, *(str(build / name) for name in names)], tmp_path)
        for build in builds
    ]

    assert len(names) > len((release.DECIDING, release.LAYER))
    assert found[0] == found[1]
    assert keys[0] == keys[1]
    templates = [(build / "template.yaml").read_text() for build in builds]
    assert templates[0].replace(str(one), "") == templates[1].replace(str(other), "")
