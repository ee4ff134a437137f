"""The sample events: complete, about the sample data, and answered as their names say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local import samples
from local.workspace import ROOT
from tests.handlers import steps
from tests.handlers.calls import EVENTS, Json, invoke, sample, send
from tests.handlers.stack import Stack
from tests.routes import PREFIX, ROUTES

CASES = sorted(f"{path.parent.name}/{path.stem}" for path in EVENTS.glob("*/*.json"))

# The answer to each request on a stack that has the samples and nothing else.
STATUSES = {
    "build_audit_pack": {
        "happy_path": 409,
        "trainer_refused": 403,
        "unknown_session": 404,
    },
    "finalize_session": {
        "acknowledged": 200,
        "cancelled_session": 409,
        "evidence_missing": 400,
        "happy_path": 200,
        "stale_view": 412,
        "trainer_refused": 403,
        "unknown_session": 404,
        "unknown_warning": 400,
    },
    "register_course": {
        "bad_fields": 400,
        "happy_path": 200,
        "trainer_refused": 403,
    },
    "register_session": {
        "bad_fields": 400,
        "happy_path": 200,
        "trainer_refused": 403,
        "unknown_course": 400,
    },
    "save_attendance": {
        "bad_fields": 400,
        "cancelled_session": 409,
        "happy_path": 200,
        "stale_view": 412,
        "unknown_people": 400,
        "verifier_refused": 403,
    },
    "upload_evidence": {
        "auditor_refused": 403,
        "cancelled_session": 409,
        "happy_path": 202,
        "large_file": 201,
        "too_large_file": 413,
        "unsupported_type": 415,
    },
    "verify_session": {
        "happy_path": 409,
        "trainer_refused": 403,
        "unknown_session": 404,
    },
    "view_audit": {
        "bad_query": 400,
        "course": 200,
        "happy_path": 200,
        "trainer_refused": 403,
        "unknown_session": 404,
    },
    "view_compliance": {
        "as_of_a_day": 200,
        "bad_day": 400,
        "bad_person": 400,
        "happy_path": 200,
    },
    "view_session": {
        "bad_query": 400,
        "evidence": 200,
        "happy_path": 200,
        "list": 200,
        "records": 200,
        "unknown_session": 404,
    },
}
REQUESTS = [f"{function}/{case}" for function, cases in STATUSES.items() for case in cases]
OTHERS = {
    "hash_evidence/happy_path",
    "hash_evidence/test_event",
    "hash_evidence/url_encoded_key",
    "recalculate_compliance/happy_path",
    "recalculate_compliance/one_bad_message",
    "recalculate_compliance/record_removed",
    "reconcile_sessions/happy_path",
    "relay_outbox/happy_path",
    "seal_session/happy_path",
    "stamp_seals/happy_path",
    "stamp_seals/test_event",
    "verify_sealed_sessions/happy_path",
    "witness_changes/happy_path",
    "witness_changes/record_changed",
}
NOTHING_WRONG: tuple[object, ...] = (
    None,
    {"batchItemFailures": []},
    {"findings": [], "not_reached": 0},
    {"findings": [], "report_faults": [], "not_reached": 0},
)
# The second needs an authority, which these tests have not.
BROKEN = {"recalculate_compliance/one_bad_message", "stamp_seals/happy_path"}


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


def test_samples_are_all_tried() -> None:
    """A new event is added to the table here, with its answer."""
    assert set(CASES) == {*REQUESTS, *OTHERS}


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


@pytest.mark.parametrize("function", STATUSES)
def test_samples_get_what_their_names_say(function: str, stack: Stack) -> None:
    """On the samples, each request is answered as the table says, after any other request."""
    steps.load_samples(stack)

    answers = {case: send(function, case).status for case in STATUSES[function]}

    assert answers == STATUSES[function]


def test_samples_of_other_events_pass(stack: Stack) -> None:
    """Once the session in November is finalized, no event that AWS sends fails."""
    steps.load_samples(stack)
    steps.finalize()

    results = [invoke(case.split("/")[0], of(case)) for case in sorted(OTHERS - BROKEN)]

    assert [result for result in results if result not in NOTHING_WRONG] == []
