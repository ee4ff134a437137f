"""
The ports in memory. They refuse what the real stores refuse: both pass the tests in tests/storage.

Each has hooks: a hook is called with the number of the call before the call is carried out. It may
change what is stored, like a concurrent request, or raise, like a crash.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from typing import BinaryIO

from shared.application.ports.evidence import SheetAddress, SignedRequest
from shared.application.ports.time_stamps import TimeStampAuthority
from shared.application.ports.vault import SignatureCheck
from shared.application.retry import ConcurrentChange, Pause
from shared.application.time_left import HasTimeLeft, OutOfTime
from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    ChainPosition,
    ChangeContext,
    FieldChange,
    new_entry,
)
from shared.domain.compliance import Compliance
from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, CourseEntry
from shared.domain.errors import NotFound
from shared.domain.events import Event
from shared.domain.evidence import MEBIBYTE, Content, ObjectVersion, Sheet, StoredFile, Upload
from shared.domain.outbox import OutboxEntry, UnreadableEntry, entry_for
from shared.domain.plan import Plan
from shared.domain.records import Record, record_id
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.transition import Transition
from shared.storage.evidence import address_of, folder_of, key_of, stray_note_key
from shared.storage.register import SealRegister
from shared.storage.witness import VaultWitness
from testing.authority import FakeAuthority
from testing.builders import NOW, a_run
from testing.origins import FakeOriginKeys, an_origin
from testing.vault import FakePacks, FakeSigner, FakeVault

ACTIONS_PER_TRANSACTION = 100
ROWS_PER_TRANSACTION = 98
RECORDS_PER_BATCH = 25
LINK_TIME = timedelta(minutes=15)

Hook = Callable[[int], object]


class Crash(BaseException):
    """The process ends here; `except Exception` does not catch it."""


def crash() -> None:
    """Raise `Crash`."""
    raise Crash


def at(number: int, action: Callable[[], object]) -> Hook:
    """Run *action* before the call of that *number*, counted from 1."""
    return lambda call: action() if call == number else None


def always(action: Callable[[], object]) -> Hook:
    """Run *action* before every call."""
    return lambda _: action()


def no_pause(attempt: int, /) -> None:
    """Wait for nothing."""


def no_hurry() -> bool:
    """Have time for everything."""
    return True


class FakeSessions:
    """
    The `SessionStore` port; *torn* and *old_rows* hold what the next reads of a snapshot or of rows
    return instead of what is stored, and *unreadable* the errors of reading a session.
    """

    def __init__(self, *snapshots: Snapshot, trail: "FakeTrail | None" = None) -> None:
        self.trail = trail or FakeTrail()
        self._sessions: dict[str, Session] = {}
        self._rows: dict[tuple[str, str], Attendee] = {}
        self.torn: list[Snapshot] = []
        self.old_rows: list[list[Attendee]] = []
        self.rows_at_once = ROWS_PER_TRANSACTION
        self.unreadable: dict[str, Exception] = {}
        self.before_read: Hook = no_pause
        self.before_write: Hook = no_pause
        self.reads = 0
        self.writes = 0
        self.rows_looked_up = 0
        for snapshot in snapshots:
            self.put(snapshot)

    def put(self, snapshot: Snapshot) -> None:
        """Store *snapshot* without conditions, like a concurrent request."""
        session_id = snapshot.session.session_id
        self._sessions[session_id] = snapshot.session
        self._rows = {key: row for key, row in self._rows.items() if key[0] != session_id}
        self._rows |= {(session_id, row.personnel_id): row for row in snapshot.attendees}

    def forget(self, session_id: str) -> None:
        """Delete a session, as by hand."""
        del self._sessions[session_id]

    def stored(self, session_id: str) -> Snapshot:
        """Return what is stored, in the order of the people's ids."""
        rows = sorted(key for key in self._rows if key[0] == session_id)
        return Snapshot(self.load(session_id), tuple(self._rows[key] for key in rows))

    def load(self, session_id: str) -> Session:
        """Implement the port."""
        if session_id not in self._sessions:
            raise NotFound(f"There is no session {session_id}.")
        return self._sessions[session_id]

    def read(self, session_id: str) -> Snapshot:
        """Implement the port."""
        self.reads += 1
        self.before_read(self.reads)
        if session_id in self.unreadable:
            raise self.unreadable[session_id]
        return self.torn.pop(0) if self.torn else self.stored(session_id)

    def with_sheet(self, sha256: str) -> list[str]:
        """Return the ids of the sessions whose sheet has these bytes."""
        return [
            session_id
            for session_id, session in self._sessions.items()
            if session.sheet is not None and session.sheet.sha256 == sha256
        ]

    def first_batch(self, changes: Sequence[RowChange]) -> Sequence[RowChange]:
        """Implement the port; the size in bytes is the real store's own affair."""
        return changes[: self.rows_at_once]

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        """Implement the port."""
        self.rows_looked_up += len(personnel_ids)
        if self.old_rows:
            return self.old_rows.pop(0)
        keys = ((session_id, personnel_id) for personnel_id in personnel_ids)
        return [self._rows[key] for key in keys if key in self._rows]

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        """Implement the port."""
        wanted = set(statuses)
        lines = [_summary(session) for session in self._sessions.values()]
        found = [
            line
            for line in lines
            if line.status in wanted and (after is None or line.position < after)
        ]
        return sorted(found, key=lambda line: line.position, reverse=True)[:limit]

    def started_since(
        self, status: SessionStatus, moment: datetime, finalized_since: datetime | None = None
    ) -> Iterator[str]:
        """Implement the port."""
        for line in self._latest_first(status):
            is_late = finalized_since is None or (
                line.finalized_at is not None and line.finalized_at >= finalized_since
            )
            if line.starts_at >= moment and is_late:
                yield line.session_id

    def started_before(self, status: SessionStatus, moment: datetime) -> Iterator[str]:
        """Implement the port."""
        lines = self._latest_first(status)
        return (line.session_id for line in lines if line.starts_at < moment)

    def _latest_first(self, status: SessionStatus) -> list[SessionSummary]:
        return self.page([status], len(self._sessions), None)

    def save(self, transition: Transition) -> None:
        """Implement the port."""
        if len(transition.rows) > self.rows_at_once:
            raise ValueError(f"{len(transition.rows)} rows in one transaction")
        try:
            self.require(transition)
        except ConcurrentChange:
            if not self.trail.holds(transition.entry):
                raise
        else:
            self.apply(transition)

    def require(self, transition: Transition) -> None:
        """Raise `ConcurrentChange` unless session, rows and trail are as before the transition."""
        self.require_version(
            transition.after.session_id, transition.before.version if transition.before else None
        )
        if not all(
            self._is_before(transition.after.session_id, change) for change in transition.rows
        ):
            raise ConcurrentChange
        if self.trail.is_taken(transition.entry):
            raise ConcurrentChange

    def require_version(self, session_id: str, version: int | None) -> None:
        """Raise `ConcurrentChange` unless the session is still at this *version*."""
        self.writes += 1
        self.before_write(self.writes)
        stored = self._sessions.get(session_id)
        if (stored.version if stored else None) != version:
            raise ConcurrentChange

    def apply(self, transition: Transition) -> None:
        """Store the session, the changed rows and the entry."""
        self.replace(transition.after)
        self.trail.add(transition.entry)
        for change in transition.rows:
            if change.before:
                del self._rows[transition.after.session_id, change.before.personnel_id]
            if change.after:
                self._rows[transition.after.session_id, change.after.personnel_id] = change.after

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
    """The `AuditTrail` port; *on_new* is told each new entry, as the table's stream tells it."""

    def __init__(self, on_new: Callable[[AuditEntry], object] = lambda _: None) -> None:
        self._entries: dict[tuple[str, int], AuditEntry] = {}
        self._on_new = on_new
        self.before_append: Hook = no_pause
        self.appends = 0

    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        """Implement the port."""
        numbers = sorted(number for name, number in self._entries if name == session_id)
        return (self._entries[session_id, number] for number in numbers if number > after)

    def latest_first(self, session_id: str) -> Iterator[AuditEntry]:
        """Implement the port."""
        return reversed([*self.entries(session_id)])

    def append(
        self, session_id: str, action: Action, change: ChangeContext, changed: Sequence[FieldChange]
    ) -> AuditEntry:
        """Implement the port."""
        self.appends += 1
        self.before_append(self.appends)
        *_, last = (AuditEntry(session_id, 0, "", GENESIS), *self.entries(session_id))
        end = ChainPosition(session_id, last.sequence + 1, last.sha256)
        entry = new_entry(end, action, change, changed)
        self.add(entry)
        return entry

    def append_once(
        self,
        session_id: str,
        action: Action,
        change: ChangeContext,
        changed: Sequence[FieldChange],
        after: int,
    ) -> AuditEntry:
        """Implement the port."""
        there = (entry for entry in self.entries(session_id, after) if entry.action is action)
        return next(there, None) or self.append(session_id, action, change, changed)

    def add(self, entry: AuditEntry) -> None:
        """Write *entry*, as a transition does."""
        if not self.is_taken(entry):
            self._on_new(entry)
        # A forged one may have another origin, or be from before there were any.
        origin = entry.origin or an_origin(entry.sha256)
        self._entries[entry.session_id, entry.sequence] = replace(entry, origin=origin)

    def remove(self, session_id: str, sequence: int) -> None:
        """Delete an entry, which no function may do."""
        del self._entries[session_id, sequence]

    def holds(self, entry: AuditEntry) -> bool:
        """Say whether exactly this entry was written."""
        return self._entries.get((entry.session_id, entry.sequence)) == entry

    def is_taken(self, entry: AuditEntry) -> bool:
        """Say whether there is an entry of that number."""
        return (entry.session_id, entry.sequence) in self._entries


