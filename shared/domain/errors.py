"""
Every refusal of the product: one tree of exceptions.

    TrainingError
    ├── InvalidRequest                  the request itself cannot be carried out
    │   ├── UnknownAttendees            people who are not on the roster
    │   ├── RosterTooLarge              a roster with more text than one answer can show
    │   └── EvidenceMissing             finalize needs the signed sheet first
    ├── Forbidden                       the role does not allow it
    ├── NotFound                        no such session, or no sheet yet
    ├── Refused                         the state of the session forbids it
    │   ├── SessionCancelled
    │   ├── SessionAlreadyFinalized
    │   ├── FinalizationInProgress
    │   ├── EvidenceBeingChecked
    │   ├── RosterIncomplete
    │   ├── SessionNotOver              what has not taken place has no results
    │   ├── SessionNotFinalized         only a finalized session can be verified
    │   └── SealPending                 only a signed one can be verified and handed out
    ├── StaleView                       the client's expected version is outdated
    │   ├── SessionExists               the client expects that there is none
    │   ├── StaleCourse                 the same of a course
    │   └── CourseExists
    ├── TrailTaken                      an entry that no change wrote stands in the way of the next
    ├── AnswerTooLarge                  for a client that takes no compressed answers
    ├── EvidenceTooLarge
    ├── UnsupportedEvidence
    └── Busy                            too many people changed the same at once
        ├── ServiceUnavailable          AWS gives no answer, or throttles
        └── SavedInPart                 the time of one request was over before all was saved

`slug` names the refusal for programs and never changes. The text is for a person and says what to
do next. HTTP statuses are assigned in `shared.runtime.problems`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field; *pointer* is an RFC 6901 JSON pointer into the body."""

    pointer: str
    detail: str


class TrainingError(Exception):
    """A refusal with a stable slug, a short title, and a text that tells a person what to do."""

    slug: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidRequest(TrainingError):
    slug = "invalid-request"
    title = "Invalid Request"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.errors = tuple(errors)


class UnknownAttendees(InvalidRequest):
    slug = "unknown-attendees"
    title = "Unknown Attendees"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(
            f"{len(errors)} of the people named are not on this session's roster. "
            "Nothing was saved. Correct the ids, or add the people to the roster first.",
            errors,
        )


class RosterTooLarge(InvalidRequest):
    slug = "roster-too-large"
    title = "Roster Too Large"

    def __init__(self, wanted: int, most: int) -> None:
        super().__init__(
            f"The roster's ids, names, job titles and remarks would have {wanted:,} bytes "
            f"together, and {most:,} is the most that can be read again. "
            "Shorten the longest remarks, or split the session.",
            [FieldError("/attendees", f"more than {most:,} bytes together")],
        )


class EvidenceMissing(InvalidRequest):
    slug = "evidence-missing"
    title = "Evidence Missing"

    def __init__(self) -> None:
        super().__init__("Upload the signed attendance sheet before finalizing the session.")


class Forbidden(TrainingError):
    slug = "forbidden"
    title = "Forbidden"


class NotFound(TrainingError):
    slug = "not-found"
    title = "Not Found"


class Refused(TrainingError):
    """The request is well formed, but the session's state forbids it."""


class SessionCancelled(Refused):
    slug = "session-cancelled"
    title = "Session Cancelled"

    def __init__(self) -> None:
        super().__init__(
            "The session is cancelled: it takes no sheet, no attendance and no finalizing. "
            "If it did take place, set its status back first."
        )


class SessionAlreadyFinalized(Refused):
    slug = "session-finalized"
    title = "Session Already Finalized"

    def __init__(self) -> None:
        super().__init__(
            "The session is finalized and its records are legal documents: "
            "it can no longer be changed."
        )


class FinalizationInProgress(Refused):
    slug = "finalization-in-progress"
    title = "Finalization In Progress"

    def __init__(self) -> None:
        super().__init__(
            "The session is being finalized right now and can no longer be changed. "
            "Its records appear as soon as they are complete."
        )


class EvidenceBeingChecked(Refused):
    slug = "evidence-being-checked"
    title = "Evidence Being Checked"

    def __init__(self) -> None:
        super().__init__(
            "The attendance sheet that was uploaded last is still being checked. "
            "Try again in a minute."
        )


class RosterIncomplete(Refused):
    slug = "roster-incomplete"
    title = "Roster Incomplete"

    def __init__(self) -> None:
        super().__init__(
            "A replacement of the roster was interrupted half-way. "
            "Send the complete session once more (PUT), then finalize."
        )


