"""The signed sheet, from the file dialog to its SHA-256."""

import hashlib
import re

import httpx
import pytest
from playwright.sync_api import Route, expect

from local.samples.data import forklift_sheet_photo
from testing.api import a_session, a_session_to_finalize, a_sheet, seen, sha256
from testing.desk import Desk

LARGE = 6 * 2**20


def test_finalize_opens_only_when_the_sheet_was_accepted(desk: Desk, admin: httpx.Client) -> None:
    """It is disabled before the upload and during upload and check, and enabled after (spec §5)."""
    session = a_session(admin)
    desk.open(session)
    expect(desk.finalize).to_be_disabled()
    expect(desk.text("Upload the signed sheet first.")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route(re.compile(r"/evidence/.*X-Amz"), hold)

    desk.hand_in(a_sheet())

    expect(desk.text("Sending sheet.pdf")).to_be_visible()
    expect(desk.finalize).to_be_disabled()
    desk.picture("sending")
    desk.wait_until(lambda: bool(held))
    held[0].continue_()
    expect(desk.finalize).to_be_enabled()
    expect(desk.text("Accepted")).to_be_visible()


def test_an_accepted_sheet_shows_its_fingerprint(desk: Desk, admin: httpx.Client) -> None:
    """The hash on the page is that of the file, also of one larger than a request may be."""
    session = a_session(admin)
    content = a_sheet() + b"%" * LARGE
    desk.open(session)

    desk.hand_in(content)

    expect(desk.text(sha256(content))).to_be_visible()
    assert seen(admin, session)["evidence"]["attendanceFileHash"] == sha256(content)


def test_a_photographed_sheet_can_be_looked_at(desk: Desk, admin: httpx.Client) -> None:
    """A picture is shown on the page; any sheet has a link to exactly this version."""
    photo = forklift_sheet_photo()
    desk.open(a_session(admin))
    desk.hand_in(photo, "photo.jpg", "image/jpeg")

    desk.button("View the sheet").click()

    picture = desk.page.get_by_role("img", name="The signed sheet, photo.jpg")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    link = desk.page.get_by_role("link", name="Open photo.jpg").get_attribute("href")
    fetched = httpx.get(link or "", trust_env=False).content
    assert hashlib.sha256(fetched).hexdigest() == sha256(photo)
    desk.picture("sheet")


def test_a_sheet_that_ends_early_says_so(desk: Desk, admin: httpx.Client) -> None:
    """It is accepted and nothing is blocked; the person is asked to look at it."""
    desk.open(a_session(admin))

    desk.hand_in(forklift_sheet_photo()[:-2], "photo.jpg", "image/jpeg")

    expect(desk.text("The file of this sheet ends early.")).to_be_visible()
    expect(desk.finalize).to_be_enabled()
    desk.picture("sheet-ends-early")


def test_a_rejected_sheet_says_why_and_is_replaced(desk: Desk, admin: httpx.Client) -> None:
    """The page says why; Finalize stays disabled until another file is accepted."""
    desk.open(a_session(admin))

    desk.hand_in(b"<html>no sheet at all</html>", "sheet.pdf")

    expect(desk.text("The file sheet.pdf was refused.")).to_be_visible()
    expect(desk.text("The file is a web page")).to_be_visible()
    expect(desk.finalize).to_be_disabled()
    desk.picture("sheet-refused")
    desk.hand_in(a_sheet(), "right-one.pdf")
    expect(desk.text("right-one.pdf")).to_be_visible()
    expect(desk.finalize).to_be_enabled()


def test_a_sheet_is_replaced_before_finalize(desk: Desk, admin: httpx.Client) -> None:
    """The newer file counts, and the page says who uploaded it."""
    session = a_session_to_finalize(admin)
    newer = a_sheet()
    desk.open(session)

    desk.hand_in(newer, "second.pdf")

    expect(desk.text(sha256(newer))).to_be_visible()
    expect(desk.text("second.pdf")).to_be_visible()


def test_what_cannot_be_a_sheet_is_said_before_it_is_sent(desk: Desk, admin: httpx.Client) -> None:
    """
    A file of the wrong kind, an empty one, and two at once: nothing is sent, nothing vanishes, and
    the page says what to do.
    """
    sent: list[str] = []
    desk.page.on("request", lambda it: sent.append(it.url) if it.method == "POST" else None)
    desk.open(a_session(admin))

    desk.hand_in(b"a,b", "people.csv", "text/csv")
    expect(desk.told).to_contain_text("Save it as a PDF, or photograph the signed sheet")
    desk.button("Dismiss").click()
    expect(desk.page.get_by_role("alert")).to_have_count(0)
    desk.hand_in(b"")
    expect(desk.told).to_contain_text("This file is empty")
    drop(desk, "page-1.jpg", "page-2.jpg")

    expect(desk.told).to_contain_text("These are 2 files, and a session has one sheet.")
    assert sent == []


@pytest.mark.parametrize("cuts", [1, 3])
def test_an_upload_survives_a_cut_of_the_network(
    cuts: int, desk: Desk, admin: httpx.Client
) -> None:
    """It is retried automatically, then with a button; the file need not be chosen again."""
    session = a_session(admin)
    content = a_sheet()
    left = cuts

    def cut(route: Route) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.open(session)
    desk.page.route(re.compile(r"/evidence/.*X-Amz"), cut)

    desk.hand_in(content)

    if cuts == 3:
        expect(desk.page.get_by_role("alert")).to_contain_text("There is no connection")
        desk.picture("upload-cut")
        desk.button("Try again").click()
    expect(desk.text(sha256(content))).to_be_visible()


def drop(desk: Desk, *names: str) -> None:
    """Drop files of these names on the page."""
    dropped = desk.page.evaluate_handle(
        """names => {
          const moved = new DataTransfer();
          const bytes = ["%PDF-1.7\\n%dropped\\n"];
          for (const name of names) moved.items.add(new File(bytes, name));
          return moved;
        }""",
        names,
    )
    desk.page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})


def test_a_sheet_can_be_dropped_on_the_page(desk: Desk, admin: httpx.Client) -> None:
    """A file dropped on the page is uploaded like a chosen one."""
    desk.open(a_session(admin))

    drop(desk, "dropped.pdf")

    expect(desk.text("dropped.pdf")).to_be_visible()
    expect(desk.text("Accepted")).to_be_visible()


def test_a_photo_is_taken_with_the_camera(desk: Desk, admin: httpx.Client) -> None:
    """A tablet opens its camera, which faces the sheet and not the person."""
    desk.open(a_session(admin))

    with desk.page.expect_file_chooser() as chooser:
        desk.button("Take a photo").click()

    camera = chooser.value.element
    assert camera.get_attribute("capture") == "environment"
    assert camera.get_attribute("accept") == "image/*"
