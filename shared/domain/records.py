"""The legal documents of a finalized session: training records and competency records."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.domain.days import TrainingDays
from shared.domain.people import Person
from shared.domain.session import Attendee, DecidedSession, Trainer
from shared.domain.validity import Validity

_RECORD_IDS = uuid.UUID("5d1f0a3c-94e7-4c1b-8a52-7be0b3c6f1d4")


class RecordKind(StrEnum):
    """A competency record waits for a verifier's sign-off; a training record is final."""

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
    The result of one person's attendance, with a copy of everything it is based on.

    Later changes of the course, the roster or the bucket's current files do not change it.
    *session_date* is the last day of the training, *first_day* its first if that is another one;
    both and *expiry_date* are days in *time_zone*. Records of manifest version 1 have no zone.
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
    validity: Validity | None
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
    first_day: date | None = None
    time_zone: str | None = None

    @property
    def expiry_rule(self) -> str:
        """
        The sentence that explains the expiry date to a reader.

        The date is on every record (decision 0007), but only a pass is valid until then. The
        manifest signs these words: other words need a new version.
        """
        if self.validity is None:
            return "The course has no expiry."
        return f"{self.validity.sum(self.session_date)}; {self._meaning_of_expiry}."

    @property
    def _meaning_of_expiry(self) -> str:
        if self.time_zone is None:  # As version 1 of the manifest has it, of failures too.
            return "valid through that day"
        if self.result is Result.FAILED:
            return "a failed attempt is never valid"
        once_verified = ", once it is verified" if self.kind is RecordKind.COMPETENCY else ""
        return f"valid through that day in {self.time_zone}{once_verified}"


def record_id(session_id: str, personnel_id: str) -> str:
    """The id of this person's record in this session; it is derived, so there is only one."""
    return str(uuid.uuid5(_RECORD_IDS, f"{session_id}/{personnel_id}"))


def write_record(decided: DecidedSession, attendee: Attendee, days: TrainingDays) -> Record:
    """
    The record of one attendee who was present on these *days* (spec §4 C).

    A course that requires verification gives a pending competency record, passed or failed, so that
    a failed attempt stays provable. Every other course gives a training record that is final at
    once.
    """
    session, sheet, decision = decided.session, decided.sheet, decided.decision
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
        validity=course.validity,
        result=result,
        status=_first_status(kind, result),
        session_date=days.last,
        expiry_date=course.last_day(days.last),
        evidence_file_key=sheet.key,
        evidence_file_version_id=sheet.version_id,
        evidence_file_hash=sheet.sha256,
        remarks=attendee.remarks,
        trainer=session.details.trainer,
        finalization_id=decision.finalization_id,
        finalized_at=decision.finalized_at,
        finalized_by=decision.finalized_by,
        manifest_sha256=decision.manifest_sha256,
        first_day=None if days.first == days.last else days.first,
        time_zone=days.time_zone,
    )


def _first_status(kind: RecordKind, result: Result) -> RecordStatus:
    if kind is RecordKind.COMPETENCY:
        return RecordStatus.PENDING_VERIFICATION
    return RecordStatus(result)
