"""Reading a person's compliance: whether they may do the work now, or might on an earlier day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.application.ports.records import ComplianceStore, RecordStore
from shared.domain.compliance import Verdict
from shared.domain.records import Record

# Judges one person's records of one course, at the time that was asked about.
Judge = Callable[[Sequence[Record]], Verdict]


@dataclass(frozen=True, slots=True)
class Standing:
    """
    One course's verdict, and the person's records it is based on, oldest first; *calculated_at* is
    None until the recalculation has run.
    """

    course_id: str
    verdict: Verdict
    calculated_at: datetime | None
    records: tuple[Record, ...]


def view_compliance(
    personnel_id: str,
    judge: Judge,
    records: RecordStore,
    compliance: ComplianceStore,
) -> list[Standing]:
    """
    Judge every course in which the person has a record or was on a finalized roster.

    Judged from the records at the time of the request, so that a pass expires without a write.
    """
    found = records.of_person(personnel_id)
    calculated = {
        known.course_id: known.calculated_at for known in compliance.of_person(personnel_id)
    }
    courses = sorted(calculated.keys() | {record.course_id for record in found})
    return [_standing(course_id, found, calculated.get(course_id), judge) for course_id in courses]


def _standing(
    course_id: str,
    found: Sequence[Record],
    calculated_at: datetime | None,
    judge: Judge,
) -> Standing:
    records = sorted(
        (record for record in found if record.course_id == course_id),
        key=lambda record: (record.session_date, record.finalized_at),
    )
    return Standing(course_id, judge(records), calculated_at, tuple(records))
