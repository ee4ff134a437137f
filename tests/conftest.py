"""What all tests share: how hypothesis runs, and AWS without AWS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from moto import mock_aws

REGION = "eu-central-1"

# The tests of the console use the stack as those of the API do.
pytest_plugins = ["tests.stack.deployed"]

# No deadline: a busy machine is no reason to fail. No database: a run depends on nothing but code.
settings.register_profile("tests", deadline=None, database=None)
settings.load_profile("tests")


# Folders whose tests share what is dear: a deployment, builds, schedules that were explored.
TOGETHER = {
    "browser": "browser",
    "simulation": "simulation",
    "stack": "stack",
    "template": "template",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests together that would otherwise start what they share once per process.

    Before pytest-xdist reads the marks it distributes by.
    """
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(TOGETHER[folder]))


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Stand in for AWS inside this process, with keys that open nothing; yield the region."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield REGION
