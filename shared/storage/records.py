"""
Training and competency records in DynamoDB, and the rule of which of them count.

Records of a session that is too large for one transaction are staged before the session is
completed. A record counts only once its session is COMPLETED, and only for somebody whom that
session's list has as present; that rule lives here and nowhere else, and nobody else reads the
table. The session is looked at first and the records after it: all of them were acknowledged before
it was completed, so whoever sees it completed finds them all.
"""

from collections.abc import Collection, Sequence

from shared.domain.contention import ATTEMPTS, Pause
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
from shared.storage.writes import answered

_KEYS = ["personnelId", "recordId"]
_STATE = ["sessionId", "item", "kind", "status", "isPresent"]


class DynamoRecordStore:
    """
    Keeps the `RecordStore` port.
    """

    def __init__(self, pause: Pause) -> None:
        self._pause = pause
        # A completed session stays completed, so what is known once is known for good.
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
            # One transaction's items appear one after another, within milliseconds.
            self._pause(attempt)
        return [found[person] for person in personnel_ids if person in found]

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        return list(self._read(session.session_id, personnel_ids).values())

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        keys = _keys(session.session_id, personnel_ids)
        with answered():
            return sum(
                1 for _ in RecordItem.batch_get(keys, consistent_read=True, attributes_to_get=_KEYS)
            )

    def of_person(self, personnel_id: str) -> list[Record]:
        with answered():
            records = [
                record_from(item) for item in RecordItem.query(personnel_id, consistent_read=True)
            ]
            attended = self._attended(personnel_id, {record.session_id for record in records})
        return [
            record
            for record in records
            if record.session_id in attended and _has_its_own_id(record)
        ]

    def _read(self, session_id: str, people: Sequence[str]) -> dict[str, Record]:
        with answered():
            items = RecordItem.batch_get(_keys(session_id, people), consistent_read=True)
            return {item.personnel_id: record_from(item) for item in items}

    def _attended(self, personnel_id: str, session_ids: Collection[str]) -> set[str]:
        """
        The completed ones of these sessions whose list has the person as present.
        """
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


def _has_its_own_id(record: Record) -> bool:
    """
    False for a record that the decision of its session cannot have written.
    """
    return record.record_id == record_id(record.session_id, record.personnel_id)


def _keys(session_id: str, people: Sequence[str]) -> list[tuple[str, str]]:
    return [(person, record_id(session_id, person)) for person in people]
