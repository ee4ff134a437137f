"""The examples of the API's page, from a course to its records, held against what is answered."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.docs.pages import blocks
from tests.handlers import steps
from tests.handlers.calls import invoke, sample, send
from tests.handlers.stack import Stack
from tests.handlers.steps import FORKLIFT

PAGE = "docs/api-examples.md"
# What is another in each answer.
VARYING = re.compile(
    r"[0-9a-f-]{36}|[0-9a-f]{64}|[0-9a-f]{40}|unknown|https?://.*|\d{4}-\d\d-\d\dT.*Z|evidence/.*|"
    r"\d{8}T\d{12}Z-[0-9a-f]{16}"
)


def examples(kind: str) -> dict[str, Any]:
    """Return the examples of a kind, by their names on the page."""
    marked = (language.split() for language, _ in blocks(PAGE))
    texts = (text for _, text in blocks(PAGE))
    return {
        words[2]: json.loads(text)
        for words, text in zip(marked, texts, strict=True)
        if words[:2] == ["json", kind]
    }


def differences(shown: Any, found: Any, at: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield where an example differs. Its lists may be shorter than what was found."""
    match shown, found:
        case dict(), dict():
            yield from (f"{at}/{name}" for name in shown.keys() ^ found.keys())
            for name in shown.keys() & found.keys():
                yield from differences(shown[name], found[name], f"{at}/{name}")
        case list(), list():
            for number, one in enumerate(shown):
                if not any(not list(differences(one, other)) for other in found):
                    yield f"{at}/{number}"
        case str(), str() if VARYING.fullmatch(shown) and VARYING.fullmatch(found):
            return
        case _ if shown != found:
            yield f"{at}: {found!r}"


def test_request_of_an_example_is_a_sample() -> None:
    """What the page sends is what the samples send, which are played."""
    shown = examples("request")

    found = {name: json.loads(sample(*name.split("/"))["body"]) for name in shown}

    assert [path for name in shown for path in differences(shown[name], found[name])] == []
    assert len(shown) == 5


@pytest.fixture
def answers(stack: Stack) -> dict[str, Any]:
    """Make each call once, in the order of the page."""
    said = {"course": send("register_course")}
    steps.enter_course("forklift-operator-practical")
    said["session"] = send("register_session")
    said["permission"] = send("upload_evidence", "large_file")
    said["received"] = steps.upload(name="sign-in-sheet.pdf")
    invoke("hash_evidence", steps.arrival(stack, said["received"].body["attendanceFileKey"]))
    said["attendance"] = send("save_attendance")
    said["view"] = send("view_session", session_id=FORKLIFT)
    said["finalized"] = send("finalize_session", session_id=FORKLIFT)
    said["records"] = send("view_session", "records", session_id=FORKLIFT)
    said["refusal"] = send("save_attendance")
    return {name: answer.body for name, answer in said.items()}


def test_answer_of_an_example_is_what_is_answered(answers: dict[str, Any]) -> None:
    """It has all fields, and no other; what differs from call to call has the same form."""
    shown = examples("answer")

    found = {name: list(differences(shown[name], answers[name])) for name in shown}

    assert found == {name: [] for name in answers}
