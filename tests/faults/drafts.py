"""Attendance and rosters under faults, in as many transactions as they need."""

from collections.abc import Sequence

from functions.register_session.use_case import Registration, register_session
from functions.save_attendance.use_case import Draft, save_attendance
from shared.domain.attendance import Mark
from shared.domain.errors import Refused, RosterIncomplete
from shared.domain.plan import blockers
from shared.domain.roster import Enrolment
from shared.domain.session import LOCKED_STATUSES, Snapshot
from testing import builders
from testing.builders import NOW, a_change
from testing.fakes import no_hurry
from tests.faults import promises
from tests.faults.commands import finalize_anew, relay_late
from tests.faults.environment import PreparedSession, named, opened, wiring
from tests.faults.matrix import Trial
from tests.faults.wire import Wire


class Saving(Trial):
    """A trainer saves remarks about everyone present, in several transactions."""

    intruders = ("a trainer marks another person", "an admin finalizes")

    def __init__(self, present: int, batch: int, wire: Wire) -> None:
        self.prepared = opened(present)
        self._batch = batch
        self._wire = wire
        self._others: dict[str, str] = {}

    def attempt(self) -> None:
        """Save the draft."""
        save(self.prepared, self.prepared.present, "noted", "draft")

    def inspect(self) -> None:
        """Of each transaction all marks were saved or none, the first transaction first."""
        saved = [remarks == "noted" for remarks in self._remarks()]
        parts = [set(saved[i : i + self._batch]) for i in range(0, len(saved), self._batch)]
        assert all(len(part) == 1 for part in parts), "half a transaction"
        assert saved == sorted(saved, reverse=True), "a later part without an earlier one"

    def recover(self) -> None:
        """Send the draft again."""
        try:
            save(self.prepared, self.prepared.present, "noted", "draft again")
        except Refused:
            assert _read(self.prepared).session.status in LOCKED_STATUSES

    def verify(self) -> None:
        """Everything is saved, unless the session was finalized before: then as it was saved."""
        self.inspect()
        snapshot = _read(self.prepared)
        others = {row.personnel_id: row.remarks for row in snapshot.attendees}
        assert others | self._others == others
        if snapshot.session.status in LOCKED_STATUSES:
            relay_late()
            promises.one_decision_stands(self.prepared, {}, self._wire.taken)
        else:
            assert set(self._remarks()) == {"noted"}

    def intrude(self, intruder: str) -> None:
        """Do what the intruder is named for."""
        if intruder == "an admin finalizes":
            finalize_anew(self.prepared)
            return
        save(self.prepared, [self.prepared.absent], "marked in the middle", "other draft")
        self._others[self.prepared.absent] = "marked in the middle"

    def _remarks(self) -> list[str | None]:
        rows = {row.personnel_id: row.remarks for row in _read(self.prepared).attendees}
        return [rows[person] for person in self.prepared.present]


class Registering(Trial):
    """An admin replaces the roster: one person leaves, two join, all others change their names."""

    intruders = ("a trainer marks a person", "an admin finalizes", "an admin registers otherwise")

    def __init__(self, present: int, wire: Wire) -> None:
        self.prepared = opened(present)
        self._wire = wire
        self._old = _names(_read(self.prepared))
        self._wanted = _new_names(self.prepared)
        self._remarks: dict[str, str] = {}

    def attempt(self) -> None:
        """Register the session."""
        register(self.prepared, self._wanted, "replacement")

    def inspect(self) -> None:
        """A roster that is half replaced cannot be finalized."""
        snapshot = _read(self.prepared)
        found = [type(refusal) for refusal in blockers(snapshot.session, NOW)]
        assert _names(snapshot) in (self._old, self._wanted) or RosterIncomplete in found

    def recover(self) -> None:
        """Register it again."""
        try:
            register(self.prepared, self._wanted, "replacement again")
        except Refused:
            assert _read(self.prepared).session.status in LOCKED_STATUSES

    def verify(self) -> None:
        """The roster is the new one, and people who stayed keep their marks."""
        snapshot = _read(self.prepared)
        remarks = {row.personnel_id: row.remarks for row in snapshot.attendees}
        assert remarks | self._remarks == remarks
        if snapshot.session.status in LOCKED_STATUSES:
            relay_late()
            promises.one_decision_stands(self.prepared, self._remarks, self._wire.taken)
            return
        assert _names(snapshot) == self._wanted
        assert snapshot.session.roster_change is None
        stayed = {row.personnel_id for row in snapshot.attendees if row.is_present}
        assert stayed == self._wanted.keys() & set(self.prepared.present)

    def intrude(self, intruder: str) -> None:
        """Do what the intruder is named for; it may be too early for it."""
        person = self.prepared.present[0]
        match intruder:
            case "a trainer marks a person":
                save(self.prepared, [person], "marked in the middle", "other draft")
                self._remarks[person] = "marked in the middle"
            case "an admin finalizes":
                try:
                    finalize_anew(self.prepared)
                except RosterIncomplete:
                    assert _read(self.prepared).session.roster_change
            case "an admin registers otherwise":
                register(self.prepared, self._old, "other replacement")


class Creating(Trial):
    """An admin registers a session that does not exist yet."""

    def __init__(self, present: int) -> None:
        self.prepared = named(present)
        self._wanted = {person: f"Name of {person}" for person in self.prepared.roster}

    def attempt(self) -> None:
        """Register the session."""
        register(self.prepared, self._wanted, "creation")

    def inspect(self) -> None:
        """There is nothing to check before the session exists for certain."""

    def recover(self) -> None:
        """Register it again."""
        register(self.prepared, self._wanted, "creation again")

    def verify(self) -> None:
        """The roster is complete, and its session ready for marks."""
        snapshot = _read(self.prepared)
        assert _names(snapshot) == self._wanted
        assert snapshot.session.roster_change is None


def save(prepared: PreparedSession, people: Sequence[str], remarks: str, change_id: str) -> None:
    """Save the same remarks about all these people, who were present."""
    marks = [Mark(person, is_present=True, has_passed=True, remarks=remarks) for person in people]
    draft = Draft(prepared.session_id, marks, None, a_change(change_id))
    save_attendance(draft, wiring().sessions, wiring().pause, no_hurry)


def register(prepared: PreparedSession, names: dict[str, str], change_id: str) -> None:
    """Register the session with people of these names."""
    roster = [Enrolment(person, name) for person, name in names.items()]
    details = builders.some_details()
    wanted = Registration(prepared.session_id, details, None, roster, None, a_change(change_id))
    register_session(wanted, wiring().sessions, wiring().courses, wiring().pause, no_hurry)


def _read(prepared: PreparedSession) -> Snapshot:
    snapshot = wiring().sessions.read(prepared.session_id)
    assert snapshot.is_whole
    return snapshot


def _names(snapshot: Snapshot) -> dict[str, str]:
    return {row.personnel_id: row.name for row in snapshot.attendees}


def _new_names(prepared: PreparedSession) -> dict[str, str]:
    staying = (*prepared.present[:-1], prepared.absent)
    joining = (f"{prepared.absent}-a", f"{prepared.absent}-b")
    return {person: f"New name of {person}" for person in (*staying, *joining)}
