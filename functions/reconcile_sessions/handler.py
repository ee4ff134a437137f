"""
Every night, and on `make reconcile`: report what does not agree.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.reconcile_sessions.use_case import Reconciling, reconcile_sessions
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed

# Long enough to notice what a restored backup or a repair by hand broke.
LOOKING_BACK = timedelta(days=90)


@observed()
def lambda_handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    using = Reconciling(
        wiring.sessions(),
        wiring.records(),
        wiring.compliance(),
        wiring.outbox(),
        wiring.pause,
    )
    findings = reconcile_sessions(wiring.now(), LOOKING_BACK, using)
    for finding in findings:
        logger.error("does not agree", extra=asdict(finding))
        count(finding.fault)
    count("ReconcilerFindings", len(findings))
    return {"findings": [asdict(finding) for finding in findings]}
