"""
Training and competency records in DynamoDB, and the rule which of them count.

Records of a session that is too large for one transaction are staged before the session is
completed. A record counts only once its session is COMPLETED, and only if the session's roster has
its person as present. This rule is implemented only here, and no other module reads the table. A
session is read before its records: all of them were acknowledged before it was completed, so a
reader who finds it completed finds all of them.
"""

from collections.abc import Collection, Sequence

from shared.application.retry import ATTEMPTS, Pause
from shared.domain.records import Record, record_id
from shared.domain.session import Session, SessionStatus
from shared.storage.mapping import attendee_key, record_from
from shared.storage.models import (
    SESSION,
    AttendeeItem,
    RecordItem,
    SessionItem,
    SessionPartition,
)
from shared.storage.writes import busy_if_unanswered

_KEYS = ["personnelId", "recordId"]
_STATE = ["sessionId", "item", "kind", "status", "isPresent"]


class DynamoRecordStore:
    """Implements the `RecordStore` port."""

    def __init__(self, pause: Pause) -> None:
        self._pause = pause
        # A completed session stays completed, so this can be cached.
        self._completed: set[str] = set()

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        if session.status is not SessionStatus.COMPLETED:
            return []
        found: dict[str, Record] = {}
        for attempt in range(ATTEMPTS):
            missing = [person for person in personnel_ids if person not in found]
            found |= self._read(session.session_id, missing)
            if len(found) == len(personnel_ids):
                break
            # The items of one transaction become visible one after another, within milliseconds.
            self._pause(attempt)
        return [found[person] for person in personnel_ids if person in found]

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        return list(self._read(session.session_id, personnel_ids).values())

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        keys = _keys(session.session_id, personnel_ids)
        with busy_if_unanswered():
            return sum(
                1 for _ in RecordItem.batch_get(keys, consistent_read=True, attributes_to_get=_KEYS)
            )

    def of_person(self, personnel_id: str) -> list[Record]:
        with busy_if_unanswered():
            records = [
                record_from(item) for item in RecordItem.query(personnel_id, consistent_read=True)
            ]
            attended = self._attended(personnel_id, {record.session_id for record in records})
        return [
            record
            for record in records
            if record.session_id in attended and _has_derived_id(record)
        ]

    def _read(self, session_id: str, people: Sequence[str]) -> dict[str, Record]:
        with busy_if_unanswered():
            items = RecordItem.batch_get(_keys(session_id, people), consistent_read=True)
            return {item.personnel_id: record_from(item) for item in items}

    def _attended(self, personnel_id: str, session_ids: Collection[str]) -> set[str]:
        """Those of these sessions that are completed and whose roster has the person as present."""
        keys = [attendee_key(session_id, personnel_id) for session_id in session_ids]
        keys += [
            (session_id, SESSION) for session_id in session_ids if session_id not in self._completed
        ]
        present = set()
        for item in SessionPartition.batch_get(
            keys, consistent_read=True, attributes_to_get=_STATE
        ):
            if isinstance(item, AttendeeItem) and item.is_present:
                present.add(item.session_id)
            if isinstance(item, SessionItem) and item.status is SessionStatus.COMPLETED:
                self._completed.add(item.session_id)
        return present & self._completed


def _has_derived_id(record: Record) -> bool:
    """False if the id does not follow from session and person: no decision wrote that record."""
    return record.record_id == record_id(record.session_id, record.personnel_id)


def _keys(session_id: str, people: Sequence[str]) -> list[tuple[str, str]]:
    return [(person, record_id(session_id, person)) for person in people]
