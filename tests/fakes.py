"""
The ports in memory. They refuse what the real stores refuse: both pass the tests in tests/storage.

Each may be disturbed: a hook is called with the number of the call before the call is carried out,
and may change what is stored, as a rival does, or raise, as a crash does.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import BinaryIO

from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    Cell,
    Change,
    Place,
    chained,
)
from shared.domain.compliance import Compliance
from shared.domain.contention import GoOn, LostRace, OutOfTime
from shared.domain.course import Course
from shared.domain.errors import NotFound
from shared.domain.events import Event
from shared.domain.evidence import Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.domain.outbox import OutboxEntry, due_before, entry_for
from shared.domain.plan import Plan
from shared.domain.portions import ROWS_PER_TRANSACTION
from shared.domain.records import Record, record_id
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.sheets import SignedRequest
from shared.domain.step import Step
from shared.finalization.resume import Finalizing
from tests.vault import FakeSigner, FakeVault

ACTIONS_PER_TRANSACTION = 100
RECORDS_PER_BATCH = 25
LINK_TIME = timedelta(minutes=15)

Hook = Callable[[int], object]


class Crash(BaseException):
    """The process dies here; no `except Exception` hides it."""


def crash() -> None:
    """Die."""
    raise Crash


def at(number: int, action: Callable[[], object]) -> Hook:
    """Let *action* happen before the call of that *number*, counted from 1."""
    return lambda call: action() if call == number else None


def always(action: Callable[[], object]) -> Hook:
    """Let *action* happen before every call."""
    return lambda _: action()


def no_pause(attempt: int, /) -> None:
    """Wait for nothing."""


class FakeSessions:
    """The `SessionStore` port; *torn* holds what the next reads see instead of what is stored."""

    def __init__(self, *snapshots: Snapshot, trail: "FakeTrail | None" = None) -> None:
        self.trail = trail or FakeTrail()
        self._sessions: dict[str, Session] = {}
        self._rows: dict[tuple[str, str], Attendee] = {}
        self.torn: list[Snapshot] = []
        self.before_write: Hook = no_pause
        self.writes = 0
        self.rows_looked_up = 0
        for snapshot in snapshots:
            self.put(snapshot)

    def put(self, snapshot: Snapshot) -> None:
        """Store *snapshot* whatever is there, as a rival would have through `save`."""
        session_id = snapshot.session.session_id
        self._sessions[session_id] = snapshot.session
        self._rows = {key: row for key, row in self._rows.items() if key[0] != session_id}
        self._rows |= {(session_id, row.personnel_id): row for row in snapshot.attendees}

    def stored(self, session_id: str) -> Snapshot:
        """Return what is stored, in the order of the people's ids."""
        rows = sorted(key for key in self._rows if key[0] == session_id)
        return Snapshot(self.load(session_id), tuple(self._rows[key] for key in rows))

    def load(self, session_id: str) -> Session:
        """Keep the port."""
        if session_id not in self._sessions:
            raise NotFound(f"There is no session {session_id}.")
        return self._sessions[session_id]

    def read(self, session_id: str) -> Snapshot:
        """Keep the port."""
        return self.torn.pop(0) if self.torn else self.stored(session_id)

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        """Keep the port."""
        self.rows_looked_up += len(personnel_ids)
        keys = ((session_id, personnel_id) for personnel_id in personnel_ids)
        return [self._rows[key] for key in keys if key in self._rows]

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        """Keep the port."""
        wanted = set(statuses)
        lines = [_summary(session) for session in self._sessions.values()]
        found = [
            line
            for line in lines
            if line.status in wanted and (after is None or line.position < after)
        ]
        return sorted(found, key=lambda line: line.position, reverse=True)[:limit]

    def save(self, step: Step) -> None:
        """Keep the port."""
        if len(step.rows) > ROWS_PER_TRANSACTION:
            raise ValueError(f"{len(step.rows)} rows in one transaction")
        try:
            self.require(step)
        except LostRace:
            if not self.trail.holds(step.entry):
                raise
        else:
            self.apply(step)

    def require(self, step: Step) -> None:
        """Raise `LostRace` unless session, rows and trail are what the step was taken from."""
        self.require_version(step.after.session_id, step.before.version if step.before else None)
        if not all(self._is_before(step.after.session_id, change) for change in step.rows):
            raise LostRace
        if self.trail.is_taken(step.entry):
            raise LostRace

    def require_version(self, session_id: str, version: int | None) -> None:
        """Raise `LostRace` unless the session is still at this *version*."""
        self.writes += 1
        self.before_write(self.writes)
        stored = self._sessions.get(session_id)
        if (stored.version if stored else None) != version:
            raise LostRace

    def apply(self, step: Step) -> None:
        """Store the session, the changed rows and the entry."""
        self.replace(step.after)
        self.trail.add(step.entry)
        for change in step.rows:
            if change.before:
                del self._rows[step.after.session_id, change.before.personnel_id]
            if change.after:
                self._rows[step.after.session_id, change.after.personnel_id] = change.after

    def replace(self, session: Session) -> None:
        """Store *session* alone."""
        self._sessions[session.session_id] = session

    def _is_before(self, session_id: str, change: RowChange) -> bool:
        row = change.before or change.after
        assert row is not None, "a change without a row"
        stored = self._rows.get((session_id, row.personnel_id))
        expected = change.before.revision if change.before else None
        return (stored.revision if stored else None) == expected