class FakeCourses:
    """The `CourseStore` port."""

    def __init__(self, *courses: Course) -> None:
        self._courses = {course.course_id: course for course in courses}
        self._entries: list[CourseEntry] = []
        self.before_write: Hook = no_pause
        self.writes = 0

    def load(self, course_id: str) -> Course:
        """Implement the port."""
        if course_id not in self._courses:
            raise NotFound(f"There is no course {course_id}.")
        return self._courses[course_id]

    def put(self, course: Course) -> Course:
        """Store *course* as the next revision without an entry, and return it."""
        known = self._courses.get(course.course_id)
        saved = replace(course, revision=(known.revision if known else 0) + 1)
        self._courses[course.course_id] = saved
        return saved

    def save(self, change: CourseChange) -> None:
        """Implement the port."""
        self.writes += 1
        self.before_write(self.writes)
        if change.entry in self._entries:
            return
        if self._courses.get(change.after.course_id) != change.before:
            raise ConcurrentChange
        self._courses[change.after.course_id] = change.after
        entry = change.entry
        self._entries.append(replace(entry, origin=an_origin(entry.sha256)))

    def entries(self, course_id: str, after: int = 0) -> Iterator[CourseEntry]:
        """Implement the port."""
        return (
            entry
            for entry in self._entries
            if entry.course_id == course_id and entry.sequence > after
        )


