"""
Saving attendance as a draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from shared.domain.attendance import Mark, mark_changes, require_on_roster
from shared.domain.audit import Action, Change
from shared.domain.contention import Pause, until_settled
from shared.domain.portions import at_most_one_portion, first_portion
from shared.domain.ports import SessionStore
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
    marks came before the session was finalized, or none did. If a later one is refused, the marks
    saved before it stay saved.

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
        # The condition is about the state before this request; later portions follow our own
        # change.
        require_current(draft.seen, before)
    next_marks = at_most_one_portion(marks)
    rows = sessions.attendees(draft.session_id, [mark.personnel_id for mark in next_marks])
    roster = {attendee.personnel_id: attendee for attendee in rows}
    require_on_roster(next_marks, roster)
    changes = first_portion(mark_changes(next_marks, roster))
    saved = step(before, before, Action.ATTENDANCE_SAVED, draft.change, changes)
    sessions.save(saved)
    return saved.after, marks[len(changes) :]
