"""A person's page: their compliance, until when, and the record it rests on."""

import httpx
from playwright.sync_api import expect

from testing.api import (
    a_course,
    a_finalized_session,
    a_session_to_finalize,
    calculated,
    grid,
    mark,
)
from testing.desk import Desk


def test_a_standing_says_what_it_rests_on(desk: Desk, admin: httpx.Client) -> None:
    """A name among a session's records leads to the person, and a standing leads to its session."""
    session = a_finalized_session(admin, a_course(admin, title="Rescue at Height"), people=1)
    calculated(admin, session.people[0], session)
    desk.open(session)

    desk.page.get_by_role("region", name="Records").get_by_role("link", name="Person 0000").click()

    expect(desk.heading("Person 0000")).to_be_visible()
    row = desk.page.get_by_role("row", name="Rescue at Height")
    expect(row).to_contain_text("Valid")
    expect(row).to_contain_text("Training Record, passed")
    desk.picture("person")
    row.get_by_role("link").click()
    expect(desk.heading("Records")).to_be_visible()


def test_a_standing_is_that_of_the_day(desk: Desk, admin: httpx.Client) -> None:
    """A pass is valid today, and was not before the session took place."""
    session = a_finalized_session(admin, people=1)
    desk.go(f"#/people/{session.people[0]}")
    expect(desk.text("Courses now, ")).to_be_visible()
    expect(desk.text("Valid").first).to_be_visible()
    expect(desk.text("Europe/Berlin")).to_be_visible()

    desk.field("As of").fill("2020-01-01")

    expect(desk.text("Not valid")).to_be_visible()
    expect(desk.text("No record that counts on this day.")).to_be_visible()


def test_a_failure_and_an_absence_are_told_apart(desk: Desk, admin: httpx.Client) -> None:
    """Neither counts; the page says which of them it was."""
    session = a_session_to_finalize(admin, people=2)
    failed, absent = session.people
    marks = grid(mark(failed, passed=False), mark(absent, present=False))
    admin.patch(session.attendance, json=marks).raise_for_status()
    admin.post(session.finalize).raise_for_status()
    calculated(admin, absent, session)

    desk.go(f"#/people/{failed}")
    expect(desk.text("Training Record, failed")).to_be_visible()
    desk.open(session)
    desk.page.get_by_role("grid").get_by_role("link", name="Person 0001").click()

    expect(desk.heading("Person 0001")).to_be_visible()
    expect(desk.page.get_by_role("row", name="Working at Height")).to_contain_text("Not valid")
    expect(desk.text("was on the list of a session, but not present")).to_be_visible()


def test_a_person_without_sessions_has_no_course_yet(desk: Desk) -> None:
    """An empty page says when it will have entries."""
    desk.go("#/people/cnobody0000000001")

    expect(desk.text("No course yet.")).to_be_visible()
