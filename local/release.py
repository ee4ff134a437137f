"""
Which software this is: the commit it was built from, and the hashes of what was built.

`make release` prints them. Before a deployment they are written into the template that was built,
and from there they reach every function, so that records say what decided them.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from local.artifacts import BUILD
from local.workspace import ROOT
from shared.domain.release import UNKNOWN

# The function that decides, and the layer it shares with the others.
DECIDING = "FinalizeSessionFunction"
LAYER = "SharedLayer"
CHANGED = "-with-changes"


def source_version(checkout: Path = ROOT) -> str:
    """
    The commit of *checkout*, marked if files differ from it; unknown if it is no checkout of its
    own, because around an unpacked archive there may be the checkout of something else.
    """
    top = _git(checkout, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != checkout.resolve():
        return UNKNOWN
    commit = _git(checkout, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return UNKNOWN
    return f"{commit}{CHANGED}" if _git(checkout, "status", "--porcelain") else commit


def artifact_sha256(folder: Path) -> str:
    """
    The SHA-256 of the list of an artifact's files, each with its own: what this prints in *folder*.

    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
    """
    listed = hashlib.sha256()
    for name in sorted(map(os.fsencode, _files(folder))):
        content = (folder / os.fsdecode(name)).read_bytes()
        listed.update(hashlib.sha256(content).hexdigest().encode() + b"  ./" + name + b"\n")
    return listed.hexdigest()


def artifacts() -> dict[str, str]:
    """The SHA-256 of every artifact of the last build, by its name in the template."""
    return {
        folder.name: artifact_sha256(folder)
        for folder in sorted(BUILD.iterdir())
        if folder.is_dir()
    }


def said(python: str) -> Iterator[str]:
    """What a person compares with what a pack says: a line each."""
    yield f"version   {source_version()}"
    yield f"python    {python_version(python)}"
    for name, digest in artifacts().items():
        yield f"{digest}  {name}"


def write_down(python: str) -> None:
    """Say in the template that was built which software it deploys, compiled by *python*."""
    values = {
        "SourceVersion": source_version(),
        "PythonVersion": python_version(python),
        "FunctionSha256": artifact_sha256(BUILD / DECIDING),
        "LayerSha256": artifact_sha256(BUILD / LAYER),
    }
    template = BUILD / "template.yaml"
    template.write_text(filled_in(template.read_text(), values))


def filled_in(template: str, values: dict[str, str]) -> str:
    """
    The text of *template* with these *values* in its map `Release`.

    Raises:
        ValueError: It has no place for one of them.
    """
    for name, value in values.items():
        # Quoted, because a commit of digits alone would be read as a number.
        template, places = re.subn(
            rf"^( +{name}:) .*$", rf'\1 "{value}"', template, flags=re.MULTILINE
        )
        if places != 1:
            raise ValueError(f"the template that was built has no place for {name}")
    return template


def python_version(python: str) -> str:
    """The whole version of an interpreter, because the smallest step may compile otherwise."""
    asked = [python, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def _files(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            yield str(file.relative_to(folder))


def _git(checkout: Path, *arguments: str) -> str | None:
    """What git says in *checkout*; None if it has nothing to say, or is not there."""
    # Its own surroundings name no other repository, as they do in a hook.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        said = subprocess.run(
            ["git", "-C", str(checkout), *arguments],  # noqa: S607 - the person's git
            env=own,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return said.stdout.strip() if said.returncode == 0 else None
