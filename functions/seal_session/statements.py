"""
What there was to warn of when a session was decided, as a statement of what was so.

The words that the admin was shown, which ask for something, are in the manifest. A statement is
made of the facts that stand there too; where there are none, as of a warning that only a later
version knows, the admin's words stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from functions.seal_session.clocks import moment
from shared.domain.warning import WarningSlug

Json: TypeAlias = Mapping[str, Any]

# The warning whose facts are in its words alone: what these say, and how they end.
_SHARED, _WAS_SHARED = "The same sheet was also", "The same sheet had also been"
_ASKED = " Make sure that it is the sheet of this one."


@dataclass(frozen=True, slots=True)
class _Told:
    """A warning, and the manifest it stands in."""

    warning: Json
    decided: Json

    @property
    def people(self) -> list[Json]:
        """All those whom it is about; the warning itself names the first of them."""
        concerns = _CONCERNS.get(self.warning["slug"])
        return [one for one in self.decided["attendees"] if concerns and concerns(one)]

    @property
    def number(self) -> str:
        return _count(len(self.people), "person", "people")


def statement(warning: Json, decided: Json) -> str:
    """What was so, in the past."""
    words = _STATEMENTS.get(warning["slug"])
    return (words(_Told(warning, decided)) if words else None) or str(warning["detail"])


def about(warning: Json, decided: Json) -> list[str]:
    """The names and ids of those whom a warning names, and how many more there were."""
    names = {one["personnelId"]: one["name"] for one in decided["attendees"]}
    named = [one for one in warning["people"] if one in names]
    more = len(_Told(warning, decided).people) - len(named)
    ends = [","] * (len(named) - 1) + [f", and {more} more" if more > 0 else ""]
    both = zip(named, ends, strict=False)
    return [part for one, end in both for part in (names[one], f"({one}){end}")]


def _is_unmarked(person: Json) -> bool:
    return not person.get("isMarked", True)


def is_lost(person: Json) -> bool:
    """Whether somebody was marked as failed and absent, of which no record tells."""
    return not person["isPresent"] and not person["hasPassed"]


def _nobody_marked(told: _Told) -> str | None:
    if not told.people:
        return None
    return f"Nobody on the list had been marked: {told.number} counted as absent, without a record."


def _people_unmarked(told: _Told) -> str | None:
    if not told.people:
        return None
    everybody = _count(len(told.decided["attendees"]), "person", "people")
    return (
        f"{len(told.people)} of {everybody} on the list had never been marked, and counted as "
        "absent, without a record."
    )


def _absent_but_failed(told: _Told) -> str | None:
    if not told.people:
        return None
    return f"{told.number} had been marked as failed and as absent: no record tells of a failure."


def _sheet_ends_early(_: _Told) -> str:
    return "The file of the sheet ended early: its last part was missing."


def _sheet_used_elsewhere(told: _Told) -> str:
    said = str(told.warning["detail"])
    return said.removesuffix(_ASKED).replace(_SHARED, _WAS_SHARED, 1)


def _already_expired(told: _Told) -> str | None:
    passed = [one for one in told.decided["records"] if one["result"] == "PASSED"]
    last = max((one["expiryDate"] for one in passed if one["expiryDate"]), default=None)
    return (
        last and f"The records had expired when they were written: the last valid day was {last}."
    )


def _course_changed(told: _Told) -> str | None:
    course, zone = told.decided["course"], told.decided["session"]["timezone"]
    if "changedAt" not in course:
        return None
    months = course.get("validityMonths")
    lasts = f"a validity of {_count(months, 'month', 'months')}" if months else "no expiry"
    kind = "competencies to be verified" if course["requiresVerify"] else "training records"
    return (
        f"The rules of the course had been changed {moment(course['changedAt'], zone)}, after the "
        f"training had begun. The records followed the changed rules: {kind}, {lasts}."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


_CONCERNS: Mapping[str, Callable[[Json], bool]] = {
    WarningSlug.NOBODY_MARKED: _is_unmarked,
    WarningSlug.PEOPLE_UNMARKED: _is_unmarked,
    WarningSlug.ABSENT_BUT_FAILED: is_lost,
}
_STATEMENTS: Mapping[str, Callable[[_Told], str | None]] = {
    WarningSlug.NOBODY_MARKED: _nobody_marked,
    WarningSlug.PEOPLE_UNMARKED: _people_unmarked,
    WarningSlug.ABSENT_BUT_FAILED: _absent_but_failed,
    WarningSlug.SHEET_ENDS_EARLY: _sheet_ends_early,
    WarningSlug.SHEET_USED_ELSEWHERE: _sheet_used_elsewhere,
    WarningSlug.ALREADY_EXPIRED: _already_expired,
    WarningSlug.COURSE_CHANGED: _course_changed,
}
