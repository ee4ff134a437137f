"""The gate that every call to AWS passes: a process can die here, or another caller come first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

Send = Callable[[], AWSResponse]


class Crash(BaseException):
    """The process died; no `except Exception` hides it."""


@dataclass
class Trap:
    """Acts at the call with the number *at*."""

    at: int
    spring: Callable[[Send], AWSResponse]
    calls: int = 0
    sprung: bool = False

    def __call__(self, send: Send) -> AWSResponse:
        """Let the call pass, or act."""
        self.calls += 1
        if self.calls == self.at:
            self.sprung = True
            return self.spring(send)
        return send()


@dataclass
class Gate:
    """The one gate of this process."""

    _trap: Trap | None = None
    _is_dead: bool = False

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Install the gate between botocore and the network."""
        really_send = URLLib3Session.send

        def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            return self._pass(lambda: really_send(session, request))

        patch.setattr(URLLib3Session, "send", send)

    @contextmanager
    def deadly(self, at: int, *, after: bool) -> Iterator[Trap]:
        """Let the process die at a call, before or after its effect."""

        def die(send: Send) -> AWSResponse:
            if after:
                send()
            # A dead process sends nothing more, even if its other threads were about to.
            self._is_dead = True
            raise Crash

        with self._set(Trap(at, die)) as trap:
            yield trap

    @contextmanager
    def intruded(self, at: int, deed: Callable[[], None]) -> Iterator[Trap]:
        """Let another caller's *deed* come before a call."""

        def give_way(send: Send) -> AWSResponse:
            self._trap = None
            deed()
            return send()

        with self._set(Trap(at, give_way)) as trap:
            yield trap

    @contextmanager
    def _set(self, trap: Trap) -> Iterator[Trap]:
        self._trap = trap
        try:
            yield trap
        finally:
            self._trap, self._is_dead = None, False

    def _pass(self, send: Send) -> AWSResponse:
        if self._is_dead:
            raise Crash
        return self._trap(send) if self._trap else send()
