"""The finalize protocol under random schedules of concurrent requests, crashes and lost answers."""

from collections.abc import Callable

import pytest

from tests.simulation.conftest import PROPERTY, SCHEDULES, TORTURE_SCHEDULES, schedules
from tests.simulation.database import CONDITION, CONFLICT, Fate
from tests.simulation.exploration import Tally, explore
from tests.simulation.history import Answer
from tests.simulation.simulation import play
from tests.simulation.world import Focus, Hazard, small_transactions

# What production does not withstand, or not yet: where to look, and why it breaks a rule.
KNOWN: tuple[tuple[Hazard, Focus, str], ...] = (
    (
        Hazard.LONG_PATCH,
        {"patchers": 3},
        "marks of earlier transactions stay saved when a later one is refused, as documented",
    ),
    (
        Hazard.VERIFIER,
        {"requires_verify": True, "max_actions": 4, "people": 4, "present": 4, "keys": ("k", "k")},
        "whoever still stages overwrites what was signed off since another completed the session",
    ),
    (
        Hazard.PERSONS,
        {"readers": 4, "max_actions": 100, "patchers": 0, "people": 3, "present": 3},
        "records of one transaction appear within milliseconds of each other, not at once",
    ),
)
KNOWN_WITHIN = 4_000


@pytest.fixture(scope="module")
def played() -> Tally:
    """Play the schedules of a default run, once for the tests that ask about them."""
    return explore(*schedules(0, SCHEDULES))


@pytest.fixture
def full_run(played: Tally) -> Tally:
    """Return the same, unless only some of them were asked for."""
    if played.schedules < SCHEDULES:
        pytest.skip("counts what all schedules together bring about")
    return played


def test_schedules_keep_every_rule(
    played: Tally, record_property: Callable[[str, object], None]
) -> None:
    """Whatever the order of steps and whatever fails, no reader, client or consumer is deceived."""
    record_property(PROPERTY, f"all guards: {played.summary}")

    assert played.violation is None, played.report


def test_schedules_meet_every_fault_in_both_ways_of_writing(full_run: Tally) -> None:
    """A rule that was never in danger was never tested: every fault and either way occurs often."""
    rare = [name for name in (*Fate, CONDITION, CONFLICT) if full_run.happened[name] < 20]
    ways = {name for name, times in full_run.ways.items() if times > 100}

    assert rare == []
    assert ways == {"in one transaction", "sealed and staged"}


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("kind", ["finalize", "patch", "register", "upload"])
def test_schedules_bring_about_every_answer(full_run: Tally, kind: str, answer: Answer) -> None:
    """Clients are told yes, no and nothing at all, each many times."""
    assert full_run.told[f"{kind} {answer}"] >= 20


def test_one_seed_is_one_schedule() -> None:
    """The same seed plays the same schedule to the last step, so that a failure can be replayed."""
    traces: list[list[str]] = [[], []]

    with small_transactions():
        for trace in traces:
            play(7, trace=trace)

    assert len(traces[0]) > 20
    assert traces[0] == traces[1]


@pytest.mark.parametrize(
    ("hazard", "focus"),
    [
        pytest.param(hazard, focus, id=hazard.name, marks=pytest.mark.xfail(reason=reason))
        for hazard, focus, reason in KNOWN
    ],
)
def test_schedules_with_a_hazard_keep_every_rule(hazard: Hazard, focus: Focus) -> None:
    """What is known to break a rule is shown to; once it does not, it belongs to every schedule."""
    tally = explore(0, KNOWN_WITHIN, frozenset({hazard}), focus)

    assert tally.violation is None, tally.report


@pytest.mark.torture
def test_a_hundred_thousand_new_schedules_keep_every_rule(
    new_seed: int, record_property: Callable[[str, object], None]
) -> None:
    """As by default, many times as many, and others in every run."""
    tally = explore(*schedules(new_seed, TORTURE_SCHEDULES))
    record_property(PROPERTY, f"torture: {tally.summary}")

    assert tally.violation is None, tally.report
