"""
What `sam build` leaves to do on its artifacts before they are deployed.

Lambda unpacks them read-only, so whatever is not compiled yet is compiled again at every cold
start; and botocore describes 400 services, which are most of a package that is loaded as often.
"""

import os
import shutil
import subprocess

from local.workspace import ROOT

BUILD = ROOT / ".aws-sam" / "build"
LAYER = BUILD / "SharedLayer" / "python"
# What our functions call. Each of them is called for real by the tests of the deployed stack.
USED = {"dynamodb", "events", "kms", "s3"}


def finish(python: str) -> None:
    """Make the artifacts small and quick to start, for the Python version that *python* is."""
    _forget_unused_services()
    _compile(python)


def _forget_unused_services() -> None:
    for service in (LAYER / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in USED:
            shutil.rmtree(service)


def _compile(python: str) -> None:
    """
    Compile all modules.

    By unchecked hash: by default a compiled module counts only for a source of a certain time, and
    a zip file does not keep times exactly enough.
    """
    command = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    # One seed: the same source gives the same bytes again, so nothing new is deployed.
    subprocess.run([*command, str(BUILD)], check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
