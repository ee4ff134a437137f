"""
Every minute: finish what a finalization still owes.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.relay_outbox.use_case import relay_outbox
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed
from shared.runtime.time_left import time_left


@observed()
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> None:
    relayed = relay_outbox(wiring.now(), wiring.finalizing(time_left(context)))
    count("OutboxLeftOver", relayed.left)
    if relayed.left:
        logger.warning("work is still owed", extra={"left": relayed.left})
    if relayed.failures:
        # Raised, so that alarms see it; the entries stay, and next minute is the retry.
        raise ExceptionGroup(
            f"could not finish {', '.join(session_id for session_id, _ in relayed.failures)}",
            [failure for _, failure in relayed.failures],
        )
