"""The nightly self-check: the fresh ones, some of the old ones, and a report that is signed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, repeat
from typing import Any

import pytest

from functions.verify_sealed_sessions.use_case import (
    FRESH,
    OLDER,
    Finding,
    SelfCheck,
    verify_sealed_sessions,
)
from shared.domain.canonical import canonical, sha256
from tests.builders import NOW, SESSION_ID, a_cuid
from tests.functions.sealed import Sealed
from tests.vault import FakeSigner, is_signed_by

YEARS = 10


class Night:
    """One self-check of the sealed session."""

    def __init__(self, sealed: Sealed, now: datetime, chances: Iterator[float]) -> None:
        self.reporter = FakeSigner()
        self.sealed = sealed
        self._now = now
        self._using = SelfCheck(
            sealed.verifying,
            sealed.world.vault,
            self.reporter,
            YEARS,
            lambda: next(chances),
            lambda: True,
        )

    def check(self, **changes: Any) -> list[Finding]:  # noqa: ANN401 - as `replace`
        """Run it."""
        return verify_sealed_sessions(self._now, replace(self._using, **changes))

    @property
    def report(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.parts[".json"])

    @property
    def parts(self) -> dict[str, bytes]:
        """The report and its signature, by how their names end."""
        objects = self.sealed.world.vault.objects
        return {
            key[key.rindex(".") :]: data
            for key, data in objects.items()
            if key.startswith("reports/")
        }


def a_night(sealed: Sealed, after: timedelta = timedelta(hours=8), chance: float = 1.0) -> Night:
    """Return the self-check so long after the finalization; chance leads nowhere by default."""
    return Night(sealed, NOW + after, repeat(chance))


def test_self_check_reports_what_is_intact() -> None:
    """Which sessions, and where their trails end."""
    night = a_night(Sealed())

    assert night.check() == []
    (found,) = night.report["sessions"]
    assert (found["sessionId"], found["intact"]) == (SESSION_ID, True)
    assert found["trailEnd"] == night.sealed.entries()[-1].sha256


def test_self_check_signs_its_report() -> None:
    """With a key of its own: it could not sign a manifest."""
    night = a_night(Sealed())
    night.check()

    report, signature = night.parts[".json"], night.parts[".sig"]

    assert canonical(night.report) == report
    assert is_signed_by(night.reporter.public_key(), sha256(report), signature)
    assert not is_signed_by(night.sealed.world.signer.public_key(), sha256(report), signature)


def test_self_check_names_what_is_not_intact() -> None:
    """As the verification does, and in the report."""
    sealed = Sealed()
    sealed.world.records.forget(a_cuid(1))
    night = a_night(sealed)

    (finding,) = night.check()

    assert finding.session_id == SESSION_ID
    assert finding.faults == (
        f"RECORDS: record {sealed.record(1).record_id} of {a_cuid(1)} is missing",
    )
    assert night.report["sessions"][0]["intact"] is False


def test_self_check_reports_what_cannot_be_verified() -> None:
    """A session that brings the verification down is a finding, and not the end of the night."""
    sealed = Sealed()
    sealed.store(sheet=None)
    night = a_night(sealed)

    (finding,) = night.check()

    assert finding.faults[0].startswith("could not be verified: SessionNotFinalized")


@pytest.mark.parametrize(
    ("after", "chance", "is_checked"),
    [
        (FRESH, 1.0, True),
        (FRESH + timedelta(days=1), 1.0, False),
        (FRESH + timedelta(days=30), 0.0, True),
        (timedelta(days=5 * 365), 0.0, True),
        (timedelta(days=5 * 365), 0.9, False),
    ],
)
def test_self_check_chooses_the_fresh_and_some_by_chance(
    after: timedelta, chance: float, is_checked: bool
) -> None:
    """Each seal in its first nights; later whichever started before a random moment."""
    night = a_night(Sealed(), after, chance)

    night.check()

    assert bool(night.report["sessions"]) is is_checked


def test_self_check_verifies_each_session_once() -> None:
    """However often chance hits it."""
    night = Night(Sealed(), NOW + timedelta(days=1), cycle([0.0, 0.5]))

    night.check()

    assert len(night.report["sessions"]) == 1 < OLDER


def test_self_check_stops_when_time_is_over() -> None:
    """And reports what it did."""
    night = a_night(Sealed())

    night.check(go_on=lambda: False)

    assert night.report["sessions"] == []
