"""
The sample events, each with the answer that stands beside it.

An event is `events/<function>/<case>.json`, its answer `events/<function>/answers/<case>.json`:
what the function gives on a stack that has the sample data, after the cases that it names.
"""

import json
import sys
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from local.invocation.deployed import FUNCTIONS
from local.workspace import ROOT

EVENTS = ROOT / "events"
# In place of a case: the event is read from standard input.
STANDARD_INPUT = "-"


class NoSuchSample(Exception):
    """There is no such function, or no such event of it."""


@dataclass(frozen=True)
class Sample:
    """One case of one function, by the names of their files."""

    function: str
    case: str

    @property
    def name(self) -> str:
        return f"{self.function}/{self.case}"

    @property
    def path(self) -> Path:
        return EVENTS / self.function / f"{self.case}.json"

    @property
    def answer_path(self) -> Path:
        return EVENTS / self.function / "answers" / f"{self.case}.json"

    @cached_property
    def event(self) -> Any:  # noqa: ANN401 - each service sends its own
        return json.loads(self.path.read_text())

    @cached_property
    def answer(self) -> dict[str, Any]:
        """What is given beside the event, without the cases that come first."""
        return {name: part for name, part in self._written.items() if name != "after"}

    @property
    def after(self) -> tuple[str, ...]:
        """The cases that must have been played before."""
        return tuple(self._written.get("after", ()))

    @cached_property
    def _written(self) -> dict[str, Any]:
        written: dict[str, Any] = json.loads(self.answer_path.read_text())
        return written


def samples() -> list[Sample]:
    """All samples, each behind those that must have been played before it."""
    found = sorted(EVENTS.glob("*/*.json"))
    by_name = {one.name: one for one in (Sample(path.parent.name, path.stem) for path in found)}
    order = TopologicalSorter({name: one.after for name, one in by_name.items()}).static_order()
    return [by_name[name] for name in order]


def sample(function: str, case: str) -> Sample:
    """
    Return a sample by its names.

    Raises:
        NoSuchSample: With the names there are.
    """
    known(function)
    chosen = Sample(function, case)
    if not chosen.path.is_file():
        cases = ", ".join(sorted(path.stem for path in (EVENTS / function).glob("*.json")))
        raise NoSuchSample(f"{function} has no event {case}, but these: {cases}.")
    return chosen


def known(function: str) -> None:
    """
    Let the name of a function pass.

    Raises:
        NoSuchSample: No function has it.
    """
    if function not in FUNCTIONS:
        raise NoSuchSample(f"There is no function {function!r}, but these: {', '.join(FUNCTIONS)}.")


def sent() -> Any:  # noqa: ANN401 - any JSON document
    """
    Read an event from standard input.

    Raises:
        NoSuchSample: What was read is no JSON.
    """
    try:
        return json.load(sys.stdin)
    except ValueError as error:
        raise NoSuchSample(f"Standard input is no event: {error}.") from error


def listing() -> str:
    """Every sample with what it is, in an order in which all can be played."""
    return "\n".join(map(_line, samples()))


def _line(one: Sample) -> str:
    event, answer = one.event, one.answer
    if "httpMethod" in event:
        about = f"{answer['status']}  {event['httpMethod']} {event['path']}"
    else:
        about = "error" if "error" in answer else json.dumps(answer["returned"])
    after = f"  after {', '.join(one.after)}" if one.after else ""
    return f"{one.name:<44}{about}{after}"
