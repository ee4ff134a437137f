"""A session that was finalized and sealed through the product itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.seal_session.use_case import seal_session
from functions.stamp_seals.use_case import stamp_seal
from shared.application.verify import verify
from shared.domain.audit import GENESIS, Action, AuditEntry
from shared.domain.canonical import sha256
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.roster import RowChange
from shared.domain.seal_folder import SealPart
from shared.domain.session import Attendee, Snapshot
from shared.domain.transition import transition
from shared.domain.upload import late_note
from shared.domain.verification import Subject
from shared.storage.vault import seal_root
from testing.authority import FakeAuthority
from testing.builders import (
    NOW,
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_command,
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
from testing.fakes import FakeWiring
from testing.vault import FakeSigner, a_summary

PEOPLE = (an_attendee(1), an_attendee(2, has_passed=False), an_absentee(3))
YEARS = 10
TITLE = "Working at height, hall 3"


class Sealed:
    """A session that was registered, finalized and signed, with *people* as its roster."""

    def __init__(  # noqa: PLR0913 - a test names the one or two that matter to it
        self,
        *,
        people: Sequence[Attendee] = PEOPLE,
        data: bytes = PDF_BYTES,
        file_name: str = "sheet.pdf",
        title: str = TITLE,
        at: datetime = NOW,
        stamped_at: datetime = NOW,
        signer: FakeSigner | None = None,
        **course: Any,  # noqa: ANN401 - as the builders
    ) -> None:
        self.world = FakeWiring()
        self.world.signer = signer or self.world.signer
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
        self.world.sessions.apply(transition(None, new, Action.REGISTERED, a_change(), rows))
        snapshot = self.world.sessions.stored(SESSION_ID)
        self.plan: Plan = a_plan(snapshot, a_course(**course), a_command(at=at))
        self.world.sessions.apply(self.plan.commit_transition)
        self.world.records.add(*self.plan.records)
        seal_session(SESSION_ID, a_change("event-1"), self.world, a_summary)
        self.world.authority = FakeAuthority(now=stamped_at)
        stamp_seal(self.key(SealPart.MANIFEST), self.world)

    @staticmethod
    def key(part: SealPart) -> str:
        """Return where a part of the seal lies."""
        return f"{seal_root(SESSION_ID)}{part}"

    def faults(
        self, signatures: FakeSigner | None = None, now: datetime = NOW
    ) -> dict[Subject, tuple[str, ...]]:
        """Verify, and return what is not intact."""
        self.world.signatures = signatures or self.world.signer
        verified = verify(SESSION_ID, now, self.world)
        found = {check.subject: check.faults for check in verified.checks if not check.is_intact}
        assert verified.is_intact is not bool(found)
        return found

    def checked(self) -> list[Subject]:
        """Verify, and return what was checked."""
        self.world.signatures = self.world.signer
        return [check.subject for check in verify(SESSION_ID, NOW, self.world).checks]

    def record(self, number: int) -> Record:
        """Return a person's record."""
        return next(one for one in self.plan.records if one.personnel_id == a_cuid(number))

    def entries(self) -> list[AuditEntry]:
        """Return the trail."""
        return list(self.world.trail.entries(SESSION_ID))

    def note_late(self) -> None:
        """Note that a sheet arrived after the lock."""
        version = self.world.evidence.add(an_upload(5), PDF_BYTES)
        self.world.trail.append(
            SESSION_ID, Action.SHEET_LATE, a_change("late"), [late_note(version)]
        )

    def store(self, *people: Attendee, **fields: Any) -> None:  # noqa: ANN401 - as `replace`
        """Change the session behind the API."""
        stored = self.world.sessions.stored(SESSION_ID)
        counted = {"attendance_sum": sum(person.fingerprint for person in people or PEOPLE)}
        session = replace(stored.session, **{**counted, **fields})
        self.world.sessions.put(Snapshot(session, people or PEOPLE))
