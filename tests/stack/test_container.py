"""
Every function once through `sam local invoke`, in a container with the Python that Lambda has.

`.ci/container` makes image and network, and asks for these tests.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import pytest

from local.invocation import container
from local.invocation.deployed import FUNCTIONS, Deployment
from local.invocation.engine import Engine, engine
from local.invocation.fitting import Fitting
from local.invocation.outcome import Outcome, agrees
from local.invocation.samples import Sample, samples
from local.samples.loading import load
from local.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.container]

HAPPY = [sample for sample in samples() if sample.case == "happy_path"]


def waves() -> list[list[Sample]]:
    """Return the happy paths, those that need no other first, then those that need only these."""
    by_name = {sample.name: sample for sample in samples()}

    def depth(name: str) -> int:
        return 1 + max(map(depth, by_name[name].after), default=0)

    ranked = sorted(HAPPY, key=lambda sample: depth(sample.name))
    return [list(wave) for _, wave in groupby(ranked, lambda sample: depth(sample.name))]


@pytest.fixture(scope="module")
def running() -> Engine:
    """Return the engine of this machine, which must have one here."""
    found = engine()
    assert found
    return found


def test_functions_answer_in_a_container(stack: Stack, running: Engine) -> None:
    """Each is played after what it needs, and gives the answer beside its happy path."""
    load(stack)
    container.build()
    deployment, fitting = Deployment(stack), Fitting(stack)

    def play(sample: Sample) -> Outcome:
        function = deployment.function(sample.function)
        return container.invoke(function, fitting.fit(sample.event), running, stack)

    # Two at once, because much of the time is SAM's own start.
    with ThreadPoolExecutor(2) as pool:
        outcomes = {
            sample: outcome
            for wave in waves()
            for sample, outcome in zip(wave, pool.map(play, wave), strict=True)
        }

    assert {sample.function for sample in HAPPY} == set(FUNCTIONS)
    assert [
        (sample.name, json.dumps(outcome.readable)[:500], outcome.log[-2000:])
        for sample, outcome in outcomes.items()
        if not agrees(sample.answer, outcome.readable)
    ] == []
