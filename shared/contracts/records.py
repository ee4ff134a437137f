"""
Records and compliance as JSON.
"""

from datetime import date, datetime

from shared.contracts.session import TrainerShape
from shared.contracts.shape import PersonShape, Shape
from shared.domain.compliance import Colour
from shared.domain.records import RecordKind, RecordStatus, Result


class RecordShape(Shape):
    record_id: str
    kind: RecordKind
    personnel_id: str
    person_name: str
    job_title: str | None
    course_id: str
    course_title: str
    course_version: str | None
    session_id: str
    result: Result
    status: RecordStatus
    session_date: date
    expiry_date: date | None
    expiry_rule: str
    evidence_file_key: str
    evidence_file_version_id: str
    evidence_file_hash: str
    remarks: str | None
    trainer: TrainerShape
    finalized_at: datetime
    finalized_by: PersonShape


class RecordPage(Shape):
    """
    *missing* are the people who were given a record when the session was completed and have none
    now, so that nobody takes what is left for the whole class; absent if there are none.
    """

    items: list[RecordShape]
    missing: list[str] | None = None
    next_cursor: str | None = None


class StandingShape(Shape):
    """
    One course's standing, and the records it was judged from; *calculated_at* is absent until the
    recalculation has run.
    """

    course_id: str
    status: Colour
    expiry_date: date | None
    based_on: str | None
    calculated_at: datetime | None
    records: list[RecordShape]


class ComplianceShape(Shape):
    personnel_id: str
    as_of: date
    items: list[StandingShape]
