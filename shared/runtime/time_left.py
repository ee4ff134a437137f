"""
The time an invocation has.
"""

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.domain.contention import GoOn

# One portion of work takes well under a second, and four when every call is at its slowest.
MARGIN_MILLISECONDS = 6_000


def time_left(context: LambdaContext) -> GoOn:
    """
    True while there is time for another portion of work and for the answer after it.
    """
    return lambda: context.get_remaining_time_in_millis() > MARGIN_MILLISECONDS
