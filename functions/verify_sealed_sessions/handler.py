"""Every night: verify sealed sessions, and report those that are not intact."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.verify_sealed_sessions.use_case import verify_sealed_sessions
from shared.application.walk import raise_failures
from shared.runtime import clock
from shared.runtime.observability import count, logger, observed
from shared.runtime.wiring import wiring


@observed()
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    checked = verify_sealed_sessions(clock.now(), wiring(), wiring().time_left(context))
    for finding in checked.findings:
        # The faults are in the report alone: they quote names and remarks.
        logger.error(
            "session is not intact",
            extra={"session_id": finding.session_id, "broken": finding.broken},
        )
    for fault in checked.report_faults:
        logger.error("report of an earlier night is not intact", extra={"fault": fault})
    for fault in checked.witness_faults:
        logger.error("a table is not witnessed", extra={"fault": fault})
    count("SealsBroken", len(checked.findings))
    count("TablesUnwitnessed", len(checked.witness_faults))
    count("ReportsBroken", len(checked.report_faults))
    count("SessionsNotReached", len(checked.not_reached))
    if checked.not_reached:
        logger.error("no time was left", extra={"not_reached": len(checked.not_reached)})
    raise_failures("no answer was given about", checked.unanswered)
    return {
        "findings": [asdict(finding) for finding in checked.findings],
        "report_faults": list(checked.report_faults),
        "witness_faults": list(checked.witness_faults),
        "not_reached": len(checked.not_reached),
    }
