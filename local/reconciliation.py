"""Asking the stack that is up whether what it stores agrees with what was decided."""

import json

from local import background, sam


def findings() -> list[dict[str, str]]:
    """
    Run the nightly reconciliation now.

    Raises:
        StackNotUp: There is no stack to ask.
        SamFailed: The function could not be run, or it failed.
    """
    stack = background.current()
    target = sam.Target(stack.endpoint, background.HOME, stack.account_id, stack.region)
    answer = json.loads(sam.remote_invoke(target, "reconcile_sessions", "happy_path"))
    if "errorMessage" in answer:
        raise sam.SamFailed(f"The reconciliation failed: {answer['errorMessage']}")
    return list(answer["findings"])
