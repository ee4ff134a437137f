"""Responses about verifications."""

from datetime import datetime

from shared.contracts.response import ResponseBody
from shared.domain.verification import Check, Subject, Verified

# A longer list helps no reader when thousands of records were forged; the count is exact.
MOST_FAULTS = 100


class CheckResponse(ResponseBody):
    """
    The check of one subject; *faults* has at most a hundred of its *fault_count* faults. *notes*
    say what is worth knowing although nothing is wrong.
    """

    subject: Subject
    intact: bool
    fault_count: int
    faults: list[str]
    notes: list[str] | None = None

    @classmethod
    def of(cls, check: Check) -> "CheckResponse":
        return cls(
            subject=check.subject,
            intact=check.is_intact,
            fault_count=len(check.faults),
            faults=list(check.faults[:MOST_FAULTS]),
            notes=list(check.notes) or None,
        )


class VerificationResponse(ResponseBody):
    session_id: str
    finalization_id: str
    manifest_sha256: str
    verified_at: datetime
    intact: bool
    checks: list[CheckResponse]

    @classmethod
    def of(cls, verified: Verified, now: datetime) -> "VerificationResponse":
        return cls(
            session_id=verified.session_id,
            finalization_id=verified.decision.finalization_id,
            manifest_sha256=verified.decision.manifest_sha256,
            verified_at=now,
            intact=verified.is_intact,
            checks=[CheckResponse.of(check) for check in verified.checks],
        )
