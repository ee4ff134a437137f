"""
Saving attendance as a draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from shared.domain.attendance import Mark, mark_changes, require_on_roster
from shared.domain.audit import Action, Change
from shared.domain.contention import until_settled
from shared.domain.portions import ROWS_PER_TRANSACTION, first_portion
from shared.domain.ports import Pause, SessionStore
from shared.domain.session import Session, View, require_current
from shared.domain.step import step


@dataclass(frozen=True, slots=True)
class Draft:
    """
    Marks to save. *seen* is what the client decided on.
    """

    session_id: str
    marks: Sequence[Mark]
    seen: Sequence[View] | None
    change: Change


def save_attendance(draft: Draft, sessions: SessionStore, pause: Pause) -> Session:
    """
    Save the marks and return the session as it is now. Nothing becomes a record by this.

    Many marks take several transactions, each of which holds the session's lock: either all of its
    marks came before the session was finalized, or none did.

    Raises:
        NotFound: There is no such session.
        SessionCancelled, SessionFinalized, FinalizationInProgress: It takes no attendance any more.
        StaleView: The client's condition does not hold.
        UnknownAttendees: Somebody is not on the roster; nothing was saved.
        Busy: Others change the session all the time.
    """
    session = sessions.load(draft.session_id)
    session.require_open()
    require_current(draft.seen, session)
    known = sessions.attendees(draft.session_id, [mark.personnel_id for mark in draft.marks])
    require_on_roster(draft.marks, {attendee.personnel_id for attendee in known})
    left = draft.marks
    while left:
        session, left = until_settled(partial(_save_portion, draft, left, sessions), pause)
    return session


def _save_portion(
    draft: Draft, marks: Sequence[Mark], sessions: SessionStore
) -> tuple[Session, Sequence[Mark]]:
    """
    Save as many of *marks* as one transaction carries, and return those that are left.
    """
    before = sessions.load(draft.session_id)
    before.require_open()
    if marks is draft.marks:
        # The condition is about the state before this request, not about our own changes.
        require_current(draft.seen, before)
    portion, rest = marks[:ROWS_PER_TRANSACTION], marks[ROWS_PER_TRANSACTION:]
    rows = sessions.attendees(draft.session_id, [mark.personnel_id for mark in portion])
    roster = {attendee.personnel_id: attendee for attendee in rows}
    require_on_roster(portion, roster)
    changes = mark_changes(portion, roster)
    if not changes:
        return before, rest
    carried = first_portion(changes)
    taken = step(before, before, Action.ATTENDANCE_SAVED, draft.change, carried)
    sessions.save(taken)
    done = {change.personnel_id for change in carried}
    waiting = {change.personnel_id for change in changes} - done
    return taken.after, [*(mark for mark in portion if mark.personnel_id in waiting), *rest]
