"""
Registering a session: its details and its whole roster, in as many transactions as the roster
needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.audit import GENESIS, Action, Change
from shared.domain.contention import Pause, until_settled
from shared.domain.course import Course
from shared.domain.errors import Busy, FieldError, InvalidRequest, NotFound, StaleView
from shared.domain.portions import first_portion
from shared.domain.ports import CourseStore, SessionStore
from shared.domain.roster import Enrolment, RowChange, roster_changes
from shared.domain.session import (
    Session,
    SessionDetails,
    SessionStatus,
    Snapshot,
    View,
    require_current,
)
from shared.domain.step import Step, step
from shared.finalization.snapshot import whole_snapshot


@dataclass(frozen=True, slots=True)
class Registration:
    """
    What a session is to be. *seen* is what the client decided on.
    """

    session_id: str
    details: SessionDetails
    status: SessionStatus | None
    roster: Sequence[Enrolment]
    seen: Sequence[View] | None
    change: Change


@dataclass(frozen=True, slots=True)
class Registered:
    """
    The session as it is now, and whether there was none before.
    """

    session: Session
    course: Course
    is_new: bool


def register_session(
    wanted: Registration, sessions: SessionStore, courses: CourseStore, pause: Pause
) -> Registered:
    """
    Create the session or replace its details and roster; the marks of people who stay are kept.

    A roster that needs several transactions is marked as incomplete until the last one, so that
    nobody finalizes half of it; sending the session again completes it.

    Raises:
        InvalidRequest: There is no such course, or somebody is named twice.
        SessionFinalized, FinalizationInProgress: It can no longer be changed.
        StaleView: The client's condition does not hold.
        Busy: Others change the session all the time, or replaced the roster meanwhile.
    """
    _require_each_once(wanted.roster)
    course = _course(wanted.details.course_id, courses)
    replacement = _Replacement(wanted, sessions, pause)
    session = until_settled(replacement.attempt, pause)
    return Registered(session, course, replacement.is_new)


class _Replacement:
    """
    One replacement of a session, which an attempt after a lost race takes up where it stands.
    """

    def __init__(self, wanted: Registration, sessions: SessionStore, pause: Pause) -> None:
        self._wanted = wanted
        self._sessions = sessions
        self._pause = pause
        self._begun = False
        self.is_new = False

    def attempt(self) -> Session:
        before = self._before()
        if not self._begun:
            self.is_new = before is None
        session = before.session if before else None
        left: Sequence[RowChange] = roster_changes(
            before.attendees if before else (),
            self._wanted.roster,
            # No row's revision outgrows its session's version, so nobody ever had this one.
            first_revision=session.version + 1 if session else 1,
        )
        while True:
            portion = first_portion(left)
            left = left[len(portion) :]
            taken = self._step(session, portion, is_last=not left)
            self._sessions.save(taken)
            session, self._begun = taken.after, True
            if not left:
                return session

    def _before(self) -> Snapshot | None:
        try:
            snapshot = whole_snapshot(self._wanted.session_id, self._sessions, self._pause)
        except NotFound:
            if self._wanted.seen is not None:
                raise StaleView from None
            return None
        self._require_mine(snapshot.session)
        return snapshot

    def _require_mine(self, session: Session) -> None:
        session.require_unlocked()
        if not self._begun:
            require_current(self._wanted.seen, session)
        elif session.roster_change != self._wanted.change.request_id:
            raise Busy

    def _step(self, before: Session | None, rows: Sequence[RowChange], *, is_last: bool) -> Step:
        wanted = self._wanted
        base = before or Session(
            wanted.session_id,
            wanted.details,
            SessionStatus.SCHEDULED,
            version=0,
            audit_head=GENESIS,
        )
        after = replace(
            base,
            details=wanted.details,
            status=wanted.status or base.status,
            roster_change=None if is_last else wanted.change.request_id,
        )
        return step(before, after, Action.REGISTERED, wanted.change, rows)


def _require_each_once(roster: Sequence[Enrolment]) -> None:
    first: dict[str, int] = {}
    twice = [
        FieldError(f"/attendees/{index}/personnelId", f"{person.personnel_id} is listed twice.")
        for index, person in enumerate(roster)
        if first.setdefault(person.personnel_id, index) != index
    ]
    if twice:
        raise InvalidRequest(
            "Each person can be on the roster only once. Nothing was saved.", twice
        )


def _course(course_id: str, courses: CourseStore) -> Course:
    try:
        return courses.load(course_id)
    except NotFound as error:
        raise InvalidRequest(
            f"There is no course {course_id}. Register the course first; nothing was saved.",
            [FieldError("/courseId", "There is no such course.")],
        ) from error
