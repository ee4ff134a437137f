"""Attendance and rosters under faults, in as many transactions as they need."""

from collections.abc import Sequence

from functions.register_session.use_case import Registration, register_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from shared.domain.errors import Refused, RosterIncomplete
from shared.domain.plan import blockers
from shared.domain.roster import Enrolment
from shared.domain.session import LOCKED_STATUSES, Snapshot
from shared.runtime import wiring
from tests import builders
from tests.builders import NOW, a_change
from tests.faults import promises
from tests.faults.matrix import Story
from tests.faults.presses import finalize_anew, relay_late
from tests.faults.stage import Scene, named, opened
from tests.faults.wire import Wire


class Saving(Story):
    """A trainer saves remarks about everybody present, several transactions' worth."""

    intruders = ("somebody marks somebody else", "somebody finalizes")

    def __init__(self, present: int, portion: int, wire: Wire) -> None:
        self.scene = opened(present)
        self._portion = portion
        self._wire = wire
        self._others: dict[str, str] = {}

    def attempt(self) -> None:
        """Save the draft."""
        save(self.scene, self.scene.present, "noted", "draft")

    def inspect(self) -> None:
        """Of each transaction all marks were saved or none, the first transaction first."""
        saved = [remarks == "noted" for remarks in self._remarks()]
        parts = [set(saved[i : i + self._portion]) for i in range(0, len(saved), self._portion)]
        assert all(len(part) == 1 for part in parts), "half a transaction"
        assert saved == sorted(saved, reverse=True), "a later part without an earlier one"

    def recover(self) -> None:
        """Send the draft again."""
        try:
            save(self.scene, self.scene.present, "noted", "draft again")
        except Refused:
            assert _read(self.scene).session.status in LOCKED_STATUSES

    def verify(self) -> None:
        """Everything is saved, unless the session was finalized before: then as it was saved."""
        self.inspect()
        snapshot = _read(self.scene)
        others = {row.personnel_id: row.remarks for row in snapshot.attendees}
        assert others | self._others == others
        if snapshot.session.status in LOCKED_STATUSES:
            relay_late()
            promises.one_decision_stands(self.scene, {}, self._wire.taken)
        else:
            assert set(self._remarks()) == {"noted"}

    def intrude(self, intruder: str) -> None:
        """Do what the intruder's name says."""
        if intruder == "somebody finalizes":
            finalize_anew(self.scene)
            return
        save(self.scene, [self.scene.absent], "marked in the middle", "other draft")
        self._others[self.scene.absent] = "marked in the middle"

    def _remarks(self) -> list[str | None]:
        rows = {row.personnel_id: row.remarks for row in _read(self.scene).attendees}
        return [rows[person] for person in self.scene.present]


class Registering(Story):
    """Somebody replaces the roster: one person leaves, two join, all others change their names."""

    intruders = ("somebody marks somebody", "somebody finalizes", "somebody registers otherwise")

    def __init__(self, present: int, wire: Wire) -> None:
        self.scene = opened(present)
        self._wire = wire
        self._old = _names(_read(self.scene))
        self._wanted = _new_names(self.scene)
        self._remarks: dict[str, str] = {}

    def attempt(self) -> None:
        """Register the session."""
        register(self.scene, self._wanted, "replacement")

    def inspect(self) -> None:
        """Nobody can finalize a roster that is half replaced."""
        snapshot = _read(self.scene)
        found = [type(refusal) for refusal in blockers(snapshot.session, NOW)]
        assert _names(snapshot) in (self._old, self._wanted) or RosterIncomplete in found

    def recover(self) -> None:
        """Register it again."""
        try:
            register(self.scene, self._wanted, "replacement again")
        except Refused:
            assert _read(self.scene).session.status in LOCKED_STATUSES

    def verify(self) -> None:
        """The roster is the wanted one, and whoever stayed keeps their marks."""
        snapshot = _read(self.scene)
        remarks = {row.personnel_id: row.remarks for row in snapshot.attendees}
        assert remarks | self._remarks == remarks
        if snapshot.session.status in LOCKED_STATUSES:
            relay_late()
            promises.one_decision_stands(self.scene, self._remarks, self._wire.taken)
            return
        assert _names(snapshot) == self._wanted
        assert snapshot.session.roster_change is None
        stayed = {row.personnel_id for row in snapshot.attendees if row.is_present}
        assert stayed == self._wanted.keys() & set(self.scene.present)

    def intrude(self, intruder: str) -> None:
        """Do what the intruder's name says; it may be too early for it."""
        person = self.scene.present[0]
        match intruder:
            case "somebody marks somebody":
                save(self.scene, [person], "marked in the middle", "other draft")
                self._remarks[person] = "marked in the middle"
            case "somebody finalizes":
                try:
                    finalize_anew(self.scene)
                except RosterIncomplete:
                    assert _read(self.scene).session.roster_change
            case "somebody registers otherwise":
                register(self.scene, self._old, "other replacement")


class Creating(Story):
    """Somebody registers a session that does not exist yet."""

    def __init__(self, present: int) -> None:
        self.scene = named(present)
        self._wanted = {person: f"Name of {person}" for person in self.scene.roster}

    def attempt(self) -> None:
        """Register the session."""
        register(self.scene, self._wanted, "creation")

    def inspect(self) -> None:
        """There is nothing to check before the session exists for certain."""

    def recover(self) -> None:
        """Register it again."""
        register(self.scene, self._wanted, "creation again")

    def verify(self) -> None:
        """The roster is complete, and its session ready for marks."""
        snapshot = _read(self.scene)
        assert _names(snapshot) == self._wanted
        assert snapshot.session.roster_change is None


def save(scene: Scene, people: Sequence[str], remarks: str, change_id: str) -> None:
    """Save the same remarks about all these people, who were present."""
    marks = [Mark(person, is_present=True, has_passed=True, remarks=remarks) for person in people]
    draft = Draft(scene.session_id, marks, None, a_change(change_id))
    save_attendance(draft, wiring.sessions(), wiring.pause)


def register(scene: Scene, names: dict[str, str], change_id: str) -> None:
    """Register the session with people of these names."""
    roster = [Enrolment(person, name) for person, name in names.items()]
    details = builders.some_details()
    wanted = Registration(scene.session_id, details, None, roster, None, a_change(change_id))
    register_session(wanted, wiring.sessions(), wiring.courses(), wiring.pause)


def _read(scene: Scene) -> Snapshot:
    snapshot = wiring.sessions().read(scene.session_id)
    assert snapshot.is_whole
    return snapshot


def _names(snapshot: Snapshot) -> dict[str, str]:
    return {row.personnel_id: row.name for row in snapshot.attendees}


def _new_names(scene: Scene) -> dict[str, str]:
    staying = (*scene.present[:-1], scene.absent)
    joining = (f"{scene.absent}-a", f"{scene.absent}-b")
    return {person: f"New name of {person}" for person in (*staying, *joining)}
