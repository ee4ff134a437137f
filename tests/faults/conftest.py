"""One server for all these tests, and a wire that faults travel on."""

from collections.abc import Iterator

import pytest

from shared.domain import portions
from shared.runtime import wiring
from shared.storage import finalizations, limits
from tests import builders
from tests.faults import matrix, stage
from tests.faults.presses import LATER
from tests.faults.wire import Wire


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server."""
    with stage.running_server(tmp_path_factory.mktemp("faults")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def wire(endpoint: str) -> Iterator[Wire]:
    """Connect the product's own wiring to the server, by a wire of our own."""
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire()
        wire.install(patch)
        stage.set_up(endpoint, patch)
        wiring.courses().save(builders.a_course())
        yield wire
    wiring.forget()


@pytest.fixture(autouse=True)
def _nothing_owed(wire: Wire) -> None:  # noqa: ARG001 - the wiring must reach the server
    """Clear the outbox: a relay would also finish what the tests before left over."""
    for entry in list(wiring.outbox().due(LATER)):
        wiring.outbox().remove(entry)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so little go in one transaction or batch that five people take all the steps of many."""
    monkeypatch.setattr(limits, "MAX_ACTIONS", 7)
    monkeypatch.setattr(finalizations, "RECORDS_PER_BATCH", 4)
    monkeypatch.setattr(portions, "ROWS_PER_TRANSACTION", 2)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried."""
    if matrix.scenarios_played:
        terminalreporter.write_line(f"{matrix.scenarios_played} scenarios of faults")
