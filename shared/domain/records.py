"""
The legal documents a finalized session leaves: training records and competency records.
"""

import calendar
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.domain.evidence import Sheet
from shared.domain.people import Person
from shared.domain.session import Attendee, Finalization, Session, Trainer

_RECORD_IDS = uuid.UUID("5d1f0a3c-94e7-4c1b-8a52-7be0b3c6f1d4")


class RecordKind(StrEnum):
    """
    A competency record waits for a verifier's sign-off; a training record is final.
    """

    TRAINING = "TRAINING"
    COMPETENCY = "COMPETENCY"


class Result(StrEnum):
    PASSED = "PASSED"
    FAILED = "FAILED"


class RecordStatus(StrEnum):
    PASSED = "PASSED"
    FAILED = "FAILED"
    PENDING_VERIFICATION = "PENDING_VERIFICATION"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Record:
    """
    What one person's attendance came to, with everything it rests on copied as it was.

    Later changes of the course, the roster or the bucket's current files do not reach it.
    """

    record_id: str
    kind: RecordKind
    personnel_id: str
    person_name: str
    job_title: str | None
    session_id: str
    course_id: str
    course_title: str
    course_version: str | None
    validity_months: int | None
    result: Result
    status: RecordStatus
    session_date: date
    expiry_date: date | None
    evidence_file_key: str
    evidence_file_version_id: str
    evidence_file_hash: str
    remarks: str | None
    trainer: Trainer
    finalization_id: str
    finalized_at: datetime
    finalized_by: Person
    manifest_sha256: str = ""

    @property
    def expiry_rule(self) -> str:
        """
        The sentence that explains the expiry date to whoever disputes it.
        """
        if self.expiry_date is None:
            return "The course has no expiry."
        clamped = self.expiry_date.day != self.session_date.day
        return (
            f"{self.session_date} + {self.validity_months} calendar months = {self.expiry_date}"
            f"{', the last day of that month' if clamped else ''}; valid through that day."
        )


def record_id(session_id: str, personnel_id: str) -> str:
    """
    The one id the record of this person in this session can have, so that it cannot exist twice.
    """
    return str(uuid.uuid5(_RECORD_IDS, f"{session_id}/{personnel_id}"))


def add_months(start: date, months: int) -> date:
    """
    Add calendar months, clamped to the end of the month: 31 January + 1 month is the last of
    February.
    """
    years, month_index = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month_index + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def expiry(session_date: date, validity_months: int | None) -> date | None:
    """
    The last day a record is valid; None if it always is.
    """
    return None if validity_months is None else add_months(session_date, validity_months)


def write_record(
    session: Session, sheet: Sheet, attendee: Attendee, decision: Finalization
) -> Record:
    """
    Turn one present attendee into the record of what came of it (spec §4 C).

    A course that requires verification yields a pending competency whatever the result, so that a
    failed attempt stays provable; every other course yields a training record that is final at
    once.
    """
    course, result = decision.course, Result.PASSED if attendee.has_passed else Result.FAILED
    kind = RecordKind.COMPETENCY if course.requires_verify else RecordKind.TRAINING
    return Record(
        record_id=record_id(session.session_id, attendee.personnel_id),
        kind=kind,
        personnel_id=attendee.personnel_id,
        person_name=attendee.name,
        job_title=attendee.job_title,
        session_id=session.session_id,
        course_id=course.course_id,
        course_title=course.title,
        course_version=course.version,
        validity_months=course.validity_months,
        result=result,
        status=_first_status(kind, result),
        session_date=session.local_end_date,
        expiry_date=expiry(session.local_end_date, course.validity_months),
        evidence_file_key=sheet.key,
        evidence_file_version_id=sheet.version_id,
        evidence_file_hash=sheet.sha256,
        remarks=attendee.remarks,
        trainer=session.details.trainer,
        finalization_id=decision.finalization_id,
        finalized_at=decision.finalized_at,
        finalized_by=decision.finalized_by,
    )


def _first_status(kind: RecordKind, result: Result) -> RecordStatus:
    if kind is RecordKind.COMPETENCY:
        return RecordStatus.PENDING_VERIFICATION
    return RecordStatus(result)
