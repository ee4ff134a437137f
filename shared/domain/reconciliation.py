"""
What can be wrong with a finalization long after it was decided. Findings are reported, never
repaired silently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.compliance import Compliance
from shared.domain.outbox import OutboxEntry, due_before
from shared.domain.session import Finalization, Session, SessionStatus

# The relay comes every minute; whatever it could not do in a quarter of an hour, it cannot do.
TOO_LONG = timedelta(minutes=15)


class Fault(StrEnum):
    """
    The kinds of findings, each also the name of a metric.
    """

    FINALIZING_TOO_LONG = "FinalizingTooLong"
    RECORDS_MISSING = "RecordsMissing"
    COMPLIANCE_NOT_RECALCULATED = "ComplianceNotRecalculated"
    OUTBOX_STUCK = "OutboxStuck"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is wrong with one session, in words for whoever repairs it.
    """

    fault: Fault
    session_id: str
    detail: str


def stuck_entry(entry: OutboxEntry, now: datetime) -> Finding | None:
    """
    An entry that was due a quarter of an hour ago is one the relay fails on.
    """
    if entry.due >= due_before(now - TOO_LONG):
        return None
    return Finding(Fault.OUTBOX_STUCK, entry.session_id, f"work is owed since {entry.due}")


def stuck_session(session: Session, now: datetime) -> Finding | None:
    """
    A session that was sealed a quarter of an hour ago should long be completed.
    """
    decision = session.finalization
    if session.status is not SessionStatus.FINALIZING or decision is None:
        return None
    if now - decision.finalized_at < TOO_LONG:
        return None
    return Finding(
        Fault.FINALIZING_TOO_LONG, session.session_id, f"sealed at {decision.finalized_at}"
    )


def missing_records(session_id: str, decision: Finalization, written: int) -> Finding | None:
    """
    A completed session has as many records as it recorded when it was finalized.
    """
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
    Everybody on a finalized roster was judged anew since; otherwise the event was lost on its way.
    """
    if now - decision.finalized_at < TOO_LONG:
        return None
    judged = {
        known.personnel_id for known in standings if known.calculated_at >= decision.finalized_at
    }
    left = len(people) - len(judged.intersection(people))
    if not left:
        return None
    return Finding(
        Fault.COMPLIANCE_NOT_RECALCULATED, session_id, f"{left} of {len(people)} people not judged"
    )
