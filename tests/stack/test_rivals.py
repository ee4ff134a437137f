"""Many concurrent requests for one session."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from testing.api import a_session_to_finalize, grid, mark, records, seen
from testing.persistent import Persistent
from tests.stack.announcements import Announcements
from tests.stack.operator import Operator
from tests.stack.problems import FINALIZED, problem

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]

RIVALS = 8
# Each that is under way needs a process of its own, which takes a second of one processor to start.
AT_ONCE = 4
PATIENCE_SECONDS = 120


@pytest.fixture
def crowd(admin: httpx.Client) -> Iterator[httpx.Client]:
    """Many admins, ready to finalize at the same moment."""
    with httpx.Client(
        base_url=admin.base_url,
        headers=admin.headers,
        timeout=PATIENCE_SECONDS,
        transport=Persistent(limits=httpx.Limits(max_connections=AT_ONCE)),
    ) as people:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            pool.map(people.post, ["/sessions/none/finalize"] * AT_ONCE)
        yield people


def test_of_eight_who_finalize_at_once_one_wins(
    crowd: httpx.Client, admin: httpx.Client, announcements: Announcements, operator: Operator
) -> None:
    """One gets 200, all others 409; records and events exist once."""
    session = a_session_to_finalize(admin, people=14)

    def finalize(number: int) -> httpx.Response:
        return crowd.post(session.finalize, headers={"Idempotency-Key": f"rival-{number}"})

    with ThreadPoolExecutor(RIVALS) as pool:
        answers = list(pool.map(finalize, range(RIVALS)))

    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(refused) == RIVALS - 1
    assert {problem(answer) for answer in refused} == {FINALIZED}
    assert len(operator.records(session)) == len(records(admin, session)) == 14
    assert len(announcements.wait_for(2, session)) == 2
    assert operator.outbox(session) == []


def test_drafts_and_a_finalization_at_once_agree(
    trainer: httpx.Client, admin: httpx.Client
) -> None:
    """Every draft came before the lock and is in the records, or was refused and is not."""
    session = a_session_to_finalize(admin, people=8)

    def send_home(person: str) -> int:
        draft = grid(mark(person, present=False))
        return trainer.patch(session.attendance, json=draft).status_code

    with ThreadPoolExecutor(2) as drafters, ThreadPoolExecutor(1) as gate:
        drafts = drafters.map(send_home, session.people)
        finalized = gate.submit(admin.post, session.finalize)
        statuses = dict(zip(session.people, drafts, strict=True))

    assert finalized.result().status_code == 200
    assert set(statuses.values()) <= {200, 409}
    staying = {person for person, status in statuses.items() if status == 409}
    assert records(admin, session).keys() == staying
    assert staying == {
        row["personnelId"] for row in seen(admin, session)["attendees"] if row["isPresent"]
    }
