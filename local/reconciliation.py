"""Running the reconciliation on the stack in the background."""

import json
from typing import Any

from local import background, sam


def reconcile() -> dict[str, Any]:
    """
    Run the nightly reconciliation now, and return its answer.

    Raises:
        StackNotUp: There is no stack in the background.
        SamFailed: The function could not be run, or it failed.
    """
    stack = background.current()
    target = sam.Target(stack.endpoint, background.HOME, stack.account_id, stack.region)
    answer = json.loads(sam.remote_invoke(target, "reconcile_sessions", "happy_path"))
    if "errorMessage" in answer:
        raise sam.SamFailed(f"The reconciliation failed: {answer['errorMessage']}")
    return dict(answer)
