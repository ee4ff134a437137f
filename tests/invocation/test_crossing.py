"""The way from a bridge to the stack."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from local.invocation.crossing import crossing


@pytest.fixture
def echo() -> Iterator[str]:
    """Answer one connection with all it sent, once it has ended; yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                said = b"".join(iter(lambda: connection.recv(1024), b""))
                connection.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_crossing_carries_both_ways(echo: str) -> None:
    """All bytes arrive, and the end of what one side sends is told to the other."""
    sent = bytes(range(256)) * 1_000

    with crossing("127.0.0.1", echo) as address:
        goal = urlsplit(address)
        with socket.create_connection((goal.hostname, goal.port)) as client:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            found = b"".join(iter(lambda: client.recv(65_536), b""))

    assert found == sent
    assert address != echo
