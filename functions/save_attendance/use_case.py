"""Saving attendance as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.application.ports.sessions import SessionStore
from shared.application.retry import Pause, retry_on_conflict
from shared.application.snapshot import whole_snapshot
from shared.application.time_left import HasTimeLeft
from shared.domain.attendance import Mark, changes_row, mark_changes, require_on_roster
from shared.domain.audit import Action, ChangeContext
from shared.domain.errors import SavedInPart
from shared.domain.roster import require_readable, weighed, with_changes
from shared.domain.session import Attendee, Session
from shared.domain.session_conditions import ExpectedVersion, require_current, require_unlike
from shared.domain.transition import transition


@dataclass(frozen=True, slots=True)
class Draft:
    """Marks to save, if the session is as *expected* and not as *unwanted*."""

    session_id: str
    marks: Sequence[Mark]
    expected: Sequence[ExpectedVersion] | None
    change: ChangeContext
    unwanted: Sequence[ExpectedVersion] = ()

    def require_met(self, session: Session) -> None:
        """
        Raises:
            StaleView: The session is not as the client wants to meet it.
        """
        require_current(self.expected, session)
        require_unlike(self.unwanted, session)


def save_attendance(
    draft: Draft, sessions: SessionStore, pause: Pause, has_time_left: HasTimeLeft
) -> Session:
    """
    Save the marks and return the session as it is now. This writes no records.

    Many marks take several batches, each saved in one transaction under the session's optimistic
    lock, so that no batch is finalized in part. If a later batch is refused, the earlier ones stay
    saved. Marks that are stored already change nothing: no version, no audit entry.

    Raises:
        NotFound: There is no such session.
        SessionCancelled, SessionAlreadyFinalized, FinalizationInProgress: It takes no attendance
            any more.
        StaleView: The client's expected version is outdated.
        UnknownAttendees: A person is not on the roster; nothing was saved.
        RosterTooLarge: The roster could not be read again; nothing was saved.
        SavedInPart: The time was over before the last batch; sending the same again is safe.
        Busy: Every attempt met a conflict.
    """
    session = sessions.load(draft.session_id)
    session.require_open()
    draft.require_met(session)
    known = _by_id(
        sessions.attendees(draft.session_id, [mark.personnel_id for mark in draft.marks])
    )
    require_on_roster(draft.marks, known)
    require_readable(session, with_changes(session, mark_changes(draft.marks, known)))
    saving = _Saving(draft, sessions, pause)
    while saving.left:
        if not has_time_left():
            saved = len(draft.marks) - len(saving.left)
            raise SavedInPart(saved, len(draft.marks), session.version)
        session = retry_on_conflict(saving.step, pause)
    return session


class _Saving:
    """The marks of one request that are still to be saved."""

    def __init__(self, draft: Draft, sessions: SessionStore, pause: Pause) -> None:
        self._draft = draft
        self._sessions = sessions
        self._pause = pause
        self._is_begun = False
        self.left = draft.marks

    def step(self) -> Session:
        """Save as many marks as one transaction takes, or leave out those that change nothing."""
        before = self._admitted(self._weighed(self._sessions.load(self._draft.session_id)))
        marks = self.left[: self._sessions.rows_at_once]
        ids = [mark.personnel_id for mark in marks]
        roster = _by_id(self._sessions.attendees(self._draft.session_id, ids))
        require_on_roster(marks, roster)
        if not any(changes_row(mark, roster[mark.personnel_id]) for mark in marks):
            return self._leave_out_what_is_stored()
        # Rows that stay as they are, are written too: on condition that they were not read too old.
        changes = self._sessions.first_batch(mark_changes(marks, roster))
        saved = transition(before, before, Action.ATTENDANCE_SAVED, self._draft.change, changes)
        self._sessions.save(saved)
        self.left, self._is_begun = self.left[len(changes) :], True
        return saved.after

    def _leave_out_what_is_stored(self) -> Session:
        """
        Leave out all marks that change nothing. Only a whole read proves that: another may show a
        row as it was before a change that was accepted.
        """
        snapshot = whole_snapshot(self._draft.session_id, self._sessions, self._pause)
        roster = _by_id(snapshot.attendees)
        require_on_roster(self.left, roster)
        self.left = [mark for mark in self.left if changes_row(mark, roster[mark.personnel_id])]
        return self._admitted(snapshot.session)

    def _weighed(self, session: Session) -> Session:
        if session.roster_bytes is not None:
            return session
        return weighed(whole_snapshot(session.session_id, self._sessions, self._pause))

    def _admitted(self, session: Session) -> Session:
        session.require_open()
        if not self._is_begun:
            # The conditions are about the session before this request; our first batch changes it.
            self._draft.require_met(session)
        return session


def _by_id(attendees: Sequence[Attendee]) -> dict[str, Attendee]:
    return {attendee.personnel_id: attendee for attendee in attendees}
