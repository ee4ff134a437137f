"""Every night, and on `make reconcile`: report stored data that does not agree."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.reconcile_sessions.use_case import reconcile_sessions
from shared.application.walk import raise_failures
from shared.runtime import clock
from shared.runtime.observability import count, logger, observed
from shared.runtime.wiring import wiring

# Long enough to find damage by a restored backup or a repair by hand.
LOOKING_BACK = timedelta(days=90)


@observed()
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    reconciled = reconcile_sessions(
        clock.now(), LOOKING_BACK, wiring(), wiring().time_left(context)
    )
    for finding in reconciled.findings:
        logger.error("does not agree", extra=asdict(finding))
        count(finding.fault)
    count("ReconcilerFindings", len(reconciled.findings))
    count("SessionsNotReached", len(reconciled.not_reached))
    if reconciled.not_reached:
        logger.error("no time was left", extra={"not_reached": len(reconciled.not_reached)})
    raise_failures("no answer was given about", reconciled.unanswered)
    return {
        "findings": [asdict(finding) for finding in reconciled.findings],
        "not_reached": len(reconciled.not_reached),
    }
