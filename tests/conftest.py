"""What all tests share: the settings of hypothesis, and AWS without AWS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from moto import mock_aws

REGION = "eu-central-1"
AWS_ENGINE = "--dynamodb-local"
RECORD_OPTION = "--record-needs"

# The tests of the console use the stack as those of the API do.
pytest_plugins = ["tests.stack.deployed"]

# No deadline, no rule of speed: a busy machine is no reason to fail. No database: a run depends on
# nothing but code.
_SLOW = [HealthCheck.too_slow]
settings.register_profile("tests", deadline=None, database=None, suppress_health_check=_SLOW)
# `make mutants` runs a test hundreds of times: few examples, and the same each time.
settings.register_profile(
    "mutants",
    deadline=None,
    database=None,
    suppress_health_check=_SLOW,
    derandomize=True,
    max_examples=10,
)
settings.load_profile("tests")


# Folders whose tests share something expensive: a deployment, builds, explored schedules.
TOGETHER = {"browser", "simulation", "stack", "template"}
# Those whose modules do: moto, with the template's tables.
TOGETHER_BY_MODULE = {"handlers", "storage"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the stores be judged by AWS's own engine, for a whole run."""
    parser.addoption(
        AWS_ENGINE, action="store_true", help="run tests/storage on AWS's engine, not on moto"
    )
    parser.addoption(
        RECORD_OPTION,
        action="store_true",
        help="record what each function needs of AWS, by all of tests/handlers",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Keep tests in one process that would otherwise each start what they share.

    Runs before pytest-xdist reads the marks it distributes by.
    """
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(folder))
        elif folder in TOGETHER_BY_MODULE:
            item.add_marker(pytest.mark.xdist_group(item.path.as_posix()))


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """
    Replace AWS inside this process, with keys that are worth nothing; yield the region.

    Once per module: starting moto takes longer than most tests do.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.delenv("AWS_PROFILE", raising=False)
        with mock_aws():
            yield REGION
