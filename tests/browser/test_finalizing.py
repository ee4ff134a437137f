"""Finalize, from the question to one result."""

from datetime import UTC, datetime, timedelta

import httpx
from playwright.sync_api import Locator, Request, Route, expect

from shared.domain.manifest_v2 import MEANING
from testing.api import (
    a_course,
    a_session,
    a_session_to_finalize,
    a_sheet,
    grid,
    hand_in,
    mark,
    records,
    seen,
)
from testing.desk import Desk
from tests.stack.operator import Operator


def statement(count: int) -> str:
    """Return the words of the specification."""
    return f"This will generate {count} Training Records. This action cannot be undone."


def confirm(desk: Desk) -> Locator:
    """Find the button in the dialog."""
    return desk.dialog.get_by_role("button", name="Finalize")


def test_the_dialog_says_exactly_what_will_happen(desk: Desk, admin: httpx.Client) -> None:
    """
    It has the specification's words (spec §5), names session, sheet and rules, and says who did not
    pass. What there is none of is not counted.
    """
    course = a_course(admin, title="Rescue at Height", version="4.2", validityMonths=24)
    over = {"startsAt": "2026-03-10T08:00:00Z", "endsAt": "2026-03-10T15:00:00Z"}
    session = a_session_to_finalize(admin, course, people=5, **over)
    absent, failed = session.people[:2]
    marks = grid(mark(absent, present=False), mark(failed, passed=False))
    admin.patch(session.attendance, json=marks).raise_for_status()
    desk.open(session)

    desk.finalize.click()

    expect(desk.dialog.locator(".statement")).to_have_text(statement(4))
    expect(desk.dialog.get_by_role("blockquote")).to_have_text(MEANING)
    facts = desk.dialog.locator("dl.facts")
    for words in (
        "Working at Height, crew B",
        "10 Mar 2026, 09:00",
        "Rescue at Height, version 4.2",
        "sheet.pdf",
        "uploaded",
        "from 10 Mar 2026 until 10 Mar 2028",
    ):
        expect(facts).to_contain_text(words)
    expect(desk.dialog).to_contain_text("Failed: Person 0001")
    expect(desk.dialog).to_contain_text("Absent: Person 0000")
    desk.picture("dialog-attestation")
    figures = desk.dialog.locator("dl.counts > div").all_inner_texts()
    assert [figure.split() for figure in figures] == [
        ["Passed", "3"],
        ["Failed", "1"],
        ["Absent", "1"],
    ]


def test_what_has_not_taken_place_is_not_finalized(desk: Desk, admin: httpx.Client) -> None:
    """The button waits for the session's last day, and the page says what to do before."""
    now = datetime.now(UTC)
    session = a_session_to_finalize(
        admin, startsAt=now.isoformat(), endsAt=(now + timedelta(days=2)).isoformat()
    )

    desk.open(session)

    expect(desk.finalize).to_be_disabled()
    expect(desk.text("The session has not taken place yet.")).to_be_visible()


def test_the_dialog_warns_and_remembers_that_it_was_seen(desk: Desk, admin: httpx.Client) -> None:
    """
    What there is to look at stands at the sheet and before the button already. In the question each
    warning is ticked, and that is recorded.
    """
    sheet, other, session = a_sheet(), a_session(admin), a_session(admin)
    hand_in(admin, other, sheet)
    hand_in(admin, session, sheet)
    admin.patch(session.attendance, json=grid(mark(session.people[0]))).raise_for_status()
    desk.open(session)
    expect(desk.text("The same file is the sheet of other sessions too.")).to_be_visible()
    expect(desk.page.get_by_role("link", name=other.session_id)).to_be_visible()
    expect(desk.text("were never marked")).to_be_visible()

    desk.finalize.click()

    warnings = desk.dialog.locator(".warnings li")
    expect(warnings).to_have_count(2)
    expect(warnings.first).to_contain_text("2 of 3 people on the list were never marked")
    expect(warnings.first).to_contain_text("Person 0001, Person 0002")
    expect(warnings.last).to_contain_text(other.session_id)
    desk.picture("dialog-warnings")
    warnings.first.get_by_role("checkbox").check()
    expect(confirm(desk)).to_be_disabled()
    warnings.last.get_by_role("checkbox").check()
    confirm(desk).click()
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    decided = seen(admin, session)["finalization"]
    assert decided["acknowledged"] == ["people-unmarked", "sheet-used-elsewhere"]
    assert decided["warnings"][0]["people"] == session.people[1:]


def test_the_dialog_does_not_warn_without_reason(desk: Desk, admin: httpx.Client) -> None:
    """A question that always warns is not read."""
    desk.open(a_session_to_finalize(admin))

    desk.finalize.click()

    expect(desk.dialog.locator(".statement")).to_be_visible()
    expect(desk.dialog.locator(".warnings")).to_have_count(0)


def test_cancelling_changes_nothing(desk: Desk, admin: httpx.Client) -> None:
    """After the button or Escape the session is still open, and the focus is where it was."""
    session = a_session_to_finalize(admin)
    desk.open(session)

    desk.finalize.click()
    desk.button("Cancel").click()
    expect(desk.dialog).to_have_count(0)
    expect(desk.finalize).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.dialog).to_be_visible()
    desk.page.keyboard.press("Escape")

    expect(desk.dialog).to_have_count(0)
    assert seen(admin, session)["status"] == "SCHEDULED"
    expect(desk.finalize).to_be_enabled()
    expect(desk.finalize).to_be_focused()


