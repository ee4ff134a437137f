"""
A training session, its attendees, and which changes its state allows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.course import Course
from shared.domain.errors import (
    FinalizationInProgress,
    SessionCancelled,
    SessionFinalized,
    StaleView,
)
from shared.domain.evidence import EvidenceState, Rejection, Sheet, Upload, evidence_state
from shared.domain.people import Person


class SessionStatus(StrEnum):
    SCHEDULED = "SCHEDULED"
    IN_PROGRESS = "IN_PROGRESS"
    FINALIZING = "FINALIZING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


OPEN_STATUSES = (SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS)
LOCKED_STATUSES = (SessionStatus.FINALIZING, SessionStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Trainer:
    """
    Who taught; regulators ask for the qualification beside the name (29 CFR 1910.1030(h)(2)).
    """

    id: str
    name: str
    qualification: str | None = None


@dataclass(frozen=True, slots=True)
class Attendee:
    """
    A person on the roster with their marks: absent and passed until somebody says otherwise (spec
    §2).

    *revision* counts the changes of this row; see `Snapshot.is_whole`.
    """

    personnel_id: str
    name: str
    job_title: str | None = None
    is_present: bool = False
    has_passed: bool = True
    remarks: str | None = None
    revision: int = 1

    @property
    def fingerprint(self) -> int:
        """
        A number that stands for this person at this revision, and practically for nothing else.
        """
        row = f"{self.personnel_id}#{self.revision}".encode()
        return int.from_bytes(hashlib.blake2b(row, digest_size=7).digest(), "big")


@dataclass(frozen=True, slots=True)
class Counts:
    """
    What finalizing writes, or wrote.
    """

    training_records: int
    competency_records: int
    passed: int
    failed: int
    absent: int

    @property
    def records(self) -> int:
        return self.training_records + self.competency_records


@dataclass(frozen=True, slots=True)
class Finalization:
    """
    The decision that locked a session: who, when, under which course rules, with which outcome.

    *request_key* is the client's Idempotency-Key; the same key again gets the first answer.
    *audit_head* is the end of the audit trail it was made on, *manifest_sha256* the hash of the
    manifest, which says all of this and every record.
    """

    finalization_id: str
    request_id: str
    finalized_at: datetime
    finalized_by: Person
    course: Course
    counts: Counts
    audit_head: str
    request_key: str | None = None
    manifest_sha256: str = ""


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """
    What whoever plans a session decides about it.
    """

    course_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    trainer: Trainer
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """
    A session as stored.

    *version* is bumped by every accepted change, and *audit_head* is the SHA-256 of the audit entry
    of the latest one. *attendance_sum* is the sum of the fingerprints of all *roster_count*
    attendees. *roster_change* names a replacement of the roster that is not complete yet.
    """

    session_id: str
    details: SessionDetails
    status: SessionStatus
    version: int
    audit_head: str
    roster_count: int = 0
    attendance_sum: int = 0
    roster_change: str | None = None
    sheet: Sheet | None = None
    pending: Upload | None = None
    rejection: Rejection | None = None
    finalization: Finalization | None = None

    @property
    def local_end_date(self) -> date:
        """
        The day the training ended where it took place, which is the date on the record.
        """
        return self.details.ends_at.astimezone(ZoneInfo(self.details.timezone)).date()

    def checking(self, now: datetime) -> bool:
        """
        True while an upload is still waited for.
        """
        return self.pending is not None and self.pending.still_checked(now)

    def evidence_state(self, now: datetime) -> EvidenceState:
        """
        Where the latest upload stands; an earlier accepted sheet stays in force meanwhile.
        """
        accepted = self.sheet.upload_id if self.sheet else None
        return evidence_state(accepted, self.pending, self.rejection, now)

    def require_unlocked(self) -> None:
        """
        Raises:
            SessionFinalized, FinalizationInProgress: After the gate nothing changes any more (spec
            §1).
        """
        if self.status is SessionStatus.COMPLETED:
            raise SessionFinalized
        if self.status is SessionStatus.FINALIZING:
            raise FinalizationInProgress

    def require_open(self) -> None:
        """
        Raises:
            SessionCancelled, SessionFinalized, FinalizationInProgress: Only a session that is
            planned or
                under way takes sheets and attendance (DESIGN §5.4).
        """
        self.require_unlocked()
        if self.status is SessionStatus.CANCELLED:
            raise SessionCancelled


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    A session and its attendees, read together.
    """

    session: Session
    attendees: tuple[Attendee, ...]

    @property
    def is_whole(self) -> bool:
        """
        True if every accepted attendance change is in this snapshot.

        A read may see the session of an accepted change without its attendees. Each change adds to
        the session's sum what it adds to the fingerprints of its rows, so equal sums prove the read
        whole. Fingerprints, because plain revisions of one who joins and one who leaves cancel out.
        """
        found = sum(attendee.fingerprint for attendee in self.attendees)
        return (
            len(self.attendees) == self.session.roster_count
            and found == self.session.attendance_sum
        )


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """
    A session as one line of a list; *position* is where it stands in that list.
    """

    session_id: str
    position: str
    status: SessionStatus
    title: str
    course_id: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    location: str | None
    roster_count: int
    finalized_at: datetime | None
    sheet_upload_id: str | None
    pending: Upload | None
    rejection: Rejection | None

    def evidence_state(self, now: datetime) -> EvidenceState:
        """
        Where the latest upload stands, so that a list shows which sheets somebody must look after.
        """
        return evidence_state(self.sheet_upload_id, self.pending, self.rejection, now)


@dataclass(frozen=True, slots=True)
class View:
    """
    One state of a session as a client saw it; *course_revision* is absent if only the session
    counted, and *version* if any state will do as long as there is a session.
    """

    version: int | None
    course_revision: int | None = None


def require_current(
    seen: Sequence[View] | None, session: Session, course: Course | None = None
) -> None:
    """
    Accept if the client named no view at all, or one that is still current.

    Raises:
        StaleView: What the client decided on has changed, so its decision does not stand.
    """
    if seen is not None and not any(_is_current(view, session, course) for view in seen):
        raise StaleView


def _is_current(view: View, session: Session, course: Course | None) -> bool:
    same_rules = course is None or view.course_revision in (None, course.revision)
    return view.version in (None, session.version) and same_rules
