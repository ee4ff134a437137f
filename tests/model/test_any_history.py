"""Any history of the product agrees with the model, whatever dies and whoever comes between."""

import pytest

from tests.model.history import AT_ONCE, IN_STEPS, SEALED
from tests.model.machine import play
from tests.model.stage import Stage

# Without these, a run that found nothing would say nothing.
WANTED = (
    *(AT_ONCE, IN_STEPS, "died: Finalize", "intruded: Finalize"),
    *("Hear", "session-finalized", "stale-view"),
)
WANTED_OF_MANY = (
    *WANTED,
    *(SEALED, "Patch", "Register", "accepted", "rejected", "late", "RecordChanged"),
    *("evidence-being-checked", "evidence-missing", "finalization-in-progress"),
    *("not-completed", "session-cancelled", "unknown-attendees"),
    *("died: Notify", "died: Patch", "died: Register", "died: Relay", "died: Store"),
    *("intruded: Patch", "intruded: Register", "intruded: Relay", "intruded: ViewRecords"),
)


def test_any_history_agrees_with_the_model(stage: Stage) -> None:
    """
    Whatever people do, in whatever order, wherever a process dies and whoever comes between: what
    can be seen of the product is what the model says, and what is owed is done after a relay.
    """
    missing = play(stage, steps=20, wanted=WANTED, seconds=4, at_most=120)

    assert not missing


@pytest.mark.torture
def test_any_long_history_agrees_with_the_model(stage: Stage) -> None:
    """The same, in longer histories and many more of them, until everything happened."""
    missing = play(stage, steps=50, wanted=WANTED_OF_MANY, seconds=240, at_most=960)

    assert not missing
