"""Marks as a draft."""

from dataclasses import dataclass, replace

from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from testing.builders import a_change
from testing.fakes import no_hurry
from tests.model.operation import Call, Operation, Outcome, Seen, Steps, require_current
from tests.model.state import No, Row, Session, State
from tests.model.world import Account


@dataclass(frozen=True)
class Patch(Operation):
    """Save marks of some people."""

    session: str
    marks: tuple[Mark, ...]
    seen: Seen = Seen.NONE

    def run(self, world: Account, call: Call) -> Outcome:
        """Save them, and return the version of that change."""
        views = call.views(self.session, self.seen)
        draft = Draft(self.session, self.marks, views, a_change(call.name, at=call.now))
        return save_attendance(draft, world.sessions, world.pause, no_hurry).version

    def steps(self, state: State, call: Call) -> Steps:
        """Save them batch by batch."""
        session, views = state.session(self.session), call.views(self.session, self.seen)
        session.require_open()
        require_current(views, session)
        _require_seated(self.marks, session)
        yield
        version, left = session.version, self.marks
        while left:
            session.require_open()
            require_current(views, session)
            batch = left[: state.limits.rows]
            _require_seated(batch, session)
            if any(_changes(mark, session) for mark in batch):
                version, left, views = _save(batch, session), left[len(batch) :], None
            else:
                _require_seated(left, session)
                version = session.version
                left = tuple(mark for mark in left if _changes(mark, session))
            yield
        return version


def _require_seated(marks: tuple[Mark, ...], session: Session) -> None:
    if any(mark.personnel_id not in session.people for mark in marks):
        raise No("unknown-attendees")


def _save(marks: tuple[Mark, ...], session: Session) -> int:
    for mark in marks:
        session.people[mark.personnel_id] = _marked(mark, session)
    session.version += 1
    return session.version


def _changes(mark: Mark, session: Session) -> bool:
    return _marked(mark, session) != session.people[mark.personnel_id]


def _marked(mark: Mark, session: Session) -> Row:
    row = session.people[mark.personnel_id]
    remarks = row.remarks if mark.remarks is None else mark.remarks or None
    return replace(
        row, present=mark.is_present, passed=mark.has_passed, remarks=remarks, marked=True
    )
