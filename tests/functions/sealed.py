"""A session that was finalized and sealed through the product itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from functions.seal_session.use_case import Sealing, seal_session
from shared.domain.audit import GENESIS, Action, AuditEntry, Cell
from shared.domain.canonical import sha256
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, Snapshot
from shared.domain.step import step
from shared.domain.vault import seal_keys
from shared.domain.verification import Subject
from shared.verification.verify import Verifying, verify
from tests.builders import (
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_course,
    a_cuid,
    a_plan,
    a_session,
    a_sheet,
    an_absentee,
    an_attendee,
    an_upload,
    some_details,
)
from tests.fakes import World, no_pause
from tests.vault import FakeSigner

PEOPLE = (an_attendee(1), an_attendee(2, has_passed=False), an_absentee(3))
YEARS = 10
TITLE = "Working at height, hall 3"


class Sealed:
    """Registered, finalized, signed; *people* are its roster."""

    def __init__(
        self,
        people: Sequence[Attendee] = PEOPLE,
        data: bytes = PDF_BYTES,
        file_name: str = "sheet.pdf",
        title: str = TITLE,
        **course: Any,  # noqa: ANN401 - as the builders
    ) -> None:
        self.world = World()
        self.version = self.world.evidence.add(an_upload(), data)
        sheet = a_sheet(
            version_id=self.version.version_id,
            sha256=sha256(data),
            size_bytes=len(data),
            file_name=file_name,
        )
        new = a_session(
            version=0, sheet=sheet, audit_head=GENESIS, details=some_details(title=title)
        )
        rows = [RowChange(None, person) for person in people]
        self.world.sessions.apply(step(None, new, Action.REGISTERED, a_change(), rows))
        snapshot = self.world.sessions.stored(SESSION_ID)
        self.plan: Plan = a_plan(snapshot, a_course(**course))
        self.world.sessions.apply(self.plan.commit_step)
        self.world.records.add(*self.plan.records)
        seal_session(SESSION_ID, a_change("event-1"), self._sealing)
        self.keys = seal_keys(SESSION_ID, self.plan.decision)

    @property
    def verifying(self) -> Verifying:
        world = self.world
        return Verifying(
            world.sessions,
            world.records,
            world.evidence,
            world.trail,
            world.vault,
            world.signer,
            no_pause,
        )

    def faults(self, signatures: FakeSigner | None = None) -> dict[Subject, tuple[str, ...]]:
        """Verify, and return what is not intact."""
        using = replace(self.verifying, signatures=signatures or self.world.signer)
        verified = verify(SESSION_ID, using)
        found = {check.subject: check.faults for check in verified.checks if not check.is_intact}
        assert verified.is_intact is not bool(found)
        return found

    def record(self, number: int) -> Record:
        """Return a person's record."""
        return next(one for one in self.plan.records if one.personnel_id == a_cuid(number))

    def entries(self) -> list[AuditEntry]:
        """Return the trail."""
        return list(self.world.trail.entries(SESSION_ID))

    def note_late(self) -> None:
        """Note that a sheet came too late."""
        note = Cell("", "lateSheet", None, "evidence/late.pdf?versionId=1")
        self.world.trail.append(SESSION_ID, Action.SHEET_LATE, a_change("late"), [note])

    def store(self, *people: Attendee, **fields: Any) -> None:  # noqa: ANN401 - as `replace`
        """Change the session behind the API."""
        stored = self.world.sessions.stored(SESSION_ID)
        counted = {"attendance_sum": sum(person.fingerprint for person in people or PEOPLE)}
        session = replace(stored.session, **{**counted, **fields})
        self.world.sessions.put(Snapshot(session, people or PEOPLE))

    @property
    def _sealing(self) -> Sealing:
        world = self.world
        return Sealing(world.sessions, world.trail, world.vault, world.signer, YEARS, no_pause)
