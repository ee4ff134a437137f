"""The layout of the sign-in sheet, for any kind of page."""

from collections.abc import Sequence
from datetime import datetime

from local.samples.data import Mark, Person, Session
from local.samples.drawing.ink import cross, signature, tick
from local.samples.drawing.page import BLACK_INK, BLUE_INK, BRAND, GREY, PALE, Page, Type

COMPANY = "Nordkai Terminal Services GmbH"
ADDRESS = "Health, Safety and Environment · Berth 7 · 20457 Hamburg"
PLEDGE = "I attended the whole session and understood its content. Sign only for yourself."
STATEMENT = "I checked the identity of everybody who signed above and assessed each of them."
LEFT, RIGHT = 48.0, 547.0
NUMBER, NAME, JOB, SIGNATURE, RESULT = LEFT, 80.0, 216.0, 340.0, 484.0
TABLE_TOP, HEAD_HEIGHT, ROW_HEIGHT = 226.0, 22.0, 29.0
EMPTY_ROWS = 2

TITLE, HEADING = Type(18, bold=True), Type(9, bold=True)
COMPANY_NAME = Type(12, BRAND, bold=True)
BODY, LABEL, SMALL = Type(9.5), Type(9, GREY), Type(8, GREY)


def draw_sheet(page: Page, session: Session, marks: Sequence[Mark]) -> None:
    """Draw the sheet of *session*, signed by the people whom *marks* say were present."""
    _letterhead(page)
    _particulars(page, session)
    bottom = _table(page, session["attendees"], marks)
    _trainer_statement(page, session, min(bottom + 34, 762.0))


def _letterhead(page: Page) -> None:
    page.box(LEFT, 40, 22, 22, BRAND)
    page.box(LEFT + 6, 46, 10, 16, (255, 255, 255))
    page.text(LEFT + 32, 52, COMPANY, COMPANY_NAME)
    page.text(LEFT + 32, 63, ADDRESS, SMALL)
    page.text(452, 52, "Form HSE-31", HEADING)
    page.text(452, 63, "Revision 5, page 1 of 1", SMALL)
    page.line(LEFT, 74, RIGHT, 74)
    page.text(LEFT, 104, "Training attendance sheet", TITLE)


def _particulars(page: Page, session: Session) -> None:
    starts, ends = (datetime.fromisoformat(session[key]) for key in ("startsAt", "endsAt"))
    trainer = session["trainer"]
    facts = {
        "Session": session["title"],
        "Date": f"{starts:%A}, {starts.day} {starts:%B %Y}, {starts:%H:%M} to {ends:%H:%M}",
        "Place": session["location"],
        "Trainer": f"{trainer['name']} ({trainer['qualification']})",
    }
    for row, (label, value) in enumerate(facts.items()):
        y = 130.0 + row * 17
        page.text(LEFT, y, label, LABEL)
        page.text(LEFT + 62, y, value, BODY)
    page.text(LEFT, 208, PLEDGE, SMALL)


def _table(page: Page, people: Sequence[Person], marks: Sequence[Mark]) -> float:
    """Draw the table, with a few empty lines for walk-ins; return where it ends."""
    page.box(LEFT, TABLE_TOP, RIGHT - LEFT, HEAD_HEIGHT, PALE)
    heads = {
        NUMBER + 6: "#",
        NAME: "Name",
        JOB: "Job title",
        SIGNATURE: "Signature",
        RESULT: "Passed",
    }
    for x, head in heads.items():
        page.text(x, TABLE_TOP + 15, head, HEADING)
    rows = [*zip(people, marks, strict=True), *[(None, None)] * EMPTY_ROWS]
    top = TABLE_TOP + HEAD_HEIGHT
    for index, (person, mark) in enumerate(rows):
        _row(page, index, top + index * ROW_HEIGHT, person, mark)
    bottom = top + len(rows) * ROW_HEIGHT
    for x in (LEFT, NAME - 6, JOB - 6, SIGNATURE - 6, RESULT - 6, RIGHT):
        page.line(x, TABLE_TOP, x, bottom)
    return bottom


def _row(page: Page, index: int, top: float, person: Person | None, mark: Mark | None) -> None:
    page.line(LEFT, top + ROW_HEIGHT, RIGHT, top + ROW_HEIGHT)
    page.text(NUMBER + 6, top + 18, str(index + 1), LABEL)
    if person is None:
        return
    page.text(NAME, top + 18, person["name"], BODY)
    page.text(JOB, top + 18, person["jobTitle"], BODY)
    if mark is not None and mark["isPresent"]:
        _sign(page, top, person["name"], passed=mark["hasPassed"])


def _sign(page: Page, top: float, name: str, *, passed: bool) -> None:
    ink = BLACK_INK if len(name) % 3 == 0 else BLUE_INK  # Some people use another pen.
    page.ink(signature(name, (SIGNATURE + 8, top + 21)), ink, 0.9 + len(name) % 4 * 0.12)
    result = tick((RESULT + 20, top + 14), name) if passed else cross((RESULT + 20, top + 10), name)
    page.ink(result, BLUE_INK, 1.3)


def _trainer_statement(page: Page, session: Session, y: float) -> None:
    trainer, ends = session["trainer"]["name"], datetime.fromisoformat(session["endsAt"])
    page.text(LEFT, y, STATEMENT, SMALL)
    page.ink(signature(trainer, (LEFT + 14, y + 36), height=22, width=130), BLUE_INK, 1.25)
    page.line(LEFT, y + 42, 250, y + 42)
    page.text(LEFT, y + 53, f"{trainer}, trainer", SMALL)
    page.line(300, y + 42, RIGHT, y + 42)
    page.text(300, y + 36, f"Hamburg, {ends.day} {ends:%B %Y}", BODY)
    page.text(300, y + 53, "Place and date", SMALL)
