"""
Makes the artifacts of `sam build` smaller and faster to start, before they are deployed.

Lambda unpacks them read-only, so a module that is not compiled is compiled again at every cold
start. And botocore's descriptions of 400 services are most of a package.
"""

import os
import shutil
import subprocess
from pathlib import Path

from local.workspace import ROOT

BUILD = ROOT / ".aws-sam" / "build"
LAYER = BUILD / "SharedLayer" / "python"
STAMP_LAYER = BUILD / "TimeStampLayer" / "python"
# The services our functions call. The tests of the deployed stack call each of them.
USED = {"dynamodb", "events", "kms", "lambda", "s3"}


def finish(python: str) -> None:
    """Make the artifacts small and fast to start, for the version of *python*."""
    forget_unused_services()
    compile_all(BUILD, python)


def forget_unused_services(layer: Path = LAYER) -> None:
    """Remove botocore's descriptions of services that no function calls."""
    for service in (layer / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in USED:
            shutil.rmtree(service)


def compile_all(folder: Path, python: str) -> None:
    """
    Compile all modules in *folder*, so that the same sources give the same bytes wherever it lies.

    By unchecked hash: by default a compiled module is valid only for a source of the same time
    stamp, and a zip file does not keep time stamps exactly enough. A compiled module names its
    source, from *folder* on; what a trace shows is the path from which it is imported.
    """
    command = [python, "-s", "-S", "-P", "-m", "compileall", "-q", "-s", str(folder)]
    # A fixed seed orders sets the same way; nothing else of the surroundings reaches the compiler.
    subprocess.run(
        [*command, "--invalidation-mode", "unchecked-hash", str(folder)],
        check=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONHASHSEED": "0"},
    )
