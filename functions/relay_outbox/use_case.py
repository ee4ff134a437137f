"""
Relaying the outbox: every finalization that owes work, brought to its end.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.finalization.resume import Finalizing, resume


@dataclass(frozen=True, slots=True)
class Relayed:
    """
    What a run came to: entries done, entries still owed, and what went wrong with which session.
    """

    done: int
    left: int
    failures: tuple[tuple[str, Exception], ...]


def relay_outbox(now: datetime, using: Finalizing) -> Relayed:
    """
    Work off everything due, the oldest first, while there is time.

    An entry whose work fails stays and comes again next minute; it never holds up the others.
    """
    done, left, failures = 0, 0, []
    for entry in using.outbox.due(now):
        if not using.go_on():
            left += 1
            continue
        try:
            owes = resume(entry.session_id, using).owes
        except Exception as failure:  # noqa: BLE001 - reported and raised by the handler
            failures.append((entry.session_id, failure))
            owes = True
        done, left = done + (not owes), left + owes
    return Relayed(done, left, tuple(failures))
