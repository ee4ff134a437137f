"""One simulated stack with one session in it, and all its clients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from typing import Any

from shared.application.retry import Pause
from shared.domain.audit import AuditEntry
from shared.domain.events import ComplianceRecalculationRequested, Event
from shared.domain.evidence import ObjectVersion
from shared.domain.records import Record
from shared.domain.roster import Enrolment
from shared.domain.session import Attendee, Session, Snapshot
from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.limits import Limits
from shared.storage.mapping import (
    attendee_item,
    course_audit_item,
    course_item,
    record_from,
    session_item,
)
from shared.storage.models import RecordItem
from shared.storage.outbox import DynamoOutbox
from shared.storage.records import DynamoRecordStore
from shared.storage.sessions import DynamoSessionStore
from shared.storage.sheets import DynamoSheetUses
from testing.builders import SESSION_ID, a_course, a_course_change, a_cuid, a_session, a_sheet
from testing.origins import an_origin
from testing.vault import FakeVault
from tests.simulation.history import History
from tests.simulation.lanes import Lanes
from tests.simulation.outside import NEVER, Bucket, Bus
from tests.simulation.scheduler import Scheduler
from tests.simulation.transport import TABLES, connected

EXPIRING_SOON = timedelta(days=30)
# Stands for the trail before the schedule begins.
FOUNDED = "founded"
# Idempotency-Keys of the finalizing clients; some send none.
KEYS = (None, "key-1", "key-2")
# Redeliveries before a queue gives up for a while.
DELIVERIES = 3


class Hazard(StrEnum):
    """What a schedule may contain beyond what every schedule does."""

    LONG_PATCH = "a PATCH that needs several transactions"
    VERIFIER = "a verifier who signs off competencies as soon as they are seen"
    PERSONS = "one person's records seen before another's, while a transaction appears"


# The part of a setup that is fixed, not drawn.
Focus = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a schedule starts with; *max_actions* is the size of a transaction."""

    people: int
    present: int
    max_actions: int
    requires_verify: bool
    has_sheet: bool
    fault_rate: float
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
            keys=tuple(random.choices(KEYS, k=random.choice((1, 1, 2, 2, 3, 4)))),
            patchers=random.choice((0, 1, 1, 2, 3)),
            registrars=random.choice((0, 1, 1)),
            uploaders=random.choice((0, 0, 0, 1, 2)),
            readers=random.choice((0, 1, 1, 2)),
            relays=random.choice((0, 0, 1)),
            teachers=random.choice((0, 0, 0, 1)),
            has_consumer=random.random() < 0.3,
            hazards=hazards,
        )


class World:
    """The stack: its stores, its bus, its bucket, and the history of requests."""

    def __init__(self, seed: int, hazards: frozenset[Hazard], focus: Focus) -> None:
        self.scheduler = Scheduler(seed)
        self.random = self.scheduler.random
        self.setup = replace(Setup.drawn(self.random, hazards), **focus)
        self.expiring_soon = EXPIRING_SOON
        self.evidence_max_bytes = 10_000
        self.history = History(self.scheduler)
        connection, self.database = connected(self.scheduler)
        self.bus = Bus(self.scheduler, self._on_event)
        self.vault = FakeVault()
        self.retention_years = 10
        self.bucket = Bucket(self.scheduler, self._on_object)
        pause = self.scheduler.pause
        # So small that a few people take several transactions, batches and rounds of them.
        limits = Limits(actions=self.setup.max_actions, rows=2, batch=2, lanes=2, outbox_shards=2)
        self.sessions = DynamoSessionStore(connection, pause, an_origin, limits)
        self.trail = DynamoAuditTrail(pause, an_origin)
        self.courses = DynamoCourseStore(connection, pause, an_origin)
        self.sheet_uses = DynamoSheetUses()
        self.outbox = DynamoOutbox(limits)
        self.compliance = DynamoComplianceStore()
        self.finalizations = DynamoFinalizationStore(
            connection, self.sessions, pause, limits, lambda _: Lanes(self.scheduler)
        )
        # The messages in the queues: each entry delivers one.
        self.on_message: Callable[[Event | ObjectVersion], None] = lambda _: None
        self.undelivered: list[Event | ObjectVersion] = []
        self._ids = count(1)
        self.roster = [self._attendee(number) for number in range(1, self.setup.people + 1)]
        self.joiners = [self._enrolment(self.setup.people + number) for number in (1, 2)]
        self._found()

    def new_id(self, kind: str) -> str:
        return f"{kind}-{self.new_number():03}"

    def new_number(self) -> int:
        return next(self._ids)

    @property
    def records(self) -> DynamoRecordStore:
        """Return the record store of a process, which remembers the sessions it saw completed."""
        return DynamoRecordStore(self.scheduler.pause)

    @property
    def publisher(self) -> Bus:
        return self.bus

    @property
    def evidence(self) -> Bucket:
        return self.bucket

    @property
    def pause(self) -> Pause:
        return self.scheduler.pause

    def now(self) -> datetime:
        return self.scheduler.now

    def has_time_left(self) -> bool:
        """Time runs out by chance where calls fail by chance."""
        return self.scheduler.chance() >= self.database.fault_rate

    def fail(self, rate: float) -> None:
        """Let this share of all calls fail from now on."""
        self.database.fault_rate = self.bus.fault_rate = self.bucket.fault_rate = rate

    def snapshot(self) -> Snapshot:
        """Return the session as stored."""
        return self.sessions.read(SESSION_ID)

    @property
    def people(self) -> list[str]:
        """Return everyone who may ever be on the roster."""
        everyone: list[Attendee | Enrolment] = [*self.roster, *self.joiners]
        return [one.personnel_id for one in everyone]

    def stored_records(self) -> list[Record]:
        """Return all stored records, whether they count or not."""
        return [
            record_from(RecordItem.from_raw_data(item))
            for item in self.database.tables.of(TABLES.records)
        ]

    def entries(self) -> list[AuditEntry]:
        """Return the audit trail."""
        return list(self.trail.entries(SESSION_ID))

    def owed(self) -> int:
        """Return the number of entries in the outbox."""
        return len(self.database.tables.of(TABLES.outbox))

    def _found(self) -> None:
        session: Session = a_session(
            version=1,
            audit_head=FOUNDED,
            roster_count=len(self.roster),
            attendance_sum=sum(row.fingerprint for row in self.roster),
            roster_bytes=sum(row.bytes for row in self.roster),
            sheet=a_sheet() if self.setup.has_sheet else None,
        )
        rules = a_course(requires_verify=self.setup.requires_verify, revision=0)
        course = a_course_change(rules)
        session_item(session).save()
        course_item(course.after).save()
        course_audit_item(course.entry, an_origin(course.entry.sha256)).save()
        for row in self.roster:
            attendee_item(SESSION_ID, row).save()

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
