"""
The nightly check: verifies the fresh seals and a share of all others, sees whether the witness
follows every table, and reports what it found.

It walks the vault, not the database: a session that is gone from the database has a seal all the
same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from functions.verify_sealed_sessions.reports import ReportPorts, read_reports, store_report
from shared.application.ports.parts import WithOriginKeys, WithSessionIndex, WithWatch
from shared.application.ports.vault import OriginKeys
from shared.application.time_left import HasTimeLeft
from shared.application.verify import VerificationPorts, verify
from shared.application.walk import walk
from shared.domain.errors import Busy, NotFound, SealPending, SessionNotFinalized
from shared.domain.night import FRESH_NIGHTS, fresh_days, is_due, nights_since
from shared.domain.origin import origin_faults
from shared.domain.report import Checked, CheckedSession, Report, lost_end
from shared.domain.session import SessionStatus
from shared.domain.verification import Subject, Verified
from shared.domain.watch import watch_faults

FRESH = timedelta(days=FRESH_NIGHTS)
# A session that was finalized later than this after its training, and never sealed, is found in its
# turn among all, not in its first nights.
LATE = timedelta(days=90)
# No session started before.
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


class VerifySealedSessionsPorts(
    VerificationPorts, WithSessionIndex, WithOriginKeys, WithWatch, ReportPorts, Protocol
):
    """The ports of a nightly check."""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """
    The sessions that are not intact; what is wrong with the reports of earlier nights; the tables
    that are not witnessed now; the sessions for which no time was left; and what gave no answer, so
    that nothing is known of it.
    """

    findings: tuple[CheckedSession, ...]
    report_faults: tuple[str, ...]
    witness_faults: tuple[str, ...]
    not_reached: tuple[str, ...]
    unanswered: tuple[tuple[str, Exception], ...]


def verify_sealed_sessions(
    now: datetime, ports: VerifySealedSessionsPorts, has_time_left: HasTimeLeft
) -> SelfCheck:
    """
    Verify sessions, store a signed report of them, and return those that are not intact, with what
    else a person has to look at.

    Each trail must still have the entry that the last report about it names as its end, so that
    entries added after the session's signing are vouched for from the next night on. A session that
    cannot be verified is a finding itself, unless the database, the bucket or the key does not
    answer. What is not verified tonight comes first tomorrow.

    Raises:
        Busy: The sessions cannot be listed, or the report cannot be stored.
        ReportExists: Another run reports at the same second.
    """
    earlier = read_reports(now, ports)
    ends = earlier.trail_ends
    chosen = dict.fromkeys((*earlier.not_reached, *_chosen(now, earlier.last, ports)))
    checks = walk(chosen, lambda name: _check(name, now, ends.get(name), ports), has_time_left)
    failed = [
        _unverified(name, failure, ends.get(name))
        for name, failure in checks.failures
        if not isinstance(failure, Busy)
    ]
    unanswered = tuple(one for one in checks.failures if isinstance(one[1], Busy))
    checked = [*(finding for _, finding in checks.done), *failed]
    open_ends = [*checks.not_reached, *(name for name, _ in unanswered)]
    follows = earlier.last.link if earlier.last else None
    blind, silent = _watched(ports)
    store_report(Checked(now, follows, (*earlier.faults, *blind), checked, open_ends), ports)
    return SelfCheck(
        findings=tuple(finding for finding in checked if finding.faults),
        report_faults=earlier.faults,
        witness_faults=blind,
        not_reached=checks.not_reached,
        unanswered=(*unanswered, *silent),
    )


def _watched(ports: WithWatch) -> tuple[tuple[str, ...], tuple[tuple[str, Exception], ...]]:
    """The tables that are not witnessed now; or that no service answered for them."""
    try:
        return tuple(watch_faults(ports.watch.followed())), ()
    except Busy as failure:
        return (), (("the witness", failure),)


def _chosen(now: datetime, last: Report | None, ports: VerifySealedSessionsPorts) -> Iterator[str]:
    """
    The fresh seals, fresh sessions that may have none, and of all seals the share of tonight and of
    the nights since the last report.
    """
    night = now.date()
    nights = nights_since(last.night if last else None, night)
    for day in fresh_days(night):
        yield from ports.register.sealed_on(day)
    yield from ports.index.started_since(SessionStatus.COMPLETED, now - LATE, now - FRESH)
    for session_id in _all_to_be_sealed(ports):
        if is_due(session_id, night, ports.seal_check_days, nights):
            yield session_id


def _all_to_be_sealed(ports: VerifySealedSessionsPorts) -> Iterator[str]:
    """
    What has a seal; what a record was written for, as the witness saw; and what the database calls
    completed. An invented session has no seal, and need not be in the index.
    """
    yield from ports.register.sealed()
    yield from ports.register.recorded()
    yield from ports.index.started_since(SessionStatus.COMPLETED, BEGINNING)


def _check(
    session_id: str, now: datetime, reported_end: str | None, ports: VerifySealedSessionsPorts
) -> CheckedSession:
    try:
        verified = verify(session_id, now, ports)
    except NotFound:
        fault = f"{Subject.SESSION}: it was finalized, and there is no such session any more"
        return CheckedSession(session_id, (fault,), reported_end)
    except SealPending:
        # Finalized in this hour; its first nights are still to come.
        return CheckedSession(session_id, (), reported_end)
    except SessionNotFinalized:
        return CheckedSession(session_id, tuple(_undecided(session_id, ports)), reported_end)
    lost = [f"{Subject.AUDIT_TRAIL}: {fault}" for fault in lost_end(reported_end, verified.entries)]
    invented = _invented(verified, ports.origin_keys)
    # An end that is lost stays in the reports: it is missed in every night from now on.
    end = reported_end if lost else _trail_end(verified)
    return CheckedSession(session_id, (*_faults(verified), *lost, *invented), end)


def _undecided(session_id: str, ports: VerificationPorts) -> Iterator[str]:
    status = ports.sessions.read(session_id).session.status
    if status is SessionStatus.FINALIZING and not ports.vault.seal_folder(session_id).parts:
        # Its records are being written; the reconciliation tells if that does not end.
        return
    completed = status is SessionStatus.COMPLETED
    state = "names neither decision nor sheet now" if completed else f"is {status} now"
    yield f"{Subject.SESSION}: it was finalized, and {state}"


def _unverified(session_id: str, failure: Exception, reported_end: str | None) -> CheckedSession:
    return CheckedSession(session_id, (f"could not be verified: {failure!r}",), reported_end)


def _faults(verified: Verified) -> Iterator[str]:
    for check in verified.checks:
        yield from (f"{check.subject}: {fault}" for fault in check.faults)


def _invented(verified: Verified, keys: OriginKeys) -> Iterator[str]:
    for fault in origin_faults(verified.entries, keys.of):
        yield f"{Subject.AUDIT_TRAIL}: {fault}"


def _trail_end(verified: Verified) -> str | None:
    return verified.entries[-1].sha256 if verified.entries else None
