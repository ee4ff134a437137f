"""The list of sessions: what needs attention comes first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from testing.api import (
    Json,
    a_session,
    checked_evidence,
    file_part,
    fresh,
    grid,
    hand_in,
    mark,
)
from testing.desk import Desk


def lines(page: Page, heading: str) -> list[str]:
    """Return the text under a heading, line by line."""
    return page.get_by_role("region", name=heading).get_by_role("link").all_inner_texts()


@pytest.fixture(scope="module")
def crew(admin: httpx.Client) -> str:
    """Make a session of each kind, under a common name."""
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


def test_what_needs_attention_comes_first(desk: Desk, crew: str) -> None:
    """A rejected sheet comes before a session that is over; what has time or is done comes last."""
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
    """Without a match the list says so."""
    desk.go()
    desk.page.get_by_role("combobox", name="Status").select_option("Cancelled")
    desk.field("Search").fill(crew.upper())
    expect(desk.page.locator("a.line")).to_have_count(1)

    desk.field("Search").fill("nobody calls a session this")

    expect(desk.text("No session fits.")).to_be_visible()


def test_back_leads_to_the_list_as_it_was(desk: Desk, crew: str) -> None:
    """
    Search and status stand in the address. Who goes back from a session, is asked about unsaved
    marks and stays, gets to the list with the next Back.
    """
    desk.go()
    desk.page.get_by_role("combobox", name="Status").select_option("Planned")
    desk.field("Search").fill(f"{crew}: over")
    desk.page.locator("a.line").click()
    desk.page.route("**/attendance", lambda route: route.abort("connectionreset"))
    desk.mark("Remarks", "Person 0000").fill("Not yet saved")
    desk.page.go_back()
    desk.button("Stay here").click()
    expect(desk.mark("Remarks", "Person 0000")).to_have_value("Not yet saved")

    desk.page.go_back()
    desk.button("Leave").click()

    expect(desk.page.locator("a.line")).to_have_count(1)
    expect(desk.field("Search")).to_have_value(f"{crew}: over")
    expect(desk.page.get_by_role("combobox", name="Status")).to_have_value("SCHEDULED")


def test_what_others_do_arrives_by_itself(
    desk: Desk, admin: httpx.Client, trainer: httpx.Client
) -> None:
    """List and session look again while they are seen; what is being typed stays."""
    session = a_session(admin, title=fresh("crew"))
    desk.page.clock.install()
    desk.go(f"#/?search={session.plan['title']}")
    line = desk.page.locator("a.line")
    expect(line).to_contain_text("Over, sheet missing")
    hand_in(trainer, session)
    desk.page.clock.fast_forward(30_000)
    expect(line).to_contain_text("Over, not finalized")
    line.click()
    typed = desk.mark("Remarks", "Person 0000")
    typed.fill("Half a sen")

    theirs = grid(mark(session.people[2], remarks="By the trainer"))
    trainer.patch(session.attendance, json=theirs).raise_for_status()
    desk.page.clock.fast_forward(15_000)

    expect(desk.mark("Remarks", "Person 0002")).to_have_value("By the trainer")
    expect(typed).to_have_value("Half a sen")
    expect(typed).to_be_focused()


def test_a_late_answer_does_not_replace_a_newer_one(desk: Desk, crew: str) -> None:
    """The full list arrives after the list of cancelled sessions, which was asked for last."""
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
    """The page says why, and a button tries again."""
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
        (
            400,
            {"detail": "Correct the fields listed.", "errors": [{"detail": "It has no end."}]},
            "Correct the fields listed.It has no end.",
        ),
    ],
)
def test_failures_are_told_in_words(
    status: int, answer: Json | None, words: str, desk: Desk
) -> None:
    """
    The page shows the problem document's text if there is one, with all that it lists, and never a
    code.
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
    A link to a session that does not exist shows the server's text; one that was cut off in the
    middle of a letter leads nowhere, and says so.
    """
    desk.go("#/sessions/no-such-session")
    expect(desk.page.get_by_role("alert")).to_contain_text("There is no session no-such-session.")

    desk.go("#/sessions/%zz")

    expect(desk.heading("There is nothing at this address")).to_be_visible()
    desk.go("#/people/nobody")
    expect(desk.text("This address names no person.")).to_be_visible()


def test_there_may_be_no_sessions_yet(desk: Desk) -> None:
    """An empty list says when it will have entries."""
    desk.page.route("**/sessions?*", lambda route: route.fulfill(json={"items": []}))

    desk.go()

    expect(desk.text("There are no sessions yet.")).to_be_visible()


LINE = {
    "status": "COMPLETED",
    "courseId": "c",
    "startsAt": "2026-01-05T08:00:00Z",
    "endsAt": "2026-01-05T09:00:00Z",
    "timezone": "Europe/Berlin",
    "rosterCount": 1,
    "evidenceState": "ACCEPTED",
}


def test_a_time_zone_that_the_browser_does_not_know_hides_no_session(desk: Desk) -> None:
    """There are younger zones than browsers: the times of such a session are shown in UTC."""
    zones = ["Moon/Tranquility", "localtime", "Europe/Berlin"]
    items = [LINE | {"sessionId": zone, "title": zone, "timezone": zone} for zone in zones]
    desk.page.route("**/sessions?*", lambda route: route.fulfill(json={"items": items}))

    desk.go()

    expect(desk.page.locator("a.line")).to_have_count(3)
    unknown, _, known = lines(desk.page, "Sessions")
    assert all(
        part in unknown for part in ("5 Jan 2026, 08:00 UTC", "09:00 UTC (Moon/Tranquility)")
    )
    assert "UTC" not in known


def test_an_evening_until_midnight_is_one_day(desk: Desk) -> None:
    """A session of several days names its first and its last; midnight begins no further day."""
    moments = {"evening": "2026-01-05T19:00:00Z", "course": "2026-01-03T08:00:00Z"}
    items = [
        LINE | {"sessionId": name, "title": name, "startsAt": at, "endsAt": "2026-01-05T23:00:00Z"}
        for name, at in moments.items()
    ]
    desk.page.route("**/sessions?*", lambda route: route.fulfill(json={"items": items}))

    desk.go()

    expect(desk.page.locator("a.line")).to_have_count(2)
    evening, course = lines(desk.page, "Sessions")
    assert [evening.count("Jan 2026"), course.count("Jan 2026")] == [1, 2]
    assert all(part in evening for part in ("5 Jan 2026, 20:00", "00:00 (Europe/Berlin)"))
    assert all(part in course for part in ("3 Jan 2026, 09:00", "5 Jan 2026, 00:00"))


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Give the list a second page, with an older session on it."""

    def page(route: Route) -> None:
        if "status=" in route.request.url:
            route.fulfill(json={"items": []})
        elif "cursor=" in route.request.url:
            route.fulfill(json={"items": [LINE | {"sessionId": "s-1", "title": "Older"}]})
        else:
            items = [LINE | {"sessionId": "s-2", "title": "Newer"}]
            route.fulfill(json={"items": items, "nextCursor": "more"})

    desk.page.route("**/sessions?*", page)
    return desk


def test_earlier_sessions_come_page_by_page(many: Desk) -> None:
    """The latest come first, earlier ones on request."""
    many.go()
    expect(many.page.locator("a.line")).to_have_count(1)

    many.button("Show earlier sessions").click()

    expect(many.page.locator("a.line")).to_have_count(2)
    expect(many.button("Show earlier sessions")).to_have_count(0)


def test_person_without_a_role_is_told_whom_to_ask(
    sits_down: Callable[..., Desk], outsider: httpx.Client
) -> None:
    """A person who can sign in and has no role sees no empty list."""
    del outsider
    desk = sits_down("")
    desk.go()
    desk.field("User name").fill("outsider")
    desk.field("Password").fill("Outside-the-gate-1")
    desk.button("Sign in").click()

    expect(desk.text("Your account has no role here.")).to_be_visible()
