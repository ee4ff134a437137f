"""Sessions and their rows in memory."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from shared.application.retry import ConcurrentChange
from shared.domain.errors import NotFound, TrailTaken
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.transition import Transition
from testing.fakes.hooks import Hook, no_pause
from testing.fakes.trail import FakeTrail

ROWS_PER_TRANSACTION = 98


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
            stored = self._sessions.get(transition.after.session_id)
            is_behind = (stored.version if stored else 0) < transition.entry.sequence
            raise TrailTaken if is_behind else ConcurrentChange

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
