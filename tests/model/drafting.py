"""Marks as a draft."""

from dataclasses import dataclass, replace

from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from tests.builders import a_change
from tests.model.operation import Call, Operation, Outcome, Seen, Steps, require_current
from tests.model.state import No, Session, State
from tests.model.world import World


@dataclass(frozen=True)
class Patch(Operation):
    """Save marks of some people."""

    session: str
    marks: tuple[Mark, ...]
    seen: Seen = Seen.NONE

    def run(self, world: World, call: Call) -> Outcome:
        """Save them, and say which version that made."""
        views = call.views(self.session, self.seen)
        draft = Draft(self.session, self.marks, views, a_change(call.name, at=call.now))
        return save_attendance(draft, world.sessions, world.pause).version

    def steps(self, state: State, call: Call) -> Steps:
        """Save them portion by portion."""
        session, views = state.session(self.session), call.views(self.session, self.seen)
        session.require_open()
        require_current(views, session)
        _require_seated(self.marks, session)
        yield
        version = session.version
        for start in range(0, len(self.marks), state.limits.rows):
            session.require_open()
            if start == 0:
                require_current(views, session)
            version = _save(self.marks[start : start + state.limits.rows], session)
            yield
        return version


def _require_seated(marks: tuple[Mark, ...], session: Session) -> None:
    if any(mark.personnel_id not in session.people for mark in marks):
        raise No("unknown-attendees")


def _save(marks: tuple[Mark, ...], session: Session) -> int:
    _require_seated(marks, session)
    for mark in marks:
        row = session.people[mark.personnel_id]
        remarks = row.remarks if mark.remarks is None else mark.remarks or None
        session.people[mark.personnel_id] = replace(
            row, present=mark.is_present, passed=mark.has_passed, remarks=remarks
        )
    session.version += 1
    return session.version
