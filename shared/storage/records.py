"""
Training and competency records in DynamoDB, and the rule of which of them count.

Records of a session that is too large for one transaction are staged before the session is
completed. A record counts only once its session is COMPLETED; that rule lives here and nowhere
else, and nobody else reads the table. The session is looked at first and the records after it: all
of them were acknowledged before it was completed, so whoever sees it completed finds them all.
"""

from collections.abc import Collection, Sequence

from shared.domain.contention import ATTEMPTS
from shared.domain.ports import Pause
from shared.domain.records import Record, record_id
from shared.domain.session import Session, SessionStatus
from shared.storage.mapping import record_from
from shared.storage.models import SESSION, RecordItem, SessionItem
from shared.storage.writes import answered

_KEYS = ["personnelId", "recordId"]
_STATE = ["sessionId", "item", "kind", "status"]


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
            counting = self._completed_among({record.session_id for record in records})
        return [
            record
            for record in records
            if record.session_id in counting and _has_its_own_id(record)
        ]

    def _read(self, session_id: str, people: Sequence[str]) -> dict[str, Record]:
        with answered():
            items = RecordItem.batch_get(_keys(session_id, people), consistent_read=True)
            return {item.personnel_id: record_from(item) for item in items}

    def _completed_among(self, session_ids: Collection[str]) -> set[str]:
        keys = [
            (session_id, SESSION) for session_id in session_ids if session_id not in self._completed
        ]
        items = SessionItem.batch_get(keys, consistent_read=True, attributes_to_get=_STATE)
        self._completed |= {
            item.session_id for item in items if item.status is SessionStatus.COMPLETED
        }
        return self._completed.intersection(session_ids)


def _has_its_own_id(record: Record) -> bool:
    """
    False for a record that the decision of its session cannot have written.
    """
    return record.record_id == record_id(record.session_id, record.personnel_id)


def _keys(session_id: str, people: Sequence[str]) -> list[tuple[str, str]]:
    return [(person, record_id(session_id, person)) for person in people]
