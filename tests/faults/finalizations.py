"""Finalizing under faults, and three ways to recover."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from functions.finalize_session.use_case import finalize_session
from functions.register_course.use_case import register_course
from functions.register_session.use_case import Registration, register_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.application.finalize import Outcome
from shared.domain.attendance import Mark
from shared.domain.errors import Refused
from shared.domain.plan import FinalizeCommand
from shared.domain.roster import Enrolment
from shared.domain.session import LOCKED_STATUSES, SessionStatus
from shared.domain.upload import accepted, announced
from testing import builders
from testing.builders import NOW, a_change
from testing.fakes import no_hurry
from tests.faults import promises
from tests.faults.commands import AFTER_GRACE, LATER, relay
from tests.faults.environment import opened, wiring
from tests.faults.matrix import Trial
from tests.faults.wire import Wire


class Recovery(StrEnum):
    """What happens after a finalization that may have failed."""

    REPEAT = "the client repeats its request"
    RELAY = "the relay runs"
    RIVALS = "four others finalize at once"


class Finalizing(Trial):
    """An admin finalizes; before that, an attendance change was acknowledged."""

    intruders = (
        "a trainer saves attendance",
        "an admin finalizes",
        "a person leaves the roster",
        "a newer sheet is announced",
        "a newer sheet is accepted",
        "the course changes",
    )

    def __init__(self, present: int, recovery: Recovery, wire: Wire) -> None:
        self.prepared = opened(present)
        self._recovery = recovery
        self._wire = wire
        self._remarks: dict[str, str] = {}
        self._answers: list[Outcome] = []
        assert self.save(0, "acknowledged before")

    def attempt(self) -> None:
        """Finalize the session."""
        self._answers.append(self.finalize("first", NOW))

    def inspect(self) -> None:
        """Readers see none or all; a change is in the records or was refused."""
        session = promises.readers_see_none_or_all(self.prepared)
        assert self.save(1, "tried after") == (session.status not in LOCKED_STATUSES)

    def recover(self) -> None:
        """Recover; once a decision was made, the relay alone is enough."""
        match self._recovery:
            case Recovery.REPEAT:
                self._answers.append(self.finalize("repeat", NOW))
            case Recovery.RIVALS:
                self._answers += rival_finalizations(self)
        relay(AFTER_GRACE)
        if self._status() not in LOCKED_STATUSES:
            self._answers.append(self.finalize("again", LATER))

    def verify(self) -> None:
        """All records are there, of one decision, which is the one every caller was told of."""
        promises.readers_see_none_or_all(self.prepared)
        decision = promises.one_decision_stands(self.prepared, self._remarks, self._wire.taken)
        assert {answer.session.finalization for answer in self._answers} <= {decision}
        assert sum(not answer.is_repeat for answer in self._answers) <= 1

    def intrude(self, intruder: str) -> None:
        """Do what the intruder is named for; it may be too late for it."""
        match intruder:
            case "a trainer saves attendance":
                self.save(1, "saved in the middle")
            case "an admin finalizes":
                self._try_rival()
            case "a person leaves the roster":
                self._shorten_roster()
            case "a newer sheet is announced" | "a newer sheet is accepted":
                self._upload(is_checked=intruder.endswith("accepted"))
            case "the course changes":
                known = wiring().courses.load(builders.COURSE_ID)
                course = replace(known, title=f"After revision {known.revision}")
                register_course(course, a_change(), wiring().courses, wiring().pause)

    def finalize(self, name: str, at: datetime, key: str = "key") -> Outcome:
        """Finalize under the name given."""
        request = FinalizeCommand(f"{self.prepared.session_id}-{name}", a_change(at=at), key)
        return finalize_session(self.prepared.session_id, request, None, wiring(), lambda: True)

    def save(self, number: int, remarks: str) -> bool:
        """Save a remark about the person of that number; return whether it was acknowledged."""
        person = self.prepared.present[number]
        mark = Mark(person, is_present=True, has_passed=True, remarks=remarks)
        draft = Draft(self.prepared.session_id, [mark], None, a_change(remarks))
        try:
            save_attendance(draft, wiring().sessions, wiring().pause, no_hurry)
        except Refused:
            return False
        self._remarks[person] = remarks
        return True

    def _status(self) -> SessionStatus:
        return wiring().sessions.load(self.prepared.session_id).status

    def _try_rival(self) -> None:
        try:
            self._answers.append(self.finalize("rival", NOW, "another key"))
        except Refused:
            assert self._status() in LOCKED_STATUSES

    def _shorten_roster(self) -> None:
        roster = [Enrolment(person, person) for person in self.prepared.roster[:-2]]
        session = wiring().sessions.load(self.prepared.session_id)
        wanted = Registration(
            session.session_id, session.details, None, roster, None, a_change("shorter roster")
        )
        try:
            register_session(wanted, wiring().sessions, wiring().courses, wiring().pause, no_hurry)
        except Refused:
            assert self._status() in LOCKED_STATUSES

    def _upload(self, *, is_checked: bool) -> None:
        session = wiring().sessions.load(self.prepared.session_id)
        try:
            taken = (
                accepted(session, builders.a_sheet(1), a_change("accepted"))
                if is_checked
                else announced(session, builders.an_upload(1), a_change("announced"))
            )
        except Refused:
            return
        assert taken is not None
        wiring().sessions.save(taken)


def rival_finalizations(trial: Finalizing) -> list[Outcome]:
    """Finalize four times at once; requests that come too late are refused."""

    def finalize_as(number: int) -> Outcome | None:
        try:
            return trial.finalize(f"rival-{number}", NOW, f"key-{number}")
        except Refused:
            return None

    with ThreadPoolExecutor(4) as rivals:
        return [outcome for outcome in rivals.map(finalize_as, range(4)) if outcome]
