"""
Every refusal the product knows, as data.

    TrainingError
    ├── InvalidRequest                  the request itself cannot be carried out
    │   ├── UnknownAttendees            people who are not on the roster
    │   └── EvidenceMissing             finalize needs the signed sheet first
    ├── Forbidden                       the role does not allow it
    ├── NotFound                        no such session, or no sheet yet
    ├── Refused                         the state of the session forbids it
    │   ├── SessionCancelled
    │   ├── SessionFinalized
    │   ├── FinalizationInProgress
    │   ├── EvidenceBeingChecked
    │   ├── RosterIncomplete
    │   ├── SessionNotFinalized         only a finalized session can be verified
    │   └── SealPending                 only a signed one can be handed out
    ├── StaleView                       the caller decided on an outdated view
    ├── EvidenceTooLarge
    ├── UnsupportedEvidence
    └── Busy                            contention or throttling outlasted the retries

`slug` names the refusal for programs and never changes; the text is for the person who
meets it and says what to do next. HTTP statuses are assigned in `shared.runtime.problems`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """
    One thing wrong with one field; *pointer* is an RFC 6901 JSON pointer into the body.
    """

    pointer: str
    detail: str


class TrainingError(Exception):
    """
    A refusal with a stable slug, a short title, and a text that tells a person what to do.
    """

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
    """
    The request is well formed, but the session's state forbids it.
    """


class SessionCancelled(Refused):
    slug = "session-cancelled"
    title = "Session Cancelled"

    def __init__(self) -> None:
        super().__init__(
            "The session is cancelled: it takes no sheet, no attendance and no finalizing. "
            "If it did take place, set its status back first."
        )


class SessionFinalized(Refused):
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
            "A newer attendance sheet was uploaded and is still being checked. "
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
            "The session is finalized, but its manifest is not signed yet. "
            "That takes a few seconds; try again in a minute."
        )


class StaleView(TrainingError):
    slug = "stale-view"
    title = "Stale View"

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed the session after you opened it. Nothing was saved. "
            "Load the session again, look at the changes and repeat."
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

    def __init__(self) -> None:
        super().__init__(
            "Too many people are working on this session at the same moment. "
            "Nothing is lost; try again in a few seconds."
        )
