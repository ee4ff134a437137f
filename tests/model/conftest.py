"""One server for all these tests."""

from collections.abc import Iterator

import pytest

from local import ministack
from tests.model.cloud import Cloud
from tests.model.gate import Gate
from tests.model.server import Server


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server, and stop it in any case."""
    server = ministack.start(tmp_path_factory.mktemp("model"))
    try:
        ministack.wait_until_ready(server)
        yield server.endpoint
    finally:
        ministack.stop(server)


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    """Patch for as long as the module's tests run."""
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
def server(cloud: Cloud, gate: Gate) -> Server:
    """Return a server without a history."""
    return Server(cloud, gate)
