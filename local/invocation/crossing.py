"""Carries connections from the containers' bridge to the stack, which listens on loopback only."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

# Linux's IP_FREEBIND: podman makes the bridge, and so the address, with the first container.
FREE_BIND = 15
PIECE = 65_536


@contextmanager
def crossing(address: str, endpoint: str) -> Iterator[str]:
    """Listen at *address* for the block; yield where *endpoint* can be reached there."""
    goal = urlsplit(endpoint)

    class Carrier(BaseRequestHandler):
        """One connection, with one to the stack."""

        def handle(self) -> None:
            with socket.create_connection((goal.hostname, goal.port)) as stack:
                back = threading.Thread(target=_carry, args=(stack, self.request), daemon=True)
                back.start()
                _carry(self.request, stack)
                back.join()

    with _Server((address, 0), Carrier) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{address}:{server.server_address[1]}"
        finally:
            server.shutdown()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_IP, FREE_BIND, 1)
        super().server_bind()


def _carry(source: socket.socket, goal: socket.socket) -> None:
    """Pass bytes on until one side closes, and then say so to the other."""
    with suppress(OSError):
        while piece := source.recv(PIECE):
            goal.sendall(piece)
        goal.shutdown(socket.SHUT_WR)
