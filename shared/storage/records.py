"""
Training and competency records in DynamoDB.
"""

from collections.abc import Sequence

from shared.domain.records import Record, record_id
from shared.domain.session import Session
from shared.storage.mapping import record_from
from shared.storage.models import RecordItem
from shared.storage.writes import answered


class DynamoRecordStore:
    """
    Keeps the `RecordStore` port.
    """

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        keys = [(person, record_id(session.session_id, person)) for person in personnel_ids]
        with answered():
            found = {
                item.personnel_id: record_from(item)
                for item in RecordItem.batch_get(keys, consistent_read=True)
            }
        return [found[person] for person in personnel_ids if person in found]

    def of_person(self, personnel_id: str) -> list[Record]:
        with answered():
            return [
                record_from(item) for item in RecordItem.query(personnel_id, consistent_read=True)
            ]
