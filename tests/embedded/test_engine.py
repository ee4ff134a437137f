"""AWS's own DynamoDB engine, started and stopped."""

from collections.abc import Iterator

import pytest

from local.dynamodb.engine import Engine, is_running, start, stop
from tests.conftest import require_aws_engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Start an engine, and do not wait for it."""
    require_aws_engine()
    started = start()
    yield started
    stop(started)


def test_engine_runs_from_the_moment_it_is_started(engine: Engine) -> None:
    """The system knows its command only a moment later; nobody may take it for dead till then."""
    assert is_running(engine)


def test_engine_that_another_process_started_is_stopped(engine: Engine) -> None:
    """`make down` knows no more than its address and its pid; stopping it again is no error."""
    known = Engine(engine.url, engine.pid)

    while not is_running(known):
        assert is_running(engine)
    for _ in range(2):
        stop(known)

    assert not is_running(engine)
    assert not is_running(known)
