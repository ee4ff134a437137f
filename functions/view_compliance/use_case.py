"""
May this person do the work, today or on the day of the accident?
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.domain.compliance import Verdict, verdict
from shared.domain.ports import ComplianceStore, RecordStore


@dataclass(frozen=True, slots=True)
class Standing:
    """
    One course's verdict; *calculated_at* is absent until the recalculation has run.
    """

    course_id: str
    verdict: Verdict
    calculated_at: datetime | None


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
        Standing(
            course_id,
            verdict([r for r in found if r.course_id == course_id], as_of, expiring_soon),
            calculated.get(course_id),
        )
        for course_id in courses
    ]
