"""
Sessions of every size that matters, through the deployed API.

Records and compliance of everyone count.
"""

from math import ceil

import httpx
import pytest

from testing.api import a_course, a_session, hand_in, records, save_marks, seen
from testing.waiting import wait_until
from tests.stack.announcements import Announcements
from tests.stack.operator import Operator

pytestmark = pytest.mark.stack

# One transaction holds 97 records beside the session, its audit entry and its outbox entry.
LAST_AT_ONCE, FIRST_STAGED = 97, 98
OTHERS = (96, 99, 100, 101, 1_000)
# Minutes on any engine.
LARGEST = 10_000
SIZES = [
    *(pytest.param(size, marks=pytest.mark.dynamodb) for size in (1, LAST_AT_ONCE, FIRST_STAGED)),
    *(pytest.param(size, marks=[pytest.mark.torture, pytest.mark.dynamodb]) for size in OTHERS),
    pytest.param(LARGEST, marks=pytest.mark.torture),
]
# Each person takes a few calls in one process: 100 s for 10,000 on idle cores, 800 s on busy ones.
PATIENCE_SECONDS = 1_800


def news_of(size: int) -> int:
    """Count the events: one says it is finalized, each other asks for at most 500 people."""
    return 1 + ceil(size / 500)


@pytest.mark.parametrize("size", SIZES)
def test_a_session_of_any_size_gives_everyone_a_record_and_a_standing(
    size: int, admin: httpx.Client, announcements: Announcements, operator: Operator
) -> None:
    """
    Planned, drafted, finalized once: a record each, GREEN each, published, and an
    empty outbox.
    """
    session = a_session(admin, a_course(admin), people=size)
    hand_in(admin, session)
    save_marks(admin, session)

    finalized = admin.post(session.finalize, headers={"Idempotency-Key": "once"})

    assert finalized.status_code == 200
    assert finalized.json()["trainingRecords"] == size
    assert seen(admin, session)["status"] == "COMPLETED"
    everyone = set(session.people)
    assert records(admin, session).keys() == everyone
    wait_until(
        "everyone to be recalculated",
        lambda: operator.standings(session).keys() == everyone,
        PATIENCE_SECONDS,
    )
    assert set(operator.standings(session).values()) == {"GREEN"}
    assert len(announcements.wait_for(news_of(size), session)) == news_of(size)
    assert operator.outbox(session) == []
