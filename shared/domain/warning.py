"""What an admin is warned of before Finalize. A warning informs; only a blocker refuses."""

from dataclasses import dataclass
from enum import StrEnum


class WarningSlug(StrEnum):
    """The names of the warnings for programs; they never change."""

    NOBODY_MARKED = "nobody-marked"
    PEOPLE_UNMARKED = "people-unmarked"
    ABSENT_BUT_FAILED = "absent-but-failed"
    SHEET_ENDS_EARLY = "sheet-ends-early"
    SHEET_USED_ELSEWHERE = "sheet-used-elsewhere"
    ALREADY_EXPIRED = "already-expired"
    COURSE_CHANGED = "course-changed"


@dataclass(frozen=True, slots=True)
class GateWarning:
    """
    One warning, in words for the admin. *people* are the ids of those it is about: the first of
    them, if they are many.
    """

    slug: WarningSlug
    detail: str
    people: tuple[str, ...] = ()
