"""One server for all these tests, and a wire that faults travel on."""

from collections.abc import Iterator

import pytest

from local.dynamodb.engine import running_engine
from shared.domain.outbox import OutboxEntry
from shared.storage.limits import Limits
from testing import builders
from tests.conftest import is_on_aws_engine
from tests.faults import environment, matrix
from tests.faults.commands import LATER
from tests.faults.environment import running_server, wiring
from tests.faults.wire import Wire


@pytest.fixture(scope="session")
def tables(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Run AWS's engine for the tables if it is to hold them: one that no other tests use."""
    if not is_on_aws_engine(request.config):
        yield None
        return
    with running_engine() as engine:
        yield engine.url


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory, tables: str | None) -> Iterator[str]:
    """Start the server; if AWS's engine holds the tables, all clients and children know it."""
    home = tmp_path_factory.mktemp("faults")
    with pytest.MonkeyPatch.context() as patch, running_server(home, tables) as endpoint:
        if tables:
            patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", tables)
        yield endpoint


@pytest.fixture(scope="module")
def wire(endpoint: str) -> Iterator[Wire]:
    """Connect the product's own wiring to the server, through a wire that causes faults."""
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire()
        wire.install(patch)
        environment.set_up(endpoint, patch)
        wiring().courses.save(builders.a_course_change(builders.a_course()))
        yield wire


@pytest.fixture(autouse=True)
def _nothing_owed(wire: Wire) -> None:  # noqa: ARG001 - the wiring must reach the server
    """Clear the outbox: a relay would also complete what earlier tests left."""
    for entry in list(wiring().outbox.due(LATER)):
        assert isinstance(entry, OutboxEntry)
        wiring().outbox.remove(entry)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make transactions and batches so small that five people take all the steps of many."""
    environment.rewire(
        monkeypatch, Limits(actions=7, batch=4, rows=2, outbox_shards=environment.FEW_SHARDS)
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how many trials were run."""
    if matrix.trials_run:
        terminalreporter.write_line(f"{matrix.trials_run} trials under faults")
