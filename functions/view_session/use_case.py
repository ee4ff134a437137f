"""Reading sessions: one with its finalization preview, its records, and its sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.application.other_uses import other_uses
from shared.application.ports.evidence import SheetUses
from shared.application.ports.records import RecordStore
from shared.application.ports.sessions import CourseStore, SessionStore
from shared.application.retry import Pause
from shared.application.snapshot import whole_snapshot
from shared.domain.course import Course
from shared.domain.errors import NotFound
from shared.domain.evidence import Sheet
from shared.domain.records import Record
from shared.domain.session import Session, SessionStatus, Snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """
    How many records to return, after which person to begin, and how many of some records fit an
    answer.
    """

    limit: int
    after: str = ""
    fitting: Callable[[Sequence[Record]], int] = len

    def cut(self, people: list[str], found: Sequence[Record]) -> list[str]:
        """Those of *people* whose records fit, with those before them who have none."""
        fit = self.fitting(found)
        if fit == len(found):
            return people
        return [person for person in people if person < found[fit].personnel_id]


@dataclass(frozen=True, slots=True)
class RecordsView:
    """
    Records in the order of the people's ids; the next page begins after the person *after*.

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


@dataclass(frozen=True, slots=True)
class Outline:
    """A session with its course, and the other sessions its sheet was accepted for."""

    session: Session
    course: Course
    other_uses: Sequence[str]


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
        Busy: It changed during every attempt to read it.
    """
    snapshot = whole_snapshot(session_id, sessions, pause)
    return SessionView(snapshot, _course(snapshot.session, courses), _written(snapshot, records))


def outline(
    session_id: str, sessions: SessionStore, courses: CourseStore, uses: SheetUses
) -> Outline:
    """
    What tells one view of the session from another, without its roster.

    Raises:
        NotFound: There is no such session.
    """
    session = sessions.load(session_id)
    return Outline(session, _course(session, courses), other_uses(session, uses))


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

    None of the records is shown before the session is completed, and all of them after that, so the
    roster is read whole for each page.

    Raises:
        NotFound: There is no such session.
        Busy: The session changed during every attempt to read it.
    """
    snapshot = whole_snapshot(session_id, sessions, pause)
    if snapshot.session.status is not SessionStatus.COMPLETED:
        return RecordsView([], [], None)
    people = [person for person in _present(snapshot) if person > page.after]
    shown = people[: page.limit]
    found = records.of_session(snapshot.session, shown)
    have_one = {record.personnel_id for record in found}
    shown = page.cut(shown, found)
    return RecordsView(
        records=[record for record in found if record.personnel_id <= shown[-1]],
        missing=[person for person in shown if person not in have_one],
        after=shown[-1] if len(people) > len(shown) else None,
    )


def _course(session: Session, courses: CourseStore) -> Course:
    decision = session.finalization
    return decision.course if decision else courses.load(session.details.course_id)


def _written(snapshot: Snapshot, records: RecordStore) -> int | None:
    if snapshot.session.status is not SessionStatus.FINALIZING:
        return None
    return records.written(snapshot.session, _present(snapshot))


def _present(snapshot: Snapshot) -> list[str]:
    return sorted(attendee.personnel_id for attendee in snapshot.attendees if attendee.is_present)
