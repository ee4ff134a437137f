"""
The trail of a course: who changed which of its rules, when, from what to what.

They decide every expiry. As with sessions, an entry is written in the transaction of its change and
holds the SHA-256 of the entry before it; its number is the revision that the change made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

from shared.domain.audit import GENESIS, Action, ChangeContext, changes_of, content_of
from shared.domain.canonical import Json, canonical, moment, sha256
from shared.domain.course import Course
from shared.domain.names import shown
from shared.domain.session import Finalization

# Two functions' clocks are compared.
_BETWEEN_CLOCKS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """
    One change of a course. *content* is its canonical JSON, *sha256* the hash of that, *origin* as
    in a session's trail.
    """

    course_id: str
    sequence: int
    content: str
    sha256: str
    origin: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CourseChange:
    """A course before (None: it is new) and after, and the entry; saved together or not at all."""

    before: Course | None
    after: Course
    entry: CourseEntry


def course_change(
    before: Course | None, wanted: Course, change: ChangeContext
) -> CourseChange | None:
    """
    The change from *before* (None: there is no such course) to the rules of *wanted*; None if they
    are in force already.
    """
    base = before or Course(wanted.course_id, wanted.title, wanted.requires_verify)
    rules = replace(
        wanted, revision=base.revision, changed_at=base.changed_at, audit_head=base.audit_head
    )
    if rules == before:
        return None
    entry = _entry(before, rules, change)
    after = replace(
        rules,
        revision=entry.sequence,
        changed_at=change.at if before else None,
        audit_head=entry.sha256,
    )
    return CourseChange(before, after, entry)


def _entry(before: Course | None, after: Course, change: ChangeContext) -> CourseEntry:
    sequence = after.revision + 1
    content = canonical(
        {
            "entryVersion": 2,
            "release": change.release.version,
            "courseId": after.course_id,
            "sequence": sequence,
            "previous": after.audit_head,
            "action": Action.REGISTERED,
            "at": moment(change.at),
            "by": {"id": change.by.id, "name": change.by.name},
            "requestId": change.request_id,
            "changes": _changes(_rules(before), _rules(after)),
        }
    )
    return CourseEntry(after.course_id, sequence, content.decode(), sha256(content))


def _changes(old: dict[str, Json], new: dict[str, Json]) -> list[Json]:
    """The changed rules in the form of a session's trail, where the subject may be a person."""
    return [
        {"subject": "", "field": name, "old": old.get(name), "new": value}
        for name, value in new.items()
        if old.get(name) != value
    ]


def _rules(course: Course | None) -> dict[str, Json]:
    if course is None:
        return {}
    return {
        "title": course.title,
        "requiresVerify": course.requires_verify,
        "version": course.version,
        "validityMonths": course.validity.months if course.validity else None,
        "retentionYears": course.retention_years,
    }


def rules_faults(decision: Finalization, entries: Sequence[CourseEntry]) -> list[str]:
    """
    Say where the rules of a *decision* are not those that the course's trail tells of then.

    Whoever bends a course while a session is finalized, and puts it back, leaves no entry of it. A
    course of the first release had no trail: what its trail does not tell is not compared.
    """
    course = decision.course
    until = [entry for entry in entries if entry.sequence <= course.revision]
    return [
        *_other_end(course, until),
        *_gaps(until),
        *_other_rules(course, until),
        *_older_rules(decision, entries[len(until) :]),
    ]


def _other_end(course: Course, until: Sequence[CourseEntry]) -> Iterator[str]:
    last = until[-1] if until else None
    if (last.sha256 if last else GENESIS) != course.audit_head:
        yield f"the course's trail has no entry of revision {course.revision} as it was decided by"
    elif last and last.sequence != course.revision:
        yield f"the course's trail ends at revision {last.sequence}, not {course.revision}"


def _gaps(until: Sequence[CourseEntry]) -> Iterator[str]:
    for entry in until:
        if sha256(entry.content.encode()) != entry.sha256:
            yield f"entry {entry.sequence} of the course's trail was changed"
    for before, entry in pairwise(until):
        follows = content_of(entry.content).get("previous") == before.sha256
        if not follows or entry.sequence != before.sequence + 1:
            yield f"entry {entry.sequence} of the course's trail does not follow the one before it"


def _other_rules(course: Course, until: Sequence[CourseEntry]) -> Iterator[str]:
    told: dict[str, Json] = {}
    for entry in until:
        told |= _told_by(entry)
    is_told_from_the_start = bool(until) and until[0].sequence == 1
    for name, value in _rules(course).items():
        if (name in told or is_told_from_the_start) and told.get(name) != value:
            yield (
                f"the course's {name}: its trail tells {shown(told.get(name))}, "
                f"the decision {shown(value)}"
            )


def _told_by(entry: CourseEntry) -> dict[str, Json]:
    return {str(one.get("field")): one.get("new") for one in changes_of(entry.content)}


def _older_rules(decision: Finalization, later: Sequence[CourseEntry]) -> Iterator[str]:
    """Rules that were not in force any more, put back by hand."""
    until = moment(decision.finalized_at - _BETWEEN_CLOCKS)
    for entry in later:
        at = content_of(entry.content).get("at")
        if isinstance(at, str) and at < until:
            yield f"the course had revision {entry.sequence} when this was decided by an older one"
