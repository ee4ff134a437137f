"""A way to the stack on which no call gets an answer from some call on, until time is over."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# Said anew for each connection.
HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class Stalling(ThreadingHTTPServer):
    """Passes calls on to *endpoint*, up to one; that and all later ones wait."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, endpoint: str) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        goal = urlsplit(endpoint)
        self.goal = (goal.hostname or "", goal.port or 80)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._seen = 0
        self._last = 0
        self._does_last = False

    def stall(self, last: int, *, does_last: bool) -> None:
        """Answer the calls before the *last*, which reaches the stack or does not; no others do."""
        self.go_on()
        with self._lock:
            self._over = threading.Event()
            self._seen, self._last, self._does_last = 0, last, does_last

    def go_on(self) -> None:
        """Let nothing wait any more; what waited gets no answer."""
        self._over.set()

    def next(self) -> tuple[threading.Event | None, bool]:
        """Count a call; return what it must wait for, if it must, and if it reaches the stack."""
        with self._lock:
            self._seen += 1
            over = self._over if self._seen >= self._last else None
            return over, not over or (self._seen == self._last and self._does_last)


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stalling

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        over, reaches = self.server.next()
        answer = self._answer(body) if reaches else None
        if over:
            over.wait()
            self.close_connection = True
        elif answer:
            self._give(*answer)

    def _answer(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(*self.server.goal)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _give(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815 - as the server asks

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def stalling(endpoint: str) -> Iterator[Stalling]:
    """Serve for the block."""
    with Stalling(endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.go_on()
            server.shutdown()
