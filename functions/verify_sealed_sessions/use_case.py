"""
The nightly self-check: sessions finalized lately, and some older ones by chance, verified.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from shared.domain.canonical import Json, as_json, canonical, sha256
from shared.domain.contention import GoOn
from shared.domain.ports import SessionStore
from shared.domain.session import SessionStatus, SessionSummary
from shared.domain.vault import Signer, Vault
from shared.domain.verification import Verified
from shared.verification.verify import Verifying, verify

# A fresh seal gets its first check the night after, and two more if that night fails.
FRESH = timedelta(days=3)
# How long after a training its session may be finalized and still be found among the fresh.
LATE = timedelta(days=90)
# Older ones are chosen by a moment of these years.
PAST = timedelta(days=10 * 365)
OLDER = 20
_PAGE = 100


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """
    What a self-check works with; *chance* is a number from 0 to 1, another each time.
    """

    verifying: Verifying
    vault: Vault
    reporter: Signer
    retention_years: int
    chance: Callable[[], float]
    go_on: GoOn


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What became of one session: its faults by subject, or why it could not be verified at all.
    """

    session_id: str
    faults: tuple[str, ...]
    trail_end: str | None


def verify_sealed_sessions(now: datetime, using: SelfCheck) -> list[Finding]:
    """
    Verify, store a signed report of all that was verified, and return what is not intact.

    The report names the end of each audit trail, so that entries behind the signature are vouched
    for from the next night on.
    """
    sessions = using.verifying.sessions
    chosen = dict.fromkeys((*_fresh(now, sessions), *_older(now, sessions, using.chance)))
    checked = [_check(name, using.verifying) for name in chosen if using.go_on()]
    _report(now, checked, using)
    return [finding for finding in checked if finding.faults]


def _fresh(now: datetime, sessions: SessionStore) -> Iterator[str]:
    recent = takewhile(lambda found: found.starts_at >= now - LATE, _listed(sessions))
    for summary in recent:
        if summary.finalized_at and summary.finalized_at >= now - FRESH:
            yield summary.session_id


def _older(now: datetime, sessions: SessionStore, chance: Callable[[], float]) -> Iterator[str]:
    for _ in range(OLDER):
        moment = now - PAST * chance()
        # Positions in the list begin with the start of the session.
        position = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        yield from (
            found.session_id for found in sessions.page([SessionStatus.COMPLETED], 1, position)
        )


def _listed(sessions: SessionStore) -> Iterator[SessionSummary]:
    after: str | None = None
    while page := sessions.page([SessionStatus.COMPLETED], _PAGE, after):
        yield from page
        after = page[-1].position


def _check(session_id: str, using: Verifying) -> Finding:
    try:
        verified = verify(session_id, using)
    except Exception as failure:  # noqa: BLE001 - what cannot be verified is a finding itself
        return Finding(session_id, (f"could not be verified: {failure!r}",), None)
    return Finding(session_id, tuple(_faults(verified)), _trail_end(verified))


def _faults(verified: Verified) -> Iterator[str]:
    for check in verified.checks:
        yield from (f"{check.subject}: {fault}" for fault in check.faults)


def _trail_end(verified: Verified) -> str | None:
    return verified.trail_end.sha256 if verified.trail_end else None


def _report(now: datetime, checked: list[Finding], using: SelfCheck) -> None:
    findings: list[Json] = [as_json_finding(finding) for finding in checked]
    report = canonical({"reportVersion": 1, "verifiedAt": as_json(now), "sessions": findings})
    key = f"reports/{now:%Y/%m/%d/%H%M%S}"
    until = now + timedelta(days=365 * using.retention_years)
    using.vault.put_once(f"{key}.json", report, "application/json", until)
    signature = using.reporter.sign(sha256(report))
    using.vault.put_once(f"{key}.sig", signature, "application/octet-stream", until)


def as_json_finding(finding: Finding) -> Json:
    return {
        "sessionId": finding.session_id,
        "intact": not finding.faults,
        "faults": list(finding.faults),
        "trailEnd": finding.trail_end,
    }
