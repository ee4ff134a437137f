"""One simulated stack with one session in it, and everybody who works on it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import count
from random import Random
from typing import Any
from unittest.mock import patch

from functions.hash_evidence.use_case import Checking
from functions.recalculate_compliance.use_case import Recalculating
from functions.upload_evidence.use_case import Taking
from shared.domain.audit import AuditEntry
from shared.domain.course import Course
from shared.domain.events import ComplianceRecalculationRequested, Event
from shared.domain.evidence import ObjectVersion
from shared.domain.outbox import SHARDS
from shared.domain.records import Record
from shared.domain.roster import Enrolment
from shared.domain.session import Attendee, Session, Snapshot
from shared.finalization.resume import Finalizing
from tests.builders import COURSE_ID, SESSION_ID, a_course, a_cuid, a_session, a_sheet
from tests.simulation.database import Database, Fate, Write
from tests.simulation.history import History
from tests.simulation.outside import NEVER, Bucket, Bus
from tests.simulation.scheduler import Scheduler
from tests.simulation.stores import (
    ComplianceResults,
    Courses,
    Finalizations,
    OutboxTable,
    Records,
    Sessions,
    Trail,
    course_key,
    row_key,
    session_key,
    trail_key,
)

EXPIRING_SOON = timedelta(days=30)
# Stands for the trail of how the session came about.
FOUNDED = "founded"
ROWS_PER_TRANSACTION = 2
# Idempotency-Keys that finalizers send, or not.
KEYS = (None, "key-1", "key-2")
# Redeliveries before a queue gives up for the time being.
DELIVERIES = 3


class Hazard(StrEnum):
    """What a schedule may hold beyond what every schedule holds."""

    LONG_PATCH = "a PATCH that needs several transactions"
    VERIFIER = "a verifier who signs off competencies as soon as they are seen"
    PERSONS = "one person's records seen before another's, while a transaction appears"


# What of a setup is fixed rather than drawn.
Focus = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a schedule is about; *max_actions* is what one transaction carries."""

    people: int
    present: int
    max_actions: int
    requires_verify: bool
    has_sheet: bool
    fault_rate: float
    fates: tuple[Fate, ...]
    keys: tuple[str | None, ...]
    patchers: int
    registrars: int
    uploaders: int
    readers: int
    relays: int
    teachers: int
    has_consumer: bool
    hazards: frozenset[Hazard]

    @classmethod
    def drawn(cls, random: Random, hazards: frozenset[Hazard]) -> "Setup":
        people = random.randint(2, 6)
        return cls(
            people=people,
            present=random.randint(0, people),
            max_actions=random.choice((100, 4, 5)),
            requires_verify=random.random() < 0.2,
            has_sheet=random.random() < 0.9,
            fault_rate=random.choice((NEVER, 0.01, 0.04, 0.1)),
            fates=tuple(Fate),
            keys=tuple(random.choices(KEYS, k=random.choice((1, 1, 2, 2, 3, 4)))),
            patchers=random.choice((0, 1, 1, 2, 3)),
            registrars=random.choice((0, 0, 1)),
            uploaders=random.choice((0, 0, 0, 1, 2)),
            readers=random.choice((0, 1, 1, 2)),
            relays=random.choice((0, 0, 1)),
            teachers=random.choice((0, 0, 0, 1)),
            has_consumer=random.random() < 0.3,
            hazards=hazards,
        )


