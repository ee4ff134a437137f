"""
The ports on the model of DynamoDB, call by call as `shared.storage` keeps them: the same keys,
conditions, read-backs and orders of reads, and the same judgement of errors, which is its own.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from shared.domain.audit import GENESIS, Action, AuditEntry, Cell, Change, Place, chained
from shared.domain.compliance import Compliance
from shared.domain.contention import ATTEMPTS, GoOn, OutOfTime, Pause, until_settled
from shared.domain.course import Course
from shared.domain.errors import NotFound
from shared.domain.outbox import SHARDS, OutboxEntry, due_before, entry_for
from shared.domain.plan import Plan
from shared.domain.records import Record, record_id
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.step import Step
from shared.storage.writes import answered, settle
from tests.simulation.database import Condition, Database, Key, Write

# As production's 25 and 8, small enough that a few people take several rounds.
RECORDS_PER_BATCH = 2
LANES = 2


def session_key(session_id: str) -> Key:
    return f"session {session_id}", "SESSION"


def row_key(session_id: str, personnel_id: str) -> Key:
    return f"session {session_id}", f"ATTENDEE#{personnel_id}"


def record_key(session_id: str, personnel_id: str) -> Key:
    return f"records {personnel_id}", record_id(session_id, personnel_id)


def trail_key(session_id: str, sequence: int) -> Key:
    return f"trail {session_id}", f"{sequence:09}"


def course_key(course_id: str) -> Key:
    return "courses", course_id


def version_is(version: int | None) -> Condition:
    """The condition that the stored session is at *version*, or that there is none."""

    def holds(stored: Session | None) -> bool:
        return (stored.version if stored else None) == version

    return holds


def row_is(revision: int | None) -> Condition:
    """The condition that a stored row is at *revision*, or that there is none."""

    def holds(stored: Attendee | None) -> bool:
        return (stored.revision if stored else None) == revision

    return holds


def calculation_is(revision: int) -> Condition:
    """The condition that so many calculations came before."""

    def holds(stored: Compliance | None) -> bool:
        return (stored.revision if stored else 0) == revision

    return holds


def is_new(stored: object) -> bool:
    """The condition that there is no entry of that number."""
    return stored is None


def is_absent(stored: object) -> bool:
    """The condition that there is no such item."""
    return stored is None


class Sessions:
    """Mirrors `DynamoSessionStore`."""

    def __init__(self, database: Database, pause: Pause) -> None:
        self._database = database
        self._pause = pause

    def load(self, session_id: str) -> Session:
        session: Session | None = self._database.get(session_key(session_id))
        if session is None:
            raise NotFound(session_id)
        return session

    def read(self, session_id: str) -> Snapshot:
        items = self._database.query(session_key(session_id)[0])
        sessions = [item for item in items if isinstance(item, Session)]
        if not sessions:
            raise NotFound(session_id)
        return Snapshot(sessions[0], tuple(item for item in items if isinstance(item, Attendee)))

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        return self._database.get_many([row_key(session_id, one) for one in personnel_ids])

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        raise NotImplementedError

    def save(self, step: Step) -> None:
        write = partial(self._database.transact, _step_writes(step))
        settle(write, lambda: is_written(self._database, step.entry), self._pause)


class Trail:
    """Mirrors `DynamoAuditTrail`."""

    def __init__(self, database: Database, pause: Pause) -> None:
        self._database = database
        self._pause = pause

    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        found: list[AuditEntry] = self._database.query(trail_key(session_id, 0)[0])
        return (entry for entry in found if entry.sequence > after)

    def append(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell]
    ) -> AuditEntry:
        def attempt() -> AuditEntry:
            return self._add(chained(self._end(session_id), action, change, cells))

        return until_settled(attempt, self._pause)

    def append_once(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell], after: int
    ) -> AuditEntry:
        def attempt() -> AuditEntry:
            end = self._end(session_id)
            there = (entry for entry in self.entries(session_id, after) if entry.action is action)
            return next(there, None) or self._add(chained(end, action, change, cells))

        return until_settled(attempt, self._pause)

    def _end(self, session_id: str) -> Place:
        *_, last = (AuditEntry(session_id, 0, "", GENESIS), *self.entries(session_id))
        return Place(session_id, last.sequence + 1, last.sha256)

    def _add(self, entry: AuditEntry) -> AuditEntry:
        write = partial(self._database.put, _entry_write(entry))
        settle(write, lambda: is_written(self._database, entry), self._pause)
        return entry


def is_written(database: Database, entry: AuditEntry) -> bool:
    """Mirrors `shared.storage.audit.is_written`."""
    stored: AuditEntry | None = database.get(trail_key(entry.session_id, entry.sequence))
    return stored is not None and stored.sha256 == entry.sha256


class Finalizations:
    """Mirrors `DynamoFinalizationStore`; a transaction carries *max_actions*."""

    def __init__(
        self, database: Database, sessions: Sessions, pause: Pause, max_actions: int
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._pause = pause
        self._max_actions = max_actions

    def fits_one_transaction(self, plan: Plan) -> bool:
        return 3 + len(plan.records) <= self._max_actions

    def commit(self, plan: Plan) -> None:
        self._decide(plan, plan.commit_step, plan.records)

    def seal(self, plan: Plan) -> None:
        self._decide(plan, plan.seal_step, ())

    def stage(self, records: Sequence[Record], go_on: GoOn) -> None:
        for round_ in _portions(records, RECORDS_PER_BATCH * LANES):
            if not go_on():
                raise OutOfTime
            self._stage_round(round_)

    def complete(self, plan: Plan) -> None:
        put = partial(self._database.put, _session_write(plan.completed, plan.before.version))
        is_completed = partial(self._is_decided_by, plan, SessionStatus.COMPLETED)
        settle(put, is_completed, self._pause)

    def _decide(self, plan: Plan, step: Step, records: Sequence[Record]) -> None:
        entry = entry_for(step.after.session_id, plan.decision)
        writes = [
            *_step_writes(step),
            Write((f"outbox {entry.shard}", entry.due), entry),
            *(_record_write(record, is_absent) for record in records),
        ]
        write = partial(self._database.transact, writes)
        settle(write, partial(self._is_decided_by, plan), self._pause)

    def _stage_round(self, records: Sequence[Record]) -> None:
        """Put the batches of all lanes, an item at a time, whichever is quicker."""
        lanes = [self._batch(batch) for batch in _portions(records, RECORDS_PER_BATCH)]
        while lanes:
            lane = self._database.scheduler.random.choice(lanes)
            if next(lane, None) is None:
                lanes.remove(lane)

    def _batch(self, records: Sequence[Record]) -> Iterator[Record]:
        """Put the items in any order, and any of them again after a fault."""
        shuffled = self._database.scheduler.random.sample(records, len(records))
        for record in shuffled:
            put = partial(self._database.put, _record_write(record))
            settle(put, lambda: False, self._pause)
            yield record

    def _is_decided_by(self, plan: Plan, *statuses: SessionStatus) -> bool:
        try:
            session = self._sessions.load(plan.before.session_id)
        except NotFound:
            return False
        same = (
            session.finalization is not None
            and session.finalization.finalization_id == plan.decision.finalization_id
        )
        return same and (not statuses or session.status in statuses)


class Records:
    """Mirrors `DynamoRecordStore`, with its order: session first, records after it."""

    def __init__(self, database: Database, pause: Pause) -> None:
        self._database = database
        self._pause = pause
        self._completed: set[str] = set()

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        if session.status is not SessionStatus.COMPLETED:
            return []
        found: dict[str, Record] = {}
        for attempt in range(ATTEMPTS):
            missing = [person for person in personnel_ids if person not in found]
            found |= {one.personnel_id: one for one in self.ungated(session.session_id, missing)}
            if len(found) == len(personnel_ids):
                break
            self._pause(attempt)
        return [found[person] for person in personnel_ids if person in found]

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        return self.ungated(session.session_id, personnel_ids)

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        return len(self.ungated(session.session_id, personnel_ids))

    def of_person(self, personnel_id: str) -> list[Record]:
        records: list[Record] = self._database.query(f"records {personnel_id}")
        attended = self._attended(personnel_id, {record.session_id for record in records})
        return [
            record
            for record in records
            if record.session_id in attended
            and record.record_id == record_id(record.session_id, record.personnel_id)
        ]

    def ungated(self, session_id: str, people: Sequence[str]) -> list[Record]:
        """What is stored, whether it counts or not."""
        return self._database.get_many([record_key(session_id, person) for person in people])

    def _attended(self, personnel_id: str, session_ids: Collection[str]) -> set[str]:
        present = set()
        for session_id in sorted(session_ids):
            keys = [row_key(session_id, personnel_id)]
            if session_id not in self._completed:
                keys.append(session_key(session_id))
            found: list[Session | Attendee] = self._database.get_many(keys)
            for item in found:
                if isinstance(item, Attendee) and item.is_present:
                    present.add(session_id)
                if isinstance(item, Session) and item.status is SessionStatus.COMPLETED:
                    self._completed.add(session_id)
        return present & self._completed


class Courses:
    """Mirrors `DynamoCourseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, course_id: str) -> Course:
        course: Course | None = self._database.get(course_key(course_id))
        if course is None:
            raise NotFound(course_id)
        return course

    def save(self, course: Course) -> Course:
        known: Course | None = self._database.stored(course_key(course.course_id))
        saved = replace(course, revision=(known.revision if known else 0) + 1)
        with answered():
            self._database.put(Write(course_key(course.course_id), saved))
        return saved


class ComplianceResults:
    """Mirrors `DynamoComplianceStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_person(self, personnel_id: str) -> list[Compliance]:
        return self._database.query(f"compliance {personnel_id}")

    def in_course(self, course_id: str, personnel_ids: Sequence[str]) -> list[Compliance]:
        keys = [(f"compliance {personnel_id}", course_id) for personnel_id in personnel_ids]
        return self._database.get_many(keys)

    def save(self, compliance: Compliance) -> None:
        key = f"compliance {compliance.personnel_id}", compliance.course_id
        with answered():
            self._database.put(Write(key, compliance, calculation_is(compliance.revision - 1)))


