"""
Each sample event once, in AWS's emulator and interface client, on the deployed stack.

One process for each function, with the rights of its role, the artifact and the layers as built.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from local.invocation.deployed import Deployment
from local.invocation.emulator import Emulated, emulated
from local.invocation.fitting import Fitting
from local.invocation.outcome import Outcome, agrees
from local.invocation.samples import Sample, samples
from local.samples import WORKING_AT_HEIGHT
from local.samples.loading import load
from local.stack import Stack
from local.workspace import STATE
from testing.waiting import wait_until
from tests.stack.deployed import HOME
from tests.stack.operator import Operator

pytestmark = pytest.mark.stack

SAMPLES = samples()
# What the deployed functions do after a finalization, and later samples find done.
FOLLOWING = (
    f"seals/{WORKING_AT_HEIGHT}/summary.sig",
    f"stamps/seals/{WORKING_AT_HEIGHT}/manifest.json.tsr",
)
# How the lines begin that the emulator writes about each invocation.
PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)")


class Player:
    """Plays samples on one stack, each function in a process of its own that is kept."""

    def __init__(self, stack: Stack, operator: Operator, kept: ExitStack) -> None:
        self._deployment = Deployment(stack)
        self._fitting = Fitting(stack)
        self._operator = operator
        self._kept = kept
        self._running: dict[str, Emulated] = {}

    def play(self, sample: Sample) -> Outcome:
        """Play a sample, and wait for what the stack does by itself."""
        if sample.function not in self._running:
            self._running[sample.function] = self._start(sample.function)
        outcome = self._running[sample.function].invoke(self._fitting.fit(sample.event))
        if sample.name == "finalize_session/happy_path":
            wait_until("seal and time stamp", lambda: all(map(self._is_stored, FOLLOWING)))
        return outcome

    def _start(self, function: str) -> Emulated:
        home = STATE / HOME / "emulator"
        return self._kept.enter_context(emulated(self._deployment.function(function), home))

    def _is_stored(self, key: str) -> bool:
        bucket = self._operator.stack.bucket
        return self._operator.s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"] > 0


@pytest.fixture(scope="module")
def played(stack: Stack, operator: Operator) -> Iterator[dict[str, Outcome]]:
    """Play all samples on the sample data, in their order."""
    load(stack)
    with ExitStack() as kept:
        player = Player(stack, operator, kept)
        yield {sample.name: player.play(sample) for sample in SAMPLES}


# What is said of a sample, and of sessions that other tests on this stack have damaged.
MISHAPS = {
    "tamper note",
    "does not agree",
    "session is not intact",
    "report of an earlier night is not intact",
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.name))
def test_a_sample_gets_the_answer_beside_it(sample: Sample, played: dict[str, Outcome]) -> None:
    """In Lambda's own runtime, with the rights of the function's role."""
    found = played[sample.name].readable

    assert agrees(sample.answer, found), json.dumps(found, indent=2)


def test_log_lines_of_samples_have_one_shape(played: dict[str, Outcome]) -> None:
    """
    Beside Lambda's own lines each is JSON with what Lambda's filter looks for, also at a start.

    A line of metrics has neither level nor time stamp, and is taken for INFO.
    """
    lines = [line for outcome in played.values() for line in outcome.log.splitlines()]
    written = [line for line in lines if not line.startswith(PLATFORM)]

    parsed = [json.loads(line) for line in written]

    logged = [line for line in parsed if "_aws" not in line]
    assert len(logged) > len(played) / 2
    assert {line["service"] for line in parsed} == {"training-sessions"}
    assert {line["level"] for line in logged} <= {"DEBUG", "INFO", "WARNING", "ERROR"}
    assert all(RFC3339.fullmatch(line["timestamp"]) for line in logged)
    assert {line["message"] for line in logged if line["level"] == "ERROR"} <= MISHAPS
