"""How long a person waits for the page, measured in the browser."""

import time

from playwright.sync_api import Locator, Page

from testing.api import Session
from testing.desk import Desk

# From the key to the frame that shows it. The listener on the window runs before the page's own.
WATCH = """() => {
  window.waits = [];
  addEventListener("keydown", () => {
    const pressed = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - pressed)));
  }, true);
}"""


def keystroke_ms(page: Page, field: Locator, text: str) -> float:
    """Type *text* and return the median time from a key to its display."""
    field.focus()
    page.evaluate(WATCH)
    page.keyboard.type(text, delay=30)
    page.wait_for_function("count => window.waits.length >= count", arg=len(text))
    waits: list[float] = sorted(page.evaluate("window.waits"))
    return waits[len(waits) // 2]


def first_row_ms(desk: Desk, session: Session) -> float:
    """Open a session from the list and return the time until its first row is shown."""
    desk.go()
    desk.page.locator("a.line").first.wait_for()
    began = time.perf_counter()
    desk.page.evaluate(f"location.hash = '#/sessions/{session.session_id}'")
    desk.mark("Present", "Person 0000").wait_for()
    return (time.perf_counter() - began) * 1000