class FakeSheetUses:
    """The `SheetUses` port over the sessions' sheets of now."""

    def __init__(self, sessions: FakeSessions) -> None:
        self._sessions = sessions

    def sessions(self, sha256: str) -> list[str]:
        """Implement the port."""
        return self._sessions.with_sheet(sha256)


class FakeRecords:
    """The `RecordStore` port; *sessions* say which records count."""

    def __init__(self, sessions: FakeSessions) -> None:
        self._sessions = sessions
        self._records: dict[tuple[str, str], Record] = {}

    def add(self, *records: Record) -> None:
        """Store *records*, as a finalization does."""
        self._records |= {(record.personnel_id, record.record_id): record for record in records}

    def forget(self, personnel_id: str) -> None:
        """Delete a person's records, as by hand."""
        self._records = {key: r for key, r in self._records.items() if key[0] != personnel_id}

    def any_stored(self, records: Iterable[Record]) -> bool:
        """Say whether one of *records* is stored already."""
        return any((record.personnel_id, record.record_id) in self._records for record in records)

    @property
    def everything(self) -> set[Record]:
        return set(self._records.values())

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """Implement the port."""
        if session.status is not SessionStatus.COMPLETED:
            return []
        return self._written(session, personnel_ids)

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """Implement the port."""
        return self._written(session, personnel_ids)

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        """Implement the port."""
        return len(self._written(session, personnel_ids))

    def of_person(self, personnel_id: str) -> list[Record]:
        """Implement the port."""
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
        """Store *standing* without conditions, like a concurrent calculation."""
        self._standings[standing.personnel_id, standing.course_id] = standing

    def of_person(self, personnel_id: str) -> list[Compliance]:
        """Implement the port."""
        return [standing for key, standing in self._standings.items() if key[0] == personnel_id]

    def in_course(self, course_id: str, personnel_ids: Sequence[str]) -> list[Compliance]:
        """Implement the port."""
        keys = ((personnel_id, course_id) for personnel_id in personnel_ids)
        return [self._standings[key] for key in keys if key in self._standings]

    def save(self, compliance: Compliance) -> None:
        """Implement the port."""
        self.writes += 1
        self.before_write(self.writes)
        stored = self._standings.get((compliance.personnel_id, compliance.course_id))
        if (stored.revision if stored else 0) != compliance.revision - 1:
            raise ConcurrentChange
        self.put(compliance)


