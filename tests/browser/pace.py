"""How long a person waits for the page, measured where they would notice."""

import time

from playwright.sync_api import Locator, Page

from tests.browser.desk import Desk
from tests.stack.story import Session

# What a person does not feel: three frames at sixty a second.
KEYSTROKE_MS = 50

# From the key to the frame that shows it. The listener on the window comes before the page's own.
WATCH = """() => {
  window.waits = [];
  addEventListener("keydown", () => {
    const pressed = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - pressed)));
  }, true);
}"""


def keystroke_ms(page: Page, field: Locator, text: str) -> float:
    """Type *text* and return the median of how long each key took to be on the page."""
    field.focus()
    page.evaluate(WATCH)
    page.keyboard.type(text, delay=30)
    page.wait_for_function("count => window.waits.length >= count", arg=len(text))
    waits: list[float] = sorted(page.evaluate("window.waits"))
    return waits[len(waits) // 2]


def first_row_ms(desk: Desk, session: Session) -> float:
    """Go from the list to a session and return how long it took until its first row was there."""
    desk.go()
    desk.page.locator("a.line").first.wait_for()
    began = time.perf_counter()
    desk.page.evaluate(f"location.hash = '#/sessions/{session.session_id}'")
    desk.mark("Present", "Person 0000").wait_for()
    return (time.perf_counter() - began) * 1000
