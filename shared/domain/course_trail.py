"""
The trail of a course: who changed which of its rules, when, from what to what.

They decide every expiry. As with sessions, an entry is written in the transaction of its change and
holds the SHA-256 of the entry before it; its number is the revision that the change made.
"""

from dataclasses import dataclass, field, replace

from shared.domain.audit import Action, ChangeContext
from shared.domain.canonical import Json, canonical, moment, sha256
from shared.domain.course import Course


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
