"""No page breaks a rule of axe-core, light or dark; no page needs a mouse; every width fits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # has no stubs
from playwright.sync_api import Page, Route, expect

from local.stack import Stack
from testing.api import (
    a_course,
    a_finalized_session,
    a_roster,
    a_session,
    a_session_to_finalize,
    a_sheet,
    calculated,
    fresh,
    grid,
    hand_in,
    mark,
    records,
)
from testing.desk import Desk

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = Axe()
TOUCH = 44


def violations(desk: Desk, name: str) -> dict[str, str]:
    """Check the page with axe as it is, light and dark, and store a picture of the dark one."""
    found: dict[str, str] = {}
    for scheme in SCHEMES:
        desk.page.emulate_media(color_scheme=scheme)
        results = AXE.run(desk.page)
        if results.violations_count:
            found[scheme] = results.generate_report()
    desk.picture(f"{name}-dark")
    return found


def test_signing_in_breaks_no_rule(sits_down: Callable[..., Desk]) -> None:
    """The first page of the console."""
    desk = sits_down("")
    desk.go()
    expect(desk.heading("Sign in")).to_be_visible()

    assert violations(desk, "sign-in") == {}


def test_the_list_breaks_no_rule(desk: Desk, admin: httpx.Client) -> None:
    """A list with sessions that need attention and sessions that do not."""
    a_session(admin)
    desk.go()
    expect(desk.page.locator("a.line").first).to_be_visible()

    assert violations(desk, "list") == {}


def test_an_open_session_breaks_no_rule(desk: Desk, admin: httpx.Client) -> None:
    """
    A session without a sheet, with a rejected one, with unsaved marks, and with the question of
    Finalize.
    """
    session = a_session_to_finalize(admin)
    desk.open(session)
    desk.hand_in(b"no sheet at all", "photo.pdf")
    expect(desk.text("was refused.")).to_be_visible()
    desk.page.route("**/attendance", lambda route: route.abort("connectionreset"))
    desk.mark("Remarks", "Person 0001").fill("Came late")
    expect(desk.text("not saved yet.").first).to_be_visible()
    open_session = violations(desk, "session")
    desk.page.unroute("**/attendance")
    desk.finalize.click()
    expect(desk.dialog).to_be_visible()

    assert open_session == {}
    assert violations(desk, "dialog") == {}


def test_a_collision_breaks_no_rule(desk: Desk, admin: httpx.Client, trainer: httpx.Client) -> None:
    """Two versions of a row, side by side."""
    session = a_session(admin)
    desk.open(session)
    theirs = grid(mark(session.people[0], remarks="Theirs"))
    trainer.patch(session.attendance, json=theirs).raise_for_status()
    desk.mark("Remarks", "Person 0000").fill("Mine")
    expect(desk.text("Choose whose marks stay")).to_be_visible()

    assert violations(desk, "collision") == {}


def test_pasting_breaks_no_rule(desk: Desk, admin: httpx.Client) -> None:
    """Chosen people, and the preview of what a pasted list means."""
    desk.open(a_session(admin, people=4))
    desk.mark("Present", "Person 0001").focus()
    desk.page.keyboard.press("Shift+ArrowDown")
    expect(desk.button("Fill down")).to_be_visible()
    chosen = violations(desk, "range")
    desk.button("Paste from a spreadsheet").click()
    desk.dialog.get_by_role("textbox").fill("Person 0001\nNobody Here")
    expect(desk.button("Mark 1 person")).to_be_enabled()

    assert chosen == {}
    assert violations(desk, "pasted") == {}


def test_a_finalized_session_breaks_no_rule(
    sits_down: Callable[..., Desk], admin: httpx.Client
) -> None:
    """Records, proof and the read-only grid, as an auditor sees them."""
    auditor = sits_down("auditor")
    session = a_finalized_session(admin, a_course(admin, requiresVerify=True))
    auditor.open(session)
    expect(auditor.text("Waiting for verification").first).to_be_visible()

    assert violations(auditor, "finalized") == {}


def test_a_person_breaks_no_rule(desk: Desk, admin: httpx.Client) -> None:
    """A person with a standing and the record it rests on."""
    session = a_finalized_session(admin, people=1)
    calculated(admin, session.people[0], session)
    desk.go(f"#/people/{session.people[0]}")
    expect(desk.text("Valid").first).to_be_visible()

    assert violations(desk, "person") == {}


@contextmanager
def without_a_mouse(page: Page) -> Iterator[Callable[..., None]]:
    """Press keys, one after the other; clicking is not among them."""

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    yield press


FOCUSED = """() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent).trim();
}"""


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the element of this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(name):
            return
    pytest.fail(f"no way to {name} by Tab")


def test_the_whole_job_is_done_by_keyboard(
    sits_down: Callable[..., Desk], admin: httpx.Client, stack: Stack
) -> None:
    """Sign in, find the session, upload the sheet, mark, undo and finalize without a mouse."""
    title = fresh("keyboard-only")
    session = a_session(admin, title=title)
    user = stack.users["admin"]
    desk = sits_down("")
    desk.go()
    page = desk.page
    expect(desk.heading("Sign in")).to_be_focused()
    with without_a_mouse(page) as press:
        tab_to(page, "User name")
        page.keyboard.type(user.username)
        press("Tab")
        page.keyboard.type(user.password)
        press("Enter")
        expect(desk.heading("Training sessions")).to_be_focused()
        tab_to(page, "Search")
        page.keyboard.type(title)
        expect(page.locator("a.line")).to_have_count(1)
        tab_to(page, title)
        press("Enter")
        expect(desk.heading("Attendance")).to_be_visible()
        tab_to(page, "Choose the signed sheet")
        with page.expect_file_chooser() as chooser:
            press("Enter")
        sheet = {"name": "sheet.pdf", "mimeType": "application/pdf", "buffer": a_sheet()}
        chooser.value.set_files(sheet)  # type: ignore[arg-type]
        expect(desk.finalize).to_be_enabled()
        tab_to(page, "Person 0000")
        press("ArrowRight", "Space", "ArrowDown", "Space", "ArrowDown", "Space", "ArrowRight")
        press("Space", "ArrowRight")
        page.keyboard.type("Typed blind")
        press("ArrowUp", "ArrowLeft", "ArrowLeft", "Space", "Control+z")
        desk.saved()
        tab_to(page, "Finalize")
        press("Enter")
        expect(desk.dialog).to_contain_text("This will generate 3 Training Records.")
        tab_to(page, "Finalize", most=4)
        press("Enter")
        expect(desk.heading("Records")).to_be_focused()

    found = sorted((it["result"], it.get("remarks")) for it in records(admin, session).values())
    assert found == [("FAILED", "Typed blind"), ("PASSED", None), ("PASSED", None)]


WIDTHS = [(360, 740), (1440, 900)]


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_every_page_fits_the_window(
    width: int, height: int, sits_down: Callable[..., Desk], admin: httpx.Client
) -> None:
    """
    Nothing is cut off or scrolls sideways, also with letters twice as large and with long words,
    and targets are large enough for a thumb.
    """
    desk = sits_down("admin", viewport={"width": width, "height": height}, has_touch=width < 500)
    course = a_course(admin, requiresVerify=True)
    ready = a_session_to_finalize(admin, title="Auffrischungsunterweisungshöhensicherungsgerät")
    done = a_finalized_session(admin, course)
    for name, path, landmark in (
        ("list", "#/", "Training sessions"),
        ("open", f"#/sessions/{ready.session_id}", "Attendance"),
        ("done", f"#/sessions/{done.session_id}", "Records"),
        ("person", f"#/people/{done.people[0]}", "Person 0000"),
    ):
        desk.go(path)
        expect(desk.heading(landmark)).to_be_visible()
        desk.picture(f"{name}-{width}")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        assert small_targets(desk.page) == []
        desk.page.evaluate(LARGE_LETTERS)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.page.evaluate(CUT_OFF) == []
        desk.page.evaluate(USUAL_LETTERS)
    desk.open(ready)
    desk.finalize.click()
    box = desk.dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    expect(desk.dialog.get_by_role("heading")).to_be_in_viewport()
    desk.picture(f"dialog-{width}")


LARGE_LETTERS = "document.documentElement.style.fontSize = '200%'"
USUAL_LETTERS = "document.documentElement.style.fontSize = ''"
# Words and headings that are wider than the box they stand in.
CUT_OFF = """() => [...document.querySelectorAll("h1, h2, .word, dd, td, th, button, a.line")]
  .filter((it) => it.offsetParent && it.scrollWidth > it.clientWidth + 1 && it.clientWidth)
  .map((it) => it.textContent)"""


def small_targets(page: Page) -> list[str]:
    """Return the names of buttons, fields and rows of the list that are too low for a thumb."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll(
            "button, select, a.line, a.button, .tick, .tools input")]
          .filter((it) => it.offsetParent && it.getBoundingClientRect().height < least)
          .map((it) => it.textContent)""",
        TOUCH,
    )
    return found


def test_a_session_is_printed_without_what_cannot_be_pressed(
    desk: Desk, admin: httpx.Client
) -> None:
    """
    On paper there are the session and its people, and once it is finalized who did so, every record
    as on the sheet, who was absent, and the sheet's SHA-256; no button and no empty part.
    """
    named = zip(a_roster(4), ("Zoe", "Ada", "Ben", "Max"), strict=True)
    session = a_session(admin, attendees=[person | {"name": name} for person, name in named])
    hand_in(admin, session)
    marks = [mark(person, present=at < 3) for at, person in enumerate(session.people)]
    admin.patch(session.attendance, json=grid(*marks)).raise_for_status()
    desk.open(session)
    desk.page.emulate_media(media="print")
    roster = desk.page.get_by_role("region", name="People on the list").get_by_role("rowheader")
    expect(roster).to_have_text(["Ada", "Ben", "Max", "Zoe"])
    expect(desk.page.locator("button:visible, .drop:visible, .grid:visible")).to_have_count(0)
    expect(desk.page.locator("h2:visible")).to_have_text(["Signed sheet", "People on the list"])
    desk.page.emulate_media(media="screen")
    admin.post(session.finalize).raise_for_status()
    desk.page.reload()
    records = desk.page.get_by_role("region", name="Records").get_by_role("rowheader")
    expect(records).to_have_text(["Ada", "Ben", "Zoe"])

    desk.page.emulate_media(media="print")

    expect(records).to_have_text(["Ada", "Ben", "Zoe"])
    expect(desk.text("1 person on the list without a record: Max (absent)")).to_be_visible()
    expect(desk.text("Finalized by Ingrid Solheim")).to_be_visible()
    expect(desk.text("SHA-256").first).to_be_visible()
    expect(desk.page.locator("button:visible, .bar:visible, .grid:visible")).to_have_count(0)
    expect(desk.page.locator("h2:visible")).to_have_text(["Records", "Signed sheet", "Finalized"])
    desk.picture("printed")


def test_a_page_that_cannot_start_says_so(sits_down: Callable[..., Desk]) -> None:
    """Without its configuration the page shows a sentence that says so."""
    desk = sits_down("")

    def no_answer(route: Route) -> None:
        route.abort("connectionreset")

    desk.page.route("**/config.json", no_answer)
    desk.page.remove_listener("console", desk.listener)

    desk.go()

    expect(desk.heading("The page could not be loaded")).to_be_visible()
