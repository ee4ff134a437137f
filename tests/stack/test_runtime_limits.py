"""AWS's own emulator as the judge of what Lambda holds a function to: its answer, time, start."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from local.invocation.deployed import FUNCTIONS, Deployment, Function
from local.invocation.emulator import emulated
from local.invocation.outcome import Outcome
from local.stack import Stack
from local.workspace import STATE
from shared.domain.roster import ROSTER_BYTES
from shared.domain.session import Attendee
from testing.api import (
    Json,
    Session,
    a_session,
    a_session_to_finalize,
    grid,
    hand_in,
    mark,
    marks,
    records,
    seen,
)
from tests.handlers.calls import Answer, read, request, sample
from tests.runtime.test_sizes import noise
from tests.stack.deployed import HOME
from tests.stack.operator import Operator
from tests.stack.stalling import Stalling, stalling

pytestmark = [pytest.mark.stack, pytest.mark.torture]

PEOPLE = 10_000
# As many as the console sends at once, and more than one transaction holds.
PORTION = 2_500
# Enough to start, and less than the reserve of a request that watches its time.
SECONDS = 4
# Each call is cut off before it reaches the stack, and after. No request makes the last one.
POINTS = [
    *((last, does_last) for last in range(1, 10) for does_last in (False, True)),
    (99, True),
]
PATIENCE_SECONDS = 600
HOME_OF_LIMITS = STATE / HOME / "limits"
ODD_EVENTS: list[Any] = [
    *(None, [], "text", 5, {}, {"Records": None}, {"Records": [{}]}, {"Records": [5]}),
    {"httpMethod": "GET", "path": "/", "headers": None, "requestContext": {}},
]


@pytest.fixture(scope="module")
def function(stack: Stack) -> Callable[[str], Function]:
    """Return functions as they are deployed."""
    return Deployment(stack).function


@pytest.fixture(scope="module")
def largest(admin: httpx.Client) -> Session:
    """Finalize a session whose roster has all bytes that it may, which nothing compresses."""
    session = a_session(admin, people=PEOPLE)
    hand_in(admin, session)
    person = session.plan["attendees"][0]
    letters = (ROSTER_BYTES // PEOPLE - Attendee(person["personnelId"], person["name"]).bytes) // 3
    text = noise(letters * PEOPLE)
    rows = [
        mark(person, remarks=text[letters * place : letters * (place + 1)])
        for place, person in enumerate(session.people)
    ]
    for begin in range(0, PEOPLE, PORTION):
        portion = grid(*rows[begin : begin + PORTION])
        admin.patch(session.attendance, json=portion).raise_for_status()
    finalized = admin.post(session.finalize, headers={"Idempotency-Key": "largest"})
    while finalized.status_code == httpx.codes.ACCEPTED:
        finalized = admin.post(session.finalize, headers={"Idempotency-Key": "largest"})
    assert finalized.status_code == httpx.codes.OK
    return session


@pytest.fixture(scope="module")
def reading(function: Callable[[str], Function]) -> Iterator[Callable[[Json], Answer]]:
    """Read sessions in the emulator, which counts bytes here and not seconds."""
    patient = replace(function("view_session"), timeout=PATIENCE_SECONDS)
    with emulated(patient, HOME_OF_LIMITS) as running:

        def answer(event: Json) -> Answer:
            outcome = running.invoke(event)
            assert not outcome.is_error, outcome.payload
            return read(outcome.payload)

        yield answer


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_largest_session_is_read_whole(
    coding: str, largest: Session, reading: Callable[[Json], Answer]
) -> None:
    """The emulator refuses an answer of more than 6,291,556 bytes, and gives this one."""
    headers = {"Accept-Encoding": coding}

    answer = reading(request("view_session", session_id=largest.session_id, headers=headers))

    assert answer.status == httpx.codes.OK
    assert len(answer.body["attendees"]) == PEOPLE


def test_largest_session_is_read_page_by_page(
    largest: Session, reading: Callable[[Json], Answer]
) -> None:
    """Each page of its records is an answer that the emulator gives."""
    found: list[Json] = []
    query: dict[str, str] | None = {}

    while query is not None:
        event = request("view_session", "records", session_id=largest.session_id, query=query)
        page = reading(event).body
        found += page["items"]
        query = {"cursor": page["nextCursor"]} if "nextCursor" in page else None

    assert {record["personnelId"] for record in found} == set(largest.people)
    assert len(found) == PEOPLE


@pytest.fixture(scope="module")
def way(stack: Stack) -> Iterator[Stalling]:
    """Lead to the stack, with a call that waits."""
    with stalling(stack.endpoint) as server:
        yield server


def test_finalize_cut_off_at_any_call_and_repeated_is_done_once(
    admin: httpx.Client, way: Stalling, function: Callable[[str], Function], operator: Operator
) -> None:
    """Whichever call its time ends at, done or not, everyone has one record in the end."""
    short = replace(function("finalize_session"), timeout=SECONDS)
    ends = []

    with emulated(short, HOME_OF_LIMITS, AWS_ENDPOINT_URL=way.url) as running:
        for last, does_last in POINTS:
            session = a_session_to_finalize(admin, people=3)
            way.stall(last, does_last=does_last)
            event = request("finalize_session", session_id=session.session_id)
            ends.append(timed_out(running.invoke(event)))
            way.go_on()
            key = {"Idempotency-Key": event["headers"]["Idempotency-Key"]}
            repeated = admin.post(session.finalize, headers=key)

            assert repeated.status_code == httpx.codes.OK
            assert seen(admin, session)["status"] == "COMPLETED"
            assert records(admin, session).keys() == set(session.people)
            assert len(operator.records(session)) == len(session.people)
            assert entries(admin, session, "FINALIZED") == 1

    assert ends[0]
    assert not ends[-1]


def test_marks_cut_off_at_any_call_and_repeated_are_saved_once(
    admin: httpx.Client, way: Stalling, function: Callable[[str], Function]
) -> None:
    """Whichever call its time ends at, done or not, the trail has each mark once."""
    short = replace(function("save_attendance"), timeout=SECONDS)
    ends = []

    with emulated(short, HOME_OF_LIMITS, AWS_ENDPOINT_URL=way.url) as running:
        for last, does_last in POINTS:
            session = a_session(admin, people=3)
            way.stall(last, does_last=does_last)
            body = marks(session)
            event = request("save_attendance", session_id=session.session_id, body=body)
            ends.append(timed_out(running.invoke(event)))
            way.go_on()
            repeated = admin.patch(session.attendance, json=body)

            assert repeated.status_code == httpx.codes.OK
            assert all(row["isPresent"] for row in seen(admin, session)["attendees"])
            assert entries(admin, session, "ATTENDANCE_SAVED") == 1

    assert ends[0]
    assert not ends[-1]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_odd_events_end_as_answers_or_errors(
    name: str, function: Callable[[str], Function]
) -> None:
    """Whatever comes, the process says how it ended, lives on, and takes the next event."""
    with emulated(function(name), HOME_OF_LIMITS) as running:
        outcomes = [running.invoke(event) for event in ODD_EVENTS]
        again = running.invoke(ODD_EVENTS[-1])

    assert [
        outcome.payload
        for outcome in outcomes
        if outcome.is_error and "errorType" not in outcome.payload
    ] == []
    assert again.readable.keys() == outcomes[-1].readable.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_without_its_settings_says_which(
    name: str, function: Callable[[str], Function]
) -> None:
    """A function that was deployed without a table tells the log its name."""
    whole = function(name)
    lacking = {key: value for key, value in whole.variables.items() if key != "SESSIONS_TABLE"}
    event = sample(name)

    with emulated(replace(whole, variables=lacking), HOME_OF_LIMITS) as running:
        outcome = running.invoke(event)

    failed = outcome.is_error or outcome.readable.get("status") == 500
    assert failed or outcome.payload["batchItemFailures"]
    assert "SESSIONS_TABLE" in outcome.log


def timed_out(outcome: Outcome) -> bool:
    """Return whether the emulator ended the call."""
    return outcome.is_error and "timed out" in str(outcome.payload)


def entries(admin: httpx.Client, session: Session, action: str) -> int:
    """Count the entries of the session's trail with that action."""
    items = admin.get(f"{session.path}/audit").raise_for_status().json()["items"]
    return sum(entry["action"] == action for entry in items)
