"""
Every minute: deliver what is still owed.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.relay_outbox.use_case import relay_outbox
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed


@observed()
def lambda_handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    left = relay_outbox(wiring.now(), wiring.publisher(), wiring.outbox())
    count("OutboxLeftOver", left)
    if left:
        logger.warning("events are still owed", extra={"left": left})
