"""
Every function finds its modules in its own artifact and the layer.

SAM documents ParentPackageMode for neither layers nor functions, so nothing else would notice if a
new version packed them differently.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import PathDistribution
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from local import artifacts
from local.workspace import ROOT
from testing.template import as_written

pytestmark = pytest.mark.build

HANDLERS = {
    name: resource["Properties"]["Handler"].removesuffix(".lambda_handler")
    for name, resource in as_written().document["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}

# The flags in the head of a compiled module (PEP 552).
UNCHECKED_HASH = 0b01


def _paths(build: Path, function: str) -> list[str]:
    """Return what is on Lambda's path for *function*."""
    return [str(build / function), str(build / "SharedLayer" / "python")]


def _find(module: str, paths: list[str]) -> ModuleSpec | None:
    """Find *module* on *paths* alone, package by package and without running any of them."""
    spec: ModuleSpec | None = None
    search: list[str] | None = paths
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:end]), search)
        if spec is None:
            return None
        search = list(spec.submodule_search_locations or [])
    return spec


def _imports(source: Path) -> Iterator[list[str]]:
    """Yield what *source* imports: a module, or first the submodule that a name may be."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from ([name.name] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ([f"{node.module}.{name.name}", str(node.module)] for name in node.names)


def _missing(module: str, paths: list[str]) -> set[str]:
    """Return our modules that *module* leads to and that are not on *paths*."""
    missing: set[str] = set()
    seen: set[str] = set()
    pending = [[module]]
    while pending:
        wanted = pending.pop()
        spec = next((spec for name in wanted if (spec := _find(name, paths))), None)
        if spec is None:
            missing.add(wanted[-1])
        elif spec.name not in seen and spec.origin:
            seen.add(spec.name)
            own = (names for names in _imports(Path(spec.origin)) if _is_ours(names[0]))
            pending.extend(own)
    return missing


def _is_ours(module: str) -> bool:
    """Return whether the module is ours, and not of a package."""
    return module.partition(".")[0] in {"functions", "shared"}


@pytest.mark.parametrize("function", HANDLERS)
def test_modules_are_in_the_artifact_or_the_layer(build: Path, function: str) -> None:
    """The handler and all our modules that it imports are where Lambda looks for them."""
    missing = _missing(HANDLERS[function], _paths(build, function))

    assert not missing


def run_alone(program: str, build: Path) -> "subprocess.CompletedProcess[str]":
    """Run a program that finds neither checkout nor site-packages nor settings."""
    return subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-I", "-S", "-B", "-c", program],
        cwd=build,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("function", HANDLERS)
def test_handlers_start_from_artifact_and_layer_alone(build: Path, function: str) -> None:
    """A handler can be imported without checkout, site-packages or settings."""
    program = (
        f"import sys; sys.path[:0] = {_paths(build, function)!r}\n"
        f"from {HANDLERS[function]} import lambda_handler; assert callable(lambda_handler)"
    )

    started = run_alone(program, build)

    assert started.returncode == 0, started.stderr


def test_locked_pdf_is_told_by_what_the_artifact_brings(build: Path) -> None:
    """Without a library for AES in the artifact, a PDF that nobody can open would be accepted."""
    sheet = ROOT / "tests" / "functions" / "sheets" / "encrypted.pdf"
    program = (
        f"import sys; sys.path[:0] = {_paths(build, 'HashEvidenceFunction')!r}\n"
        "from functions.hash_evidence.locked_pdf import needs_password\n"
        f"assert needs_password([open({str(sheet)!r}, 'rb').read()])"
    )

    told = run_alone(program, build)

    assert told.returncode == 0, told.stderr


def test_summary_is_drawn_by_what_the_artifact_brings(build: Path) -> None:
    """The sealer loads what draws only after it has signed, so that its start would not show it."""
    program = (
        f"import sys; sys.path[:0] = {_paths(build, 'SealSessionFunction')!r}\n"
        "from functions.seal_session.pdf import Pdf\n"
        "pdf = Pdf('Title', 'Subject', 'Footer'); pdf.line('李小龍'); assert pdf.finish()"
    )

    drawn = run_alone(program, build)

    assert drawn.returncode == 0, drawn.stderr


def test_time_stamp_is_read_by_what_its_layer_brings(build: Path) -> None:
    """With the layers alone, as a function that verifies has them."""
    stamps = ROOT / "tests" / "messaging"
    paths = [str(build / layer / "python") for layer in ("SharedLayer", "TimeStampLayer")]
    program = (
        f"import sys; sys.path[:0] = {paths!r}\n"
        "import hashlib, ssl\n"
        "from shared.messaging.rfc3161 import Rfc3161Authority\n"
        f"root = ssl.PEM_cert_to_DER_cert(open({str(stamps / 'stamp.v2.root.pem')!r}).read())\n"
        "authority = Rfc3161Authority('http://127.0.0.1', [root])\n"
        f"stamp = open({str(stamps / 'stamp.v2.tsr')!r}, 'rb').read()\n"
        "of = hashlib.sha256(b'{\"manifestVersion\":2}').hexdigest()\n"
        "assert authority.time_of(stamp, of).year == 2026"
    )

    told = run_alone(program, build)

    assert told.returncode == 0, told.stderr


def test_modules_are_compiled_for_good(build: Path) -> None:
    """Every module is compiled in the build, and Lambda does not check the age of its source."""
    sources = [path for path in build.rglob("*.py") if "__pycache__" not in path.parts]

    compiled = [Path(cache_from_source(str(source))).read_bytes() for source in sources]

    assert sources
    assert {int.from_bytes(code[4:8], "little") for code in compiled} == {UNCHECKED_HASH}


def test_layer_describes_only_services_that_are_called(build: Path) -> None:
    """Only four of the 400 that botocore knows are packed; each costs time at a cold start."""
    data = build / "SharedLayer" / "python" / "botocore" / "data"

    assert {path.name for path in data.iterdir() if path.is_dir()} == artifacts.USED


def _required(folder: str) -> set[str]:
    """Return the packages that a function has beside those of the layer."""
    requirements = ROOT / "functions" / folder / "requirements.txt"
    if not requirements.exists():
        return set()
    lines = requirements.read_text().splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line}


def _brought_along(artifact: Path) -> tuple[set[str], set[str]]:
    """Return the packages in an artifact, and their files."""
    packages = [PathDistribution(path) for path in artifact.glob("*.dist-info")]
    files = {str(file) for package in packages for file in package.files or ()}
    return {package.name.replace("_", "-").lower() for package in packages}, files


@pytest.mark.parametrize("function", HANDLERS)
def test_artifacts_hold_one_function_and_nothing_else(build: Path, function: str) -> None:
    """
    An artifact has no other function, no shared code, no tests, and no package it
    does not need.
    """
    folder = HANDLERS[function].split(".")[1]
    own = ("functions/__init__.py", f"functions/{folder}/")

    files = {str(path.relative_to(build / function)) for path in (build / function).rglob("*.py")}
    packages, theirs = _brought_along(build / function)

    assert f"functions/{folder}/handler.py" in files
    assert packages == _required(folder)
    assert all(file.startswith(own) for file in files - theirs)