class World:
    """The stack: its stores, its bus, its bucket, and the history of what was asked of it."""

    def __init__(self, seed: int, hazards: frozenset[Hazard], focus: Focus) -> None:
        self.scheduler = Scheduler(seed)
        self.random = self.scheduler.random
        self.setup = replace(Setup.drawn(self.random, hazards), **focus)
        self.history = History(self.scheduler)
        self.database = Database(self.scheduler)
        self.bus = Bus(self.scheduler, self._on_event)
        self.bucket = Bucket(self.scheduler, self._on_object)
        pause = self.scheduler.pause
        self.sessions = Sessions(self.database, pause)
        self.trail = Trail(self.database, pause)
        self.courses = Courses(self.database)
        self.outbox = OutboxTable(self.database)
        self.finalizations = Finalizations(
            self.database, self.sessions, pause, self.setup.max_actions
        )
        self.database.fates = self.setup.fates
        self.compliance = ComplianceResults(self.database)
        # What queues still hold: each entry delivers one message.
        self.on_message: Callable[[Event | ObjectVersion], None] = lambda _: None
        self.undelivered: list[Event | ObjectVersion] = []
        self._ids = count(1)
        self.roster = [self._attendee(number) for number in range(1, self.setup.people + 1)]
        self.joiners = [self._enrolment(self.setup.people + number) for number in (1, 2)]
        self._found()

    def new_id(self, kind: str) -> str:
        return f"{kind}-{next(self._ids):03}"

    def records(self) -> Records:
        """A process's own record store, which remembers what it has seen completed."""
        return Records(self.database, self.scheduler.pause)

    def finalizing(self) -> Finalizing:
        return Finalizing(
            self.sessions,
            self.finalizations,
            self.bus,
            self.outbox,
            self.scheduler.pause,
            lambda: self.scheduler.chance() >= self.database.fault_rate,
        )

    def checking(self) -> Checking:
        return Checking(self.sessions, self.bucket, self.trail, 10_000, self.scheduler.pause)

    def taking(self) -> Taking:
        return Taking(self.sessions, self.bucket, self.scheduler.pause)

    def recalculating(self) -> Recalculating:
        return Recalculating(
            self.sessions,
            self.records(),
            self.compliance,
            EXPIRING_SOON,
            lambda: self.scheduler.now,
            self.scheduler.pause,
        )

    def fail(self, rate: float) -> None:
        """Let so many of all calls fail from now on."""
        self.database.fault_rate = self.bus.fault_rate = self.bucket.fault_rate = rate

    def snapshot(self) -> Snapshot:
        """The session as stored."""
        items = self.database.partition(session_key(SESSION_ID)[0])
        rows = (item for item in items.values() if isinstance(item, Attendee))
        return Snapshot(self.database.stored(session_key(SESSION_ID)), tuple(rows))

    @property
    def people(self) -> list[str]:
        """Everybody who may ever be on the roster."""
        everybody: list[Attendee | Enrolment] = [*self.roster, *self.joiners]
        return [one.personnel_id for one in everybody]

    def stored_records(self) -> list[Record]:
        return [
            record
            for person in self.people
            for record in self.database.partition(f"records {person}").values()
        ]

    def entries(self) -> list[AuditEntry]:
        """The audit trail."""
        return list(self.database.partition(trail_key(SESSION_ID, 0)[0]).values())

    def owed(self) -> int:
        """How many entries the outbox holds."""
        return sum(len(self.database.partition(f"outbox {shard}")) for shard in SHARDS)

    def _found(self) -> None:
        session: Session = a_session(
            version=1,
            audit_head=FOUNDED,
            roster_count=len(self.roster),
            attendance_sum=sum(row.fingerprint for row in self.roster),
            sheet=a_sheet() if self.setup.has_sheet else None,
        )
        course: Course = a_course(requires_verify=self.setup.requires_verify)
        self.database.apply(Write(session_key(SESSION_ID), session))
        self.database.apply(Write(course_key(COURSE_ID), course))
        for row in self.roster:
            self.database.apply(Write(row_key(SESSION_ID, row.personnel_id), row))

    def _attendee(self, number: int) -> Attendee:
        is_present = number <= self.setup.present
        return Attendee(a_cuid(number), f"Person {number}", is_present=is_present)

    @staticmethod
    def _enrolment(number: int) -> Enrolment:
        return Enrolment(a_cuid(number), f"Person {number}")

    def _on_event(self, event: Event) -> None:
        if self.setup.has_consumer and isinstance(event, ComplianceRecalculationRequested):
            self._deliver(event)

    def _on_object(self, version: ObjectVersion) -> None:
        self._deliver(version)

    def _deliver(self, message: Event | ObjectVersion) -> None:
        self.on_message(message)
        if self.scheduler.chance() < 0.2:
            self.on_message(message)


@contextmanager
def small_transactions() -> Iterator[None]:
    """Let attendance and rosters, too, need several transactions for a few people."""
    with (
        patch("shared.domain.portions.ROWS_PER_TRANSACTION", ROWS_PER_TRANSACTION),
    ):
        yield
