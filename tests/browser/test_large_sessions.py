"""Ten thousand people: shown, marked, found, saved."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Route, expect

from testing.api import Session, a_session, seen
from testing.desk import Desk

# A hundred transactions, on a busy machine.
ALL_SAVED_WITHIN_MS = 600_000

PEOPLE = 10_000
# Elements of the page per row, and a screen's worth of rows with their margins.
MOST_ROWS = 60


@pytest.fixture(scope="module")
def crowd(admin: httpx.Client) -> Session:
    """A session with as many people as possible."""
    return a_session(admin, people=PEOPLE)


@pytest.fixture
def large(sits_down: Callable[..., Desk], crowd: Session) -> Desk:
    """A desk that shows this session."""
    desk = sits_down("admin")
    desk.open(crowd)
    expect(desk.text("10,000 people", exact=True)).to_be_visible()
    return desk


def test_a_crowd_is_marked_found_and_saved(
    large: Desk, crowd: Session, admin: httpx.Client
) -> None:
    """The page only has the visible rows; search finds everyone; changed rows are saved."""
    page = large.page
    assert page.get_by_role("row").count() < MOST_ROWS
    large.field("Find people").fill("Person 9999")
    expect(large.text("1 of 10,000 people shown.")).to_be_visible()
    remark = large.mark("Remarks", "Person 9999")

    remark.fill("Came late, left early")
    large.mark("Present", "Person 9999").check()

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
    """Ten thousand rows are sent in batches, and the page stays usable and shows its progress."""
    large.page.get_by_role("button", name=re.compile("Mark (all|the rest) present")).click()

    expect(large.text("10,000 present")).to_be_visible()
    expect(large.text("Saving")).to_be_visible()
    large.saved(within_ms=ALL_SAVED_WITHIN_MS)
    expect(large.text("not saved yet")).to_have_count(0, timeout=ALL_SAVED_WITHIN_MS)
    assert seen(admin, crowd)["finalization"]["preview"]["absent"] == 0


def test_a_roster_that_comes_in_parts_is_one_grid(desk: Desk, admin: httpx.Client) -> None:
    """A session of the first release may need several answers; the page puts them together."""
    session = a_session(admin, people=5)
    whole = seen(admin, session)

    def part(route: Route) -> None:
        rest = "cursor=NEXT" in route.request.url
        rows = whole["attendees"][2:] if rest else whole["attendees"][:2]
        more = {} if rest else {"nextCursor": "NEXT"}
        route.fulfill(json={**whole, "attendees": rows, **more})

    desk.page.route(re.compile(rf"{session.path}(\?.*)?$"), part)
    desk.open(session)

    expect(desk.text("5 people", exact=True)).to_be_visible()
    expect(desk.mark("Present", "Person 0004")).to_be_visible()
