"""Sealing, verifying and packing under faults."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from zipfile import ZipFile

from functions.build_audit_pack.use_case import build_audit_pack
from functions.seal_session.use_case import seal_session
from functions.verify_sealed_sessions.use_case import verify_sealed_sessions
from functions.verify_session.use_case import verify_session
from shared.application.ports.sessions import SessionIndex
from shared.application.ports.vault import Vault
from shared.application.verify import verify
from shared.domain.audit import Action
from shared.domain.night import is_due
from shared.domain.seal import PATIENCE
from shared.domain.session import SessionStatus
from shared.domain.stored_versions import StoredVersion
from shared.domain.verification import Subject
from shared.storage.register import SealRegister
from testing.builders import NOW, a_change, a_run
from testing.vault import a_summary
from tests.faults.commands import finalize_anew
from tests.faults.environment import BUCKET, PreparedSession, client, opened, wiring
from tests.faults.matrix import Trial
from tests.faults.sheets import accept_a_sheet

_numbers, _trials = count(), count()
# Nights between two checks of a session: so many that few sessions of other trials are due, too.
PERIOD = 300
# What verification finds if the seal is never completed; no witness copies anything here.
_UNSEALED = {
    Subject.MANIFEST,
    Subject.SIGNATURE,
    Subject.SESSION,
    Subject.AUDIT_TRAIL,
    Subject.WITNESS,
}


class Signing(Trial):
    """The queue delivers the event that a session was finalized."""

    intruders: tuple[str, ...] = ("the queue tells it twice",)

    def __init__(self, endpoint: str) -> None:
        self.prepared = _finalized(endpoint)

    def attempt(self) -> None:
        """Seal the session."""
        _seal(self.prepared.session_id)

    def inspect(self) -> None:
        """An incomplete seal makes nothing else invalid, when it is no longer waited for."""
        found = verify(self.prepared.session_id, NOW + PATIENCE, wiring())
        assert set(found.broken) <= _UNSEALED

    def recover(self) -> None:
        """The queue delivers the event again."""
        self.attempt()

    def verify(self) -> None:
        """Everything is intact, and signed once."""
        assert verify(self.prepared.session_id, NOW, wiring()).is_intact
        actions = [entry.action for entry in wiring().trail.entries(self.prepared.session_id)]
        assert actions.count(Action.SIGNED) == 1

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Seal it at the same time."""
        _seal(self.prepared.session_id)


class Verifying(Signing):
    """An auditor verifies a sealed session."""

    intruders: tuple[str, ...] = ("another auditor verifies",)

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        _seal(self.prepared.session_id)

    def attempt(self) -> None:
        """Verify; what cannot be read is never reported as broken."""
        assert verify_session(self.prepared.session_id, a_change("verify"), wiring()).is_intact

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Verify at the same time, which adds an entry too."""
        verify_session(self.prepared.session_id, a_change("other"), wiring())


class Packed(Trial):
    """An auditor requests the pack of a sealed session."""

    def __init__(self, session_id: str, endpoint: str) -> None:
        self._session_id = session_id
        self._endpoint = endpoint
        self._given: list[str] = []

    def attempt(self) -> None:
        """Build it."""
        token = f"token-{next(_numbers)}"
        decision = build_audit_pack(self._session_id, token, NOW, wiring()).decision
        prefix = f"packs/{self._session_id}/{decision.finalization_id}"
        self._given.append(f"{prefix}/{token}/audit-pack.zip")

    def inspect(self) -> None:
        """Every link that was given leads to a whole pack."""
        for key in self._given:
            stored = client("s3", self._endpoint).get_object(Bucket=BUCKET, Key=key)["Body"].read()
            with ZipFile(BytesIO(stored)) as pack:
                assert pack.testzip() is None
                assert "manifest.sig" in pack.namelist()

    def recover(self) -> None:
        """The auditor requests it again."""
        self.attempt()

    def verify(self) -> None:
        """In the end there is a link."""
        self.inspect()
        assert self._given


class OneTrial(SealRegister):
    """Leaves out what other trials began to seal, and what they reported in other years."""

    def __init__(self, vault: Vault, session_id: str, year: int) -> None:
        super().__init__(vault)
        self._session_id = session_id
        self._reports = f"reports/{year}/"

    def sealed(self) -> Iterator[str]:
        """List the one folder, with as many calls as it takes in a night."""
        yield from self._vault.folders(f"seals/{self._session_id}/")
        yield self._session_id

    def reports(self) -> list[StoredVersion]:
        """List so few that they are one page."""
        return self._vault.versions(self._reports)


class OneOfTheIndex:
    """Lists the one session of a trial, with as many calls as it takes to list all."""

    def __init__(self, sessions: SessionIndex, session_id: str) -> None:
        self._sessions = sessions
        self._session_id = session_id

    def started_since(
        self, _: SessionStatus, moment: datetime, finalized_since: datetime | None = None
    ) -> Iterator[str]:
        """Ask for sessions in a status that no session of a trial is in."""
        nothing = self._sessions.started_since(SessionStatus.CANCELLED, moment, finalized_since)
        yield from nothing
        yield self._session_id


class SelfChecking(Trial):
    """After a night without faults, one intact sealed session is due, and verified."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._night = _a_due_night(session_id, NOW.year + 10 + next(_trials)) - timedelta(days=1)
        register = OneTrial(wiring().vault, session_id, self._night.year)
        index = OneOfTheIndex(wiring().sessions, session_id)
        vars(wiring()).update(register=register, index=index)
        self.verify()
        self._night += timedelta(days=1)

    def attempt(self) -> None:
        """Verify; what cannot be read is reported as such, and as nothing else."""
        faults = [fault for finding in self._findings() for fault in finding]
        assert all(fault.startswith("could not be verified") for fault in faults)

    def inspect(self) -> None:
        """The self-check changes nothing."""

    def recover(self) -> None:
        """It runs again by itself."""

    def verify(self) -> None:
        """There is nothing to report then."""
        assert self._findings() == []

    def _findings(self) -> list[tuple[str, ...]]:
        # No two reports are of the same moment.
        self._night += timedelta(seconds=1)
        found = verify_sealed_sessions(self._night, wiring(), lambda: True)
        assert found.report_faults == ()
        for _, failure in found.unanswered:
            raise failure
        findings = found.findings
        return [finding.faults for finding in findings if finding.session_id == self._session_id]


def sealed(endpoint: str) -> str:
    """Return the id of a session, sealed and witnessed, for trials that only read."""
    session_id = _finalized(endpoint).session_id
    _seal(session_id)
    _witness(session_id)
    return session_id


def _a_due_night(session_id: str, year: int) -> datetime:
    nights = (datetime(year, 2, 1, tzinfo=UTC) + timedelta(days=day) for day in range(PERIOD))
    return next(night for night in nights if is_due(session_id, night.date(), PERIOD))


def _finalized(endpoint: str) -> PreparedSession:
    prepared = opened(2, starts_at=NOW, ends_at=NOW)
    accept_a_sheet(prepared, endpoint)
    finalize_anew(prepared, at=NOW)
    return prepared


def _witness(session_id: str) -> None:
    """Copy the trail, as the function does that follows its stream."""
    run = a_run(*wiring().trail.entries(session_id))
    wiring().witness.keep_entries(run, NOW + timedelta(days=3650))


def _seal(session_id: str) -> None:
    seal_session(session_id, a_change("event"), wiring(), a_summary)
