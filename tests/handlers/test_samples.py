"""The sample events: complete, about the sample data, and each with its answer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local import samples
from local.invocation.samples import samples as in_order
from local.workspace import ROOT
from tests.handlers import steps
from tests.handlers.calls import EVENTS, Json, sample
from tests.routes import PREFIX, ROUTES

CASES = sorted(f"{path.parent.name}/{path.stem}" for path in EVENTS.glob("*/*.json"))

REQUESTS = [case for case in CASES if "httpMethod" in sample(*case.split("/"))]


def of(case: str) -> Json:
    """Return the event of a case."""
    return sample(*case.split("/"))


def named(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a JSON document
    """Yield every text in an event, those inside texts that are JSON too."""
    match value:
        case dict():
            for part in value.values():
                yield from named(part)
        case list():
            for part in value:
                yield from named(part)
        case str() if value.startswith("{"):
            yield from named(json.loads(value))
        case str():
            yield value


def test_samples_cover_every_function() -> None:
    """Each function has a happy path to start from."""
    folders = {handler.parent.name for handler in ROOT.glob("functions/*/handler.py")}

    assert {f"{function}/happy_path" for function in folders} <= set(CASES)


def test_samples_have_an_answer_each() -> None:
    """Beside each event stands what it gives, and no answer outlives its event."""
    answers = sorted(f"{path.parts[-3]}/{path.stem}" for path in EVENTS.glob("*/answers/*.json"))

    assert answers == CASES


def test_samples_come_after_what_they_need() -> None:
    """They are listed in an order in which each finds what must have been played before."""
    order = [one.name for one in in_order()]

    late = {
        one.name: [name for name in one.after if order.index(name) > order.index(one.name)]
        for one in in_order()
    }

    assert sorted(order) == CASES
    assert not any(late.values())


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_samples_cover_every_route(method: str, path: str) -> None:
    """Each route has a request that reaches its function."""
    folder = EVENTS / ROUTES[method, path].function

    requests = [json.loads(file.read_text()) for file in folder.glob("*.json")]

    found = {(event["httpMethod"], event["resource"]) for event in requests}
    assert (method, PREFIX + path) in found


@pytest.mark.parametrize("case", REQUESTS)
def test_samples_are_requests_as_api_gateway_sends_them(case: str) -> None:
    """The stage is part of the context's path only, and every caller is signed in."""
    event = of(case)

    context = event["requestContext"]

    assert context["stage"] == "api"
    assert context["path"] == f"/api{event['path']}"
    assert event["path"] == event["resource"].format(**event["pathParameters"] or {})
    assert {"sub", "name", "email", "cognito:username", "cognito:groups"} <= context["authorizer"][
        "claims"
    ].keys()


@pytest.mark.parametrize("case", CASES)
def test_samples_name_people_of_the_sample_data(case: str) -> None:
    """Each cuid is one of the sample roster, except for the walk-in and trainers."""
    people = {person["personnelId"] for person in samples.roster()}

    cuids = {text for text in named(of(case)) if text.startswith("cm3")}

    assert cuids <= people | {"cm3walkin0000x9d4kzrb6e3w"}


@pytest.mark.parametrize("case", REQUESTS)
def test_samples_name_sessions_of_the_sample_data(case: str) -> None:
    """Each session is one of the samples, except for the one that is unknown."""
    known = {*steps.SESSIONS, steps.UNKNOWN}

    session_id = (of(case)["pathParameters"] or {}).get("sessionId")

    assert session_id in known | {None}
