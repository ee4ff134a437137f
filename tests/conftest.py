"""What all tests share: the settings of hypothesis, and AWS without AWS."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from moto import mock_aws

from local.dynamodb.engine import folder, running_engine, why_missing

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
    """Let AWS's own engine hold the tables, for a whole run."""
    parser.addoption(
        AWS_ENGINE,
        action="store_true",
        help="tables are in DynamoDB Local, not in moto (tests/storage) or MiniStack",
    )
    parser.addoption(
        RECORD_OPTION,
        action="store_true",
        help="record what each function needs of AWS, by all of tests/handlers",
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say whose tables these are, if they are not those of every run."""
    if not config.getoption(AWS_ENGINE):
        return None
    return f"tables: {why_missing() or f'in DynamoDB Local, of {folder()}'}"


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Run AWS's engine if the tests are to run on it, and return its endpoint."""
    if not is_on_aws_engine(request.config):
        yield None
        return
    with running_engine() as engine:
        yield engine.url


def is_on_aws_engine(config: pytest.Config) -> bool:
    """Tell whether AWS's engine is to hold the tables; skip if it is missing and may be."""
    if not config.getoption(AWS_ENGINE):
        return False
    require_aws_engine()
    return True


def require_aws_engine() -> None:
    """Skip if AWS's engine is missing, or fail where it must not be."""
    missing = why_missing()
    if missing and os.environ.get("DYNAMODB_REQUIRED"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


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
        if folder == "storage" or (folder == "faults" and not item.get_closest_marker("torture")):
            item.add_marker(pytest.mark.dynamodb)


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
