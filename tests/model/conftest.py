"""One server for all these tests."""

from collections.abc import Iterator

import pytest

from local import ministack
from tests.model.cloud import Cloud
from tests.model.gate import Gate
from tests.model.stage import Stage


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server, and end it whatever happens."""
    server = ministack.start(tmp_path_factory.mktemp("model"))
    try:
        ministack.wait_until_ready(server)
        yield server.endpoint
    finally:
        ministack.stop(server)


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    """Undo at the module's end what was done for it."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def gate(patch: pytest.MonkeyPatch) -> Gate:
    """Put the gate in front of all clients."""
    gate = Gate()
    gate.install(patch)
    return gate


@pytest.fixture(scope="module")
def cloud(endpoint: str, patch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Connect the real stores to the server."""
    cloud = Cloud(endpoint, patch)
    with cloud.http:
        yield cloud


@pytest.fixture
def stage(cloud: Cloud, gate: Gate) -> Stage:
    """Return a stage on which nothing happened yet."""
    return Stage(cloud, gate)
