"""The finalize protocol under random schedules of concurrent requests, crashes and lost answers."""

from collections.abc import Callable

import pytest

from tests.simulation.conftest import PROPERTY, SCHEDULES, TORTURE_SCHEDULES, schedules
from tests.simulation.exploration import Tally, explore
from tests.simulation.faults import CONDITION, CONFLICT, HANDED_BACK, Fault
from tests.simulation.history import Answer
from tests.simulation.mutants import FINALIZE
from tests.simulation.simulation import play
from tests.simulation.world import Focus, Hazard

# What production does not withstand, or not yet: the place, and why it breaks a rule.
KNOWN: tuple[tuple[Hazard, Focus, str], ...] = (
    (
        Hazard.LONG_PATCH,
        {"patchers": 5, "has_sheet": False, "keys": (), "readers": 0, "uploaders": 0},
        "marks of earlier transactions stay saved when a later one is refused, as documented",
    ),
    (
        Hazard.VERIFIER,
        {
            **FINALIZE,
            "requires_verify": True,
            "max_actions": 4,
            "people": 3,
            "present": 3,
            "keys": ("k",) * 5,
            "readers": 0,
            "relays": 2,
            "fault_rate": 0.1,
        },
        "a late stager overwrites what was verified since another completed the session",
    ),
    (
        Hazard.PERSONS,
        {**FINALIZE, "readers": 8, "max_actions": 100, "people": 3, "present": 3},
        "records of one transaction appear within milliseconds of each other, not at once",
    ),
)
KNOWN_WITHIN = 1_000


@pytest.fixture(scope="module")
def played() -> Tally:
    """Play the schedules of a default run, once for all tests that use them."""
    return explore(*schedules(0, SCHEDULES))


@pytest.fixture
def full_run(played: Tally) -> Tally:
    """Return the same schedules, unless the run was told to play fewer."""
    if played.schedules < SCHEDULES:
        pytest.skip("counts what all schedules together bring about")
    return played


def test_schedules_keep_every_rule(
    played: Tally, record_property: Callable[[str, object], None]
) -> None:
    """In any order of steps and with any faults, no reader, client or consumer is misled."""
    record_property(PROPERTY, f"all guards: {played.summary}")

    assert played.violation is None, played.report


def test_schedules_meet_every_fault_in_both_ways_of_writing(full_run: Tally) -> None:
    """Every fault and both ways of writing occur often; otherwise the rules would prove nothing."""
    rare = [
        name for name in (*Fault, CONDITION, CONFLICT, HANDED_BACK) if full_run.happened[name] < 15
    ]
    ways = {name for name, times in full_run.ways.items() if times > 50}

    assert rare == []
    assert ways == {"in one transaction", "locked and staged"}


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("kind", ["finalize", "patch", "register", "upload"])
def test_schedules_bring_about_every_answer(full_run: Tally, kind: str, answer: Answer) -> None:
    """Success, refusal and no answer all occur many times."""
    assert full_run.told[f"{kind} {answer}"] >= 15


def test_one_seed_is_one_schedule() -> None:
    """The same seed plays the same schedule to the last step, so a failure can be replayed."""
    traces: list[list[str]] = [[], []]

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
    """A hazard is shown to break a rule; once it does not, it belongs into every schedule."""
    tally = explore(0, KNOWN_WITHIN, frozenset({hazard}), focus)

    assert tally.violation is None, tally.report


@pytest.mark.torture
def test_thousands_of_new_schedules_keep_every_rule(
    new_seed: int, record_property: Callable[[str, object], None]
) -> None:
    """Many times the default number is played, with other seeds at every run."""
    tally = explore(*schedules(new_seed, TORTURE_SCHEDULES))
    record_property(PROPERTY, f"torture: {tally.summary}")

    assert tally.violation is None, tally.report
