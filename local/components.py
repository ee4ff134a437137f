"""
What the artifacts are made of that is not ours: a list of components for each (CycloneDX), and the
licences and notices of all of them in one text.

    python -m local.components [--check]

Writes them from the lock file and from what is installed by it; with `--check` it says which are
out of date. What is installed is what is shipped, but for the architecture.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from local.workspace import ROOT

UV = str(ROOT / ".venv" / "bin" / "uv")
FOLDER = ROOT / "components"
NOTICES = FOLDER / "licences.txt"
IS_LICENCE = re.compile(r"LICEN[CS]E|NOTICE|COPYING|AUTHORS", re.IGNORECASE)
HEAD = """\
Licences and notices of what this software is shipped with and did not write.

Written by: make components
"""
RULE = "=" * 80


@dataclass(frozen=True)
class Artifact:
    """
    An artifact by its name in the template, its packages as `uv export` is asked for them, and the
    folder of what else lies in it that others made.
    """

    name: str
    packages: tuple[str, ...] | None = None
    vendored: str | None = None


# The other functions bring nothing along. The console is published beside them.
ARTIFACTS = (
    Artifact("SharedLayer", ("--no-default-groups",)),
    Artifact("TimeStampLayer", ("--only-group", "stamp")),
    Artifact("HashEvidenceFunction", ("--only-group", "sheet")),
    Artifact("SealSessionFunction", ("--only-group", "summary"), "functions/seal_session/fonts"),
    Artifact("Console", vendored="web/vendor"),
)


def main() -> int:
    """Write all files, or say which differ."""
    wanted = files()
    if sys.argv[1:] == ["--check"]:
        old = [path for path, text in wanted.items() if not is_current(path, text)]
        for path in old:
            print(f"{path.relative_to(ROOT)} is out of date. Run: make components")
        return int(bool(old))
    FOLDER.mkdir(exist_ok=True)
    for path, text in wanted.items():
        path.write_text(text)
    return 0


def is_current(path: Path, text: str) -> bool:
    """Whether a file says just this."""
    return path.exists() and path.read_text() == text


def files() -> dict[Path, str]:
    """Every file that belongs there, with its content."""
    bills = {one.name: bill(one) for one in ARTIFACTS}
    written = {FOLDER / f"{name}.cdx.json": _json(made) for name, made in bills.items()}
    return {**written, NOTICES: notices(bills)}


def bill(artifact: Artifact) -> dict[str, Any]:
    """The components of an artifact, without the moment and the number that make each list new."""
    made = _exported(artifact.packages or ("--no-default-groups",))
    del made["serialNumber"], made["metadata"]["timestamp"]
    made["metadata"]["component"] = {"type": "application", "name": artifact.name}
    if artifact.packages is None:
        made |= {"components": [], "dependencies": []}
    made["components"] += map(_vendored_component, _vendored(artifact))
    return made


def notices(bills: dict[str, dict[str, Any]]) -> str:
    """What is in which artifact, then each licence once, with the names of what it is for."""
    shipped = {
        name: [one for one in made["components"] if one["type"] == "library"]
        for name, made in bills.items()
    }
    return "\n".join([HEAD, *_overview(shipped), *_licences(shipped)])


def _exported(selection: tuple[str, ...]) -> dict[str, Any]:
    command = [UV, "export", "--quiet", "--locked", "--format", "cyclonedx1.5", *selection]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    exported: dict[str, Any] = json.loads(said)
    return exported


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _vendored(artifact: Artifact) -> list[Path]:
    """What lies in this repository and was made by others."""
    return _beside(artifact, {".ttf", ".js"})


def _beside(artifact: Artifact, suffixes: set[str]) -> list[Path]:
    found = sorted((ROOT / artifact.vendored).iterdir()) if artifact.vendored else []
    return [path for path in found if path.suffix in suffixes]


def _vendored_component(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    hashes = [{"alg": "SHA-256", "content": digest}]
    return {"type": "file", "name": str(path.relative_to(ROOT)), "hashes": hashes}


def _overview(shipped: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for artifact in ARTIFACTS:
        yield f"{artifact.name}:"
        for one in shipped[artifact.name]:
            licence = _licence_name(distribution(one["name"]))
            yield f"  {one['name']} {one['version']} ({licence})"
        yield from (f"  {path.relative_to(ROOT)}" for path in _vendored(artifact))
        yield ""


def _licences(shipped: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    names = sorted({one["name"] for made in shipped.values() for one in made})
    for name in names:
        for licence in _texts(distribution(name)):
            owners.setdefault(licence, []).append(name)
    for artifact in ARTIFACTS:
        for path in _beside(artifact, {".LICENSE"}):
            owners.setdefault(_tidy(path.read_text()), []).append(str(path.relative_to(ROOT)))
    for licence, of in owners.items():
        yield f"{RULE}\n{', '.join(dict.fromkeys(of))}\n{RULE}\n\n{licence}\n"


def _texts(package: Distribution) -> Iterator[str]:
    """The licences and notices that a package brings along."""
    for file in sorted(package.files or (), key=str):
        if ".dist-info" in str(file) and IS_LICENCE.search(file.name):
            yield _tidy(Path(str(file.locate())).read_text(encoding="utf-8"))


def _licence_name(package: Distribution) -> str:
    said = package.metadata
    for name in ("License-Expression", "License"):
        if name in said and "\n" not in said[name]:
            return str(said[name])
    classified = said.get_all("Classifier") or []
    found = [one.rpartition(" :: ")[2] for one in classified if one.startswith("License ::")]
    return ", ".join(found) or "see below"


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


if __name__ == "__main__":
    sys.exit(main())
