"""The list of sessions: what needs somebody comes first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.desk import Desk
from tests.stack.story import Json, a_session, checked_evidence, file_part, fresh


def lines(page: Page, heading: str) -> list[str]:
    """Return what stands under a heading, line by line."""
    return page.get_by_role("region", name=heading).get_by_role("link").all_inner_texts()


@pytest.fixture(scope="module")
def crew(admin: httpx.Client) -> str:
    """Name a crew with a session of each kind."""
    name = fresh("crew")
    soon = datetime.now(UTC) + timedelta(days=3)
    refused = a_session(admin, title=f"{name}: refused")
    admin.post(refused.evidence, files=file_part(b"no sheet")).raise_for_status()
    checked_evidence(admin, refused)
    a_session(admin, title=f"{name}: over")
    end = soon + timedelta(hours=2)
    a_session(admin, title=f"{name}: planned", startsAt=soon.isoformat(), endsAt=end.isoformat())
    a_session(admin, title=f"{name}: called off", status="CANCELLED")
    return name


def test_what_needs_somebody_comes_first(desk: Desk, crew: str) -> None:
    """
    A refused sheet before a session that is merely over; what has time or is done comes after.
    """
    desk.go()

    desk.field("Search").fill(crew)

    expect(desk.page.locator("a.line")).to_have_count(4)
    urgent = lines(desk.page, "Needs attention")
    assert ["refused" in line for line in urgent] == [True, False]
    assert "Sheet refused" in urgent[0]
    assert "Over, sheet missing" in urgent[1]
    others = lines(desk.page, "Everything else")
    assert ["planned" in others[0], "called off" in others[1]] == [True, True]


def test_the_list_is_filtered_by_status_and_search(desk: Desk, crew: str) -> None:
    """
    Nothing found is said in words.
    """
    desk.go()
    desk.page.get_by_role("combobox", name="Status").select_option("Cancelled")
    desk.field("Search").fill(crew.upper())
    expect(desk.page.locator("a.line")).to_have_count(1)

    desk.field("Search").fill("nobody calls a session this")

    expect(desk.text("No session fits.")).to_be_visible()


def test_a_late_answer_does_not_replace_a_newer_one(desk: Desk, crew: str) -> None:
    """
    The list of all comes after that of the cancelled, which is what the person asked for last.
    """
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held or "status=" in route.request.url:
            route.continue_()
        else:
            held.append(route)

    desk.page.route("**/sessions?*", hold_the_first)
    desk.go()
    desk.field("Search").fill(crew)
    desk.page.get_by_role("combobox", name="Status").select_option("Cancelled")
    expect(desk.page.locator("a.line")).to_have_count(1)

    with desk.page.expect_response(lambda answer: "status=" not in answer.url):
        held[0].continue_()

    expect(desk.page.locator("a.line")).to_have_count(1)


def test_a_list_that_cannot_be_loaded_offers_to_try_again(desk: Desk, crew: str) -> None:
    """
    The reason in words, and a button that helps.
    """
    desk.page.route("**/sessions?*", lambda route: route.abort("connectionreset"))
    desk.go()
    expect(desk.page.get_by_role("alert")).to_contain_text("There is no connection")
    desk.picture("list-unreachable")
    desk.page.unroute("**/sessions?*")

    desk.button("Try again").click()

    desk.field("Search").fill(crew)
    expect(desk.page.locator("a.line")).to_have_count(4)


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (
            503,
            {"type": "urn:problem:training:busy", "detail": "Too many people at once."},
            "Too many people",
        ),
        (500, None, "Something went wrong on our side."),
    ],
)
def test_failures_are_told_in_words(
    status: int, answer: Json | None, words: str, desk: Desk
) -> None:
    """
    The problem document's own words if there are any; never a bare code.
    """

    def fail(route: Route) -> None:
        route.fulfill(status=status, json=answer) if answer else route.fulfill(
            status=status, body=""
        )

    desk.page.route("**/sessions?*", fail)

    desk.go()

    alert = desk.page.get_by_role("alert")
    expect(alert).to_contain_text(words)
    expect(alert).not_to_contain_text(str(status))


def test_an_unknown_session_says_what_to_do(desk: Desk) -> None:
    """
    A link to a session that is not there leads to the server's own words.
    """
    desk.go("#/sessions/no-such-session")

    expect(desk.page.get_by_role("alert")).to_contain_text("There is no session no-such-session.")


def test_there_may_be_no_sessions_yet(desk: Desk) -> None:
    """
    An empty list says when something will be in it.
    """
    desk.page.route("**/sessions?*", lambda route: route.fulfill(json={"items": []}))

    desk.go()

    expect(desk.text("There are no sessions yet.")).to_be_visible()


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Let the list have a second page, with an older session on it."""
    line = {
        "status": "COMPLETED",
        "courseId": "c",
        "startsAt": "2026-01-05T08:00:00Z",
        "endsAt": "2026-01-05T09:00:00Z",
        "timezone": "Europe/Berlin",
        "rosterCount": 1,
        "evidenceState": "ACCEPTED",
    }

    def page(route: Route) -> None:
        if "status=" in route.request.url:
            route.fulfill(json={"items": []})
        elif "cursor=" in route.request.url:
            route.fulfill(json={"items": [line | {"sessionId": "s-1", "title": "Older"}]})
        else:
            items = [line | {"sessionId": "s-2", "title": "Newer"}]
            route.fulfill(json={"items": items, "nextCursor": "more"})

    desk.page.route("**/sessions?*", page)
    return desk


def test_earlier_sessions_come_page_by_page(many: Desk) -> None:
    """
    The latest first, earlier ones on request.
    """
    many.go()
    expect(many.page.locator("a.line")).to_have_count(1)

    many.button("Show earlier sessions").click()

    expect(many.page.locator("a.line")).to_have_count(2)
    expect(many.button("Show earlier sessions")).to_have_count(0)


def test_who_has_no_role_is_told_whom_to_ask(
    sits_down: Callable[..., Desk], outsider: httpx.Client
) -> None:
    """
    Somebody who can sign in and has no role sees no empty list.
    """
    del outsider
    desk = sits_down("")
    desk.go()
    desk.field("User name").fill("outsider")
    desk.field("Password").fill("Outside-the-gate-1")
    desk.button("Sign in").click()

    expect(desk.text("Your account has no role here.")).to_be_visible()
