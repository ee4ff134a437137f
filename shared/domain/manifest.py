"""
The manifest: one document that says everything a finalization decided, and from what.

Its SHA-256 stands on the session and on every record, and is what gets signed: whoever holds the
manifest, the sheet and a record can tell that they belong together (21 CFR 11.70).
"""

from collections.abc import Sequence

from shared.domain.canonical import Json, as_json
from shared.domain.evidence import Sheet
from shared.domain.records import Record
from shared.domain.session import Finalization, Snapshot

# What pressing Finalize means, in the words that go with the name and the time (21 CFR 11.50).
MEANING = (
    "I attest that the attendance listed here agrees with the signed attendance sheet named here, "
    "and that the records listed here follow from it."
)


def manifest_of(
    snapshot: Snapshot, sheet: Sheet, records: Sequence[Record], decision: Finalization
) -> Json:
    """
    The manifest of *decision*, version 1: the same to the byte whoever computes it.

    *auditHead* is the SHA-256 of the last audit entry before the decision, and so vouches for all
    of them.
    """
    session = snapshot.session
    attendees = sorted(snapshot.attendees, key=lambda attendee: attendee.personnel_id)
    return {
        "manifestVersion": 1,
        "sessionId": session.session_id,
        "session": as_json(session.details),
        "course": as_json(decision.course),
        "evidence": as_json(sheet),
        "auditHead": decision.audit_head,
        "finalization": {
            "finalizationId": decision.finalization_id,
            "finalizedAt": as_json(decision.finalized_at),
            "finalizedBy": as_json(decision.finalized_by),
            "meaning": MEANING,
            "counts": as_json(decision.counts),
        },
        "attendees": [as_json(attendee) for attendee in attendees],
        "records": [_listed(record) for record in sorted(records, key=lambda r: r.personnel_id)],
    }


def _listed(record: Record) -> Json:
    """
    What is the record's own; the rest of it stands above, once.
    """
    return {
        "recordId": record.record_id,
        "personnelId": record.personnel_id,
        "kind": record.kind,
        "result": record.result,
        "status": record.status,
        "sessionDate": as_json(record.session_date),
        "expiryDate": None if record.expiry_date is None else as_json(record.expiry_date),
        "expiryRule": record.expiry_rule,
    }