class FakeOutbox:
    """The `Outbox` port."""

    def __init__(self) -> None:
        self._entries: set[OutboxEntry] = set()
        self.unreadable: list[UnreadableEntry] = []
        self.before_remove: Hook = no_pause
        self.removals = 0

    def add(self, entry: OutboxEntry) -> None:
        """Add *entry*, as a commit does."""
        self._entries.add(entry)

    def due(self, now: datetime) -> list[OutboxEntry | UnreadableEntry]:
        """Implement the port."""
        return [*self.unreadable, *self.entries_due(now)]

    def entries_due(self, now: datetime) -> list[OutboxEntry]:
        """Return the readable entries that are due."""
        return sorted(entry for entry in self._entries if entry.due <= now)

    def remove(self, entry: OutboxEntry) -> None:
        """Implement the port."""
        self.removals += 1
        self.before_remove(self.removals)
        self._entries.discard(entry)

    @property
    def owed(self) -> set[str]:
        return {entry.session_id for entry in self._entries}


class FakeFinalizations:
    """The `FinalizationStore` port over the other stores."""

    def __init__(self, sessions: FakeSessions, records: FakeRecords, outbox: FakeOutbox) -> None:
        self._sessions = sessions
        self._records = records
        self._outbox = outbox
        self.before_batch: Hook = no_pause
        self.batches = 0

    def fits_one_transaction(self, plan: Plan) -> bool:
        """Implement the port; the size in bytes is the real store's own affair."""
        return len(plan.records) + 3 <= ACTIONS_PER_TRANSACTION

    def commit(self, plan: Plan) -> None:
        """Implement the port."""
        self._decide(plan, plan.commit_transition, plan.records)

    def lock(self, plan: Plan) -> None:
        """Implement the port."""
        self._decide(plan, plan.lock_transition)

    def stage(self, records: Sequence[Record], has_time_left: HasTimeLeft) -> None:
        """Implement the port."""
        for start in range(0, len(records), RECORDS_PER_BATCH):
            if not has_time_left():
                raise OutOfTime
            self.batches += 1
            self.before_batch(self.batches)
            self._records.add(*records[start : start + RECORDS_PER_BATCH])

    def complete(self, plan: Plan) -> None:
        """Implement the port."""
        try:
            self._sessions.require_version(plan.before.session_id, plan.before.version)
        except ConcurrentChange:
            if not self._is_decided(plan):
                raise
        else:
            self._sessions.replace(plan.completed)

    def _decide(self, plan: Plan, transition: Transition, records: Sequence[Record] = ()) -> None:
        """Write the decision, unless it is stored already."""
        try:
            self._sessions.require(transition)
        except ConcurrentChange:
            if not self._is_decided(plan):
                raise
            return
        if self._records.any_stored(records):
            raise ConcurrentChange
        self._sessions.apply(transition)
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
        """Implement the port."""
        self.calls.append(list(events))
        self.before_call(len(self.calls))
        is_up = len(self.calls) not in self.down
        answer = [is_up and event.event_id not in self.refused for event in events]
        self.taken += [event for event, done in zip(events, answer, strict=True) if done]
        return answer


