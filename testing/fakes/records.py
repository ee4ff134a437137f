"""Records, and the compliance they add up to, in memory."""

from collections.abc import Iterable, Sequence

from shared.application.retry import ConcurrentChange
from shared.domain.compliance import Compliance
from shared.domain.records import Record, record_id
from shared.domain.session import Session, SessionStatus
from testing.fakes.hooks import Hook, no_pause
from testing.fakes.sessions import FakeSessions


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
