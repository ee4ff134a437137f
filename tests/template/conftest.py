"""The template in both its forms, and the build."""

import shutil
from pathlib import Path

import pytest

from local import sam
from local.workspace import ROOT
from testing.environment import ENVIRONMENT
from testing.template import Template, as_deployed, as_written


@pytest.fixture(scope="session")
def written() -> Template:
    """Return template.yaml as it stands."""
    return as_written()


@pytest.fixture(scope="session")
def template(written: Template) -> Template:
    """Return the template with SAM's resources expanded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        return as_deployed(written)


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Return the variables that the tests give to functions."""
    return ENVIRONMENT


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every function and the layer in a copy, because a demo may build at the same time."""
    sam.build()
    return shutil.copytree(ROOT / ".aws-sam" / "build", tmp_path_factory.mktemp("sam") / "build")