class FakeEvidence:
    """The `EvidenceStore` port over a dict; *opened* lists the versions that were downloaded."""

    def __init__(self) -> None:
        self._files: dict[ObjectVersion, tuple[StoredFile, bytes]] = {}
        self.tags: dict[ObjectVersion, str] = {}
        self.hidden: set[str] = set()
        self.opened: list[ObjectVersion] = []
        self.before_put: Hook = no_pause
        self.puts = 0

    def add(self, upload: Upload, data: bytes, size_bytes: int | None = None) -> ObjectVersion:
        """Store *data* as a new version; *size_bytes* spares a test a large file's bytes."""
        version = ObjectVersion(upload.key, f"version-{len(self._files) + 1}")
        file = StoredFile(
            version=version,
            content_type=upload.content_type,
            size_bytes=len(data) if size_bytes is None else size_bytes,
            stored_at=upload.uploaded_at,
            bucket_sha256=hashlib.sha256(data).hexdigest(),
        )
        self._files[version] = file, data
        return version

    def versions(self, key: str) -> list[ObjectVersion]:
        """Return the versions stored under *key*."""
        return [version for version in self._files if version.key == key]

    def lose(self, version: ObjectVersion) -> None:
        """Delete a version, which S3 would refuse."""
        del self._files[version]

    def corrupt(self, version: ObjectVersion, data: bytes) -> None:
        """Replace the bytes of a version, which S3 does not allow."""
        self._files[version] = (self._files[version][0], data)

    def hide(self, key: str) -> None:
        """Put a delete marker over a key."""
        self.hidden.add(key)

    def key_of(self, address: SheetAddress) -> str:
        """Implement the port."""
        return key_of(address)

    def address_of(self, key: str) -> SheetAddress | None:
        """Implement the port."""
        return address_of(key)

    def folder_of(self, key: str) -> str | None:
        """Implement the port."""
        return folder_of(key)

    def stray_note_key(self, session_id: str, key: str) -> str:
        """Implement the port."""
        return stray_note_key(session_id, key)

    def put(self, upload: Upload, body: BinaryIO) -> None:
        """Implement the port."""
        self.puts += 1
        self.before_put(self.puts)
        if self.versions(upload.key):
            raise FileExistsError(upload.key)
        self.add(upload, body.read())

    def upload_link(self, upload: Upload, size_bytes: int, sha256: str) -> SignedRequest:
        """Implement the port."""
        headers = {
            "Content-Type": upload.content_type,
            "Content-Length": str(size_bytes),
            "x-sha256": sha256,
        }
        url = f"https://evidence.test/{upload.key}"
        return SignedRequest("PUT", url, headers, upload.uploaded_at + LINK_TIME)

    def download_link(self, sheet: Sheet, now: datetime) -> SignedRequest:
        """Implement the port."""
        url = f"https://evidence.test/{sheet.key}?versionId={sheet.version_id}"
        return SignedRequest("GET", url, {}, now + LINK_TIME)

    def describe(self, version: ObjectVersion) -> StoredFile | None:
        """Implement the port."""
        return self._files[version][0] if version in self._files else None

    def pieces(self, version: ObjectVersion) -> Iterator[bytes]:
        """Implement the port."""
        self.opened.append(version)
        yield self._files[version][1]

    def newest(self, key: str) -> str | None:
        """Implement the port."""
        found = self.versions(key)
        return found[-1].version_id if found and key not in self.hidden else None

    def content(self, version: ObjectVersion) -> Content:
        """Implement the port."""
        self.opened.append(version)
        data = self._files[version][1]
        return Content(len(data), hashlib.sha256(data).hexdigest())

    def outcome_tag(self, version: ObjectVersion) -> str | None:
        """Implement the port."""
        return self.tags.get(version)

    def tag(self, version: ObjectVersion, outcome: str) -> None:
        """Implement the port."""
        self.tags[version] = outcome


class FakeWiring:
    """Every part a use case can need; the bus takes everything, and time never runs out."""

    def __init__(self, *snapshots: Snapshot, courses: Sequence[Course] = ()) -> None:
        self.witness = VaultWitness(FakeVault())
        self.witness_book = self.witness
        self.trail = FakeTrail(self._see)
        self.sessions = FakeSessions(*snapshots, trail=self.trail)
        self.courses = FakeCourses(*courses)
        self.sheet_uses = FakeSheetUses(self.sessions)
        self.records = FakeRecords(self.sessions)
        self.compliance = FakeCompliance()
        self.outbox = FakeOutbox()
        self.finalizations = FakeFinalizations(self.sessions, self.records, self.outbox)
        self.publisher = FakePublisher()
        self.evidence = FakeEvidence()
        self.vault = FakeVault()
        self.register = SealRegister(self.vault)
        self.seal_check_days = 90
        self.signer = FakeSigner()
        self.signatures: SignatureCheck = self.signer
        self.reporter = FakeSigner()
        self.origin_keys = FakeOriginKeys()
        self.packs = FakePacks()
        self.authority: TimeStampAuthority | None = FakeAuthority()
        self.authority_roots = b""
        self.time_stamps_since = date.min
        self.index = self.sessions
        self.pause: Pause = no_pause
        self.now: Callable[[], datetime] = lambda: NOW
        self.time: Iterator[bool] = repeat(True)
        self.retention_years = 10
        self.evidence_max_bytes = 50 * MEBIBYTE
        self.expiring_soon = timedelta(days=30)

    def has_time_left(self) -> bool:
        """Tell whether there is time for one more batch."""
        return next(self.time, False)

    def _see(self, entry: AuditEntry) -> None:
        self.witness.keep_entries(a_run(entry), NOW)


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
