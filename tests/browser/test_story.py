"""The whole story, as each role sees it."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from testing.api import a_course, a_session, a_sheet, fresh, records
from testing.desk import Desk


def test_a_session_goes_from_sheet_to_records(desk: Desk, admin: httpx.Client) -> None:
    """
    An admin finds the session, uploads the sheet, marks the grid, finalizes, and
    sees the records.
    """
    title = f"Rescue at Height, {fresh('crew')}"
    session = a_session(admin, title=title)
    desk.go()
    desk.picture("list")
    desk.page.get_by_role("link", name=title).click()
    expect(desk.heading(title)).to_be_focused()
    expect(desk.finalize).to_be_disabled()
    desk.picture("session-without-sheet")
    desk.hand_in(a_sheet(), "hand-signed.pdf")
    expect(desk.text("Accepted")).to_be_visible()
    desk.button("Mark all present").click()
    desk.mark("Passed", "Person 0001").uncheck()
    desk.mark("Remarks", "Person 0001").fill("Repeats the practical.")
    desk.mark("Present", "Person 0002").uncheck()
    desk.saved()
    desk.picture("session-ready")
    desk.finalize.click()
    expect(desk.dialog).to_contain_text(
        "This will generate 2 Training Records. This action cannot be undone."
    )
    desk.picture("dialog")

    desk.dialog.get_by_role("button", name="Finalize").click()

    failed = desk.page.get_by_role("row", name="Person 0001")
    expect(failed).to_contain_text("Failed")
    expect(failed.locator("[data-head='Valid until']")).not_to_contain_text("20")
    expect(desk.page.get_by_role("row", name="Person 0001").first).to_contain_text("Repeats")
    expect(desk.heading("Records")).to_be_focused()
    found = desk.page.get_by_role("region", name="Records").get_by_role("rowheader")
    desk.page.get_by_role("combobox", name="Order").select_option("Failed first")
    expect(found).to_have_text(["Person 0001", "Person 0000"])
    desk.field("Find a record").fill("repeats")
    expect(found).to_have_text(["Person 0001"])
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    desk.picture("finalized")
    assert {it["result"] for it in records(admin, session).values()} == {"PASSED", "FAILED"}


def test_a_session_of_a_course_to_verify_leads_to_pending_competencies(
    desk: Desk, admin: httpx.Client
) -> None:
    """
    The dialog counts them apart from Training Records, and each record says what it waits for; one
    of a person who failed waits for nothing.
    """
    session = a_session(admin, a_course(admin, requiresVerify=True))
    desk.open(session)
    desk.hand_in(a_sheet())
    desk.button("Mark all present").click()
    desk.mark("Passed", "Person 0002").uncheck()
    desk.saved()
    desk.finalize.click()
    expect(desk.dialog).to_contain_text(
        "This will generate 0 Training Records. This action cannot be undone."
    )
    expect(desk.dialog.locator(".statement").first).to_have_text(
        "3 Competency Records, valid only once a verifier confirms them."
    )
    desk.picture("dialog-competency")

    desk.dialog.get_by_role("button", name="Finalize").click()

    expect(desk.text("Waiting for verification")).to_have_count(2)
    expect(desk.page.get_by_role("row", name="Cannot be verified")).to_contain_text("Person 0002")


def test_a_trainer_drafts_and_leaves_finalizing_to_an_admin(
    sits_down: Callable[..., Desk], admin: httpx.Client
) -> None:
    """A trainer is not offered to finalize."""
    trainer = sits_down("trainer")
    session = a_session(admin)
    trainer.open(session)

    trainer.hand_in(a_sheet())
    trainer.button("Mark all present").click()

    trainer.saved()
    expect(trainer.text("Accepted")).to_be_visible()
    expect(trainer.text("An admin finalizes this session")).to_be_visible()
    expect(trainer.finalize).to_have_count(0)
    expect(trainer.page.locator(".who")).to_contain_text("Trainer")


def test_an_auditor_reads_and_changes_nothing(
    sits_down: Callable[..., Desk], admin: httpx.Client
) -> None:
    """Marks are text, and there is neither an upload nor a Finalize."""
    auditor = sits_down("auditor")
    auditor.open(a_session(admin))

    expect(auditor.page.get_by_role("row", name="Person 0000")).to_contain_text("Not marked")
    expect(auditor.page.get_by_role("checkbox")).to_have_count(0)
    expect(auditor.finalize).to_have_count(0)
    expect(auditor.page.get_by_role("button", name="Choose")).to_have_count(0)
    auditor.picture("as-auditor")


def test_nothing_undoes_a_finalization(desk: Desk, admin: httpx.Client) -> None:
    """There is no un-finalize button, and no other control that changes the session."""
    session = a_session(admin)
    desk.open(session)
    desk.hand_in(a_sheet())
    desk.finalize.click()
    desk.dialog.get_by_role("checkbox").check()
    desk.dialog.get_by_role("button", name="Finalize").click()
    expect(desk.text("Nobody was present, so there are no records.")).to_be_visible()

    offered = desk.page.locator("main").get_by_role("button").all_inner_texts()

    assert set(offered) <= {"View the sheet", "Verify", "Audit pack", "Copy for a spreadsheet"}
