"""
Saving attendance as a draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from shared.domain.attendance import Mark, mark_changes, require_on_roster
from shared.domain.contention import until_settled
from shared.domain.ports import ROWS_PER_TRANSACTION, Pause, SessionStore
from shared.domain.roster import with_changes
from shared.domain.session import Session, View, require_current


@dataclass(frozen=True, slots=True)
class Draft:
    """
    Marks to save. *seen* is what the client decided on; *change_id* names this request.
    """

    session_id: str
    marks: Sequence[Mark]
    seen: Sequence[View] | None
    change_id: str


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
    for start in range(0, len(draft.marks), ROWS_PER_TRANSACTION):
        session = until_settled(partial(_save_portion, draft, start, sessions), pause)
    return session


def _save_portion(draft: Draft, start: int, sessions: SessionStore) -> Session:
    marks = draft.marks[start : start + ROWS_PER_TRANSACTION]
    before = sessions.load(draft.session_id)
    before.require_open()
    if start == 0:
        # The condition is about the state before this request; later portions follow our own
        # change.
        require_current(draft.seen, before)
    rows = sessions.attendees(draft.session_id, [mark.personnel_id for mark in marks])
    roster = {attendee.personnel_id: attendee for attendee in rows}
    require_on_roster(marks, roster)
    changes = mark_changes(marks, roster)
    after = with_changes(before.changed(f"{draft.change_id}-{before.version}"), changes)
    sessions.save(after, before.version, changes)
    return after
