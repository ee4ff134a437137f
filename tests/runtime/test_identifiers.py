"""New identifiers."""

import re

from shared.runtime.identifiers import new_id, new_token


def test_ids_do_not_repeat() -> None:
    """Each request and each upload has its own id, which cannot be guessed."""
    assert len({new_id() for _ in range(1_000)}) == 1_000
    assert len({new_token() for _ in range(1_000)}) == 1_000
    assert re.fullmatch(r"[0-9a-f]{16}", new_token())
