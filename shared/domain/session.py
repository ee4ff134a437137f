"""A training session, its attendees, and which changes its state allows."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.course import Course
from shared.domain.days import TrainingDays, local_day, training_days
from shared.domain.errors import (
    FinalizationInProgress,
    SessionAlreadyFinalized,
    SessionCancelled,
    SessionNotFinalized,
)
from shared.domain.evidence import EvidenceState, Rejection, Sheet, Upload, evidence_state
from shared.domain.people import Person
from shared.domain.release import Release
from shared.domain.warning import GateWarning, WarningSlug


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
    """The trainer; regulators ask for name and qualification (29 CFR 1910.1030(h)(2))."""

    id: str
    name: str
    qualification: str | None = None


# The names of a row's fields with their punctuation and its marks: 122 bytes, and room for more.
_ROW_BYTES = 150
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def sheet_order(name: str, personnel_id: str) -> tuple[str, str]:
    """People in this order stand as on the paper sheet."""
    return name.casefold(), personnel_id


@dataclass(frozen=True, slots=True)
class Attendee:
    """
    A person on the roster with their marks, which begin as absent and passed (spec §2).

    *revision* counts the changes of this row; see `Snapshot.is_whole`. *is_marked* tells who was
    marked absent from who was not marked yet; None in rows of the first release, which did not say.
    """

    personnel_id: str
    name: str
    job_title: str | None = None
    is_present: bool = False
    has_passed: bool = True
    remarks: str | None = None
    revision: int = 1
    is_marked: bool | None = None

    @property
    def was_marked(self) -> bool:
        """
        True if somebody marked this person.

        A row of the first release was not marked if it shows no mark and nobody has changed it
        since its session was made (revision 1). Any other counts as marked: what is said of it is
        signed, and must not be wrong.
        """
        if self.is_marked is not None:
            return self.is_marked
        shows_marks = self.is_present or not self.has_passed or self.remarks is not None
        return shows_marks or self.revision > 1

    @property
    def fingerprint(self) -> int:
        """A hash of this person's id and revision."""
        row = f"{self.personnel_id}#{self.revision}".encode()
        return int.from_bytes(hashlib.blake2b(row, digest_size=7).digest(), "big")

    @property
    def sheet_order(self) -> tuple[str, str]:
        return sheet_order(self.name, self.personnel_id)

    @property
    def bytes(self) -> int:
        """What this row adds to an answer at most: its texts as JSON in UTF-8, and its names."""
        texts = (self.personnel_id, self.name, self.job_title or "", self.remarks or "")
        return _ROW_BYTES + sum(len(_as_json(text).encode()) for text in texts)


@dataclass(frozen=True, slots=True)
class Counts:
    """What finalizing writes, or wrote."""

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
    The decision that locked a session: who, when, under which course rules, with which result.

    *request_key* is the client's Idempotency-Key; a repeat with it gets the first answer.
    *audit_head* is the last audit entry before the decision. *manifest_sha256* is the hash of the
    manifest as *manifest_version* writes it. *warnings* are those there were at that moment,
    *acknowledged* the ones of them that the client says a person has seen. *release* is the
    software that decided; earlier ones did not say which they were.
    """

    finalization_id: str
    request_id: str
    finalized_at: datetime
    finalized_by: Person
    course: Course
    counts: Counts
    audit_head: str
    manifest_version: int
    request_key: str | None = None
    manifest_sha256: str = ""
    warnings: tuple[GateWarning, ...] = ()
    acknowledged: tuple[WarningSlug, ...] = ()
    release: Release | None = None

    @property
    def is_of_first_release(self) -> bool:
        """That release wrote manifests of version 1, and knew no witness, summary or time stamp."""
        return self.manifest_version == 1


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """The plan of a session: course, time, place and trainer."""

    course_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    trainer: Trainer
    location: str | None = None

    @property
    def days(self) -> TrainingDays:
        """The days on which the training took place, where it took place."""
        return training_days(self.starts_at, self.ends_at, self.timezone)


@dataclass(frozen=True, slots=True)
class Session:
    """
    A session as stored.

    Every accepted change adds 1 to *version* (the optimistic lock) and sets *audit_head* to the
    SHA-256 of its audit entry. *attendance_sum* is the sum of the fingerprints of all
    *roster_count* attendees, *roster_bytes* that of their rows; None: nobody added it up yet.
    *roster_change* names a replacement of the roster that is not complete yet.
    """

    session_id: str
    details: SessionDetails
    status: SessionStatus
    version: int
    audit_head: str
    roster_count: int = 0
    attendance_sum: int = 0
    roster_bytes: int | None = None
    roster_change: str | None = None
    sheet: Sheet | None = None
    pending: Upload | None = None
    rejection: Rejection | None = None
    finalization: Finalization | None = None

    def has_taken_place(self, now: datetime) -> bool:
        """
        True from its last day on, once it has started. A class that is let go early on its last
        day need not wait for the planned end.
        """
        details = self.details
        return details.starts_at <= now and details.days.last <= local_day(now, details.timezone)

    def checking(self, now: datetime) -> bool:
        """True while an upload is being checked."""
        return self.pending is not None and self.pending.still_checked(now)

    def evidence_state(self, now: datetime) -> EvidenceState:
        """The state of the latest upload; an earlier accepted sheet stays in force meanwhile."""
        accepted = self.sheet.upload_id if self.sheet else None
        return evidence_state(accepted, self.pending, self.rejection, now)

    def decided(self) -> "DecidedSession":
        """
        This session with its decision and the sheet that the decision is based on.

        Raises:
            SessionNotFinalized: There is no decision yet.
        """
        if self.finalization is None or self.sheet is None:
            raise SessionNotFinalized
        return DecidedSession(self, self.sheet, self.finalization)

    def completed(self) -> "DecidedSession":
        """
        As `decided`, once all records of the decision count.

        Raises:
            SessionNotFinalized: They do not count yet.
        """
        if self.status is not SessionStatus.COMPLETED:
            raise SessionNotFinalized
        return self.decided()

    def require_unlocked(self) -> None:
        """
        Raises:
            SessionAlreadyFinalized, FinalizationInProgress: A locked session does not change any
                more (spec §1).
        """
        if self.status is SessionStatus.COMPLETED:
            raise SessionAlreadyFinalized
        if self.status is SessionStatus.FINALIZING:
            raise FinalizationInProgress

    def require_open(self) -> None:
        """
        Raises:
            SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: Only a session that
                is planned or under way takes sheets and attendance (DESIGN §5.4).
        """
        self.require_unlocked()
        if self.status is SessionStatus.CANCELLED:
            raise SessionCancelled


@dataclass(frozen=True, slots=True)
class DecidedSession:
    """A session with the decision to finalize it, and the sheet that decision is based on."""

    session: Session
    sheet: Sheet
    decision: Finalization


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A session and its attendees, read together."""

    session: Session
    attendees: tuple[Attendee, ...]

    @property
    def is_whole(self) -> bool:
        """
        True if every accepted attendance change is in this snapshot.

        A read may see the session of an accepted change without its attendees. Each change adds to
        the session's sum what it adds to the fingerprints of its rows, so equal sums prove the read
        whole. Sums of plain revisions would not: a person who joins and one who leaves cancel out.
        """
        found = sum(attendee.fingerprint for attendee in self.attendees)
        return (
            len(self.attendees) == self.session.roster_count
            and found == self.session.attendance_sum
        )


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session as one line of a list; *position* is where it stands in that list."""

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
        """The state of the latest upload, so that a list shows which sheets need attention."""
        return evidence_state(self.sheet_upload_id, self.pending, self.rejection, now)
