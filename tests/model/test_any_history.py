"""Any history of the product agrees with the model, with crashes and concurrent operations."""

import pytest

from tests.model.machine import play
from tests.model.scripts import EVERYONE, RULES, SCRIPTS, Script, ready
from tests.model.server import Server


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_scripted_history_agrees_with_the_model(server: Server, script: Script) -> None:
    """
    What can be seen of the product is what the model says, and the relay does what is owed.

    The histories that matter most are played at every run.
    """
    history = server.history(script.limits)
    history.begin(ready([EVERYONE], RULES))

    script.play(history)

    history.recover()
    assert set(script.brings) <= history.happened.keys()


def test_any_history_agrees_with_the_model(server: Server) -> None:
    """
    With any operations in any order, crashes and concurrent operations, the product and the model
    agree.
    """
    play(server, histories=5, steps=15)


@pytest.mark.torture
def test_any_long_history_agrees_with_the_model(server: Server) -> None:
    """Longer histories agree too, and many more of them."""
    play(server, histories=24, steps=50)
