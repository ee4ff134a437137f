"""Letting processes die, and recording what readers see meanwhile."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import NamedTuple

from local.workspace import ROOT
from tests.faults import environment, promises
from tests.faults.child import Death
from tests.faults.environment import PreparedSession


class Mortal:
    """The child whose forks die."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def die(self, death: Death) -> int:
        """Die this death and return its signal; 0 if the process lived to its end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(death.to_line())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def mortal(endpoint: str) -> Iterator[Mortal]:
    """Start the child, and end it."""
    command = [sys.executable, "-m", "tests.faults.child", endpoint]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Mortal(process)
        finally:
            process.kill()


class Sight(NamedTuple):
    """What a reader saw, in this order: the session's page, then two people's pages."""

    records: int
    first: bool
    last: bool


class Reader(Thread):
    """Reads a session again and again, until told to stop."""

    def __init__(self, prepared: PreparedSession) -> None:
        super().__init__()
        self.sights: list[Sight] = []
        self._scene = prepared
        self._over = Event()

    def run(self) -> None:
        """Read until told to stop."""
        while not self._over.is_set():
            self.sights.append(self._look())

    def stop(self) -> None:
        """Read once more, and stop."""
        self._over.set()
        self.join()
        self.sights.append(self._look())

    def _look(self) -> Sight:
        return Sight(
            len(promises.records_of(self._scene)),
            promises.is_covered(self._scene.present[0]),
            promises.is_covered(self._scene.present[-1]),
        )


def taken_events(endpoint: str) -> list[str]:
    """Return the ids of the events that came through the bus since the last time."""
    sqs = environment.client("sqs", endpoint)
    url = sqs.get_queue_url(QueueName=environment.QUEUE)["QueueUrl"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"])["detail"]["eventId"] for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
