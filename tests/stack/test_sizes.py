"""
Sessions of every size that matters, through the deployed API, each call within the time that API
Gateway has: records and compliance of everybody, or it does not count.
"""

from collections.abc import Iterator
from math import ceil

import httpx
import pytest

from tests.stack.announcements import Announcements
from tests.stack.backstage import Backstage
from tests.stack.story import (
    a_course,
    a_session,
    hand_in,
    marks,
    records,
    seen,
)
from tests.stack.waiting import wait_until

pytestmark = pytest.mark.stack

# One transaction carries 97 records beside the session, its audit entry and its outbox entry.
LAST_AT_ONCE, FIRST_STAGED = 97, 98
OTHERS = (96, 99, 100, 101, 1_000, 10_000)
SIZES = [
    *(1, LAST_AT_ONCE, FIRST_STAGED),
    *(pytest.param(size, marks=pytest.mark.torture) for size in OTHERS),
]
# API Gateway answers 504 after it, whatever the function is still doing.
GATEWAY_SECONDS = 29
# Each person takes a few calls in one process of one core.
PATIENCE_SECONDS = 600


@pytest.fixture
def _quiet(backstage: Backstage) -> None:
    """Let what other tests left in the queue be worked off: one session is measured here."""
    wait_until("quiet", backstage.recalculates_nothing, PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def impatient(admin: httpx.Client) -> Iterator[httpx.Client]:
    """An admin who waits for an answer no longer than API Gateway does."""
    with httpx.Client(
        base_url=admin.base_url, headers=admin.headers, timeout=GATEWAY_SECONDS, trust_env=False
    ) as client:
        yield client


def news_of(size: int) -> int:
    """Count the events: one says it is finalized, each other asks for at most 500 people."""
    return 1 + ceil(size / 500)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("size", SIZES)
def test_a_session_of_any_size_gives_everybody_a_record_and_a_standing(
    size: int, impatient: httpx.Client, announcements: Announcements, backstage: Backstage
) -> None:
    """
    Planned, drafted, finalized once: a record each, GREEN each, announced, and nothing owed.
    """
    session = a_session(impatient, a_course(impatient), people=size)
    hand_in(impatient, session)
    impatient.patch(session.attendance, json=marks(session)).raise_for_status()

    finalized = impatient.post(session.finalize)

    assert finalized.status_code == 200
    assert finalized.json()["trainingRecords"] == size
    assert seen(impatient, session)["status"] == "COMPLETED"
    everybody = set(session.people)
    assert records(impatient, session).keys() == everybody
    wait_until(
        "everybody to be recalculated",
        lambda: backstage.standings(session).keys() == everybody,
        PATIENCE_SECONDS,
    )
    assert set(backstage.standings(session).values()) == {"GREEN"}
    assert len(announcements.wait_for(news_of(size), session)) == news_of(size)
    assert backstage.outbox(session) == []
