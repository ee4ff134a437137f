"""
The parts that the ports of a use case are made of, one property each.

A use case names the parts it needs. The wiring of a process has all of them and is passed in whole;
tests pass fakes in the same way:

    class SealSessionPorts(WithSessions, WithTrail, WithVault, Protocol): ...
"""

from typing import Protocol

from shared.application.ports.evidence import EvidenceStore, SheetUses
from shared.application.ports.messaging import EventPublisher, Outbox
from shared.application.ports.records import ComplianceStore, FinalizationStore, RecordStore
from shared.application.ports.sessions import AuditTrail, CourseStore, SessionIndex, SessionStore
from shared.application.ports.time_stamps import TimeStampAuthority
from shared.application.ports.vault import (
    OriginKeys,
    PackStore,
    Register,
    Reporter,
    SignatureCheck,
    Signer,
    Vault,
)
from shared.application.ports.witness import Watch, Witness, WitnessBook
from shared.application.retry import Pause


class WithSessions(Protocol):
    @property
    def sessions(self) -> SessionStore: ...


class WithSessionIndex(Protocol):
    @property
    def index(self) -> SessionIndex: ...


class WithCourses(Protocol):
    @property
    def courses(self) -> CourseStore: ...


class WithTrail(Protocol):
    @property
    def trail(self) -> AuditTrail: ...


class WithFinalizations(Protocol):
    @property
    def finalizations(self) -> FinalizationStore: ...


class WithRecords(Protocol):
    @property
    def records(self) -> RecordStore: ...


class WithCompliance(Protocol):
    @property
    def compliance(self) -> ComplianceStore: ...


class WithOutbox(Protocol):
    @property
    def outbox(self) -> Outbox: ...


class WithPublisher(Protocol):
    @property
    def publisher(self) -> EventPublisher: ...


class WithEvidence(Protocol):
    @property
    def evidence(self) -> EvidenceStore: ...


class WithSheetUses(Protocol):
    @property
    def sheet_uses(self) -> SheetUses: ...


class WithVault(Protocol):
    @property
    def vault(self) -> Vault: ...


class WithWitness(Protocol):
    @property
    def witness(self) -> Witness: ...


class WithWitnessBook(Protocol):
    @property
    def witness_book(self) -> WitnessBook: ...


class WithWatch(Protocol):
    @property
    def watch(self) -> Watch: ...


class WithPacks(Protocol):
    @property
    def packs(self) -> PackStore: ...


class WithSigner(Protocol):
    @property
    def signer(self) -> Signer: ...


class WithSignatures(Protocol):
    @property
    def signatures(self) -> SignatureCheck: ...


class WithOriginKeys(Protocol):
    @property
    def origin_keys(self) -> OriginKeys: ...


class WithReporter(Protocol):
    @property
    def reporter(self) -> Reporter: ...


class WithRegister(Protocol):
    @property
    def register(self) -> Register: ...


class WithAuthority(Protocol):
    @property
    def authority(self) -> TimeStampAuthority | None:
        """None if the stack has none."""


class WithPause(Protocol):
    @property
    def pause(self) -> Pause: ...
