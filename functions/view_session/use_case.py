"""
Looking at sessions: the list, one session with its finalization preview, its records, its sheet.
"""

from dataclasses import dataclass

from shared.domain.contention import Pause
from shared.domain.course import Course
from shared.domain.errors import NotFound
from shared.domain.evidence import Sheet
from shared.domain.ports import CourseStore, RecordStore, SessionStore
from shared.domain.records import Record
from shared.domain.session import Session, SessionStatus, Snapshot
from shared.domain.sheets import SheetUses
from shared.finalization.snapshot import whole_snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """
    How many records to show, from behind which person.
    """

    limit: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class RecordsView:
    """
    Records in the order of the people's ids; the next page begins behind the person *after*.

    *missing* are the people who were given a record when the session was completed, and have none.
    """

    records: list[Record]
    missing: list[str]
    after: str | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """
    A session with the course rules that apply to it: those of the finalization once there is one.

    *written* counts the records of a session that is being finalized.
    """

    snapshot: Snapshot
    course: Course
    written: int | None


def view_session(
    session_id: str,
    sessions: SessionStore,
    courses: CourseStore,
    records: RecordStore,
    pause: Pause,
) -> SessionView:
    """
    Read the session whole, so that the preview counts exactly what Finalize would write.

    Raises:
        NotFound: There is no such session.
        Busy: Changes keep coming faster than they can be read.
    """
    snapshot = whole_snapshot(session_id, sessions, pause)
    decision = snapshot.session.finalization
    course = decision.course if decision else courses.load(snapshot.session.details.course_id)
    return SessionView(snapshot, course, _written(snapshot, records))


def other_uses(session: Session, uses: SheetUses) -> list[str]:
    """
    The other sessions for which the very bytes of this session's sheet were accepted too.
    """
    if session.sheet is None:
        return []
    return [other for other in uses.sessions(session.sheet.sha256) if other != session.session_id]


def view_sheet(session_id: str, sessions: SessionStore) -> Sheet:
    """
    The accepted sheet of the session.

    Raises:
        NotFound: There is no such session, or no sheet was accepted yet.
    """
    sheet = sessions.load(session_id).sheet
    if sheet is None:
        raise NotFound("This session has no accepted attendance sheet yet.")
    return sheet


def view_records(
    session_id: str,
    page: Page,
    sessions: SessionStore,
    records: RecordStore,
    pause: Pause,
) -> RecordsView:
    """
    A page of the records of a session, compared with the people who were present.

    A session shows none of its records before it is completed, and all of them from then on: its
    roster is read whole, and there is no second page of a session that has no first.

    Raises:
        NotFound: There is no such session.
        Busy: Changes keep coming faster than they can be read.
    """
    snapshot = whole_snapshot(session_id, sessions, pause)
    if snapshot.session.status is not SessionStatus.COMPLETED:
        return RecordsView([], [], None)
    people = [person for person in _present(snapshot) if person > page.after]
    shown = people[: page.limit]
    found = records.of_session(snapshot.session, shown)
    have_one = {record.personnel_id for record in found}
    return RecordsView(
        records=found,
        missing=[person for person in shown if person not in have_one],
        after=shown[-1] if len(people) > page.limit else None,
    )


def _written(snapshot: Snapshot, records: RecordStore) -> int | None:
    if snapshot.session.status is not SessionStatus.FINALIZING:
        return None
    return records.written(snapshot.session, _present(snapshot))


def _present(snapshot: Snapshot) -> list[str]:
    return sorted(attendee.personnel_id for attendee in snapshot.attendees if attendee.is_present)
