"""
The warnings before Finalize: what nobody should overlook, but an admin may decide.

They are a function of what was read for the decision. Once it is made they are a part of it, and
are not computed again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.course import Course
from shared.domain.days import local_day
from shared.domain.session import OPEN_STATUSES, Attendee, Session, Snapshot
from shared.domain.warning import GateWarning, WarningSlug

# A warning names this many people and sessions; its words say how many there are. Of 10,000 people
# all ids would take a quarter of a megabyte, in the session, its trail and every view.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Gate:
    """All that warnings depend on; *other_uses* are the other sessions with the same sheet."""

    snapshot: Snapshot
    course: Course
    other_uses: Sequence[str]
    now: datetime

    @property
    def session(self) -> Session:
        return self.snapshot.session

    @property
    def attendees(self) -> Sequence[Attendee]:
        return self.snapshot.attendees

    def day_of(self, moment: datetime) -> str:
        """The day of *moment* where the training took place."""
        return local_day(moment, self.session.details.timezone).isoformat()


def warnings_at(gate: Gate) -> tuple[GateWarning, ...]:
    """Every warning, the most grave first."""
    return tuple(found for warn in _WARNINGS if (found := warn(gate)) is not None)


def warnings_shown(gate: Gate) -> tuple[GateWarning, ...]:
    """
    The warnings that a view of the session shows: those there are now, or those there were when it
    was decided. A session that is cancelled has none.
    """
    if gate.session.finalization is not None:
        return gate.session.finalization.warnings
    return warnings_at(gate) if gate.session.status in OPEN_STATUSES else ()


def _unmarked(gate: Gate) -> GateWarning | None:
    found = [attendee for attendee in gate.attendees if not attendee.was_marked]
    if not found:
        return None
    if len(found) == len(gate.attendees):
        return _about(
            WarningSlug.NOBODY_MARKED,
            f"Nobody on the list was ever marked: {_count(len(found))} would count as absent and "
            "get no record. Mark who was there, as the sheet has it.",
            found,
        )
    return _about(
        WarningSlug.PEOPLE_UNMARKED,
        f"{len(found)} of {_count(len(gate.attendees))} on the list "
        f"{'was' if len(found) == 1 else 'were'} never marked: they would count as absent and get "
        "no record. Mark them, or make sure that they were absent.",
        found,
    )


def _absent_but_failed(gate: Gate) -> GateWarning | None:
    found = [one for one in gate.attendees if not one.is_present and not one.has_passed]
    if not found:
        return None
    return _about(
        WarningSlug.ABSENT_BUT_FAILED,
        f"{_count(len(found))} marked as failed and absent would get no record of having failed. "
        "If they were there, mark them present.",
        found,
    )


def _sheet_ends_early(gate: Gate) -> GateWarning | None:
    if gate.session.sheet is None or not gate.session.sheet.ends_early:
        return None
    return GateWarning(
        WarningSlug.SHEET_ENDS_EARLY,
        "The file of the sheet ends early: its last part is missing. "
        "Open it, and upload the sheet again if a part of it cannot be seen.",
    )


def _sheet_used_elsewhere(gate: Gate) -> GateWarning | None:
    if gate.session.sheet is None or not gate.other_uses:
        return None
    others = sorted(gate.other_uses)
    named = ", ".join(others[:MOST_NAMED])
    more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    return GateWarning(
        WarningSlug.SHEET_USED_ELSEWHERE,
        f"The same sheet was also handed in for other sessions: {named}{more}. "
        "Make sure that it is the sheet of this one.",
    )


def _already_expired(gate: Gate) -> GateWarning | None:
    if not gate.session.has_taken_place(gate.now):
        return None
    last_day = gate.course.last_day(gate.session.details.days.last)
    passes = any(one.is_present and one.has_passed for one in gate.attendees)
    if last_day is None or not passes or last_day.isoformat() >= gate.day_of(gate.now):
        return None
    return GateWarning(
        WarningSlug.ALREADY_EXPIRED,
        f"The records would be expired already: they are valid through {last_day}, and cover "
        "nobody today. Check the dates of the session and the validity of its course.",
    )


def _course_changed(gate: Gate) -> GateWarning | None:
    changed_at = gate.course.changed_at
    if changed_at is None or changed_at <= gate.session.details.starts_at:
        return None
    return GateWarning(
        WarningSlug.COURSE_CHANGED,
        f"The rules of the course were changed on {gate.day_of(changed_at)}, after the training "
        f"had begun. The records would follow the rules of today: {_rules(gate.course)}.",
    )


# The most grave first.
_WARNINGS: tuple[Callable[[Gate], GateWarning | None], ...] = (
    _unmarked,
    _absent_but_failed,
    _sheet_ends_early,
    _sheet_used_elsewhere,
    _already_expired,
    _course_changed,
)


def _about(slug: WarningSlug, detail: str, people: Sequence[Attendee]) -> GateWarning:
    """A warning that names the first of *people* in the order of the paper sheet."""
    in_order = sorted(people, key=lambda one: one.sheet_order)
    return GateWarning(slug, detail, tuple(one.personnel_id for one in in_order[:MOST_NAMED]))


def _count(number: int, one: str = "person", many: str = "people") -> str:
    return f"{number} {one if number == 1 else many}"


def _rules(course: Course) -> str:
    version = f"version {course.version}" if course.version else "no version"
    months = course.validity.months if course.validity else None
    lasts = "without expiry" if months is None else f"valid for {_count(months, 'month', 'months')}"
    kind = "competencies to be verified" if course.requires_verify else "training records"
    return f"{version}, {lasts}, {kind}"
