"""
Makes the artifacts of `sam build` smaller and faster to start, before they are deployed.

Lambda unpacks them read-only, so a module that is not compiled is compiled again at every cold
start. And botocore's descriptions of 400 services are most of a package.
"""

import os
import shutil
import subprocess

from local.workspace import ROOT

BUILD = ROOT / ".aws-sam" / "build"
LAYER = BUILD / "SharedLayer" / "python"
STAMP_LAYER = BUILD / "TimeStampLayer" / "python"
# The services our functions call. The tests of the deployed stack call each of them.
USED = {"dynamodb", "events", "kms", "s3"}


def finish(python: str) -> None:
    """Make the artifacts small and fast to start, for the version of *python*."""
    _forget_unused_services()
    _compile(python)


def _forget_unused_services() -> None:
    for service in (LAYER / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in USED:
            shutil.rmtree(service)


def _compile(python: str) -> None:
    """
    Compile all modules.

    By unchecked hash: by default a compiled module is valid only for a source of the same time
    stamp, and a zip file does not keep time stamps exactly enough.
    """
    command = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    # A fixed seed: the same source gives the same bytes, so nothing is deployed without a change.
    subprocess.run([*command, str(BUILD)], check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
