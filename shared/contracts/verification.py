"""
What a verification found, as JSON.
"""

from datetime import datetime

from shared.contracts.shape import Shape
from shared.domain.verification import Check, Subject, Verified

# Whoever forged thousands of records is not helped by a list of them; the number is exact.
MOST_FAULTS = 100


class CheckShape(Shape):
    """
    One part of the chain; *faults* names what is not intact, up to a hundred of *fault_count*.
    """

    subject: Subject
    intact: bool
    fault_count: int
    faults: list[str]

    @classmethod
    def of(cls, check: Check) -> "CheckShape":
        return cls(
            subject=check.subject,
            intact=check.is_intact,
            fault_count=len(check.faults),
            faults=list(check.faults[:MOST_FAULTS]),
        )


class VerificationShape(Shape):
    session_id: str
    finalization_id: str
    manifest_sha256: str
    verified_at: datetime
    intact: bool
    checks: list[CheckShape]

    @classmethod
    def of(cls, verified: Verified, now: datetime) -> "VerificationShape":
        return cls(
            session_id=verified.session_id,
            finalization_id=verified.decision.finalization_id,
            manifest_sha256=verified.decision.manifest_sha256,
            verified_at=now,
            intact=verified.is_intact,
            checks=[CheckShape.of(check) for check in verified.checks],
        )