class FakeTrail:
    """The `AuditTrail` port."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, int], AuditEntry] = {}
        self.before_append: Hook = no_pause
        self.appends = 0

    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        """Keep the port."""
        numbers = sorted(number for name, number in self._entries if name == session_id)
        return (self._entries[session_id, number] for number in numbers if number > after)

    def append(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell]
    ) -> AuditEntry:
        """Keep the port."""
        self.appends += 1
        self.before_append(self.appends)
        *_, last = (AuditEntry(session_id, 0, "", GENESIS), *self.entries(session_id))
        end = Place(session_id, last.sequence + 1, last.sha256)
        entry = chained(end, action, change, cells)
        self.add(entry)
        return entry

    def append_once(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell], after: int
    ) -> AuditEntry:
        """Keep the port."""
        there = (entry for entry in self.entries(session_id, after) if entry.action is action)
        return next(there, None) or self.append(session_id, action, change, cells)

    def add(self, entry: AuditEntry) -> None:
        """Write *entry*, as a change does."""
        self._entries[entry.session_id, entry.sequence] = entry

    def remove(self, session_id: str, sequence: int) -> None:
        """Delete an entry, as none of our functions may."""
        del self._entries[session_id, sequence]

    def holds(self, entry: AuditEntry) -> bool:
        """Say whether this very entry was written."""
        return self._entries.get((entry.session_id, entry.sequence)) == entry

    def is_taken(self, entry: AuditEntry) -> bool:
        """Say whether there is an entry of that number."""
        return (entry.session_id, entry.sequence) in self._entries


class FakeCourses:
    """The `CourseStore` port."""

    def __init__(self, *courses: Course) -> None:
        self._courses = {course.course_id: course for course in courses}

    def load(self, course_id: str) -> Course:
        """Keep the port."""
        if course_id not in self._courses:
            raise NotFound(f"There is no course {course_id}.")
        return self._courses[course_id]

    def save(self, course: Course) -> Course:
        """Keep the port."""
        known = self._courses.get(course.course_id)
        saved = replace(course, revision=(known.revision if known else 0) + 1)
        self._courses[course.course_id] = saved
        return saved


class FakeRecords:
    """The `RecordStore` port; *sessions* say which records count."""

    def __init__(self, sessions: FakeSessions) -> None:
        self._sessions = sessions
        self._records: dict[tuple[str, str], Record] = {}

    def add(self, *records: Record) -> None:
        """Store *records*, as a finalization does."""
        self._records |= {(record.personnel_id, record.record_id): record for record in records}

    def forget(self, personnel_id: str) -> None:
        """Lose a person's records, as by a deletion by hand."""
        self._records = {key: r for key, r in self._records.items() if key[0] != personnel_id}

    def any_stored(self, records: Iterable[Record]) -> bool:
        """Say whether one of *records* is there already."""
        return any((record.personnel_id, record.record_id) in self._records for record in records)

    @property
    def everything(self) -> set[Record]:
        return set(self._records.values())

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """Keep the port."""
        if session.status is not SessionStatus.COMPLETED:
            return []
        return self._written(session, personnel_ids)

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """Keep the port."""
        return self._written(session, personnel_ids)

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        """Keep the port."""
        return len(self._written(session, personnel_ids))

    def of_person(self, personnel_id: str) -> list[Record]:
        """Keep the port."""
        found = (record for key, record in self._records.items() if key[0] == personnel_id)
        return [record for record in found if self._counts(record)]

    def _counts(self, record: Record) -> bool:
        is_own = record.record_id == record_id(record.session_id, record.personnel_id)
        snapshot = self._sessions.stored(record.session_id)
        present = {row.personnel_id for row in snapshot.attendees if row.is_present}
        is_over = snapshot.session.status is SessionStatus.COMPLETED
        return is_own and is_over and record.personnel_id in present

    def _written(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        keys = ((person, record_id(session.session_id, person)) for person in personnel_ids)
        return [self._records[key] for key in keys if key in self._records]


class FakeCompliance:
    """The `ComplianceStore` port."""

    def __init__(self, *standings: Compliance) -> None:
        self._standings: dict[tuple[str, str], Compliance] = {}
        self.before_write: Hook = no_pause
        self.writes = 0
        for standing in standings:
            self.put(standing)

    def put(self, standing: Compliance) -> None:
        """Store *standing* whatever is there, as a rival would have through `save`."""
        self._standings[standing.personnel_id, standing.course_id] = standing

    def of_person(self, personnel_id: str) -> list[Compliance]:
        """Keep the port."""
        return [standing for key, standing in self._standings.items() if key[0] == personnel_id]

    def in_course(self, course_id: str, personnel_ids: Sequence[str]) -> list[Compliance]:
        """Keep the port."""
        keys = ((personnel_id, course_id) for personnel_id in personnel_ids)
        return [self._standings[key] for key in keys if key in self._standings]

    def save(self, compliance: Compliance) -> None:
        """Keep the port."""
        self.writes += 1
        self.before_write(self.writes)
        stored = self._standings.get((compliance.personnel_id, compliance.course_id))
        if (stored.revision if stored else 0) != compliance.revision - 1:
            raise LostRace
        self.put(compliance)


class FakeOutbox:
    """The `Outbox` port."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], OutboxEntry] = {}
        self.before_remove: Hook = no_pause
        self.removals = 0

    def add(self, entry: OutboxEntry) -> None:
        """Owe the work of *entry*, as a commit does."""
        self._entries[entry.shard, entry.due] = entry

    def due(self, now: datetime) -> list[OutboxEntry]:
        """Keep the port."""
        return sorted(
            (entry for entry in self._entries.values() if entry.due < due_before(now)),
            key=lambda entry: entry.due,
        )

    def remove(self, entry: OutboxEntry) -> None:
        """Keep the port."""
        self.removals += 1
        self.before_remove(self.removals)
        self._entries.pop((entry.shard, entry.due), None)

    @property
    def owed(self) -> set[str]:
        return {entry.session_id for entry in self._entries.values()}


class FakeFinalizations:
    """The `FinalizationStore` port over the other stores."""

    def __init__(self, sessions: FakeSessions, records: FakeRecords, outbox: FakeOutbox) -> None:
        self._sessions = sessions
        self._records = records
        self._outbox = outbox
        self.before_batch: Hook = no_pause
        self.batches = 0

    def fits_one_transaction(self, plan: Plan) -> bool:
        """Keep the port; the size in bytes is the real store's own affair."""
        return len(plan.records) + 3 <= ACTIONS_PER_TRANSACTION

    def commit(self, plan: Plan) -> None:
        """Keep the port."""
        self._decide(plan, plan.commit_step, plan.records)

    def seal(self, plan: Plan) -> None:
        """Keep the port."""
        self._decide(plan, plan.seal_step)

    def stage(self, records: Sequence[Record], go_on: GoOn) -> None:
        """Keep the port."""
        for start in range(0, len(records), RECORDS_PER_BATCH):
            if not go_on():
                raise OutOfTime
            self.batches += 1
            self.before_batch(self.batches)
            self._records.add(*records[start : start + RECORDS_PER_BATCH])

    def complete(self, plan: Plan) -> None:
        """Keep the port."""
        try:
            self._sessions.require_version(plan.before.session_id, plan.before.version)
        except LostRace:
            if not self._is_decided(plan):
                raise
        else:
            self._sessions.replace(plan.completed)

    def _decide(self, plan: Plan, step: Step, records: Sequence[Record] = ()) -> None:
        """Write nothing if this very decision is stored already."""
        try:
            self._sessions.require(step)
        except LostRace:
            if not self._is_decided(plan):
                raise
            return
        if self._records.any_stored(records):
            raise LostRace
        self._sessions.apply(step)
        self._records.add(*records)
        self._outbox.add(entry_for(plan.before.session_id, plan.decision))

    def _is_decided(self, plan: Plan) -> bool:
        try:
            decision = self._sessions.load(plan.before.session_id).finalization
        except NotFound:
            return False
        return decision is not None and decision.finalization_id == plan.decision.finalization_id


class FakePublisher:
    """The `EventPublisher` port; *refused* names events by id, *down* whole calls by number."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.down: Collection[int] = ()
        self.before_call: Hook = no_pause
        self.calls: list[list[Event]] = []
        self.taken: list[Event] = []

    def publish(self, events: Sequence[Event]) -> list[bool]:
        """Keep the port."""
        self.calls.append(list(events))
        self.before_call(len(self.calls))
        is_up = len(self.calls) not in self.down
        answer = [is_up and event.event_id not in self.refused for event in events]
        self.taken += [event for event, done in zip(events, answer, strict=True) if done]
        return answer


class FakeEvidence:
    """The `EvidenceStore` port over a dict; *opened* names the versions that were downloaded."""

    def __init__(self) -> None:
        self._files: dict[ObjectVersion, tuple[StoredFile, bytes]] = {}
        self.labels: dict[ObjectVersion, str] = {}
        self.hidden: set[str] = set()
        self.opened: list[ObjectVersion] = []
        self.before_put: Hook = no_pause
        self.puts = 0

    def add(self, upload: Upload, data: bytes, size_bytes: int | None = None) -> ObjectVersion:
        """Store *data* as a further version; a *size_bytes* beside it spares a test the bytes."""
        version = ObjectVersion(upload.key, f"version-{len(self._files) + 1}")
        file = StoredFile(
            version=version,
            content_type=upload.content_type,
            size_bytes=len(data) if size_bytes is None else size_bytes,
            stored_at=upload.uploaded_at,
            file_name=upload.file_name,
            uploaded_by=upload.uploaded_by,
            announced_sha256=upload.sha256,
            bucket_sha256=hashlib.sha256(data).hexdigest(),
        )
        self._files[version] = file, data
        return version

    def versions(self, key: str) -> list[ObjectVersion]:
        """Return the versions stored under *key*."""
        return [version for version in self._files if version.key == key]

    def lose(self, version: ObjectVersion) -> None:
        """Delete a version, as nobody can whose deletion S3 would carry out."""
        del self._files[version]

    def corrupt(self, version: ObjectVersion, data: bytes) -> None:
        """Exchange the bytes of a version, as no caller of S3 can."""
        self._files[version] = (self._files[version][0], data)

    def hide(self, key: str) -> None:
        """Put a delete marker over a key."""
        self.hidden.add(key)

    def put(self, upload: Upload, body: BinaryIO) -> None:
        """Keep the port."""
        self.puts += 1
        self.before_put(self.puts)
        if self.versions(upload.key):
            raise FileExistsError(upload.key)
        self.add(upload, body.read())

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        """Keep the port."""
        headers = {
            "Content-Type": upload.content_type,
            "Content-Length": str(size_bytes),
            "x-sha256": sha256,
        }
        url = f"https://evidence.test/{upload.key}"
        return SignedRequest("PUT", url, headers, upload.uploaded_at + LINK_TIME)

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        """Keep the port."""
        url = f"https://evidence.test/{sheet.key}?versionId={sheet.version_id}"
        return SignedRequest("GET", url, {}, now + LINK_TIME)

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        """Keep the port."""
        return self._files[version][0] if version in self._files else None

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        """Keep the port."""
        self.opened.append(version)
        yield self._files[version][1]

    def newest(self, key: str) -> str | None:
        """Keep the port."""
        found = self.versions(key)
        return found[-1].version_id if found and key not in self.hidden else None

    def content(self, version: ObjectVersion) -> Content:
        """Keep the port."""
        self.opened.append(version)
        data = self._files[version][1]
        return Content(data[:64], len(data), hashlib.sha256(data).hexdigest())

    def fate(self, version: ObjectVersion) -> str | None:
        """Keep the port."""
        return self.labels.get(version)

    def label(self, version: ObjectVersion, fate: str) -> None:
        """Keep the port."""
        self.labels[version] = fate


class World:
    """All stores together, a bus that takes everything, and time without end."""

    def __init__(self, *snapshots: Snapshot, courses: Sequence[Course] = ()) -> None:
        self.trail = FakeTrail()
        self.sessions = FakeSessions(*snapshots, trail=self.trail)
        self.courses = FakeCourses(*courses)
        self.records = FakeRecords(self.sessions)
        self.compliance = FakeCompliance()
        self.outbox = FakeOutbox()
        self.finalizations = FakeFinalizations(self.sessions, self.records, self.outbox)
        self.publisher = FakePublisher()
        self.evidence = FakeEvidence()
        self.vault = FakeVault()
        self.signer = FakeSigner()
        self.time: Iterator[bool] = repeat(True)

    @property
    def finalizing(self) -> Finalizing:
        return Finalizing(
            self.sessions,
            self.finalizations,
            self.publisher,
            self.outbox,
            no_pause,
            lambda: next(self.time, False),
        )


def _summary(session: Session) -> SessionSummary:
    details, decision = session.details, session.finalization
    return SessionSummary(
        session_id=session.session_id,
        position=f"{details.starts_at.astimezone(UTC).isoformat()}#{session.session_id}",
        status=session.status,
        title=details.title,
        course_id=details.course_id,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        timezone=details.timezone,
        location=details.location,
        roster_count=session.roster_count,
        finalized_at=decision.finalized_at if decision else None,
        sheet_upload_id=session.sheet.upload_id if session.sheet else None,
        pending=session.pending,
        rejection=session.rejection,
    )
