"""Verifying a session on request, and noting in its trail who asked and what the answer was."""

from collections.abc import Iterator

from shared.application.verify import VerificationPorts, verify
from shared.domain.audit import Action, ChangeContext, FieldChange
from shared.domain.verification import Verified


def verify_session(session_id: str, change: ChangeContext, ports: VerificationPorts) -> Verified:
    """
    Verify the session, and note in its audit trail by whom and with what result.

    Nothing is noted before the session is signed: there is nothing to compare with, and clients
    that wait for the signature ask often. A seal that is missing for good is a fault of the answer.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: There is nothing to verify yet.
        SealPending: The session is finalized, and its seal still on its way.
        Busy: The database is throttled; ask again.
    """
    verified = verify(session_id, change.at, ports)
    if verified.signing is not None:
        ports.trail.append(session_id, Action.VERIFIED, change, list(_result(verified)))
    return verified


def _result(verified: Verified) -> Iterator[FieldChange]:
    yield FieldChange("", "intact", None, verified.is_intact)
    if verified.broken:
        yield FieldChange("", "notIntact", None, ", ".join(verified.broken))
