"""Every minute: finish the finalizations that have entries in the outbox."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.relay_outbox.use_case import relay_outbox
from shared.application.walk import raise_failures
from shared.runtime import clock
from shared.runtime.observability import count, logger, observed
from shared.runtime.wiring import wiring


@observed()
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> None:
    relayed = relay_outbox(clock.now(), wiring(), wiring().time_left(context))
    count("OutboxLeftOver", relayed.left)
    if relayed.left:
        logger.warning("work is still owed", extra={"left": relayed.left})
    # The entries stay in the outbox; the next run retries them.
    raise_failures("could not finish", relayed.failures)
