"""`make invoke`: runs a function once, and shows its answer with the log beside it."""

import json
import sys
from typing import Any

from local import background, sam
from local.invocation import container
from local.invocation.deployed import Deployment, Function
from local.invocation.emulator import emulated
from local.invocation.engine import Engine, engine
from local.invocation.fitting import Fitting
from local.invocation.outcome import Outcome, agrees
from local.invocation.samples import STANDARD_INPUT, Sample, known, sample, sent
from local.progress import console, step
from local.stack import Stack

EMULATED = (
    "No container engine is running, so this is AWS's emulator and interface client as processes:"
    " the file system is this machine's, and memory is not limited."
)


def invoke(folder: str, case: str) -> bool:
    """
    Run the function of *folder* with an event, on the stack that is up; return whether it failed.

    Raises:
        StackNotUp: There is no stack.
        NoSuchSample: There is no such function or event.
    """
    chosen = _chosen(folder, case)
    stack = background.current()
    event = Fitting(stack).fit(chosen.event) if chosen else sent()
    outcome = run(Deployment(stack).function(folder), event, engine(), stack)
    _show(outcome)
    if chosen:
        _compare(chosen, outcome)
    return outcome.is_error


def run(function: Function, event: Any, found: Engine | None, stack: Stack) -> Outcome:  # noqa: ANN401 - any JSON document
    """Run a function in a container if there is an engine, and else by AWS's emulator."""
    if found:
        with step("Running sam local invoke"):
            return container.invoke(function, event, found, stack)
    console.print(EMULATED, style="dim")
    with step("Building the functions and their layers"):
        sam.build()
    with emulated(function, container.HOME) as running:
        return running.invoke(event)


def _chosen(folder: str, case: str) -> Sample | None:
    """The sample that is named; none if the event comes from standard input."""
    known(folder)
    return None if case == STANDARD_INPUT else sample(folder, case)


def _show(outcome: Outcome) -> None:
    """Print the answer to standard output, and the log to standard error."""
    sys.stderr.write(outcome.log.rstrip() + "\n")
    json.dump(outcome.readable, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _compare(chosen: Sample, outcome: Outcome) -> None:
    """Say if it is not the answer that stands beside the event, and what may be the reason."""
    if agrees(chosen.answer, outcome.readable):
        return
    before = f", after {', '.join(chosen.after)}" if chosen.after else ""
    console.print(
        f"This is not the answer beside the event. That is given on the sample data{before}.",
        style="yellow",
    )
