"""Sealing, verifying and packing under faults."""

from datetime import timedelta
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZipFile

from functions.build_audit_pack.use_case import Packing, build_audit_pack
from functions.seal_session.use_case import Sealing, seal_session
from functions.verify_sealed_sessions.use_case import SelfCheck, verify_sealed_sessions
from functions.verify_session.use_case import verify_session
from shared.domain.audit import Action
from shared.domain.verification import Subject
from shared.runtime import wiring
from shared.verification.verify import verify
from tests.builders import NOW, a_change
from tests.faults.matrix import Story
from tests.faults.presses import finalize_anew
from tests.faults.sheets import accept_a_sheet
from tests.faults.stage import BUCKET, client, opened

_YEARS = 10
# What there is to find before the seal is whole.
_UNSEALED = {Subject.MANIFEST, Subject.SIGNATURE, Subject.SESSION, Subject.AUDIT_TRAIL}


class Signing(Story):
    """The queue tells that a session was finalized."""

    intruders: tuple[str, ...] = ("the queue tells it twice",)

    def __init__(self, endpoint: str) -> None:
        self.scene = opened(2)
        accept_a_sheet(self.scene, endpoint)
        finalize_anew(self.scene)

    def attempt(self) -> None:
        """Seal the session."""
        _seal(self.scene.session_id)

    def inspect(self) -> None:
        """A seal that is not whole yet spoils nothing."""
        assert set(verify(self.scene.session_id, wiring.verifying()).broken) <= _UNSEALED

    def recover(self) -> None:
        """The queue tells it again."""
        self.attempt()

    def verify(self) -> None:
        """Everything is intact, and signed once."""
        assert verify(self.scene.session_id, wiring.verifying()).is_intact
        actions = [entry.action for entry in wiring.trail().entries(self.scene.session_id)]
        assert actions.count(Action.SIGNED) == 1

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Seal it at the same time."""
        _seal(self.scene.session_id)


class Verifying(Signing):
    """An auditor has a sealed session verified."""

    intruders: tuple[str, ...] = ("somebody else verifies",)

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        _seal(self.scene.session_id)

    def attempt(self) -> None:
        """Verify; what cannot be read is never called broken."""
        assert verify_session(
            self.scene.session_id, a_change("verify"), wiring.verifying()
        ).is_intact

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Verify at the same time, which leaves an entry too."""
        verify_session(self.scene.session_id, a_change("other"), wiring.verifying())


class Packed(Verifying):
    """An auditor asks for the pack of a sealed session."""

    intruders: tuple[str, ...] = ()

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        self._endpoint = endpoint
        self._asked = 0
        self._given: list[str] = []

    def attempt(self) -> None:
        """Build it."""
        self._asked += 1
        using = Packing(
            wiring.sessions(),
            wiring.evidence(),
            wiring.trail(),
            wiring.vault(),
            wiring.packs(),
            TemporaryFile,
        )
        token = f"token-{self._asked}"
        decision = build_audit_pack(self.scene.session_id, token, NOW, using).decision
        prefix = f"packs/{self.scene.session_id}/{decision.finalization_id}"
        self._given.append(f"{prefix}/{token}/audit-pack.zip")

    def inspect(self) -> None:
        """Whoever was given a link was given a whole pack."""
        for key in self._given:
            stored = client("s3", self._endpoint).get_object(Bucket=BUCKET, Key=key)["Body"].read()
            with ZipFile(BytesIO(stored)) as pack:
                assert pack.testzip() is None
                assert "manifest.sig" in pack.namelist()

    def verify(self) -> None:
        """In the end somebody was."""
        self.inspect()
        assert self._given


class SelfChecking(Story):
    """At night, one sealed session is verified that is as it should be."""

    _days = 0

    def __init__(self, endpoint: str) -> None:
        # Each on a later day, so that whoever looks back finds this one first.
        SelfChecking._days += 1
        self._now = NOW + timedelta(days=2000 + 10 * SelfChecking._days)
        self.scene = opened(2, starts_at=self._now - timedelta(days=1))
        accept_a_sheet(self.scene, endpoint)
        finalize_anew(self.scene)
        _seal(self.scene.session_id)

    def attempt(self) -> None:
        """Verify; what cannot be read is said to be that, and nothing else."""
        faults = [fault for finding in self._findings() for fault in finding]
        assert all(fault.startswith("could not be verified") for fault in faults)

    def inspect(self) -> None:
        """The self-check changes nothing."""

    def recover(self) -> None:
        """It comes again by itself."""

    def verify(self) -> None:
        """Nothing to report the next night."""
        assert self._findings() == []

    def _findings(self) -> list[tuple[str, ...]]:
        self._now += timedelta(minutes=1)
        using = SelfCheck(
            wiring.verifying(),
            wiring.vault(),
            wiring.reporter(),
            _YEARS,
            lambda: 0.0,
            lambda: True,
        )
        found = verify_sealed_sessions(self._now, using)
        return [finding.faults for finding in found if finding.session_id == self.scene.session_id]


def _seal(session_id: str) -> None:
    using = Sealing(
        wiring.sessions(), wiring.trail(), wiring.vault(), wiring.signer(), _YEARS, wiring.pause
    )
    seal_session(session_id, a_change("event"), using)
