"""
What can be wrong with a finalization after it was decided. Findings are reported, never repaired
silently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.compliance import Compliance
from shared.domain.outbox import OutboxEntry, UnreadableEntry
from shared.domain.session import Finalization, Session, SessionStatus, Snapshot

# The relay runs every minute; what it has not done after 15 attempts, it cannot do.
TOO_LONG = timedelta(minutes=15)


class Fault(StrEnum):
    """The kinds of findings; each value is also the name of a metric."""

    FINALIZING_TOO_LONG = "FinalizingTooLong"
    RECORDS_MISSING = "RecordsMissing"
    COMPLIANCE_NOT_RECALCULATED = "ComplianceNotRecalculated"
    OUTBOX_STUCK = "OutboxStuck"
    ROSTER_INCONSISTENT = "RosterInconsistent"
    SESSION_UNREADABLE = "SessionUnreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one session, in words for the person who repairs it."""

    fault: Fault
    session_id: str
    detail: str


def stuck_entry(entry: OutboxEntry | UnreadableEntry, now: datetime) -> Finding | None:
    """An entry that was due a quarter of an hour ago or cannot be read: the relay fails on it."""
    if isinstance(entry, UnreadableEntry):
        return Finding(Fault.OUTBOX_STUCK, "unknown", f"entry {entry.key} cannot be read")
    if entry.due > now - TOO_LONG:
        return None
    return Finding(Fault.OUTBOX_STUCK, entry.session_id, f"work is owed since {entry.due}")


def stuck_session(session: Session, now: datetime) -> Finding | None:
    """A session that was locked a quarter of an hour ago and is still not completed."""
    if session.status is not SessionStatus.FINALIZING:
        return None
    decision = session.decided().decision
    if now - decision.finalized_at < TOO_LONG:
        return None
    return Finding(
        Fault.FINALIZING_TOO_LONG, session.session_id, f"locked at {decision.finalized_at}"
    )


def inconsistent_roster(snapshot: Snapshot) -> Finding | None:
    """
    A locked session whose rows do not give its sums: a row was added, changed or removed without
    the API, so nothing that depends on the roster can be checked.
    """
    if snapshot.is_whole:
        return None
    session, rows = snapshot.session, len(snapshot.attendees)
    return Finding(
        Fault.ROSTER_INCONSISTENT,
        session.session_id,
        f"{rows} rows do not add up to the session's {session.roster_count} people and their sum",
    )


def unreadable_session(session_id: str, failure: Exception) -> Finding:
    """
    A session whose check failed. Only the kind of failure is named, because messages may quote
    stored values.
    """
    return Finding(
        Fault.SESSION_UNREADABLE, session_id, f"cannot be checked: {type(failure).__name__}"
    )


def missing_records(session_id: str, decision: Finalization, written: int) -> Finding | None:
    """A completed session that has not as many records as its decision counted."""
    expected = decision.counts.records
    if written == expected:
        return None
    return Finding(Fault.RECORDS_MISSING, session_id, f"{written} of {expected} records are there")


def missing_compliance(
    session_id: str,
    decision: Finalization,
    people: Sequence[str],
    standings: Sequence[Compliance],
    now: datetime,
) -> Finding | None:
    """
    A finalized session after which the compliance of some people on its roster was not calculated
    again: their event was lost.
    """
    if now - decision.finalized_at < TOO_LONG:
        return None
    judged = {
        standing.personnel_id
        for standing in standings
        if standing.calculated_at >= decision.finalized_at
    }
    left = len(people) - len(judged.intersection(people))
    if not left:
        return None
    return Finding(
        Fault.COMPLIANCE_NOT_RECALCULATED, session_id, f"{left} of {len(people)} people not judged"
    )
