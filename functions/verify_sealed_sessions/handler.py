"""
Every night: is what was sealed still intact?
"""

import random
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.verify_sealed_sessions.use_case import SelfCheck, verify_sealed_sessions
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed
from shared.runtime.settings import settings
from shared.runtime.time_left import time_left


@observed()
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    using = SelfCheck(
        wiring.verifying(),
        wiring.vault(),
        wiring.reporter(),
        settings().retention_years,
        random.random,
        time_left(context),
    )
    findings = verify_sealed_sessions(wiring.now(), using)
    for finding in findings:
        logger.error("session is not intact", extra=asdict(finding))
    count("SealsBroken", len(findings))
    return {"findings": [asdict(finding) for finding in findings]}