class SessionNotOver(Refused):
    slug = "session-not-over"
    title = "Session Not Over"

    def __init__(self, last_day: date, time_zone: str) -> None:
        super().__init__(
            "The session has not taken place yet. It can be finalized on its last day, "
            f"{last_day} ({time_zone}), once it has started. "
            "If it ended early, an admin sets its end to when it did (PUT); then finalize."
        )


class SessionNotFinalized(Refused):
    slug = "session-not-finalized"
    title = "Session Not Finalized"

    def __init__(self) -> None:
        super().__init__(
            "The session is not finalized yet, so nothing about it is final that could be "
            "verified. Finalize it first."
        )


class SealPending(Refused):
    slug = "seal-pending"
    title = "Seal Pending"

    def __init__(self) -> None:
        super().__init__(
            "The session is finalized, but its seal or the witness's copy is not complete yet. "
            "That takes a few seconds; try again in a minute."
        )


class StaleView(TrainingError):
    slug = "stale-view"
    title = "Stale View"

    def __init__(
        self,
        detail: str = "Somebody changed the session after you opened it. Nothing was saved. "
        "Load the session again, look at the changes and repeat.",
    ) -> None:
        super().__init__(detail)


class SessionExists(StaleView):
    """The request holds only where the session is not as it is (If-None-Match)."""

    slug = "session-exists"
    title = "Session Exists"

    def __init__(self) -> None:
        super().__init__(
            "There is such a session already, and If-None-Match forbids to change it. Nothing was "
            "saved. Choose another id, or load the session and name its ETag in If-Match.",
        )


class StaleCourse(StaleView):
    slug = "stale-course"
    title = "Stale Course"

    def __init__(self) -> None:
        super().__init__(
            "The course is not at the revision named in If-Match. Nothing was saved. "
            "Look at its trail, and send the rules again under the ETag of the last change.",
        )


class CourseExists(StaleView):
    slug = "course-exists"
    title = "Course Exists"

    def __init__(self) -> None:
        super().__init__(
            "There is such a course already, and If-None-Match forbids to change it. Nothing was "
            "saved. Choose another id, or send the rules without this condition.",
        )


class TrailTaken(TrainingError):
    """
    The number of the next entry is taken, although no change of the session took it: somebody went
    past the product. Trying again does not help.
    """

    slug = "trail-taken"
    title = "Trail Taken"

    def __init__(self) -> None:
        super().__init__(
            "In the history of this session there is an entry that no change of the session wrote, "
            "and nothing can be changed beside it. Nothing was saved. Give support the request id: "
            "somebody has to find out who wrote that entry."
        )


class AnswerTooLarge(TrainingError):
    slug = "answer-too-large"
    title = "Answer Too Large"

    def __init__(self) -> None:
        super().__init__(
            "The answer is too large to be sent uncompressed. Ask again with the headers "
            "Accept: application/json and Accept-Encoding: gzip, or for fewer entries (limit)."
        )


class EvidenceTooLarge(TrainingError):
    slug = "evidence-too-large"
    title = "Evidence Too Large"


class UnsupportedEvidence(TrainingError):
    slug = "unsupported-evidence"
    title = "Unsupported Evidence"


class Busy(TrainingError):
    slug = "busy"
    title = "Busy"

    def __init__(
        self,
        detail: str = "Too many people are working on this session at the same moment. "
        "Nothing is lost; try again in a few seconds.",
    ) -> None:
        super().__init__(detail)


class ServiceUnavailable(Busy):
    """
    A service that is needed is out of reach, throttled or too slow: not a matter of people, and
    somebody has to look at it.
    """

    slug = "service-unavailable"
    title = "Service Unavailable"

    def __init__(
        self,
        detail: str = "A service that the records are kept in does not answer at the moment. "
        "Nothing is lost; try again in a few seconds.",
    ) -> None:
        super().__init__(detail)


class SavedInPart(Busy):
    """
    Saved are *saved* of the *total* rows, in the order they were sent; the session has *version*
    now, or there is none yet.
    """

    slug = "saved-in-part"
    title = "Saved In Part"

    def __init__(self, saved: int, total: int, version: int | None) -> None:
        super().__init__(
            f"The time of one request was over when {saved:,} of {total:,} rows were saved. "
            "Send the same request again, with the ETag of this answer if it had an If-Match: "
            "what is saved stays, and the rest is added. The session waits for the rest.",
        )
        self.saved = saved
        self.version = version
