"""
Registering a session: its details and its whole roster, in as many transactions as the roster
needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.application.ports.sessions import CourseStore, SessionStore
from shared.application.retry import Pause, retry_on_conflict
from shared.application.snapshot import whole_snapshot
from shared.application.time_left import HasTimeLeft
from shared.domain.audit import GENESIS, Action, ChangeContext
from shared.domain.course import Course
from shared.domain.errors import Busy, FieldError, InvalidRequest, NotFound, SavedInPart, StaleView
from shared.domain.roster import (
    Enrolment,
    RowChange,
    require_readable,
    roster_changes,
    weighed,
    with_changes,
)
from shared.domain.session import Session, SessionDetails, SessionStatus, Snapshot
from shared.domain.session_conditions import ExpectedVersion, require_current, require_unlike
from shared.domain.transition import Transition, transition


@dataclass(frozen=True, slots=True)
class Registration:
    """The wanted state of a session, if it is as *expected* and not as *unwanted*."""

    session_id: str
    details: SessionDetails
    status: SessionStatus | None
    roster: Sequence[Enrolment]
    expected: Sequence[ExpectedVersion] | None
    change: ChangeContext
    unwanted: Sequence[ExpectedVersion] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """The session as it is now, and whether it is new."""

    session: Session
    course: Course
    is_new: bool


def register_session(
    wanted: Registration,
    sessions: SessionStore,
    courses: CourseStore,
    pause: Pause,
    has_time_left: HasTimeLeft,
) -> Registered:
    """
    Create the session or replace its details and roster; the marks of people who stay are kept.

    A roster that needs several transactions is marked as incomplete until the last one, so that
    half of it is never finalized; sending the session again completes it. A session that is stored
    already as it is sent does not change: no version, no audit entry.

    Raises:
        InvalidRequest: There is no such course, or a person is named twice.
        RosterTooLarge: The roster could not be read again.
        SessionAlreadyFinalized, FinalizationInProgress: It can no longer be changed.
        StaleView: The session is not as the client wants to meet it.
        SavedInPart: The time was over before the last batch; sending the same again is safe.
        Busy: Every attempt met a conflict, or another request replaces the roster.
    """
    _require_each_once(wanted.roster)
    course = _course(wanted.details.course_id, courses)
    replacement = _Replacement(wanted, sessions, pause, has_time_left)
    session = retry_on_conflict(replacement.attempt, pause)
    return Registered(session, course, replacement.is_new)


class _Replacement:
    """One replacement of a session; after a conflict, an attempt continues where it stands."""

    def __init__(
        self,
        wanted: Registration,
        sessions: SessionStore,
        pause: Pause,
        has_time_left: HasTimeLeft,
    ) -> None:
        self._wanted = wanted
        self._sessions = sessions
        self._pause = pause
        self._has_time_left = has_time_left
        self._begun = False
        self.is_new = False

    def attempt(self) -> Session:
        before = self._before()
        if not self._begun:
            self.is_new = before is None
        session = self._weighed(before)
        left = roster_changes(
            before.attendees if before else (),
            self._wanted.roster,
            # A row's revision is never higher than its session's version, so this one is unused.
            first_revision=session.version + 1 if session else 1,
        )
        if session is not None and not left and session == self._replaced(session, is_last=True):
            return session
        require_readable(session, with_changes(session or self._new(), left))
        return self._save(session, left)

    def _save(self, session: Session | None, changes: Sequence[RowChange]) -> Session:
        left = changes
        while True:
            if not self._has_time_left():
                version = session.version if session else None
                raise SavedInPart(len(changes) - len(left), len(changes), version)
            batch = self._sessions.first_batch(left)
            left = left[len(batch) :]
            saved = self._transition(session, batch, is_last=not left)
            self._sessions.save(saved)
            session, self._begun = saved.after, True
            if not left:
                return session

    def _before(self) -> Snapshot | None:
        try:
            snapshot = whole_snapshot(self._wanted.session_id, self._sessions, self._pause)
        except NotFound:
            if self._wanted.expected is not None:
                raise StaleView from None
            return None
        self._require_mine(snapshot.session)
        return snapshot

    def _require_mine(self, session: Session) -> None:
        session.require_unlocked()
        if not self._begun:
            require_current(self._wanted.expected, session)
            require_unlike(self._wanted.unwanted, session)
        elif session.roster_change != self._wanted.change.request_id:
            raise Busy

    @staticmethod
    def _weighed(before: Snapshot | None) -> Session | None:
        if before is None:
            return None
        return before.session if before.session.roster_bytes is not None else weighed(before)

    def _new(self) -> Session:
        wanted = self._wanted
        return Session(
            wanted.session_id,
            wanted.details,
            SessionStatus.SCHEDULED,
            version=0,
            audit_head=GENESIS,
            roster_bytes=0,
        )

    def _transition(
        self, before: Session | None, rows: Sequence[RowChange], *, is_last: bool
    ) -> Transition:
        after = self._replaced(before or self._new(), is_last=is_last)
        return transition(before, after, Action.REGISTERED, self._wanted.change, rows)

    def _replaced(self, base: Session, *, is_last: bool) -> Session:
        wanted = self._wanted
        return replace(
            base,
            details=wanted.details,
            status=wanted.status or base.status,
            roster_change=None if is_last else wanted.change.request_id,
        )


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