def test_a_double_click_finalizes_once(desk: Desk, admin: httpx.Client) -> None:
    """Two clicks are one request, with one key."""
    session = a_session_to_finalize(admin)
    sent: list[Request] = []
    desk.page.on("request", lambda it: sent.append(it) if it.method == "POST" else None)
    desk.open(session)
    desk.finalize.click()

    confirm(desk).dblclick()

    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    assert len(sent) == 1
    assert len(sent[0].headers["idempotency-key"]) == 36
    assert len(records(admin, session)) == 3


def test_a_lost_answer_is_asked_for_again(desk: Desk, admin: httpx.Client) -> None:
    """The records were written and the connection broke: the same key gets the first answer."""
    session = a_session_to_finalize(admin)
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.open(session)
    desk.page.route("**/finalize", lose_the_first)
    desk.finalize.click()

    confirm(desk).click()

    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    expect(desk.dialog).to_have_count(0)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(records(admin, session)) == 3


def test_a_reload_while_finalizing_gives_one_result(desk: Desk, admin: httpx.Client) -> None:
    """
    No key closes the question while it writes. The request was lost before the reload: the page
    says so, and the next click sends the same key.
    """
    session = a_session_to_finalize(admin)
    keys: list[str] = []

    def cut(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort("connectionreset")

    desk.open(session)
    desk.page.route("**/finalize", cut)
    desk.finalize.click()
    confirm(desk).click()
    expect(desk.text("No answer yet.")).to_be_visible()
    desk.press_escape_for_good()
    expect(desk.text("No answer yet.")).to_be_visible()
    desk.page.unroute("**/finalize")
    desk.page.on(
        "request",
        lambda it: (
            keys.append(it.headers["idempotency-key"]) if it.url.endswith("/finalize") else None
        ),
    )
    desk.page.reload()
    expect(desk.text("Your last Finalize got no answer")).to_be_visible()
    desk.picture("in-doubt")

    desk.finalize.click()
    confirm(desk).click()

    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    assert len(set(keys)) == 1
    assert len(records(admin, session)) == 3


def test_a_stale_tab_shows_the_new_number_first(
    desk: Desk, admin: httpx.Client, trainer: httpx.Client
) -> None:
    """The grid was changed since: the dialog says so, with the current number."""
    session = a_session_to_finalize(admin)
    desk.open(session)
    expect(desk.text("3 present")).to_be_visible()
    absent = grid(mark(session.people[0], present=False))
    trainer.patch(session.attendance, json=absent).raise_for_status()

    desk.finalize.click()

    expect(desk.dialog).to_contain_text("Somebody changed this session since you opened it.")
    expect(desk.dialog.locator(".statement")).to_have_text(statement(2))
    desk.picture("dialog-stale")


def test_a_change_under_the_open_dialog_is_shown_before_anything_happens(
    desk: Desk, admin: httpx.Client, trainer: httpx.Client
) -> None:
    """
    The grid was changed while the dialog was open: nothing is written, and the
    dialog asks again.
    """
    session = a_session_to_finalize(admin)
    desk.open(session)
    desk.finalize.click()
    expect(desk.dialog.locator(".statement")).to_have_text(statement(3))
    absent = grid(mark(session.people[0], present=False))
    trainer.patch(session.attendance, json=absent).raise_for_status()

    confirm(desk).click()

    expect(desk.dialog).to_contain_text("nothing was written")
    expect(desk.dialog.locator(".statement")).to_have_text(statement(2))
    assert records(admin, session) == {}
    confirm(desk).click()
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    assert len(records(admin, session)) == 2


def test_a_rivals_finalize_is_told_and_shown(desk: Desk, admin: httpx.Client) -> None:
    """Another request came first: the page shows the server's words and the result."""
    session = a_session_to_finalize(admin)
    desk.open(session)
    desk.finalize.click()
    expect(desk.dialog).to_be_visible()
    admin.post(session.finalize).raise_for_status()

    confirm(desk).click()

    expect(desk.told).to_contain_text("it can no longer be changed")
    expect(desk.told).not_to_contain_text("409")
    desk.button("Close").click()
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()


def test_unsaved_marks_are_saved_before_the_question(desk: Desk, admin: httpx.Client) -> None:
    """The number includes the latest marks."""
    session = a_session_to_finalize(admin)
    desk.open(session)

    desk.mark("Present", "Person 0001").uncheck()
    desk.finalize.click()

    expect(desk.dialog.locator(".statement")).to_have_text(statement(2))
    expect(desk.dialog).not_to_contain_text("Somebody changed")


def test_a_large_session_shows_how_far_it_is(
    desk: Desk, admin: httpx.Client, operator: Operator
) -> None:
    """While records are still written the page shows the progress, and by itself the end of it."""
    session = a_session_to_finalize(admin)
    admin.post(session.finalize).raise_for_status()
    operator.lock_again(session)

    desk.open(session)

    expect(desk.text("The records are being written: 3 of 3.")).to_be_visible()
    expect(desk.finalize).to_have_count(0)
    desk.picture("finalizing")
    operator.edit(session, "status", {"S": "COMPLETED"})
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    expect(desk.page.get_by_role("region", name="Records").get_by_role("row")).to_have_count(4)
