"""The fakes together, as the wiring has the real parts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import repeat

from shared.application.ports.time_stamps import TimeStampAuthority
from shared.application.ports.vault import SignatureCheck
from shared.application.retry import Pause
from shared.domain.audit import (
    AuditEntry,
)
from shared.domain.course import Course
from shared.domain.evidence import MEBIBYTE
from shared.domain.session import Snapshot
from shared.storage.register import SealRegister
from shared.storage.witness import VaultWitness
from testing.authority import FakeAuthority
from testing.builders import NOW, a_run
from testing.fakes.courses import FakeCourses
from testing.fakes.finalizations import FakeFinalizations
from testing.fakes.hooks import no_pause
from testing.fakes.outbox import FakeOutbox, FakePublisher
from testing.fakes.records import FakeCompliance, FakeRecords
from testing.fakes.sessions import FakeSessions
from testing.fakes.sheets import FakeEvidence, FakeSheetUses
from testing.fakes.trail import FakeTrail
from testing.origins import FakeOriginKeys
from testing.vault import FakePacks, FakeSigner, FakeVault
from testing.watch import FakeWatch


class FakeWiring:
    """Every part a use case can need; the bus takes everything, and time never runs out."""

    def __init__(self, *snapshots: Snapshot, courses: Sequence[Course] = ()) -> None:
        self.witness = VaultWitness(FakeVault())
        self.witness_book = self.witness
        self.trail = FakeTrail(self._see)
        self.sessions = FakeSessions(*snapshots, trail=self.trail)
        self.courses = FakeCourses(*courses)
        self.sheet_uses = FakeSheetUses(self.sessions)
        self.records = FakeRecords(self.sessions)
        self.compliance = FakeCompliance()
        self.outbox = FakeOutbox()
        self.finalizations = FakeFinalizations(self.sessions, self.records, self.outbox)
        self.publisher = FakePublisher()
        self.evidence = FakeEvidence()
        self.vault = FakeVault()
        self.register = SealRegister(self.vault)
        self.watch = FakeWatch()
        self.seal_check_days = 90
        self.signer = FakeSigner()
        self.signatures: SignatureCheck = self.signer
        self.reporter = FakeSigner()
        self.origin_keys = FakeOriginKeys()
        self.packs = FakePacks()
        self.authority: TimeStampAuthority | None = FakeAuthority()
        self.authority_roots = b""
        self.time_stamps_since = date.min
        self.index = self.sessions
        self.pause: Pause = no_pause
        self.now: Callable[[], datetime] = lambda: NOW
        self.time: Iterator[bool] = repeat(True)
        self.retention_years = 10
        self.evidence_max_bytes = 50 * MEBIBYTE
        self.expiring_soon = timedelta(days=30)

    def has_time_left(self) -> bool:
        """Tell whether there is time for one more batch."""
        return next(self.time, False)

    def _see(self, entry: AuditEntry) -> None:
        self.witness.keep_entries(a_run(entry), NOW)
