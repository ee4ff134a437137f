"""
Concurrent requests over HTTP: of all that want the same, one succeeds, and the others change
nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import httpx
import pytest

from testing.api import (
    Json,
    a_roster,
    a_session,
    a_session_to_finalize,
    etag,
    grid,
    mark,
    records,
    seen,
)
from testing.persistent import Persistent
from testing.waiting import wait_for, wait_until
from tests.stack.operator import Operator
from tests.stack.storm import Drafter

# Fifty cold starts take longer than the rest of the default run on two cores.
pytestmark = [pytest.mark.stack, pytest.mark.torture]

RIVALS = 50
# The first fits one transaction, the second does not.
SIZES = (12, 250)
TRAINERS = 4
PLANNERS = 4
# Each rival needs a process of its own, which takes a second of one processor to start.
PATIENCE_SECONDS = 240

Call = Callable[[], httpx.Response]


@pytest.fixture(scope="module")
def rivals(admin: httpx.Client) -> Iterator[httpx.Client]:
    """Many admins behind one client, with long time-outs."""
    with httpx.Client(
        base_url=admin.base_url,
        headers=admin.headers,
        timeout=PATIENCE_SECONDS,
        transport=Persistent(limits=httpx.Limits(max_connections=RIVALS)),
    ) as people:
        yield people


@pytest.fixture(scope="module")
def fifty(rivals: httpx.Client) -> httpx.Client:
    """Warm a function up for each of fifty rivals."""
    with ThreadPoolExecutor(RIVALS) as pool:
        list(pool.map(rivals.post, ["/sessions/none/finalize"] * RIVALS))
    return rivals


def together(calls: Sequence[Call]) -> list[httpx.Response]:
    """
    Make all *calls* at the same moment, and return the answers in their order.

    A call that is told to try again later does.
    """
    start = Barrier(len(calls))

    def make(call: Call) -> httpx.Response:
        start.wait()
        return wait_for("a decision", lambda: decided(call()), PATIENCE_SECONDS)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def decided(answer: httpx.Response) -> httpx.Response | None:
    """Return the answer, unless it says to try again later."""
    return None if answer.status_code == 503 else answer


def statuses(answers: Sequence[httpx.Response]) -> Counter[int]:
    """Count the answers by status."""
    return Counter(answer.status_code for answer in answers)


def completed(finalize: Call) -> Json:
    """Finalize as often as 202 and 503 ask for it, and return the result."""

    def look() -> Json | None:
        answer = finalize()
        assert answer.status_code in {200, 202, 503}, answer.text
        return answer.json() if answer.status_code == 200 else None

    return wait_for("the session to be completed", look, PATIENCE_SECONDS)


def people_of(plan: Json) -> set[str]:
    """Return the people on a roster."""
    return {person["personnelId"] for person in plan["attendees"]}


@pytest.mark.parametrize("people", SIZES)
def test_of_fifty_who_finalize_at_once_one_wins(
    people: int, fifty: httpx.Client, admin: httpx.Client, operator: Operator
) -> None:
    """One gets 200, forty-nine get 409, and everyone has exactly one record."""
    session = a_session_to_finalize(admin, people=people)

    answers = together(
        [
            partial(fifty.post, session.finalize, headers={"Idempotency-Key": f"rival-{number}"})
            for number in range(RIVALS)
        ]
    )

    assert statuses(answers) == {200: 1, 409: RIVALS - 1}
    assert records(admin, session).keys() == set(session.people)
    assert len(operator.records(session)) == people


@pytest.mark.parametrize("people", SIZES)
def test_fifty_who_send_the_same_key_get_the_same_answer(
    people: int, fifty: httpx.Client, admin: httpx.Client, operator: Operator
) -> None:
    """Fifty concurrent copies of a request finalize once, and each gets the same result."""
    session = a_session_to_finalize(admin, people=people)
    finalize = partial(fifty.post, session.finalize, headers={"Idempotency-Key": "one-press"})

    answers = together([finalize] * RIVALS)

    outcome = completed(finalize)
    assert statuses(answers).keys() <= {200, 202}
    assert all(answer.json() == outcome for answer in answers if answer.status_code == 200)
    assert {answer.json()["finalizedAt"] for answer in answers} == {outcome["finalizedAt"]}
    assert len(operator.records(session)) == len(records(admin, session)) == people


@pytest.mark.dynamodb
@pytest.mark.parametrize("people", SIZES)
def test_a_storm_of_drafts_loses_none_that_was_acknowledged(
    people: int, rivals: httpx.Client, admin: httpx.Client
) -> None:
    """A draft that was acknowledged is in the record; a later one was refused."""
    session = a_session_to_finalize(admin, people=people)
    storm = [Drafter(rivals, session, person) for person in session.people[:TRAINERS]]

    with ThreadPoolExecutor(TRAINERS) as pool:
        saving = [pool.submit(drafter.save_many) for drafter in storm]
        wait_until("a draft", lambda: any(drafter.saved for drafter in storm), PATIENCE_SECONDS)
        completed(partial(rivals.post, session.finalize))
        over = time.monotonic()
    for drafts in saving:
        drafts.result()

    recorded = records(admin, session)
    assert recorded.keys() == set(session.people)
    assert all(recorded[drafter.person].get("remarks") in drafter.possible for drafter in storm)
    assert all(drafter.last_saved_began < over for drafter in storm)
    assert [drafter.save("too late") for drafter in storm] == [409] * TRAINERS


@pytest.mark.dynamodb
def test_of_six_who_save_on_the_same_view_one_succeeds(
    rivals: httpx.Client, admin: httpx.Client
) -> None:
    """The others get 412, and their marks are not saved."""
    session = a_session(admin, people=6)
    view = etag(admin, session)

    answers = together(
        [
            partial(rivals.patch, session.attendance, headers=view, json=grid(mark(person)))
            for person in session.people
        ]
    )

    assert statuses(answers) == {200: 1, 412: 5}
    winners = {
        person for person, answer in zip(session.people, answers, strict=True) if answer.is_success
    }
    grid_now = seen(admin, session)["attendees"]
    assert {row["personnelId"] for row in grid_now if row["isPresent"]} == winners


@pytest.mark.dynamodb
def test_a_view_is_finalized_or_changed(rivals: httpx.Client, admin: httpx.Client) -> None:
    """Of a draft and a Finalize on the same view at once exactly one succeeds."""
    session = a_session_to_finalize(admin)
    view, draft = etag(admin, session), grid(mark(session.people[0], present=False))

    drafted, finalized = together(
        [
            partial(rivals.patch, session.attendance, headers=view, json=draft),
            partial(rivals.post, session.finalize, headers=view),
        ]
    )

    outcome = (drafted.status_code, finalized.status_code, len(records(admin, session)))
    assert outcome in {(200, 412, 0), (409, 200, 3), (412, 200, 3)}


@pytest.mark.dynamodb
@pytest.mark.parametrize("people", [30, 150])
def test_of_rosters_sent_at_once_one_is_left_whole(
    people: int, rivals: httpx.Client, admin: httpx.Client
) -> None:
    """
    A request that was cut off is told to retry; in the end all succeed, and the last
    roster stays.
    """
    session = a_session(admin, people=0)
    plans = [session.plan | {"attendees": a_roster(people)} for _ in range(PLANNERS)]

    answers = together([partial(rivals.put, session.path, json=plan) for plan in plans])

    view = seen(admin, session)
    assert statuses(answers) == {200: PLANNERS}
    assert people_of(view) in [people_of(plan) for plan in plans]
    assert view["finalization"]["blockers"] == ["evidence-missing"]
