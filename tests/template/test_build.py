"""
The build guard: every function finds its modules in its own artifact and the layer.

SAM documents ParentPackageMode for neither layers nor functions, so nothing else
would notice if a new version packed them differently.
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
from tests.template.cloudformation import as_written

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
    """Tell our own code from packages."""
    return module.partition(".")[0] in {"functions", "shared"}


@pytest.mark.parametrize("function", HANDLERS)
def test_modules_are_in_the_artifact_or_the_layer(build: Path, function: str) -> None:
    """The handler, and each of our modules it leads to, is packed where Lambda looks for it."""
    missing = _missing(HANDLERS[function], _paths(build, function))

    assert not missing


@pytest.mark.parametrize("function", HANDLERS)
def test_handlers_start_from_artifact_and_layer_alone(build: Path, function: str) -> None:
    """It really imports with nothing else there: no checkout, no site-packages, no settings."""
    program = (
        f"import sys; sys.path[:0] = {_paths(build, function)!r}\n"
        f"from {HANDLERS[function]} import lambda_handler; assert callable(lambda_handler)"
    )

    started = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-I", "-S", "-B", "-c", program],
        cwd=build,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode == 0, started.stderr


def test_modules_are_compiled_for_good(build: Path) -> None:
    """Lambda never compiles, nor looks at the age of a source: every module is ready as it is."""
    sources = [path for path in build.rglob("*.py") if "__pycache__" not in path.parts]

    compiled = [Path(cache_from_source(str(source))).read_bytes() for source in sources]

    assert sources
    assert {int.from_bytes(code[4:8], "little") for code in compiled} == {UNCHECKED_HASH}


def test_layer_describes_only_services_that_are_called(build: Path) -> None:
    """Four of the 400 that botocore knows; the others would travel along at every cold start."""
    data = build / "SharedLayer" / "python" / "botocore" / "data"

    assert {path.name for path in data.iterdir() if path.is_dir()} == artifacts.USED


def _required(folder: str) -> set[str]:
    """Name the packages a function brings along beside those of the layer."""
    requirements = ROOT / "functions" / folder / "requirements.txt"
    if not requirements.exists():
        return set()
    lines = requirements.read_text().splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line}


def _brought_along(artifact: Path) -> tuple[set[str], set[str]]:
    """Return the packages in an artifact, and the files that are theirs."""
    packages = [PathDistribution(path) for path in artifact.glob("*.dist-info")]
    files = {str(file) for package in packages for file in package.files or ()}
    return {package.name.replace("_", "-").lower() for package in packages}, files


@pytest.mark.parametrize("function", HANDLERS)
def test_artifacts_hold_one_function_and_nothing_else(build: Path, function: str) -> None:
    """No other function, no shared code, no tests, and no package it does not ask for itself."""
    folder = HANDLERS[function].split(".")[1]
    own = ("functions/__init__.py", f"functions/{folder}/")

    files = {str(path.relative_to(build / function)) for path in (build / function).rglob("*.py")}
    packages, theirs = _brought_along(build / function)

    assert f"functions/{folder}/handler.py" in files
    assert packages == _required(folder)
    assert all(file.startswith(own) for file in files - theirs)
