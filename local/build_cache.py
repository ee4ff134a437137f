"""Whether the last build is still up to date."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from local import artifacts
from local.workspace import ROOT

MARK = ROOT / ".aws-sam" / "built-from"
# Every input of a build; the lock file, because it pins SAM CLI.
SOURCES = (
    "functions",
    "layers",
    "shared",
    "local/artifacts.py",
    "template.yaml",
    "samconfig.toml",
    "uv.lock",
)


def is_fresh() -> bool:
    """Tell whether the last build was finished and made from the same sources."""
    return artifacts.BUILD.exists() and MARK.exists() and MARK.read_text() == _digest()


def mark_fresh() -> None:
    """Write down the digest of the sources the build was made from."""
    MARK.write_text(_digest())


def forget() -> None:
    """Remove the mark before a new build, so that an unfinished one is not fresh."""
    MARK.unlink(missing_ok=True)


def _digest() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for file in _files():
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for source in SOURCES:
        path = ROOT / source
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and file.parent.name != "__pycache__")
