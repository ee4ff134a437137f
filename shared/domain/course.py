"""A course: the rules its sessions' records depend on."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.domain.audit import GENESIS
from shared.domain.validity import Validity


@dataclass(frozen=True, slots=True)
class Course:
    """
    The rules a session's records follow.

    *validity* None means that a pass never expires; *retention_years* None means that evidence is
    kept for the company's general period. *revision* counts every change of the course, so that a
    client that saw older rules is detected. *changed_at* is the moment of the last change; None if
    the rules are those it was registered with, or older than its trail. *audit_head* is the SHA-256
    of the last entry of that trail.
    """

    course_id: str
    title: str
    requires_verify: bool
    version: str | None = None
    validity: Validity | None = None
    retention_years: int | None = None
    revision: int = 0
    changed_at: datetime | None = None
    audit_head: str = GENESIS

    def last_day(self, start: date) -> date | None:
        """The last day a pass of *start* counts; None if it never expires."""
        return self.validity.last_day(start) if self.validity else None
