"""Decisions have one form, and the index lists all of them."""

import re

import pytest

from local.workspace import ROOT
from tests.docs.pages import tracked

DECISIONS = sorted(path for path in tracked() if re.match(r"docs/decisions/\d{4}-", path))
SECTIONS = ["Status", "Context", "Decision", "Consequences", "How to reverse"]


@pytest.mark.parametrize("path", DECISIONS)
def test_decision_has_its_sections(path: str) -> None:
    """A decision says what was chosen, why, with which consequences, and how to reverse it."""
    sections = re.findall(r"^## (.*)$", (ROOT / path).read_text(), re.MULTILINE)

    assert sections == SECTIONS


@pytest.mark.parametrize("path", DECISIONS)
def test_index_has_the_status_of_each_decision(path: str) -> None:
    """The index has the status and the address of each decision."""
    number, title, status = _head(path)

    assert f"| [{number:04}]({path.rpartition('/')[2]}) | {title} | {status} |" in _index()


def test_every_number_is_in_the_index() -> None:
    """A number that was never used is in the index as unused, so that no one looks for its page."""
    numbers = [int(number) for number in re.findall(r"^\| \[?(\d{4})", _index(), re.MULTILINE)]

    assert numbers == list(range(1, len(numbers) + 1))


def _index() -> str:
    return (ROOT / "docs/decisions/README.md").read_text()


def _head(path: str) -> tuple[int, str, str]:
    """Return number and title of a decision, and its status as in the index."""
    text = (ROOT / path).read_text()
    number, title = re.findall(r"\A# (\d+)\. (.*)$", text, re.MULTILINE)[0]
    said = text.partition("## Context")[0]
    change = re.search(r"(?:Superseded|Amended)(?: in part)?(?: by \[\d{4})?", said)
    status = change.group().lower().replace("[", "") if change else "accepted"
    return int(number), title, status
