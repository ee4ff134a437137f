"""Finalizing under faults, and three ways to get over them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from enum import StrEnum

from functions.finalize_session.use_case import finalize_session
from functions.register_session.use_case import Registration, register_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from shared.domain.errors import Refused
from shared.domain.plan import Request
from shared.domain.roster import Enrolment
from shared.domain.session import LOCKED_STATUSES, SessionStatus
from shared.domain.upload import accepted, announced
from shared.finalization.resume import Outcome
from shared.runtime import wiring
from tests import builders
from tests.builders import NOW, a_change
from tests.faults import promises
from tests.faults.matrix import Story
from tests.faults.presses import AFTER_GRACE, LATER, relay
from tests.faults.stage import opened
from tests.faults.wire import Wire


class Recovery(StrEnum):
    """What happens after a finalization that may have failed."""

    REPEAT = "the client repeats its request"
    RELAY = "the relay runs"
    RIVALS = "four others press Finalize at once"


class Finalizing(Story):
    """An admin presses Finalize; before it, an attendance change was acknowledged."""

    intruders = (
        "somebody saves attendance",
        "somebody finalizes",
        "somebody leaves the roster",
        "a newer sheet is announced",
        "a newer sheet is accepted",
        "the course changes",
    )

    def __init__(self, present: int, recovery: Recovery, wire: Wire) -> None:
        self.scene = opened(present)
        self._recovery = recovery
        self._wire = wire
        self._remarks: dict[str, str] = {}
        self._answers: list[Outcome] = []
        assert self.save(0, "acknowledged before")

    def attempt(self) -> None:
        """Press Finalize."""
        self._answers.append(self.finalize("first", NOW))

    def inspect(self) -> None:
        """Readers see none or all; a change comes in time for the records or is refused."""
        session = promises.readers_see_none_or_all(self.scene)
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
        """All records are there, of one decision, which is the one everybody was told of."""
        promises.readers_see_none_or_all(self.scene)
        decision = promises.one_decision_stands(self.scene, self._remarks, self._wire.taken)
        assert {answer.session.finalization for answer in self._answers} <= {decision}
        assert sum(not answer.is_repeat for answer in self._answers) <= 1

    def intrude(self, intruder: str) -> None:
        """Do what the name of the intruder says; it may be too late for it."""
        match intruder:
            case "somebody saves attendance":
                self.save(1, "saved in the middle")
            case "somebody finalizes":
                self._try_rival()
            case "somebody leaves the roster":
                self._shorten_roster()
            case "a newer sheet is announced" | "a newer sheet is accepted":
                self._upload(is_checked=intruder.endswith("accepted"))
            case "the course changes":
                wiring.courses().save(builders.a_course(title="Working higher"))

    def finalize(self, name: str, at: datetime, key: str = "key") -> Outcome:
        """Press Finalize under the name given."""
        request = Request(f"{self.scene.session_id}-{name}", a_change(at=at), key)
        using = wiring.finalizing(lambda: True)
        return finalize_session(self.scene.session_id, request, None, wiring.courses(), using)

    def save(self, number: int, remarks: str) -> bool:
        """Save a remark about the person of that number; say if it was acknowledged."""
        person = self.scene.present[number]
        mark = Mark(person, is_present=True, has_passed=True, remarks=remarks)
        draft = Draft(self.scene.session_id, [mark], None, a_change(remarks))
        try:
            save_attendance(draft, wiring.sessions(), wiring.pause)
        except Refused:
            return False
        self._remarks[person] = remarks
        return True

    def _status(self) -> SessionStatus:
        return wiring.sessions().load(self.scene.session_id).status

    def _try_rival(self) -> None:
        try:
            self._answers.append(self.finalize("rival", NOW, "another key"))
        except Refused:
            assert self._status() in LOCKED_STATUSES

    def _shorten_roster(self) -> None:
        roster = [Enrolment(person, person) for person in self.scene.roster[:-2]]
        session = wiring.sessions().load(self.scene.session_id)
        wanted = Registration(
            session.session_id, session.details, None, roster, None, a_change("shorter roster")
        )
        try:
            register_session(wanted, wiring.sessions(), wiring.courses(), wiring.pause)
        except Refused:
            assert self._status() in LOCKED_STATUSES

    def _upload(self, *, is_checked: bool) -> None:
        session = wiring.sessions().load(self.scene.session_id)
        try:
            taken = announced(session, builders.an_upload(1), a_change("announced"))
            if is_checked:
                taken = accepted(session, builders.a_sheet(1), a_change("accepted"))
        except Refused:
            return
        assert taken is not None
        wiring.sessions().save(taken)


def rival_finalizations(story: Finalizing) -> list[Outcome]:
    """Press Finalize four times at once; whoever is too late is told so."""

    def press(number: int) -> Outcome | None:
        try:
            return story.finalize(f"rival-{number}", NOW, f"key-{number}")
        except Refused:
            return None

    with ThreadPoolExecutor(4) as rivals:
        return [outcome for outcome in rivals.map(press, range(4)) if outcome]
