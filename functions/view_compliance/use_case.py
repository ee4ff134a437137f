"""
May this person do the work, today or on the day of the accident?
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.domain.compliance import Verdict, verdict
from shared.domain.ports import ComplianceStore, RecordStore
from shared.domain.records import Record


@dataclass(frozen=True, slots=True)
class Standing:
    """
    One course's verdict, and the person's records it was judged from, oldest first; *calculated_at*
    is absent until the recalculation has run.
    """

    course_id: str
    verdict: Verdict
    calculated_at: datetime | None
    records: tuple[Record, ...]


def view_compliance(
    personnel_id: str,
    as_of: date,
    expiring_soon: timedelta,
    records: RecordStore,
    compliance: ComplianceStore,
) -> list[Standing]:
    """
    Judge every course in which the person has a record or was on a finalized roster, as of a day.

    Judged from the records at the time of asking, so that a pass expires by itself, without anybody
    writing.
    """
    found = records.of_person(personnel_id)
    calculated = {
        known.course_id: known.calculated_at for known in compliance.of_person(personnel_id)
    }
    courses = sorted(calculated.keys() | {record.course_id for record in found})
    return [
        _standing(course_id, found, calculated.get(course_id), as_of, expiring_soon)
        for course_id in courses
    ]


def _standing(
    course_id: str,
    found: Sequence[Record],
    calculated_at: datetime | None,
    as_of: date,
    expiring_soon: timedelta,
) -> Standing:
    records = sorted(
        (record for record in found if record.course_id == course_id),
        key=lambda record: (record.session_date, record.finalized_at),
    )
    return Standing(
        course_id, verdict(records, as_of, expiring_soon), calculated_at, tuple(records)
    )
