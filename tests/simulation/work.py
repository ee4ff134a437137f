"""Writes that continue by themselves, whether or not their client still waits."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from botocore.exceptions import ClientError
from greenlet import greenlet

from tests.simulation.tables import Write


class Storage(Protocol):
    """The storage that work is done on."""

    def apply(self, write: Write) -> None:
        """Make one write visible."""
        ...

    def hands_back(self, write: Write) -> bool:
        """Return whether a batch hands the write back to its client."""
        ...


@dataclass(eq=False, slots=True)
class Transaction:
    """An accepted transaction whose items are being applied."""

    storage: Storage
    chance: Callable[[], float]
    left: list[Write]
    waiting: list[greenlet] = field(default_factory=list)

    def advance(self) -> bool:
        """Apply one item, chosen at random."""
        self.storage.apply(_any_of(self.left, self.chance))
        return not self.left


@dataclass(eq=False, slots=True)
class Batch:
    """A batch whose items are written one by one; some may be handed back."""

    storage: Storage
    chance: Callable[[], float]
    left: list[Write]
    handed_back: list[Write] = field(default_factory=list)
    waiting: list[greenlet] = field(default_factory=list)

    def advance(self) -> bool:
        """Write one item, chosen at random, or hand it back."""
        write = _any_of(self.left, self.chance)
        if self.storage.hands_back(write):
            self.handed_back.append(write)
        else:
            self.storage.apply(write)
        return not self.left


@dataclass(eq=False, slots=True)
class LateRequest:
    """A request whose effect comes after its client has given up."""

    carry_out: Callable[[], object]
    waiting: list[greenlet] = field(default_factory=list)

    def advance(self) -> bool:
        """Take effect or be refused; no client gets the answer."""
        with suppress(ClientError):
            self.carry_out()
        return True


def _any_of(writes: list[Write], chance: Callable[[], float]) -> Write:
    return writes.pop(int(chance() * len(writes)))
