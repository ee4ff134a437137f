"""
Verifying a session when somebody asks, and remembering who asked and what they were told.
"""

from collections.abc import Iterator

from shared.domain.audit import Action, Cell, Change
from shared.domain.verification import Verified
from shared.verification.verify import Verifying, verify


def verify_session(session_id: str, change: Change, using: Verifying) -> Verified:
    """
    Verify the session, and note in its audit trail by whom and with what result.

    Not before it was signed: until then there is nothing to hold it against, and whoever waits for
    the signature asks often.

    Raises:
        NotFound: There is no such session.
        SessionNotFinalized: There is nothing yet that could be verified.
        Busy: The database is throttled; ask again.
    """
    verified = verify(session_id, using)
    if verified.signing is not None:
        using.trail.append(session_id, Action.VERIFIED, change, list(_result(verified)))
    return verified


def _result(verified: Verified) -> Iterator[Cell]:
    yield Cell("", "intact", None, verified.is_intact)
    if verified.broken:
        yield Cell("", "notIntact", None, ", ".join(verified.broken))
