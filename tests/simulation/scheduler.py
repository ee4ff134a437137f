"""
Actors take turns wherever they access the simulated world, chosen by a seeded generator.

One seed is one schedule, to the last step; nothing here uses a real clock or a real thread.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Protocol

from greenlet import getcurrent, greenlet

START = datetime(2026, 3, 10, 15, 10, tzinfo=UTC)
TICK = timedelta(milliseconds=1)

# From this attempt on a pause lasts longer than DynamoDB needs to apply what it accepted.
LONG_PAUSE = 3

# How many turns an actor may lose that stops in the middle of something.
STALLS = (1, 5, 30)


class Crash(BaseException):
    """The process dies here; no `except Exception` hides it."""


class InFlight(Protocol):
    """Work that continues by itself, whether or not an actor waits for it."""

    waiting: list[greenlet]

    def advance(self) -> bool:
        """Do one step of the work and return whether it was the last."""
        ...


class Scheduler:
    """Runs actors as greenlets, one at a time, and virtual time with them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - to be replayed, not to be secret
        self.chance = self.random.random
        self.in_flight: list[InFlight] = []
        self.trace: list[str] | None = None
        # Actors that do not know the result of something they asked for.
        self.in_doubt: set[Hashable] = set()
        self._hub = getcurrent()
        self._ready: list[greenlet] = []
        self._names: dict[Hashable, str] = {}
        self._killed: set[Hashable] = set()
        self._ticks = 0
        self._jumped = timedelta()
        # How likely an actor has the next turn too. The higher it is, the longer others are
        # stalled.
        self._inertia = self.random.choice((0.0, 0.5, 0.9, 0.97))

    @property
    def now(self) -> datetime:
        return START + self._jumped + self._ticks * TICK

    @property
    def is_outside(self) -> bool:
        """True for a test that reads the world without being one of its actors."""
        return getcurrent() is self._hub

    def moment(self) -> int:
        """Return a number that is higher than all before."""
        self._ticks += 1
        return self._ticks

    def spawn(self, name: str, action: Callable[[], object]) -> greenlet:
        """Add an actor; it starts when it is first chosen."""

        def run() -> None:
            action()
            self._ready.remove(getcurrent())

        # An actor that ends hands over to the hub, not to the one that spawned it.
        actor = greenlet(run, self._hub)
        self._names[actor] = name
        self._ready.append(actor)
        return actor

    def kill(self, actors: Iterable[greenlet]) -> None:
        """Never give these actors a turn again."""
        self._killed.update(actors)

    def run(self) -> None:
        """Let every actor run to its end, and everything in flight arrive."""
        while self._ready or self.in_flight:
            self._go_on()

    def step(self) -> None:
        """Give the chosen actor its turn; called by an actor before it accesses the world."""
        self._ticks += 1
        if self.chance() >= self._inertia:
            self.let_others()
        if getcurrent() in self._killed:
            raise Crash

    def wait_for(self, work: InFlight) -> None:
        """Take no turn before *work* is done."""
        if work in self.in_flight and not self.is_outside:
            actor = getcurrent()
            self._ready.remove(actor)
            work.waiting.append(actor)
        while work in self.in_flight:
            self.let_others()

    def pause(self, attempt: int, /) -> None:
        """
        Implement the `Pause` port: short ones take no time, long ones outlast what
        is in flight.
        """
        self.step()
        if attempt >= LONG_PAUSE:
            self.let_arrive()

    def let_arrive(self) -> None:
        """Take no turn before everything that is in flight now has arrived."""
        for work in tuple(self.in_flight):
            self.wait_for(work)

    def jump(self, duration: timedelta) -> None:
        """Let time pass, far more than anything in flight needs."""
        self.let_arrive()
        self._jumped += duration

    def doubt(self) -> None:
        """Record that the actor has no answer."""
        self.in_doubt.add(getcurrent())

    def clear_doubt(self) -> bool:
        """Return whether the actor was left without an answer since the last call."""
        doubts = getcurrent() in self.in_doubt
        self.in_doubt.discard(getcurrent())
        return doubts

    def note(self, *what: object) -> None:
        """Add to the trace, if there is one."""
        if self.trace is not None:
            who = self._names.get(getcurrent(), "")
            self.trace.append(f"{self._ticks:5} {who:12} {' '.join(map(str, what))}")

    def stall(self) -> None:
        """Lose some turns, as a paging query or a stopped process does."""
        for _ in range(self.random.choice(STALLS)):
            self.let_others()

    def let_others(self) -> None:
        """Give the chosen actor its turn, most often another one."""
        if self.is_outside:
            self._go_on()
            return
        chosen = self._choose()
        if chosen is not getcurrent():
            chosen.switch()

    def _go_on(self) -> None:
        if self._ready:
            self._choose().switch()
        elif self.in_flight:
            self._advance(self.random.choice(self.in_flight))

    def _choose(self) -> greenlet:
        ready, in_flight = self._ready, self.in_flight
        while True:
            turn = int(self.chance() * (len(ready) + len(in_flight)))
            if turn < len(ready):
                return ready[turn]
            self._advance(in_flight[turn - len(ready)])

    def _advance(self, work: InFlight) -> None:
        if work.advance():
            self.in_flight.remove(work)
            self._ready += work.waiting