class OutboxTable:
    """Mirrors `DynamoOutbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime) -> list[OutboxEntry]:
        # Shards that are empty have nothing to say, and asking costs a step.
        entries = [
            entry
            for shard in SHARDS
            if self._database.partition(f"outbox {shard}")
            for entry in self._database.query(f"outbox {shard}")
        ]
        due = (entry for entry in entries if entry.due < due_before(now))
        return sorted(due, key=lambda entry: entry.due)

    def remove(self, entry: OutboxEntry) -> None:
        with answered():
            self._database.put(Write((f"outbox {entry.shard}", entry.due), None))


def _step_writes(step: Step) -> list[Write]:
    return [
        _session_write(step.after, step.before.version if step.before else None),
        _entry_write(step.entry),
        *(_row_write(step.after.session_id, change) for change in step.rows),
    ]


def _entry_write(entry: AuditEntry) -> Write:
    return Write(trail_key(entry.session_id, entry.sequence), entry, is_new)


def _session_write(session: Session, replacing: int | None) -> Write:
    return Write(session_key(session.session_id), session, version_is(replacing))


def _row_write(session_id: str, change: RowChange) -> Write:
    row = change.before or change.after
    assert row is not None, "a change without a row"
    unchanged = row_is(change.before.revision if change.before else None)
    return Write(row_key(session_id, row.personnel_id), change.after, unchanged)


def _record_write(record: Record, *conditions: Condition) -> Write:
    key = f"records {record.personnel_id}", record.record_id
    return Write(key, record, *conditions)


def _portions(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
