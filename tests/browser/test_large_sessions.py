"""Ten thousand people: shown, marked, found, saved; and how long a person waits for it."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.pace import KEYSTROKE_MS, first_row_ms, keystroke_ms
from tests.stack.story import Session, a_session, seen

# A hundred transactions, on a machine that has other things to do.
ALL_SAVED_WITHIN_MS = 120_000

PEOPLE = 10_000
FIRST_ROW_MS = 1_000
# Elements of the page per row, and a screen's worth of rows with their margins.
MOST_ROWS = 60


@pytest.fixture(scope="module")
def crowd(admin: httpx.Client) -> Session:
    """A session that everybody who could be invited was invited to."""
    return a_session(admin, people=PEOPLE)


@pytest.fixture
def large(sits_down: Callable[..., Desk], crowd: Session) -> Desk:
    """A desk with the whole crowd on it."""
    desk = sits_down("admin")
    desk.open(crowd)
    expect(desk.text("10,000 people")).to_be_visible()
    return desk


def test_a_crowd_is_marked_found_and_saved(
    large: Desk, crowd: Session, admin: httpx.Client
) -> None:
    """
    Rows in sight are all there is of the page; a keystroke takes no time; what changed is saved.
    """
    page = large.page
    assert page.get_by_role("row").count() < MOST_ROWS
    large.field("Find people").fill("Person 9999")
    expect(large.text("1 of 10,000 people shown.")).to_be_visible()
    remark = large.mark("Remarks", "Person 9999")

    slowest = keystroke_ms(page, remark, "Came late, left early")

    assert slowest < KEYSTROKE_MS
    large.saved()
    large.field("Find people").fill("")
    page.locator("[data-cursor=here]").focus()
    page.keyboard.press("Control+End")
    expect(large.mark("Present", "Person 9999")).to_be_attached()
    large.picture("crowd")
    last = next(row for row in seen(admin, crowd)["attendees"] if row["name"] == "Person 9999")
    assert last["remarks"] == "Came late, left early"


def test_a_crowd_is_marked_present_with_one_stroke(
    large: Desk, crowd: Session, admin: httpx.Client
) -> None:
    """
    Ten thousand rows go out in portions, and the page stays usable and says how far it is.
    """
    large.button("Mark all present").click()

    expect(large.text("10,000 present")).to_be_visible()
    expect(large.text("Saving")).to_be_visible()
    large.saved(within_ms=ALL_SAVED_WITHIN_MS)
    expect(large.text("not saved yet")).to_have_count(0, timeout=60_000)
    assert seen(admin, crowd)["finalization"]["preview"]["absent"] == 0


def test_a_usual_session_is_there_at_once(
    sits_down: Callable[..., Desk], admin: httpx.Client
) -> None:
    """
    From the click in the list to the first row of a hundred people: less than a second.
    """
    desk = sits_down("admin")
    session = a_session(admin, people=100)
    desk.open(session)

    waited = min(first_row_ms(desk, session) for _ in range(3))

    assert waited < FIRST_ROW_MS
