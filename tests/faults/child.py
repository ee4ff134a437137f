"""
A process that really dies: it forks, and the fork finalizes a session until it kills itself.

    python -m tests.faults.child <endpoint>

It reads one death a line, as JSON, and answers each with the number of the signal that ended the
fork. Forking spares each death the second that imports take.
"""

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from typing import NoReturn, Self

import pytest
from botocore.awsrequest import AWSResponse

from tests.faults import environment
from tests.faults.commands import finalize_anew
from tests.faults.wire import Call, Wire


@dataclass(frozen=True)
class Death:
    """The finalizer of this session dies, before or after its call of this number."""

    session_id: str
    number: int
    is_before: bool

    def to_line(self) -> str:
        """Return the death as a line for the child."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Return the death that `to_line` wrote."""
        return cls(**json.loads(line))

    def die(self, call: Call) -> AWSResponse:
        """Kill this process, before or after the call."""
        if not self.is_before:
            call.carried()
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("nothing comes after SIGKILL")


def main(endpoint: str) -> None:
    """Die once for each line, in a fork of its own."""
    patch = pytest.MonkeyPatch()
    environment.set_up(endpoint, patch)
    wire = Wire()
    wire.install(patch)
    for line in sys.stdin:
        fork = os.fork()
        if not fork:
            _finalize(Death.from_line(line), wire)
        _, status = os.waitpid(fork, 0)
        sys.stdout.write(f"{os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}\n")
        sys.stdout.flush()


def _finalize(death: Death, wire: Wire) -> NoReturn:
    with wire.life(lambda call: death.die if call.number == death.number else None):
        finalize_anew(environment.PreparedSession(death.session_id, (), ""))
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
